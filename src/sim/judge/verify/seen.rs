//! A journal entry as rules look at it: unmasked where the journal is, and read the way its vendor
//! reads requests.

use std::cell::OnceCell;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};
use serde_json::Value;

use crate::base::seq::Seq;
use crate::contract::operation::Routed;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::journal::entry::Entry;
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::mask::Mask;
use crate::sim::judge::verify::found::{Found, plain};
use crate::sim::judge::verify::place::{Body, Place};
use crate::sim::judge::verify::pointer::{Pointer, missing_name};
use crate::web::exchange::{Answered, Asked, Body as Sent, Message};
use crate::web::mask::masker::Masker;
use crate::web::message::Request;
use crate::web::params::{Json, Pairs};
use crate::web::xml::{Element, Reached, XmlPath};

/// An entry and what was read of it so far.
pub(crate) struct Seen<'e> {
    pub(crate) entry: &'e Entry,
    pub(crate) vendor: Option<&'static Vendor>,
    asked: OnceCell<Option<Asked<'e>>>,
    answered: OnceCell<Option<Answered<'e>>>,
    routed: OnceCell<Routed>,
    bodies: [BodySeen; 2],
}

/// A body, read once.
#[derive(Default)]
struct BodySeen {
    json: OnceCell<Json>,
    xml: OnceCell<Result<Element, String>>,
}

const NO_EXCHANGE: &str = "the entry is no exchange";

const CUT: &str = "the body is longer than the journal keeps";

const STREAMED: &str = "the body was streamed; the journal keeps its length and digest";

impl<'e> Seen<'e> {
    pub(crate) fn new(vendors: Vendors, entry: &'e Entry) -> Self {
        Seen {
            entry,
            vendor: entry.vendor().and_then(|name| vendors.find(name)),
            asked: OnceCell::new(),
            answered: OnceCell::new(),
            routed: OnceCell::new(),
            bodies: Default::default(),
        }
    }

    pub(crate) fn seq(&self) -> Seq {
        self.entry.seq
    }

