//! A journal entry as rules look at it: unmasked where the journal is, and read the way its vendor
//! reads requests.
//!
//! It is made from the entry's JSON, so that a journal in memory and one in a file answer alike.

use std::cell::OnceCell;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};
use serde_json::Value;

use crate::contract::operation::Routed;
use crate::contract::secret::Redactor;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::judge::verify::found::{Found, plain};
use crate::sim::judge::verify::place::{Body, Place};
use crate::sim::judge::verify::pointer::{Pointer, missing_name};
use crate::web::message::Request;
use crate::web::params::{Json, Pairs};
use crate::web::xml::{Element, Reached, XmlPath};

/// An entry and what was read of it so far.
pub(crate) struct Seen<'e> {
    pub(crate) entry: &'e Value,
    pub(crate) vendor: Option<&'static Vendor>,
    routed: OnceCell<Routed>,
    bodies: [BodySeen; 2],
}

/// A body, read once.
#[derive(Default)]
struct BodySeen {
    bytes: OnceCell<Vec<u8>>,
    json: OnceCell<Json>,
    xml: OnceCell<Result<Element, String>>,
}

const NO_EXCHANGE: &str = "the entry is no exchange";

const CUT: &str = "the body is longer than the journal keeps";

const STREAMED: &str = "the body was streamed; the journal keeps its length and digest";

impl<'e> Seen<'e> {
    pub(crate) fn new(vendors: Vendors, entry: &'e Value) -> Self {
        let vendor = entry["vendor"].as_str().and_then(|name| vendors.find(name));
        Seen { entry, vendor, routed: OnceCell::new(), bodies: Default::default() }
    }

    pub(crate) fn seq(&self) -> u64 {
        self.entry["seq"].as_u64().unwrap_or(0)
    }

