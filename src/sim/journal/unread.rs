//! Parameters of a request that nothing reads, found when a journal entry is looked at: a vendor
//! passes over a misspelt name without a word, and answers as if it were not there. So it is with the
//! members of a JSON object, and with a value whose name came several times.
//!
//! Not here: what is deeper in a JSON body, XML, which the vendors compare themselves, and requests
//! that no operation takes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::contract::api::{Api, Place, Repeated};
use crate::contract::fields::Kind;
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
    /// Which value counts, where the name is read and came several times: `first`, `last`, `joined`;
    /// `either` where the query has it too, with another value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Name>,
    /// Why nothing reads it, where people usually send it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Name>,
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

impl Stands {
    /// As a sentence says it: `in the {}`.
    fn text(self) -> &'static str {
        match self {
            Stands::Query => "query",
            Stands::Form => "form",
            Stands::Json => "JSON body",
        }
    }
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
    // A client may well say that its JSON is a form: curl does, of all that it is given to post.
    let reads_form = api.params(operation).any(|it| it.places.contains(&Place::Form));
    let json = if sent.form.is_empty() || reads_form { sent.json } else { sent.form };
    let sent = Sent { json, ..sent };
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
        let pairs = Pairs::parse(encoded);
        let is_name = |known: &str, sent: &str| {
            known == sent || api.names_in_any_case && known.eq_ignore_ascii_case(sent)
        };
        let mut read: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, _) in pairs.iter() {
            if found.len() >= UNREAD_MAX {
                break;
            }
            let Some(known) = known().find(|known| is_name(known, name)) else {
                let place = Lost { api, operation, stands };
                found.push(place.unknown(name, known().collect(), mask));
                continue;
            };
            let n_times = read.entry(known).or_default();
            *n_times += 1;
            // The second tells; a third adds nothing.
            let is_list = || api.params(operation).any(|it| it.name == known && is_list(it.kind));
            if *n_times == 2 && !is_list() {
                found.push(Unread::repeated(stands, shown(name, mask), api.repeated));
            }
        }
    }
    found.extend(unread_members(surface, operation, sent.json, mask));
    found.extend(in_both(surface, operation, sent, mask));
    found.truncate(UNREAD_MAX);
    found
}

/// Whether several values may come under one name.
fn is_list(kind: Kind) -> bool {
    matches!(kind, Kind::List(_) | Kind::OneOrMore(_))
}

/// The place of names that an operation does not have.
struct Lost<'a> {
    api: &'static Api,
    operation: &'a str,
    stands: Stands,
}

impl Lost<'_> {
    /// What there is to say of a name that none of the known is.
    fn unknown(&self, name: &str, known: Vec<&'static str>, mask: Mask<'_>) -> Unread {
        let Lost { api, operation, stands } = *self;
        let is_name = |known: &str| {
            let in_any_case = stands != Stands::Json && api.names_in_any_case;
            known == name || in_any_case && known.eq_ignore_ascii_case(name)
        };
        let belongs = api.params(operation).find(|it| is_name(it.name));
        let belongs = belongs.and_then(|it| it.places.first());
        let because = api.ignored(operation, name);
        let near = match (belongs, because) {
            (None, None) => api.near(name, known),
            _ => None,
        };
        Unread {
            place: stands,
            name: shown(name, mask),
            near: near.map(Cow::Borrowed),
            belongs: belongs.map(|it| Cow::Borrowed(it.text())),
            counts: None,
            because: because.map(Cow::Borrowed),
        }
    }
}

impl Unread {
    /// In words, as a sentence.
    pub(crate) fn to_words(&self) -> String {
        let Unread { place, name, near, belongs, counts, because } = self;
        let place = place.text();
        match counts.as_deref() {
            Some("joined") => {
                format!("{name} came several times in the {place}; its values are joined by commas")
            }
            Some(EITHER) => format!(
                "{name} came in the query and the {place} with different values; one of them counts"
            ),
            Some(which) => format!("{name} came several times in the {place}; the {which} counts"),
            None => {
                let near = near.as_ref().map(|near| format!("did you mean {near}?"));
                let belongs = belongs.as_ref().map(|it| format!("it belongs in the {it}"));
                let because = because.as_ref().map(ToString::to_string);
                let mut said = format!("nothing reads {name} in the {place}");
                for it in [near, belongs, because].into_iter().flatten() {
                    said.push_str("; ");
                    said.push_str(&it);
                }
                said
            }
        }
    }

    /// A name that is read, and came several times.
    fn repeated(place: Stands, name: String, counts: Repeated) -> Self {
        let counts = Some(Cow::Borrowed(counts.word()));
        Unread { place, name, near: None, belongs: None, counts, because: None }
    }
}

/// The members of a JSON object that an operation does not have: all of them where it reads no body.
/// Of two of one name the last counts, as everywhere.
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
    let Names(sent) = serde_json::from_slice(body).unwrap_or_default();
    let lost = Lost { api: surface.api, operation, stands: Stands::Json };
    let mut found = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &sent {
        let n_times = seen.entry(name).or_default();
        *n_times += 1;
        match (known.contains(&name.as_str()), *n_times) {
            (false, 1) => found.push(lost.unknown(name, known.clone(), mask)),
            (true, 2) => {
                found.push(Unread::repeated(Stands::Json, shown(name, mask), Repeated::Last));
            }
            _ => {}
        }
        if found.len() >= UNREAD_MAX {
            break;
        }
    }
    found
}

/// Names with one value in the query and another in the body, of an operation that reads both: one of
/// the two is passed over without a word. Which one is the vendor's or a switch's.
fn in_both(
    surface: &'static Surface,
    operation: &str,
    sent: Sent<'_>,
    mask: Mask<'_>,
) -> Vec<Unread> {
    if sent.query.is_empty() || sent.form.is_empty() && sent.json.is_empty() {
        return Vec::new();
    }
    let (query, form) = (Pairs::parse(sent.query), Pairs::parse(sent.form));
    let json: Value = serde_json::from_slice(sent.json).unwrap_or_default();
    let in_json = |name: &str| match json.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let params = surface.api.params(operation).filter(|it| it.places.contains(&Place::Query));
    let others = params.filter_map(|param| {
        let in_query = query.first(param.name).filter(|value| !value.is_empty())?;
        let of_form = || Some((Stands::Form, form.first(param.name)?.to_owned()));
        let of_json = || Some((Stands::Json, in_json(param.name)?));
        let in_form = param.places.contains(&Place::Form).then(of_form).flatten();
        let in_json = param.places.contains(&Place::Json).then(of_json).flatten();
        let (stands, other) = in_form.or(in_json)?;
        (!other.is_empty() && other != in_query).then(|| Unread {
            counts: Some(Cow::Borrowed(EITHER)),
            ..Unread::repeated(stands, shown(param.name, mask), Repeated::First)
        })
    });
    others.collect()
}

/// What counts of a name that query and body have with different values.
const EITHER: &str = "either";

/// The names of an object's members, in their order and as often as they come.
#[derive(Default)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct OfObject;

        impl<'de> Visitor<'de> for OfObject {
            type Value = Names;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = members.next_entry()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }

        reader.deserialize_map(OfObject)
    }
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
