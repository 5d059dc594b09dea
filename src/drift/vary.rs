//! What varies by its nature between two replies to the same request, and why it is known to.

use crate::calibrate::features::{Key, Part};
use crate::contract::vendor::Vendor;
use crate::drift::shape::Shape;

/// Why a value may be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// A date, a long number, an id, a token: of the same form.
    SameForm,
    /// A person's, which a recording has a pseudonym for.
    Person,
    /// The vendor's replies vary in it.
    Token,
    /// How many rows there are, and which.
    Rows,
}

impl Why {
    pub(super) fn words(self) -> &'static str {
        match self {
            Why::SameForm => "another date, number, id or token of the same form",
            Why::Person => "people's data",
            Why::Token => "made anew for each reply",
            Why::Rows => "which rows there are",
        }
    }
}

/// The last name on the way to a place.
fn name(key: &Key) -> &str {
    key.way.iter().rev().find(|step| *step != "*").map_or("", String::as_str)
}

/// Whether the vendor's replies vary in a place by its nature.
pub(super) fn is_drawn(vendor: &'static Vendor, key: &Key) -> bool {
    vendor.recorded.varies.contains(&name(key))
}

/// Why the value of a place may be another one; `None` where it may not.
pub(super) fn why(vendor: &'static Vendor, key: &Key, before: &Shape, now: &Shape) -> Option<Why> {
    let name = name(key);
    if is_drawn(vendor, key) {
        return Some(Why::Token);
    }
    if vendor.surface.secrets.iter().any(|secret| secret.name.eq_ignore_ascii_case(name)) {
        return Some(Why::Token);
    }
    if vendor.recorded.people.iter().any(|(known, _)| *known == name) {
        return Some(Why::Person);
    }
    let form = Key { part: Part::Shape, ..key.clone() };
    let (one, other) = (before.get(&form), now.get(&form));
    if let (Some(one), Some(other)) = (one, other) {
        // Where the forms differ, that is told of the form.
        return if one.intersection(other).next().is_some() || key.part == Part::Place {
            Some(Why::SameForm)
        } else {
            None
        };
    }
    // In rows there are other values where there are other rows.
    let is_row = key.way.iter().any(|step| step == "*");
    let has_common = before
        .get(key)
        .zip(now.get(key))
        .is_some_and(|(one, other)| one.intersection(other).next().is_some());
    (is_row && has_common).then_some(Why::Rows)
}
