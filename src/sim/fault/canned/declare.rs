//! How a scenario states fixed replies.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Uri, header};
use serde_json::{Map, Value};

use crate::base::nearest::nearest;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::section::SeedError;
use crate::contract::vendor::Vendors;
use crate::sim::fault::canned::pattern;
use crate::sim::fault::canned::reply::{Canned, CannedBody, CannedOn};
use crate::sim::fault::headers::Headers;
use crate::web::message::Request;
use crate::web::xml::XmlPath;

/// The scenario's fixed replies, asked in this order.
pub(crate) const SCENARIO: Field = Field::optional(
    "reply",
    Kind::Rows(&Rows { fields: REPLY }),
    "fixed replies for requests that no operation takes; the first that fits answers",
);

/// One fixed reply.
pub(crate) const REPLY: &[Field] = &[
    Field::optional("name", Kind::Text, "its name in the journal").unique(),
    Field::required("vendor", Kind::Text, "requests to this vendor"),
    Field::optional("method", Kind::Text, "GET, POST and so on; any where left out"),
    Field::optional(
        "path",
        Kind::Text,
        "the vendor's own path; {name} is one segment, * at the end the rest; any where left out",
    ),
    Field::optional("query", Kind::Map(&Kind::Id), "parameters of the query, by name"),
    Field::optional("form", Kind::Map(&Kind::Id), "parameters of a form, by name"),
    Field::optional("json", Kind::Map(&Kind::Any), "values in a JSON body, by JSON pointer"),
    Field::optional("xml", Kind::Map(&Kind::Id), "texts in an XML body, by XML path"),
    Field::optional(
        "instead",
        Kind::Bool,
        "true: also in place of an operation that Ringback has; never else",
    ),
    Field::optional(
        "nth",
        Kind::Integer { min: 1, max: i64::MAX },
        "only the n-th request that fits",
    ),
    Field::optional(
        "every",
        Kind::Integer { min: 1, max: i64::MAX },
        "only every n-th request that fits",
    ),
    Field::optional("times", Kind::Integer { min: 1, max: i64::MAX }, "so many times at the most"),
    Field::optional("status", Kind::Integer { min: 200, max: 599 }, "the status (200)"),
    Field::optional("headers", Kind::Map(&Kind::Text), "headers by name"),
    Field::optional("body", Kind::Text, "the body as text; none where left out"),
    Field::optional("body_base64", Kind::Text, "the body as bytes, in base64"),
    Field::optional("body_file", Kind::File, "a file beside the scenario that is the body"),
];

/// Reads one row.
///
/// # Errors
/// Where fields do not go together, or a name leads nowhere.
pub(crate) fn reply(row: &Row<'_>, vendors: Vendors) -> Result<Canned, SeedError> {
    let vendor = row.text("vendor");
    let Some(of) = vendors.find(vendor) else {
        let known = || vendors.0.iter().map(|vendor| vendor.surface.vendor);
        let list = known().collect::<Vec<_>>().join(", ");
        let meant = nearest(vendor, known());
        let meant = meant.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        let message =
            format!("there is no vendor called {vendor:?}; expected one of {list}{meant}");
        return Err(SeedError::field("vendor", message));
    };
    let on = read_on(row, of.surface.vendor)?;
    let body = read_body(row)?;
    let headers = match row.get("headers") {
        Cell::Json(stated) => {
            Headers::read(stated).map_err(|message| SeedError::field("headers", message))?
        }
        _ => Headers::default(),
    };
    let status = row.opt_int("status").and_then(|status| u16::try_from(status).ok());
    if !on.instead
        && let Some(operation) = sample(&on).and_then(|request| (of.route)(&request).operation)
    {
        let message = format!(
            "the operation {} of {vendor} takes these requests; expected one that no operation \
             takes, or instead = true",
            operation.name
        );
        return Err(SeedError::field("path", message));
    }
    let name = row.opt_text("name").map(str::to_owned);
    Ok(Canned { name, on, status: status.unwrap_or(200), headers, body })
}

