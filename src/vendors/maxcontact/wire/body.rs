//! Bodies of lead management: the lead of `AddLead`, as JSON or as XML.
//!
//! Source: maxcontact 2.4.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use crate::vendors::maxcontact::model::{NewLead, NewPhone};
use crate::vendors::maxcontact::wire::slips::{self, LEAD_MEMBERS, PHONE_MEMBERS, Slip};
use crate::web::params::Json;

/// A body that the platform could not read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// Its bytes are no lead, as far as a parser can say.
    Bytes(String),
    /// It was not said to be JSON or XML.
    MediaType(String),
    /// A member that is not of its type.
    Member { name: &'static str, kind: &'static str, at: String, text: String },
}

/// Elements inside one another: the envelope, the list, the phone and its members, with some room.
/// More is no lead.
const DEPTH_MAX: usize = 8;

/// A lead as a body has it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) lead: NewLead,
    /// Members of the XML that the platform passes over, because others stand before them that come
    /// later in ordinal order.
    pub(crate) passed_over: Vec<PassedOver>,
    /// Members under other names, or in other shapes.
    pub(crate) slips: Vec<Slip>,
    pub(crate) is_xml: bool,
}

/// A member that is known and stands where the platform does not see it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PassedOver {
    pub(crate) name: String,
    /// The one before it that comes later in ordinal order, or the first of two.
    pub(crate) behind: String,
}

/// Members of a lead that have no column of their own. Observed: maxcontact 2.4.
const OTHER_MEMBERS: &[&str] = &["OtherInfo", "REF", "Supplier", "Cost"];

/// The lead of an `AddLead`, by the body's media type. Members that nobody knows are passed over.
pub(crate) fn lead(media_type: Option<&str>, body: &[u8]) -> Result<Sent, Unreadable> {
    let ((members, passed_over), is_xml) = match media_type {
        Some("application/json" | "text/json") => ((from_json(body)?, Vec::new()), false),
        Some("application/xml" | "text/xml") => (from_xml(body)?, true),
        Some(name) => return Err(Unreadable::MediaType(format!("Content-Type: {name}"))),
        None => return Err(Unreadable::MediaType("no Content-Type".into())),
    };
    let text = |name: &'static str| {
        members.get(name).map_or(Ok(String::new()), |value| plain(name, &format!("/{name}"), value))
    };
    let other: Map<String, Value> = OTHER_MEMBERS
        .iter()
        .filter_map(|name| members.get(*name).map(|value| ((*name).to_owned(), value.clone())))
        .collect();
    let phones: Vec<&Value> = match members.get("LeadPhones") {
        Some(Value::Array(phones)) => phones.iter().collect(),
        _ => Vec::new(),
    };
    let lead = NewLead {
        id: None,
        list_id: members.get("ListID").map_or(Ok(0), |value| whole("ListID", "/ListID", value))?,
        name: text("Name")?,
        name2: text("Name2")?,
        reference_id: text("ReferenceID")?,
        other: if other.is_empty() { String::new() } else { Value::Object(other).to_string() },
        is_priority: is_priority(&phones)?,
        created: None,
        phones: phones.into_iter().enumerate().map(phone).collect::<Result<_, _>>()?,
    };
    Ok(Sent { lead, passed_over, slips: slips::of(&members, is_xml), is_xml })
}

fn phone((idx, value): (usize, &Value)) -> Result<NewPhone, Unreadable> {
    let at = format!("/LeadPhones/{idx}/PhoneTypeID");
    let type_id =
        value.get("PhoneTypeID").map_or(Ok(0), |value| whole("PhoneTypeID", &at, value))?;
    let at = format!("/LeadPhones/{idx}/PhoneNum");
    let number =
        value.get("PhoneNum").map_or(Ok(String::new()), |value| plain("PhoneNum", &at, value))?;
    Ok(NewPhone { id: None, number, type_id })
}

/// A text, or a number or a truth value as text. An object or a list cannot be read there.
fn plain(name: &'static str, at: &str, value: &Value) -> Result<String, Unreadable> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null => Ok(String::new()),
        other => Err(member(name, "text", at, other)),
    }
}

