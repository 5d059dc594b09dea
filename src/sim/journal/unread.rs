//! Parameters of a request that nothing reads, found when a journal entry is looked at: a vendor
//! passes over a misspelt name without a word, and answers as if it were not there.
//!
//! Not here: members of JSON and XML bodies, which the vendors compare themselves, and requests that
//! no operation takes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::base::nearest::nearest;
use crate::contract::api::{Api, Place};
use crate::sim::journal::mask::Mask;
use crate::sim::journal::name::Name;
use crate::web::params::Pairs;

/// Parameters that an entry names at the most, so that a query of thousands does not fill it.
const UNREAD_MAX: usize = 10;

/// A parameter that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    pub place: Stands,
    pub name: String,
    /// The one that may be meant.
    pub near: Option<Name>,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    Query,
    Form,
}

/// Names of a query or a form, as they came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'r> {
    pub(crate) query: &'r [u8],
    /// Empty where the body is no form.
    pub(crate) form: &'r [u8],
}

/// The parameters that an operation does not have, each with the one that may be meant.
pub(crate) fn unread(
    api: &'static Api,
    operation: &str,
    sent: Sent<'_>,
    mask: Mask<'_>,
) -> Vec<Unread> {
    let places =
        [(Stands::Query, Place::Query, sent.query), (Stands::Form, Place::Form, sent.form)];
    let mut found = Vec::new();
    for (stands, place, encoded) in places {
        if encoded.is_empty() {
            continue;
        }
        let known =
            || api.params(operation).filter(|it| it.places.contains(&place)).map(|it| it.name);
        // A body that the operation does not read as a form is another matter.
        if place == Place::Form && known().next().is_none() {
            continue;
        }
        for (name, _) in Pairs::parse(encoded).iter() {
            let is_name = |known: &str| {
                known == name || api.names_in_any_case && known.eq_ignore_ascii_case(name)
            };
            if found.len() < UNREAD_MAX && !known().any(is_name) {
                let near = nearest(name, known()).map(Cow::Borrowed);
                let name = mask.text(name).into_owned();
                found.push(Unread { place: stands, name, near });
            }
        }
    }
    found
}
