//! The vendors whose declared tables a command prints, and words for what fields hold.

use crate::app;
use crate::base::limits::ID_MAX;
use crate::base::nearest::did_you_mean;
use crate::cli::failure::{Failure, bad_input};
use crate::contract::fields::{Field, Kind};
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendor;

/// The vendors that are asked for: one, or all.
///
/// # Errors
/// Where there is no vendor of that name.
pub(crate) fn wanted(vendor: Option<&str>) -> Result<Vec<&'static Surface>, Failure> {
    match vendor {
        Some(name) => Ok(vec![named(name)?.surface]),
        None => Ok(app::vendors().0.iter().map(|vendor| vendor.surface).collect()),
    }
}

/// The vendor of a name.
///
/// # Errors
/// Where there is none; the words say which there are.
pub(crate) fn named(name: &str) -> Result<&'static Vendor, Failure> {
    let vendors = app::vendors();
    vendors.find(name).ok_or_else(|| {
        let names: Vec<&str> = vendors.0.iter().map(|vendor| vendor.surface.vendor).collect();
        let near = did_you_mean(name, names.iter().copied());
        let known = names.join(", ");
        bad_input(format!("there is no vendor called {name:?}; expected one of {known}{near}"))
    })
}

/// What a field holds, in a word or two, for a column of a table.
pub(crate) fn kind_word(kind: &Kind) -> String {
    match kind {
        Kind::Text | Kind::Checked(_) => "text".into(),
        Kind::Id => "id".into(),
        // A bound that is there for JSON's sake says nothing to a person.
        Kind::Integer { min: i64::MIN, max } if *max >= ID_MAX => "integer".into(),
        Kind::Integer { min, max } if *max >= ID_MAX => format!("integer, {min} or more"),
        Kind::Integer { min, max } => format!("integer, {min} to {max}"),
        Kind::Decimal => "number".into(),
        Kind::Bool => "true or false".into(),
        Kind::Time => "time".into(),
        Kind::Duration => "length of time".into(),
        Kind::OneOf(words) => words.join(" | "),
        Kind::List(element) => format!("list of {}", kind_word(element)),
        Kind::OneOrMore(element) => format!("{}, or list of it", kind_word(element)),
        Kind::Table(_) => "table".into(),
        Kind::Rows(_) => "rows, or csv".into(),
        Kind::Any => "any".into(),
        Kind::TextOr(_) => "text, or table".into(),
        Kind::Map(element) => format!("table, each {}", kind_word(element)),
        Kind::File => "file".into(),
    }
}

/// Whether a field has to be there, for a column of a table.
pub(crate) fn need(field: &Field) -> &'static str {
    if field.is_required() { "required" } else { "" }
}

/// The fields inside a field.
pub(crate) fn inner(kind: &Kind) -> &'static [Field] {
    match kind {
        Kind::Table(fields) | Kind::TextOr(fields) => fields,
        Kind::Rows(rows) => rows.fields,
        _ => &[],
    }
}
