//! The vendors. Each is a folder of one shape; none knows another.

mod infocu5;
mod jtel;
mod maestro;
mod maxcontact;
mod mor;
#[cfg(test)]
mod tests;

use crate::contract::vendor::Vendor;

/// Declares the vendors once: the list that the program serves, and the words for them in code.
macro_rules! vendors {
    ($($name:ident = $table:path),+ $(,)?) => {
        /// The one list of vendors.
        pub static ALL: &[&Vendor] = &[$(&$table),+];

        /// The name of one of Ringback's own vendors, for programs that have a Ringback inside.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum VendorName {
            $($name),+
        }

        impl VendorName {
            /// The name as it stands in paths, scenarios and the journal.
            pub fn name(self) -> &'static str {
                ALL[self as usize].surface.vendor
            }
        }
    };
}

vendors! {
    Infocu5 = infocu5::INFOCU5,
    Jtel = jtel::JTEL,
    Maestro = maestro::MAESTRO,
    MaxContact = maxcontact::MAXCONTACT,
    Mor = mor::MOR,
}

impl AsRef<str> for VendorName {
    fn as_ref(&self) -> &str {
        self.name()
    }
}