    /// What the entry changed.
    pub(crate) fn effects(&self) -> impl Iterator<Item = &'e str> {
        self.entry.effects.iter().map(|effect| effect.text.as_str())
    }

    /// Whether a fault kept the reply from its client.
    pub(crate) fn is_reply_lost(&self) -> bool {
        let fault = self.entry.exchange().and_then(|exchange| exchange.fault());
        fault.is_some_and(|fault| fault.kind.loses_reply())
    }

    /// The request, with as much as is known; never to be shown.
    pub(crate) fn asked(&self) -> Option<&Asked<'e>> {
        let asked = || Some(self.entry.exchange()?.asked(Mask::Raw));
        self.asked.get_or_init(asked).as_ref()
    }

    /// The reply, with as much as is known; never to be shown.
    fn answered(&self) -> Option<&Answered<'e>> {
        let answered = || self.entry.exchange()?.answered(Mask::Raw);
        self.answered.get_or_init(answered).as_ref()
    }

    /// A parameter wherever the vendor takes it from, as it may be shown.
    pub(crate) fn param_text(&self, name: &str, masker: &Masker) -> Option<String> {
        let found = self.param(name);
        let value = found.values.first()?.clone();
        Some(plain(&masker.named([name].into_iter(), value)))
    }

    /// Whether the query has a parameter, in whatever case.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query_pairs().iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The request and the reply on one line.
    pub(crate) fn line(&self, masker: &Masker) -> String {
        if let Some(action) = self.entry.admin_action() {
            return match &action.detail {
                Value::Null => action.name.clone().into_owned(),
                detail => format!("{} {}", action.name, masker.json(detail.clone())),
            };
        }
        let Some(asked) = self.asked() else { return String::new() };
        let status = self.entry.exchange().and_then(Exchange::status);
        format!(
            "{} {} -> {} {}",
            asked.method,
            masker.query(&asked.target),
            status.map_or_else(|| "null".to_owned(), |status| status.as_u16().to_string()),
            self.entry.outcome.name(),
        )
    }

    /// What stands at a place.
    pub(crate) fn at(&self, place: &Place) -> Found {
        let entry = self.entry;
        let text = |text: Option<&str>, none: &str| match text {
            None => Found::nothing(none),
            Some(text) => Found::one(text),
        };
        match place {
            Place::Vendor => text(entry.vendor(), "no vendor"),
            Place::Operation => text(entry.operation(), "no operation took it"),
            Place::Action => {
                let action = entry.admin_action().map(|action| action.name.as_ref());
                text(action, "no action, but an exchange")
            }
            Place::Event => match &self.detail()["event"] {
                Value::Null => Found::nothing("no event"),
                event => Found::one(event.clone()),
            },
            Place::Outcome => Found::one(entry.outcome.name()),
            Place::Why => text(entry.rule(), "it was not refused"),
            Place::Error => text(entry.error.as_deref(), "no error"),
            Place::Fault => {
                let fault = entry.exchange().and_then(|exchange| exchange.fault());
                text(fault.map(|fault| fault.kind.word()), "no fault")
            }
            Place::Effect => Found::texts(self.effects()).or(|| "it changed nothing".to_owned()),
            Place::Detail(pointer) => pointer.reach(self.detail()),
            Place::Status => match entry.exchange().and_then(Exchange::status) {
                None => Found::nothing(NO_EXCHANGE),
                Some(status) => Found::one(status.as_u16()),
            },
            Place::Method => text(self.asked().map(|it| it.method.as_ref()), NO_EXCHANGE),
            Place::Path => text(self.asked().map(|it| it.path.as_ref()), NO_EXCHANGE),
            _ if entry.exchange().is_none() => Found::nothing(NO_EXCHANGE),
            Place::Query(name) => self.query(name),
            Place::Form(name) => self.form(name),
            Place::Param(name) => self.param(name),
            Place::Header(body, name) => self.header(*body, name),
            Place::Json(body, pointer) => self.json(*body, pointer),
            Place::Xml(body, path) => self.xml(*body, path),
            Place::Body(body) => self.body(*body),
        }
    }

    /// What was told with an action; null of an exchange.
    fn detail(&self) -> &'e Value {
        self.entry.admin_action().map_or(&Value::Null, |action| &action.detail)
    }

    fn message(&self, body: Body) -> Option<&Message<'e>> {
        match body {
            Body::Request => self.asked().map(|asked| &asked.message),
            Body::Response => self.answered().map(|answered| &answered.message),
        }
    }

    /// Why the body is not all there.
    fn unsure(&self, body: Body) -> Option<String> {
        match self.message(body)?.body {
            Sent::Text(_) | Sent::Bytes(_) => None,
            Sent::Cut { .. } => Some(CUT.to_owned()),
            Sent::Streamed(_) => Some(STREAMED.to_owned()),
        }
    }

    fn bytes(&self, body: Body) -> &[u8] {
        self.message(body).map_or(&[], |message| message.body.bytes())
    }

    /// The headers of a message as texts.
    fn headers(&self, body: Body) -> Vec<(&str, &str)> {
        self.message(body).map(|message| message.pairs().collect()).unwrap_or_default()
    }

    fn json_of(&self, body: Body) -> &Json {
        self.bodies[body as usize].json.get_or_init(|| Json::parse(self.bytes(body)))
    }

    fn body(&self, body: Body) -> Found {
        let bytes = self.bytes(body);
        let unsure = self.unsure(body);
        if bytes.is_empty() {
            return Found { unsure, ..Found::nothing("the body is empty") };
        }
        Found { unsure, ..Found::one(String::from_utf8_lossy(bytes).into_owned()) }
    }

    fn json(&self, body: Body, pointer: &Pointer) -> Found {
        if let Some(why) = self.unsure(body) {
            return Found::unsure(why);
        }
        match self.json_of(body) {
            Json::Absent => Found::nothing("the body is empty"),
            Json::Broken(error) => Found::nothing(format!("the body is not JSON: {error}")),
            Json::Value(value) => pointer.reach(value),
        }
    }

    fn xml(&self, body: Body, path: &XmlPath) -> Found {
        if let Some(why) = self.unsure(body) {
            return Found::unsure(why);
        }
        let xml = self.bodies[body as usize].xml.get_or_init(|| Element::parse(self.bytes(body)));
        match xml {
            Err(_) if self.bytes(body).is_empty() => Found::nothing("the body is empty"),
            Err(error) => Found::nothing(format!("the body is not XML: {error}")),
            Ok(root) => match path.reach(root) {
                Reached::Texts(texts) => Found::texts(texts.iter().map(String::as_str)),
                Reached::Nothing(why) => Found::nothing(why),
            },
        }
    }

    fn header(&self, body: Body, name: &str) -> Found {
        let pairs = self.headers(body);
        let values = pairs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        Found::texts(values.map(|(_, value)| *value)).or(|| {
            let known: Vec<&str> = pairs.iter().map(|(name, _)| *name).collect();
            missing_name(name, "the headers", &known)
        })
    }

    fn query(&self, name: &str) -> Found {
        let query = self.query_pairs();
        let missing = || missing_name(name, "the query", &names(&query));
        self.or_elsewhere(named(&query, name).or(missing), name, "query")
    }

    fn form(&self, name: &str) -> Found {
        let form = self.form_pairs();
        let missing = || missing_name(name, "the form", &names(&form));
        let mut found = self.or_elsewhere(named(&form, name).or(missing), name, "form");
        found.unsure = self.unsure(Body::Request).filter(|_| found.values.is_empty());
        found
    }

    /// A parameter wherever the vendor takes it from: path, query, form, a member of the JSON body,
    /// an element of the XML body, or an uploaded file.
    fn param(&self, name: &str) -> Found {
        let routed = self.routed();
        let mut values: Vec<Value> = Vec::new();
        for pairs in [&routed.params.path, &self.query_pairs(), &self.form_pairs()] {
            values.extend(named(pairs, name).values);
        }
        let uploads = routed.params.uploads.iter().filter(|upload| upload.name == name);
        values.extend(
            uploads.map(|upload| String::from_utf8_lossy(&upload.content).into_owned().into()),
        );
        let json = self.json_of(Body::Request);
        if let Json::Value(body) = json {
            values.extend(body.get(name).cloned());
        } else if let Ok(root) = Element::parse(self.bytes(Body::Request)) {
            let children = root.children.iter().filter(|child| child.name == name);
            values.extend(children.map(|child| child.text.trim().into()));
        }
        let unsure = self.unsure(Body::Request).filter(|_| values.is_empty());
        Found { values, unsure, ..Found::default() }.or(|| {
            let (query, form) = (self.query_pairs(), self.form_pairs());
            let mut known = names(&routed.params.path);
            known.extend(names(&query));
            known.extend(names(&form));
            if let Json::Value(Value::Object(members)) = json {
                known.extend(members.keys().map(String::as_str));
            }
            missing_name(name, "the parameters", &known)
        })
    }

    /// Where a parameter is not in its place: the place of the same request that has it.
    fn or_elsewhere(&self, mut found: Found, name: &str, wanted: &str) -> Found {
        if !found.values.is_empty() {
            return found;
        }
        let json = self.json_of(Body::Request);
        let places = [
            ("path", !named(&self.routed().params.path, name).values.is_empty()),
            ("query", !named(&self.query_pairs(), name).values.is_empty()),
            ("form", !named(&self.form_pairs(), name).values.is_empty()),
            ("JSON body", matches!(json, Json::Value(body) if body.get(name).is_some())),
        ];
        let place = places.iter().find(|(place, has_it)| *has_it && *place != wanted);
        if let Some((place, _)) = place {
            found.nothing = format!("{}; the {place} has it", found.nothing);
            found.is_elsewhere = true;
        }
        found
    }

    fn query_pairs(&self) -> Pairs {
        Pairs::parse(self.asked().map_or("", |asked| asked.query()).as_bytes())
    }

    /// The form as the vendor reads it, else any body that says that it is one.
    fn form_pairs(&self) -> Pairs {
        let routed = &self.routed().params.form;
        if !routed.is_empty() {
            return routed.clone();
        }
        let pairs = self.headers(Body::Request);
        let mut types = pairs.iter().filter(|(name, _)| *name == "content-type");
        let is_form = types.any(|(_, value)| value.starts_with("application/x-www-form"));
        if is_form { Pairs::parse(self.bytes(Body::Request)) } else { Pairs::default() }
    }

    /// The request as its vendor reads it.
    fn routed(&self) -> &Routed {
        self.routed.get_or_init(|| {
            let request = self.request();
            let routed = self.vendor.zip(request).map(|(vendor, request)| (vendor.route)(&request));
            routed.unwrap_or_default()
        })
    }

    fn request(&self) -> Option<Request> {
        let asked = self.asked()?;
        let method: Method = asked.method.parse().ok()?;
        let target: Uri = asked.target.parse().ok()?;
        let path_start = target.path().len().saturating_sub(asked.path.len());
        let mut request = Request::new(method, target);
        request.path_start = path_start;
        for (name, value) in asked.message.pairs() {
            let pair = (name.parse::<HeaderName>(), HeaderValue::from_str(value));
            if let (Ok(name), Ok(value)) = pair {
                request.headers.append(name, value);
            }
        }
        request.body = Bytes::copy_from_slice(self.bytes(Body::Request));
        Some(request)
    }
}

fn named(pairs: &Pairs, name: &str) -> Found {
    Found::texts(pairs.iter().filter(|(known, _)| *known == name).map(|(_, value)| value))
}

fn names(pairs: &Pairs) -> Vec<&str> {
    pairs.iter().map(|(name, _)| name).collect()
}
