//! The switches that the command line turns in each world: `jtel.pick=highest_id`.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::base::nearest::nearest;
use crate::contract::vendor::Vendors;

/// What is wrong with a switch that is to be turned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SwitchError {
    #[error("--variants {given:?}: expected VENDOR.SWITCH=VALUE")]
    Form { given: String },
    #[error("--variants {given:?}: unknown {part} {word:?}; expected one of {}{}",
        .known.join(", "), meant(.word, .known))]
    Unknown { given: String, part: Part, word: String, known: Vec<&'static str> },
}

/// A part of `VENDOR.SWITCH=VALUE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Vendor,
    Switch,
    Value,
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Part::Vendor => "vendor",
            Part::Switch => "switch",
            Part::Value => "value",
        })
    }
}

fn meant(word: &str, known: &[&str]) -> String {
    let near = nearest(word, known.iter().copied());
    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

/// The switches as the control plane takes them; `None` where there are none.
///
/// # Errors
/// The first that is not `VENDOR.SWITCH=VALUE`, or names what there is not.
pub(crate) fn turned(given: &[String], vendors: Vendors) -> Result<Option<Json>, SwitchError> {
    let mut turned = json!({});
    for text in given {
        let (vendor, switch, value) = parts(text, vendors)?;
        turned[vendor][switch] = value.into();
    }
    Ok(Some(turned).filter(|_| !given.is_empty()))
}

/// Vendor, switch and value, each of which there is.
fn parts(text: &str, vendors: Vendors) -> Result<(&str, &str, &str), SwitchError> {
    let form = || SwitchError::Form { given: text.to_owned() };
    let unknown = |part: Part, word: &str, known: Vec<&'static str>| SwitchError::Unknown {
        given: text.to_owned(),
        part,
        word: word.to_owned(),
        known,
    };
    let (name, value) = text.split_once('=').ok_or_else(form)?;
    let (vendor, switch) = name.split_once('.').ok_or_else(form)?;
    let known = vendors.find(vendor).ok_or_else(|| {
        let names = vendors.0.iter().map(|vendor| vendor.surface.vendor);
        unknown(Part::Vendor, vendor, names.collect())
    })?;
    let switches = known.surface.variants;
    let variant = switches.iter().find(|variant| variant.name == switch).ok_or_else(|| {
        unknown(Part::Switch, switch, switches.iter().map(|variant| variant.name).collect())
    })?;
    let values: Vec<&str> = variant.values.iter().map(|value| value.name).collect();
    if !values.contains(&value) {
        return Err(unknown(Part::Value, value, values));
    }
    Ok((vendor, switch, value))
}
