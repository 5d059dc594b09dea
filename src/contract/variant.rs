//! Switches for behaviours that a vendor's papers leave open.
//!
//! A vendor declares its variants with [`crate::variants!`]: one enum per switch and one table of
//! them all. A world keeps the chosen values; an operation asks `cx.variant::<CallsShape>()`.

use crate::contract::evidence::Evidence;

/// One switch.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name in a scenario, `snake_case`.
    pub name: &'static str,
    pub text: &'static str,
    /// The first is the default.
    pub values: &'static [VariantValue],
    /// What it takes to see at the vendor how it stands.
    pub needs: Needs,
}

/// What it takes to see how a switch stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Requests that change nothing.
    #[default]
    Read,
    /// Requests that make rows, and take them away again.
    Write,
    /// Time that passes between two requests.
    Time,
    /// A state that no request brings about: another account, a setting, a call that goes on.
    Setup,
}

/// One position of a switch.
#[derive(Clone, Copy, Debug)]
pub struct VariantValue {
    pub name: &'static str,
    pub text: &'static str,
    pub evidence: Evidence,
}

impl Variant {
    /// The position of a value by its name.
    pub fn position(&self, value: &str) -> Option<u8> {
        let idx = self.values.iter().position(|known| known.name == value)?;
        u8::try_from(idx).ok()
    }
}

/// A switch as an enum of its vendor's.
pub trait Switch: Sized {
    /// Its place in the vendor's table.
    const IDX: usize;
    /// The value at a position; the default for a position that it has not.
    fn at(position: u8) -> Self;
}

/// The chosen positions of one vendor's switches, in the order of its table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Vec<u8>);

impl Chosen {
    pub fn defaults(variants: &[Variant]) -> Self {
        Chosen(vec![0; variants.len()])
    }

    pub fn get<S: Switch>(&self) -> S {
        S::at(self.0.get(S::IDX).copied().unwrap_or(0))
    }

    pub fn position(&self, idx: usize) -> u8 {
        self.0.get(idx).copied().unwrap_or(0)
    }

    pub fn set(&mut self, idx: usize, position: u8) {
        if let Some(chosen) = self.0.get_mut(idx) {
            *chosen = position;
        }
    }
}

/// Some of a vendor's switches, by their places in its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Switches(u64);

impl Switches {
    pub(crate) const ALL: Switches = Switches(u64::MAX);

    /// A table may be longer than a word has bits: those behind its end are in every set, so that no
    /// set says of one that nobody asked for it.
    pub(crate) fn contains(self, switch: usize) -> bool {
        switch >= u64::BITS as usize || self.0 & (1 << switch) != 0
    }

    #[must_use]
    pub(crate) fn with(self, switch: usize) -> Self {
        self.and(Switches(if switch < u64::BITS as usize { 1 << switch } else { 0 }))
    }

    /// Those of both.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Switches(self.0 | other.0)
    }
}

/// Declares a vendor's switches: an enum for each, and `VARIANTS`, the table of all. The first value
/// of each is its default.
#[macro_export]
macro_rules! variants {
    ($(
        $(#[doc = $text:literal])+
        $switch:ident $name:literal $(needs $needs:ident)? {
            $( $value:ident $value_name:literal $evidence:expr, $value_text:literal; )+
        }
    )+) => {
        /// The vendor's switches; the first value of each is its default.
        pub(crate) static VARIANTS: &[$crate::contract::variant::Variant] = &[$(
            $crate::contract::variant::Variant {
                name: $name,
                text: concat!($($text),+).trim_ascii(),
                values: &[$(
                    $crate::contract::variant::VariantValue {
                        name: $value_name, text: $value_text, evidence: $evidence,
                    }
                ),+],
                needs: $crate::needs!($($needs)?),
            }
        ),+];

        #[derive(Clone, Copy)]
        enum SwitchIdx { $($switch),+ }

        $(
            $(#[doc = $text])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum $switch { $($value),+ }

            impl $crate::contract::variant::Switch for $switch {
                const IDX: usize = SwitchIdx::$switch as usize;

                fn at(position: u8) -> Self {
                    const VALUES: &[$switch] = &[$($switch::$value),+];
                    VALUES.get(usize::from(position)).copied().unwrap_or(VALUES[0])
                }
            }
        )+
    };
}

/// What a switch needs: to be read, where nothing is said.
#[doc(hidden)]
#[macro_export]
macro_rules! needs {
    () => {
        $crate::contract::variant::Needs::Read
    };
    ($needs:ident) => {
        $crate::contract::variant::Needs::$needs
    };
}

/// One switch to turn.
#[derive(Clone, Copy, Debug)]
pub struct SwitchPosition {
    pub vendor: &'static str,
    /// Its place in the vendor's table.
    pub variant: usize,
    pub position: u8,
}