/// Whether a phone of a lead puts it ahead of the others.
fn is_priority(phones: &[&Value]) -> Result<bool, Unreadable> {
    let mut found = false;
    for (idx, phone) in phones.iter().enumerate() {
        let at = format!("/LeadPhones/{idx}/IsHighPriority");
        found |= truth("IsHighPriority", &at, &phone["IsHighPriority"])?;
    }
    Ok(found)
}

/// A truth value as the platform reads one: true and false, and 1 and 0 beside them. Inferred:
/// maxcontact 1.5, 1.6.
fn truth(name: &'static str, at: &str, value: &Value) -> Result<bool, Unreadable> {
    let word = match value {
        Value::Null => return Ok(false),
        Value::Bool(flag) => return Ok(*flag),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        _ => String::new(),
    };
    match word.as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(member(name, "true or false", at, value)),
    }
}

fn member(name: &'static str, kind: &'static str, at: &str, value: &Value) -> Unreadable {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Unreadable::Member { name, kind, at: at.to_owned(), text }
}

fn whole(name: &'static str, at: &str, value: &Value) -> Result<i64, Unreadable> {
    let number = match value {
        Value::Null => Some(0),
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number| i32::try_from(*number).is_ok());
    number.ok_or_else(|| member(name, "int", at, value))
}

fn from_json(body: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    match Json::parse(body) {
        Json::Value(Value::Object(members)) => Ok(members),
        Json::Value(_) => Err(Unreadable::Bytes("JSON that is no object".into())),
        Json::Absent => Err(Unreadable::Bytes("an empty body".into())),
        Json::Broken(error) => Err(Unreadable::Bytes(error.to_string())),
    }
}

/// An element under construction.
#[derive(Debug)]
struct Open {
    name: String,
    text: String,
    children: Vec<(String, Value)>,
}

/// Reads elements by their local names: one with children is an object, `LeadPhones` an array of its
/// children, any other is text. Entities beyond the five of XML are not resolved. Members that stand
/// behind one which comes later in ordinal order are passed over, and told.
fn from_xml(body: &[u8]) -> Result<(Map<String, Value>, Vec<PassedOver>), Unreadable> {
    let broken = Unreadable::Bytes;
    let text = std::str::from_utf8(body).map_err(|error| broken(error.to_string()))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Open> = Vec::new();
    let mut passed_over = Vec::new();
    loop {
        let closed = match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Start(start) => {
                if open.len() == DEPTH_MAX {
                    return Err(broken(format!("more than {DEPTH_MAX} elements in one another")));
                }
                open.push(element(&start));
                None
            }
            Event::Empty(start) => Some(element(&start)),
            Event::End(_) => open.pop(),
            Event::Text(text) => {
                append(&mut open, &text);
                None
            }
            Event::CData(text) => {
                append(&mut open, &text);
                None
            }
            Event::GeneralRef(entity) => {
                let resolved =
                    resolve(&entity).ok_or_else(|| broken("an unknown entity".into()))?;
                append(&mut open, &resolved);
                None
            }
            Event::Eof => return Err(broken("XML that ends before its root is closed".into())),
            _ => None,
        };
        let Some(mut closed) = closed else { continue };
        let Some(parent) = open.last_mut() else {
            in_order(&mut closed, LEAD_MEMBERS, &mut passed_over);
            return match value(closed).1 {
                Value::Object(members) => Ok((members, passed_over)),
                _ => Err(broken("an element without members".into())),
            };
        };
        if parent.name == "LeadPhones" {
            in_order(&mut closed, PHONE_MEMBERS, &mut passed_over);
        }
        parent.children.push(value(closed));
    }
}

/// Takes the members out that a reader of data contracts does not see: it looks for each behind the last
/// that it has found, and passes over what is known but comes too late, or once more.
fn in_order(element: &mut Open, known: &[&str], passed_over: &mut Vec<PassedOver>) {
    let mut next = 0;
    element.children.retain(|(name, _)| match known.iter().position(|it| it == name) {
        None => true,
        Some(idx) if idx >= next => {
            next = idx + 1;
            true
        }
        Some(_) => {
            let behind = known.get(next.wrapping_sub(1)).copied().unwrap_or_default().to_owned();
            passed_over.push(PassedOver { name: name.clone(), behind });
            false
        }
    });
}

fn element(start: &BytesStart<'_>) -> Open {
    let name = start.local_name().as_ref().to_owned();
    Open { name, text: String::new(), children: Vec::new() }
}

