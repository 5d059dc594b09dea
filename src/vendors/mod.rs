//! The vendors. Each is a folder of one shape; none knows another.

#[cfg(test)]
mod fixtures;
pub mod infocu5;
pub mod jtel;
pub mod maestro;
pub mod maxcontact;
pub mod mor;
#[cfg(test)]
mod tests;

use crate::contract::vendor::Vendor as Simulated;

/// Declares the vendors once: the list that the program serves, and the words for them in code.
macro_rules! vendors {
    ($($name:ident = $module:ident),+ $(,)?) => {
        /// The one list of vendors.
        pub static ALL: &[&dyn Simulated] = &[$(&$module::$name),+];

        /// A vendor, for programs that have a Ringback inside.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Vendor {
            $($name),+
        }

        impl Vendor {
            /// The vendor's name in paths, scenarios and the journal.
            pub fn name(self) -> &'static str {
                ALL[self as usize].surface().vendor
            }
        }
    };
}

vendors! {
    Infocu5 = infocu5,
    Jtel = jtel,
    Maestro = maestro,
    MaxContact = maxcontact,
    Mor = mor,
}