fn read_on(row: &Row<'_>, vendor: &str) -> Result<CannedOn, SeedError> {
    let count = |name: &str| row.opt_int(name).map(i64::unsigned_abs);
    let method = row.opt_text("method").map(str::to_owned);
    if let Some(method) = &method
        && (method.parse::<Method>().is_err() || *method != method.to_ascii_uppercase())
    {
        let found = excerpt(method, EXCERPT_CHARS_MAX);
        let message = format!("the method is {found}; expected one such as GET or POST");
        return Err(SeedError::field("method", message));
    }
    let path = row.opt_text("path").map(str::to_owned);
    if let Some(message) = path.as_deref().and_then(pattern::mistake) {
        return Err(SeedError::field("path", message));
    }
    let on = CannedOn {
        vendor: vendor.to_owned(),
        method,
        path,
        query: texts(row, "query"),
        form: texts(row, "form"),
        json: match row.get("json") {
            Cell::Json(stated) => stated.as_object().cloned().unwrap_or_default(),
            _ => Map::new(),
        },
        xml: texts(row, "xml"),
        instead: row.opt_bool("instead").unwrap_or(false),
        nth: count("nth"),
        every: count("every"),
        times: count("times"),
    };
    if let Some(pointer) = on.json.keys().find(|it| !it.is_empty() && !it.starts_with('/')) {
        let found = excerpt(pointer, EXCERPT_CHARS_MAX);
        let message = format!("the place {found}; expected a JSON pointer such as /0/id");
        return Err(SeedError::field("json", message));
    }
    for path in on.xml.keys() {
        if let Err(expected) = XmlPath::parse(path) {
            let message = format!("the place {}; {expected}", excerpt(path, EXCERPT_CHARS_MAX));
            return Err(SeedError::field("xml", message));
        }
    }
    Ok(on)
}

fn texts(row: &Row<'_>, field: &str) -> BTreeMap<String, String> {
    let Cell::Json(stated) = row.get(field) else { return BTreeMap::new() };
    let stated = stated.as_object().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    stated.map(|(name, value)| (name.clone(), text(value))).collect()
}

fn read_body(row: &Row<'_>) -> Result<CannedBody, SeedError> {
    let given = ["body", "body_base64", "body_file"];
    let mut given = given.into_iter().filter(|name| !matches!(row.get(name), Cell::Absent));
    let (first, second) = (given.next(), given.next());
    if let Some(second) = second {
        let message = "a second body; expected one of body, body_base64, body_file";
        return Err(SeedError::field(second, message));
    }
    Ok(match (first, row.opt_text("body"), row.opt_text("body_base64")) {
        (_, Some(text), _) => CannedBody::of(text.as_bytes().to_vec()),
        (_, _, Some(text)) => match STANDARD.decode(text) {
            Ok(bytes) => CannedBody::of(bytes),
            Err(error) => {
                let message = format!("this is no base64: {error}; expected bytes in base64");
                return Err(SeedError::field("body_base64", message));
            }
        },
        (Some("body_file"), ..) => match row.get("body_file") {
            Cell::Bytes(bytes) => CannedBody::of(bytes.to_vec()),
            _ => CannedBody::None,
        },
        _ => CannedBody::None,
    })
}

/// A request that fits, where the pattern stands for one path: to ask whether an operation takes it.
fn sample(on: &CannedOn) -> Option<Request> {
    let path = on.path.as_deref().filter(|path| pattern::is_plain(path))?;
    let encoded = |pairs: &BTreeMap<String, String>| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let query = encoded(&on.query);
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let method = on.method.as_deref().unwrap_or("GET").parse().ok()?;
    let mut request = Request::new(method, target.parse::<Uri>().ok()?);
    let (kind, body) = if !on.json.is_empty() {
        let members = on.json.iter().filter_map(|(pointer, value)| {
            let name = pointer.strip_prefix('/').filter(|name| !name.contains('/'))?;
            Some((name.to_owned(), value.clone()))
        });
        ("application/json", Value::Object(members.collect()).to_string())
    } else if !on.form.is_empty() {
        ("application/x-www-form-urlencoded", encoded(&on.form))
    } else {
        return Some(request);
    };
    request.headers.insert(header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    request.body = body.into();
    Some(request)
}