fn append(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Ok(Some(it)) = entity.resolve_char_ref() {
        return Some(it.to_string());
    }
    // Those of HTML are not XML's.
    let known = [("lt", "<"), ("gt", ">"), ("amp", "&"), ("apos", "'"), ("quot", "\"")];
    let name: &str = entity.as_ref();
    known.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text.to_owned())
}

fn value(closed: Open) -> (String, Value) {
    let Open { name, text, children } = closed;
    let value = if name == "LeadPhones" {
        children.into_iter().map(|(_, phone)| phone).collect()
    } else if children.is_empty() {
        Value::String(text)
    } else {
        Value::Object(children.into_iter().collect())
    };
    (name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &[u8] = br#"{"Name":"Asha","Name2":"Bennett","ReferenceID":"R-1001","ListID":12,
        "Unknown":[1],"Cost":1.5,
        "LeadPhones":[{"PhoneNum":"07700900142","PhoneTypeID":1,"TimeZoneID":0,"IsHighPriority":true}]}"#;

    const XML: &[u8] = br#"<?xml version="1.0"?><Lead xmlns="urn:x" xmlns:i="urn:i">
        <Cost>1.5</Cost><LeadPhones><LeadPhone><IsHighPriority>true</IsHighPriority>
        <PhoneNum>07700900142</PhoneNum><Other/><PhoneTypeID>1</PhoneTypeID></LeadPhone></LeadPhones>
        <ListID>12</ListID><Name>Asha</Name><Name2>Benn&#101;tt</Name2>
        <ReferenceID>R-1001</ReferenceID></Lead>"#;

    #[test]
    fn json_and_xml_say_the_same() {
        let read = |media_type, body| {
            let sent = lead(Some(media_type), body).unwrap();
            assert!(sent.passed_over.is_empty(), "{sent:?}");
            sent.lead
        };
        let json = read("application/json", JSON);
        let xml = read("text/xml", XML);
        assert_eq!((&json.name, &json.name2, json.list_id), (&xml.name, &xml.name2, xml.list_id));
        assert_eq!(json.name2, "Bennett");
        assert_eq!(json.phones, xml.phones);
        assert!(json.is_priority && xml.is_priority);
        assert_eq!(json.other, r#"{"Cost":1.5}"#);
    }

    #[test]
    fn members_out_of_order_are_passed_over() {
        let xml = b"<Lead><Name>Asha</Name><ListID>12</ListID><LeadPhones/><Name>Bo</Name></Lead>";
        let sent = lead(Some("application/xml"), xml).unwrap();
        let names = |sent: &Sent| -> Vec<String> {
            sent.passed_over.iter().map(|it| it.name.clone()).collect()
        };
        assert_eq!(names(&sent), ["ListID", "LeadPhones", "Name"]);
        assert_eq!(sent.passed_over[0].behind, "Name");
        assert_eq!((sent.lead.name.as_str(), sent.lead.list_id), ("Asha", 0));
        let xml = b"<Lead><LeadPhones><LeadPhone><PhoneNum>1</PhoneNum>\
            <IsHighPriority>true</IsHighPriority></LeadPhone></LeadPhones></Lead>";
        let sent = lead(Some("application/xml"), xml).unwrap();
        assert_eq!(names(&sent), ["IsHighPriority"]);
        assert!(!sent.lead.is_priority);
        // In JSON the order is the client's.
        let json = br#"{"Name":"Asha","ListID":12}"#;
        assert_eq!(lead(Some("application/json"), json).unwrap().lead.list_id, 12);
    }

    #[test]
    fn refuses_what_cannot_be_read() {
        for (media_type, body) in [
            (Some("application/json"), "{"),
            (Some("application/json"), "[]"),
            (Some("application/json"), ""),
            (Some("application/json"), r#"{"ListID":"x"}"#),
            (Some("application/xml"), "<Lead><Name>"),
            (Some("application/xml"), "<Lead>&unknown;</Lead>"),
            (Some("application/xml"), "<Lead><Name>a&nbsp;b</Name></Lead>"),
            (
                Some("application/xml"),
                "<a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a>",
            ),
            (Some("application/xml"), ""),
            (Some("text/plain"), "{}"),
            (None, "{}"),
        ] {
            assert!(lead(media_type, body.as_bytes()).is_err(), "{media_type:?} {body}");
        }
    }
}