    /// A member of the entry that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&'e str> {
        self.entry[name].as_str()
    }

    /// What the entry changed.
    pub(crate) fn effects(&self) -> impl Iterator<Item = &'e str> {
        let effects = self.entry["effects"].as_array().into_iter().flatten();
        effects.filter_map(|effect| effect["text"].as_str())
    }

    /// A parameter wherever the vendor takes it from, as it may be shown.
    pub(crate) fn param_text(&self, name: &str, show_secrets: bool) -> Option<String> {
        let found = self.param(name);
        let value = found.values.first()?.clone();
        Some(plain(&self.redactor(show_secrets).named([name].into_iter(), value)))
    }

    /// Whether the query has a parameter, in whatever case.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query_pairs().iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    pub(crate) fn redactor(&self, show_secrets: bool) -> Redactor {
        Redactor::new(self.vendor.map_or(&[], |vendor| vendor.surface.secrets), show_secrets)
    }

    /// The request and the reply on one line.
    pub(crate) fn line(&self, show_secrets: bool) -> String {
        let redactor = self.redactor(show_secrets);
        if let Some(action) = self.entry["action"].as_str() {
            return match self.entry["detail"] {
                Value::Null => action.to_owned(),
                ref detail => format!("{action} {detail}"),
            };
        }
        let request = &self.entry["request"];
        let target = redactor.text(request["target"].as_str().unwrap_or_default());
        format!(
            "{} {target} -> {} {}",
            request["method"].as_str().unwrap_or_default(),
            self.entry["response"]["status"],
            self.entry["outcome"].as_str().unwrap_or_default(),
        )
    }

    /// What stands at a place.
    pub(crate) fn at(&self, place: &Place) -> Found {
        let entry = self.entry;
        let text = |value: &Value, none: &str| match value {
            Value::Null => Found::nothing(none),
            value => Found::one(value.clone()),
        };
        match place {
            Place::Vendor => text(&entry["vendor"], "no vendor"),
            Place::Operation => text(&entry["operation"], "no operation took it"),
            Place::Action => text(&entry["action"], "no action, but an exchange"),
            Place::Event => text(&entry["detail"]["event"], "no event"),
            Place::Outcome => text(&entry["outcome"], "no outcome"),
            Place::Why => text(&entry["why"]["rule"], "it was not refused"),
            Place::Error => text(&entry["error"], "no error"),
            Place::Fault => match &entry["fault"] {
                Value::Object(fault) => text(&fault["kind"], "no fault"),
                other => text(other, "no fault"),
            },
            Place::Effect => Found::texts(self.effects()).or(|| "it changed nothing".to_owned()),
            Place::Detail(pointer) => pointer.reach(&entry["detail"]),
            Place::Status => text(&entry["response"]["status"], NO_EXCHANGE),
            Place::Method => text(&entry["request"]["method"], NO_EXCHANGE),
            Place::Path => text(&entry["request"]["path"], NO_EXCHANGE),
            _ if entry["request"].is_null() => Found::nothing(NO_EXCHANGE),
            Place::Query(name) => self.query(name),
            Place::Form(name) => self.form(name),
            Place::Param(name) => self.param(name),
            Place::Header(body, name) => self.header(*body, name),
            Place::Json(body, pointer) => self.json(*body, pointer),
            Place::Xml(body, path) => self.xml(*body, path),
            Place::Body(body) => self.body(*body),
        }
    }

    fn side(&self, body: Body) -> &'e Value {
        match body {
            Body::Request => &self.entry["request"],
            Body::Response => &self.entry["response"],
        }
    }

    /// Why the body is not all there.
    fn unsure(&self, body: Body) -> Option<String> {
        let side = self.side(body);
        if side["body_bytes"].is_u64() {
            return Some(CUT.to_owned());
        }
        side.get("stream").map(|_| STREAMED.to_owned())
    }

    fn bytes(&self, body: Body) -> &[u8] {
        self.bodies[body as usize].bytes.get_or_init(|| {
            let side = self.side(body);
            match (side["body"].as_str(), side["body_base64"].as_str()) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (None, Some(text)) => BASE64_STANDARD.decode(text).unwrap_or_default(),
                (None, None) => Vec::new(),
            }
        })
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
        let json = self.bodies[body as usize].json.get_or_init(|| Json::parse(self.bytes(body)));
        match json {
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
        let pairs = header_pairs(self.side(body));
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
        let json = Json::parse(self.bytes(Body::Request));
        if let Json::Value(body) = &json {
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
            if let Json::Value(Value::Object(members)) = &json {
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
        let json = Json::parse(self.bytes(Body::Request));
        let places = [
            ("path", !named(&self.routed().params.path, name).values.is_empty()),
            ("query", !named(&self.query_pairs(), name).values.is_empty()),
            ("form", !named(&self.form_pairs(), name).values.is_empty()),
            ("JSON body", matches!(&json, Json::Value(body) if body.get(name).is_some())),
        ];
        let place = places.iter().find(|(place, has_it)| *has_it && *place != wanted);
        if let Some((place, _)) = place {
            found.nothing = format!("{}; the {place} has it", found.nothing);
            found.is_elsewhere = true;
        }
        found
    }

    fn query_pairs(&self) -> Pairs {
        let target = self.entry["request"]["target"].as_str().unwrap_or_default();
        let query = target.split_once('?').map_or("", |(_, query)| query);
        Pairs::parse(query.as_bytes())
    }

    /// The form as the vendor reads it, else any body that says that it is one.
    fn form_pairs(&self) -> Pairs {
        let routed = &self.routed().params.form;
        if !routed.is_empty() {
            return routed.clone();
        }
        let pairs = header_pairs(&self.entry["request"]);
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
        let side = &self.entry["request"];
        let method: Method = side["method"].as_str()?.parse().ok()?;
        let target: Uri = side["target"].as_str()?.parse().ok()?;
        let path = side["path"].as_str().unwrap_or(target.path());
        let path_start = target.path().len().saturating_sub(path.len());
        let mut request = Request::new(method, target);
        request.path_start = path_start;
        for (name, value) in header_pairs(side) {
            let pair = (name.parse::<HeaderName>(), HeaderValue::from_str(value));
            if let (Ok(name), Ok(value)) = pair {
                request.headers.append(name, value);
            }
        }
        request.body = Bytes::copy_from_slice(self.bytes(Body::Request));
        Some(request)
    }
}

/// Headers as the journal writes them: pairs of texts.
fn header_pairs(side: &Value) -> Vec<(&str, &str)> {
    let pairs = side["headers"].as_array().into_iter().flatten();
    pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?))).collect()
}

fn named(pairs: &Pairs, name: &str) -> Found {
    Found::texts(pairs.iter().filter(|(known, _)| *known == name).map(|(_, value)| value))
}

fn names(pairs: &Pairs) -> Vec<&str> {
    pairs.iter().map(|(name, _)| name).collect()
}
