//! How far a behaviour is known to be the vendor's.

use serde_json::{Value, json};

/// The grade of a fact, with its place in the vendor's contract: `"infocu5 4.5"` is section 4.5 of
/// `src/vendors/infocu5/contract.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Stated or literally shown by the vendor.
    Documented(&'static str),
    /// Seen in client code that talks to the vendor, or proven by a checked computation.
    Observed(&'static str),
    /// Follows from an example, a sibling API or the platform.
    Inferred(&'static str),
    /// Nobody outside the vendor knows; this is Ringback's choice.
    Assumed(&'static str),
}

impl Evidence {
    /// The four grades, strongest first.
    pub const GRADES: [&'static str; 4] = ["documented", "observed", "inferred", "assumed"];

    pub fn grade(self) -> &'static str {
        match self {
            Evidence::Documented(_) => Self::GRADES[0],
            Evidence::Observed(_) => Self::GRADES[1],
            Evidence::Inferred(_) => Self::GRADES[2],
            Evidence::Assumed(_) => Self::GRADES[3],
        }
    }

    /// What prints the place: `ringback contract infocu5 4.5`.
    pub fn source(self) -> String {
        let (Evidence::Documented(place)
        | Evidence::Observed(place)
        | Evidence::Inferred(place)
        | Evidence::Assumed(place)) = self;
        format!("ringback contract {place}")
    }

    pub fn to_json(self) -> Value {
        json!({ "evidence": self.grade(), "source": self.source() })
    }
}
