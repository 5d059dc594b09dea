//! Parameters of a request that nothing reads, found when a journal entry is looked at: a vendor
//! passes over a misspelt name without a word, and answers as if it were not there. So it is with the
//! members of a JSON object.
//!
//! Not here: what is deeper in a JSON body, XML, which the vendors compare themselves, and requests
//! that no operation takes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::contract::api::Place;
use crate::contract::surface::Surface;
use crate::sim::journal::mask::Mask;
use crate::sim::journal::name::Name;
use crate::web::params::Pairs;

/// Parameters that an entry names at the most, so that a query of thousands does not fill it.
const UNREAD_MAX: usize = 10;

/// A parameter that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unread {
    pub place: Stands,
    pub name: String,
    /// The one that may be meant.
    pub near: Option<Name>,
    /// Where the operation reads a parameter of this very name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belongs: Option<Name>,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stands {
    Query,
    Form,
    /// A member of the body, which is a JSON object.
    Json,
}

/// Names of a query or a form, as they came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'r> {
    pub(crate) query: &'r [u8],
    /// Empty where the body is no form.
    pub(crate) form: &'r [u8],
    /// Empty where the body is a form, or is not kept whole.
    pub(crate) json: &'r [u8],
}

/// The parameters that an operation does not have, each with the one that may be meant.
pub(crate) fn unread(
    surface: &'static Surface,
    operation: &str,
    sent: Sent<'_>,
    mask: Mask<'_>,
) -> Vec<Unread> {
    let api = surface.api;
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
                let elsewhere = api.params(operation).find(|it| is_name(it.name));
                let belongs = elsewhere.and_then(|it| it.places.first());
                let near = match belongs {
                    Some(_) => None,
                    None => api.near(name, known().collect::<Vec<_>>()),
                };
                found.push(Unread {
                    place: stands,
                    near: near.map(Cow::Borrowed),
                    belongs: belongs.map(|it| Cow::Borrowed(it.text())),
                    name: shown(name, mask),
                });
            }
        }
    }
    found.extend(unread_members(surface, operation, sent.json, mask));
    found.truncate(UNREAD_MAX);
    found
}

/// The members of a JSON object that an operation does not have: all of them where it reads no body.
fn unread_members(
    surface: &'static Surface,
    operation: &str,
    body: &[u8],
    mask: Mask<'_>,
) -> Vec<Unread> {
    let known = members(surface, operation);
    if !body.trim_ascii_start().starts_with(b"{") {
        return Vec::new();
    }
    // A body that cannot be read was refused, and the reason says why.
    let sent: BTreeMap<String, &RawValue> = serde_json::from_slice(body).unwrap_or_default();
    let unread = sent.into_keys().filter(|name| !known.contains(&name.as_str()));
    let told = unread.take(UNREAD_MAX).map(|name| {
        let elsewhere = surface.api.params(operation).find(|it| it.name == name);
        let belongs = elsewhere.and_then(|it| it.places.first());
        let near = match belongs {
            Some(_) => None,
            None => surface.api.near(&name, known.iter().copied()),
        };
        Unread {
            place: Stands::Json,
            near: near.map(Cow::Borrowed),
            belongs: belongs.map(|it| Cow::Borrowed(it.text())),
            name: shown(&name, mask),
        }
    });
    told.collect()
}

/// A name as it may be shown. A query that was encoded once too often arrives as one name, with all
/// its values in it.
pub(crate) fn shown(name: &str, mask: Mask<'_>) -> String {
    mask.target(name).into_owned()
}

/// The members of an operation's JSON body; none where it reads none.
fn members(surface: &'static Surface, operation: &str) -> Vec<&'static str> {
    let params = surface.api.params(operation).filter(|it| it.places.contains(&Place::Json));
    let bodies = surface.api.bodies.iter().filter(|body| body.operation == operation);
    let fields = bodies
        .flat_map(|body| surface.wire_fields.iter().filter(|field| field.entity == body.entity));
    params.map(|it| it.name).chain(fields.map(|it| it.name)).collect()
}
