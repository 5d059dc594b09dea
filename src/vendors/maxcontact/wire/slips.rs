//! Members of a lead that stand under another name or in another shape than the platform reads: it
//! passes over them in silence.
//!
//! Not here: members out of order (`body`), and bodies that cannot be read.

use serde_json::{Map, Value};

use crate::base::text::excerpt;
use crate::vendors::maxcontact::api::API;

/// The members of a lead as XML has to have them: in ordinal order. Members observed, order inferred:
/// maxcontact 2.4, 1.6.
pub(crate) const LEAD_MEMBERS: &[&str] = &[
    "Cost",
    "LeadPhones",
    "ListID",
    "Name",
    "Name2",
    "OtherInfo",
    "REF",
    "ReferenceID",
    "Supplier",
];

/// The members of one of its phones, in the same way.
pub(crate) const PHONE_MEMBERS: &[&str] =
    &["IsHighPriority", "PhoneNum", "PhoneTypeID", "TimeZoneID"];

/// Slips that are told of one lead.
const SLIPS_MAX: usize = 8;

/// Characters of a name that a reason shows.
const NAME_CHARS_MAX: usize = 40;

/// A member that is not where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) at: String,
    pub(crate) found: String,
    pub(crate) cure: String,
    /// The member that is missing for it.
    meant: &'static str,
}

impl Slip {
    /// Whether something is missing because of it.
    pub(crate) fn explains(&self, expected: &str) -> bool {
        expected.starts_with(self.meant)
    }
}

/// The slips of a lead's members.
pub(crate) fn of(members: &Map<String, Value>, is_xml: bool) -> Vec<Slip> {
    let mut all = Vec::new();
    for (name, value) in members {
        if LEAD_MEMBERS.contains(&name.as_str()) {
            continue;
        }
        let at = place(&[name], is_xml);
        if let Some(within) = value.as_object().and_then(wrapper) {
            let found = match within.as_str() {
                "" => shown(name),
                within => format!("{}, {within}", shown(name)),
            };
            let cure = format!("send what stands in {found} as the lead itself");
            let found = format!("the members deeper, in {found}");
            // Whatever is missing, this is why.
            all.push(Slip { at, found, cure, meant: "" });
        } else if let Some(meant) =
            near(name, LEAD_MEMBERS).filter(|meant| !members.contains_key(*meant))
        {
            all.push(renamed(at, name, meant, meant));
        } else if near(name, PHONE_MEMBERS).is_some() || PHONE_MEMBERS.contains(&name.as_str()) {
            let cure = "it belongs into an element of LeadPhones".to_owned();
            all.push(Slip { at, found: shown(name), cure, meant: "LeadPhones" });
        }
    }
    if let Some(phones) = members.get("LeadPhones") {
        of_phones(phones, is_xml, &mut all);
    }
    all.truncate(SLIPS_MAX);
    all
}

/// The names within an object in which a lead stands, empty where it is the object itself; `None` where
/// none does.
fn wrapper(object: &Map<String, Value>) -> Option<String> {
    if object.keys().any(|name| ["LeadPhones", "ListID"].contains(&name.as_str())) {
        return Some(String::new());
    }
    object.iter().find_map(|(name, value)| {
        let within = wrapper(value.as_object()?)?;
        Some(if within.is_empty() { shown(name) } else { format!("{}, {within}", shown(name)) })
    })
}

fn of_phones(phones: &Value, is_xml: bool, all: &mut Vec<Slip>) {
    let shape = |found: &str, cure: &str| Slip {
        at: place(&["LeadPhones"], is_xml),
        found: found.into(),
        cure: cure.into(),
        meant: "LeadPhones",
    };
    let phones = match phones {
        Value::Array(phones) => phones,
        Value::Object(members) => {
            // As XML has them: a list's elements have a name, which JSON has no place for.
            let inner = members.iter().find(|(_, value)| value.is_array());
            if let Some((name, _)) = inner.filter(|_| members.len() == 1) {
                let found = format!("LeadPhones as an object, the list in {}", shown(name));
                let cure = format!("send the list that stands in {} itself", shown(name));
                all.push(shape(&found, &cure));
            } else {
                let cure = "put the object into a list: [{…}]";
                all.push(shape("LeadPhones as one object", cure));
            }
            return;
        }
        Value::Null => return,
        _ => {
            let cure = "send a list of objects: [{\"PhoneNum\": …}]";
            all.push(shape("LeadPhones as one value", cure));
            return;
        }
    };
    for (idx, phone) in phones.iter().enumerate().take(SLIPS_MAX) {
        let number = idx.to_string();
        let Some(members) = phone.as_object() else {
            let (found, cure) = match phone {
                _ if is_xml => (
                    "a phone as one value",
                    "put PhoneNum into an element of its own within LeadPhones",
                ),
                Value::Array(_) => ("a list in the list", "take the [ ] round the phone away"),
                Value::Null => ("null as a phone", "take it out of the list, or send an object"),
                _ => ("a phone as one value", "send an object: {\"PhoneNum\": …}"),
            };
            let at = place(&["LeadPhones", &number], is_xml);
            let found = found.to_owned();
            all.push(Slip { at, found, cure: cure.into(), meant: "PhoneNum" });
            continue;
        };
        for name in members.keys().filter(|name| !PHONE_MEMBERS.contains(&name.as_str())) {
            let Some(meant) = near(name, PHONE_MEMBERS) else { continue };
            if !members.contains_key(meant) {
                let at = place(&["LeadPhones", &number, name], is_xml);
                all.push(renamed(at, name, meant, meant));
            }
        }
    }
}

fn renamed(at: String, name: &str, meant: &'static str, missing: &'static str) -> Slip {
    let cure = format!("the member is called {meant}");
    Slip { at, found: format!("no {meant}, but {}", shown(name)), cure, meant: missing }
}

fn shown(name: &str) -> String {
    excerpt(name, NAME_CHARS_MAX)
}

fn near(name: &str, known: &'static [&'static str]) -> Option<&'static str> {
    API.near(name, known.iter().copied())
}

/// A JSON pointer, or the elements of XML one after the other.
fn place(names: &[&str], is_xml: bool) -> String {
    let shown: Vec<String> = names
        .iter()
        .map(|name| match (is_xml, name.parse::<usize>()) {
            (true, Ok(idx)) => format!("phone {}", idx + 1),
            _ => name.chars().take(NAME_CHARS_MAX).collect(),
        })
        .collect();
    if is_xml { shown.join(", ") } else { format!("/{}", shown.join("/")) }
}
