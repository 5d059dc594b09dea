//! Requests made up from the documents, right ones and wrong ones: nothing that is served may be
//! absent from its document, and nothing may fail.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value, json};
use sha1::{Digest, Sha1};

use super::{fetched, operations, resolved, surfaces, with_components};
use crate::support::http::{body_of, http, status_of};
use crate::support::program::serve;

/// Requests for each operation of a document. Each comes from the seed, so a failure comes again.
const N_REQUESTS: u64 = 25;

/// Values of the demo, by the names of parameters and members: without them every request would
/// stop at the first check.
const KNOWN: &[(&str, &[&str])] = &[
    ("affiliateID", &["A7k2Qm9ZrT4x"]),
    ("affiliateKey", &["0f1e2d3c4b5a69788796a5b4c3d2e1f0"]),
    ("dateStart", &["2020-01-01T00:00:00+00:00"]),
    ("dateEnd", &["2030-01-01T00:00:00+00:00"]),
    ("offer_id", &["4711", "4712"]),
    ("offer_token", &["5c0e77a1d94b42f8a6e13b90cf28d451"]),
    ("dateFrom", &["2012-01-01 00:00:00"]),
    ("dateTo", &["2030-01-01 00:00:00"]),
    ("call", &["K7Q2ZP0XN4V8T1RB"]),
    ("type", &["XML", "CSV"]),
    ("u", &["dialer_bob"]),
    ("test", &["1"]),
    ("ClientsID", &["7"]),
    ("id", &["301501", "612", "17", "1"]),
    ("diallerCampaignsID", &["612"]),
    ("DiallerCampaignsID", &["612"]),
    ("userData", &["CRM-88121"]),
    ("login", &["api.user"]),
    ("password", &["Pa55word!"]),
    ("UserID", &["101", "102"]),
    ("CallID", &["1000"]),
    ("PhoneNum", &["07700900142"]),
    ("phoneNumber", &["07700900142"]),
    ("resultcode", &["SALE", "1"]),
    ("world", &["default", "a"]),
    ("vendor", &["infocu5", "jtel", "maestro", "maxcontact", "mor"]),
    ("table", &["agents", "contacts", "calls"]),
    ("event", &["set_agent_active", "agent_login", "answer"]),
    ("seq", &["1", "2"]),
    ("name", &["a", "b", "before"]),
    ("scenario", &["demo"]),
    ("by", &["90m", "1s"]),
    ("to", &["next"]),
    ("mode", &["frozen", "real"]),
];

/// Parameters that make a reply wait: they get a short time or nonsense.
const WAITS: &[&str] = &["wait", "timeout", "limit_ms", "within"];

/// Text that somebody's parser did not expect.
const NASTY: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e400",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "null",
    "true",
    "[]",
    "{}",
    "\"",
    "'; DROP TABLE x; --",
    "../..",
    "ä𝄞",
    "\u{0}",
    "\r\nX: y",
    "<a>&b;</a>",
    "%",
    "%s%n",
    "2020-02-30T25:61:61Z",
    "+",
];

/// Makes requests up.
struct Maker {
    random: ChaCha8Rng,
}

impl Maker {
    fn one_in(&mut self, n: u32) -> bool {
        self.random.random_range(0..n) == 0
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.random.random_range(0..from.len())]
    }

    fn nasty(&mut self) -> String {
        if self.one_in(12) {
            return "x".repeat(self.random.random_range(1000..20_000));
        }
        self.pick(NASTY).to_owned()
    }

    /// A value for a name: mostly one that the schema allows.
    fn value(&mut self, name: &str, schema: &Value, depth: u32) -> Value {
        if WAITS.contains(&name) {
            return if self.one_in(4) { json!("nonsense") } else { json!(0) };
        }
        if self.one_in(6) {
            return match self.random.random_range(0..4) {
                0 => json!([self.nasty(), null]),
                1 => json!({ "x": self.nasty() }),
                2 => json!(self.random.random::<i64>()),
                _ => json!(self.nasty()),
            };
        }
        let known = KNOWN.iter().find(|(known, _)| *known == name).map(|(_, values)| *values);
        if let Some(values) = known.filter(|_| !self.one_in(5)) {
            let text = self.pick(values);
            return match text.parse::<i64>() {
                Ok(number) if schema["type"] == "integer" => json!(number),
                _ => json!(text),
            };
        }
        for list in ["anyOf", "oneOf"] {
            if let Some(schemas) = schema[list].as_array() {
                let idx = self.random.random_range(0..schemas.len());
                return self.value(name, &schemas[idx], depth);
            }
        }
        if let Some(words) = schema["enum"].as_array() {
            return words[self.random.random_range(0..words.len())].clone();
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
        match kind.unwrap_or("string") {
            "integer" => json!(self.random.random_range(-2..1000)),
            "number" => json!(self.random.random_range(-2.0..1000.0)),
            "boolean" => json!(self.random.random::<bool>()),
            "null" => Value::Null,
            "array" if depth < 4 => {
                let n_items = self.random.random_range(0..3);
                (0..n_items).map(|_| self.value(name, &schema["items"], depth + 1)).collect()
            }
            "object" if depth < 4 => self.object(schema, depth + 1),
            _ if self.one_in(2) => json!(self.random.random_range(0..1000).to_string()),
            _ => json!(self.nasty()),
        }
    }

    fn object(&mut self, schema: &Value, depth: u32) -> Value {
        let mut object = Map::new();
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            let is_needed =
                schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
            let leave_out = if is_needed { self.one_in(15) } else { !self.one_in(3) };
            // Left out, a wait takes its default, which is longer than this test's patience.
            if !leave_out || WAITS.contains(&name.as_str()) {
                object.insert(name.clone(), self.value(name, inner, depth));
            }
        }
        if schema["additionalProperties"].is_object() {
            let name = self.pick(&["infocu5", "content_type", "id"]).to_owned();
            let value = self.value(&name, &schema["additionalProperties"], depth);
            object.insert(name, value);
        }
        if self.one_in(12) {
            object.insert(self.nasty(), json!(self.nasty()));
        }
        Value::Object(object)
    }

    /// A request for an operation.
    fn request(&mut self, path: &str, method: &str, operation: &Value) -> Made {
        let mut made = Made { method: method.into(), path: path.into(), ..Made::default() };
        if self.one_in(25) {
            made.method = self.pick(&["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]).into();
        }
        let mut query = Vec::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let is_path = parameter["in"] == "path";
            let is_needed = parameter["required"] == true || parameter["x-required"] == true;
            let leave_out = if is_needed { self.one_in(15) } else { self.one_in(2) };
            if leave_out && !is_path {
                continue;
            }
            let text = plain(&self.value(name, &parameter["schema"], 0));
            if is_path {
                let text = if text.is_empty() { "1".into() } else { encoded(&text) };
                made.path = made.path.replace(&format!("{{{name}}}"), &text);
            } else {
                query.push((name.to_owned(), text));
            }
        }
        if self.one_in(15) {
            query.push((self.nasty(), self.nasty()));
        }
        if let Some(contents) = operation["requestBody"]["content"].as_object() {
            let idx = self.random.random_range(0..contents.len());
            let (media_type, content) = contents.iter().nth(idx).unwrap();
            let value = self.value("", &content["schema"], 0);
            made.media_type.clone_from(media_type);
            made.body = match media_type.as_str() {
                "application/x-www-form-urlencoded" => form(&value),
                "multipart/form-data" => {
                    made.media_type = "multipart/form-data; boundary=x".into();
                    multipart(&value)
                }
                "application/xml" => xml(&value),
                _ => value.to_string(),
            };
        }
        if self.one_in(20) {
            made.body = self.nasty();
        }
        if self.one_in(20) {
            made.media_type = self.pick(&["text/plain", "application/json", "", "x"]).into();
        }
        made.query = query;
        made
    }
}

/// A request that was made up.
#[derive(Clone, Debug, Default)]
struct Made {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    media_type: String,
    body: String,
    headers: Vec<(&'static str, String)>,
}

impl Made {
    fn text(&self) -> String {
        let pairs =
            self.query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        let target =
            if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) };
        let mut headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if !self.media_type.is_empty() {
            headers.push(("Content-Type", &self.media_type));
        }
        http(&self.method, &target, &headers, &self.body)
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(one).collect()
}

fn members(value: &Value) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.clone(), plain(value))).collect()
}

fn form(value: &Value) -> String {
    let pairs = members(value).into_iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn multipart(value: &Value) -> String {
    let parts = members(value).into_iter().map(|(name, value)| {
        let file = if name == "file" { "; filename=\"numbers.csv\"" } else { "" };
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    });
    format!("{}--x--\r\n", parts.collect::<String>())
}

fn xml(value: &Value) -> String {
    let members = members(value).into_iter();
    let members = members.map(|(name, value)| format!("<{name}>{value}</{name}>"));
    format!("<Lead>{}</Lead>", members.collect::<String>())
}

/// Lets a request in, as far as the vendor's credentials go: a tester that stops at the door tests
/// the door.
fn authorize(maker: &mut Maker, vendor: &str, made: &mut Made) {
    if maker.one_in(10) {
        return;
    }
    match vendor {
        "jtel" => made.headers.push(("Authorization", "Bearer SIMTOKEN-7A".into())),
        "maxcontact" if made.path.contains("/apitoken/") => {
            made.headers.push(("Authorization", STANDARD.encode("Pa55word!")));
        }
        "maxcontact" => {
            let token = "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";
            made.headers.push(("Cookie", token.into()));
        }
        "mor" => sign(made),
        _ => {}
    }
}

/// Puts the hash of the listed values into the query, as far as they stand there or in the path.
fn sign(made: &mut Made) {
    let value = |name: &str| made.query.iter().find(|(known, _)| known == name);
    let value = |name: &str| value(name).map(|(_, value)| value.clone()).unwrap_or_default();
    let in_path = made.path.split("autodialer_").nth(1).and_then(|rest| rest.split_once('/'));
    let id = in_path.map_or_else(|| value("id"), |(_, id)| id.to_owned());
    let u = if made.path.contains("upload_numbers") { String::new() } else { value("u") };
    let (start, end) = if made.path.contains("statistics") {
        (value("period_start"), value("period_end"))
    } else {
        (String::new(), String::new())
    };
    let hash = Sha1::digest(format!("{u}{id}{start}{end}sim-secret-1"));
    let hash: Vec<String> = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    made.query.retain(|(name, _)| name != "hash");
    made.query.push(("hash".into(), hash.concat()));
}

/// A reply's media type without parameters; `None` where it has no body.
fn media_type(reply: &str) -> Option<String> {
    let (head, body) = reply.split_once("\r\n\r\n")?;
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-type:"));
    let value = line?.split_once(':')?.1.split(';').next()?.trim().to_ascii_lowercase();
    (!body.is_empty()).then_some(value)
}

/// Why a reply is not as documented.
fn strange(
    document: &Value,
    operation: Option<&Value>,
    status: u16,
    reply: &str,
) -> Option<String> {
    if status == 0 || (status >= 500 && status != 503) {
        return Some(format!("status {status}"));
    }
    let told = match operation {
        Some(operation) => &operation["responses"][status.to_string()],
        None => &document["components"]["responses"][status.to_string()],
    };
    if told.is_null() {
        return Some(format!("status {status} is not documented"));
    }
    let kind = media_type(reply)?;
    let told = resolved(document, told);
    // Of a reply that may be empty the document names what it has otherwise.
    let otherwise = told["x-media-types"].as_array().is_some_and(|it| it.contains(&json!(kind)));
    let is_told = otherwise || !told["content"][&kind].is_null();
    (!is_told).then(|| format!("{kind} is not documented for {status}"))
}

#[test]
fn vendors_answer_any_request_as_documented() {
    let running = serve(&[]);
    let mut faults = BTreeMap::new();
    for surface in surfaces() {
        let document = fetched(&running, &format!("/openapi/{}.json", surface.vendor));
        let mut maker = Maker { random: ChaCha8Rng::seed_from_u64(42) };
        let mut reached: BTreeMap<u16, u32> = BTreeMap::new();
        for (path, method, operation) in operations(&document) {
            for _ in 0..N_REQUESTS {
                let mut made = maker.request(&path, &method, operation);
                authorize(&mut maker, surface.vendor, &mut made);
                // Some of its paths are its own only on a host of its own.
                made.path = format!("/{}{}", surface.vendor, made.path);
                let reply = running.raw("listen", made.text().as_bytes());
                let status = status_of(&reply);
                *reached.entry(status).or_default() += 1;
                // Another method than the operation's is answered by whatever has it.
                let own = (made.method == method).then_some(operation);
                if let Some(what) = strange(&document, own, status, &reply) {
                    let what = format!("{}: {what}", surface.vendor);
                    faults.entry(what).or_insert((made, reply));
                }
            }
        }
        assert!(reached.get(&200).is_some_and(|n| *n > 20), "{}: {reached:?}", surface.vendor);
    }
    assert_none(&faults);
    let (_, failed) = running.admin("GET", "/v1/worlds/default/journal?outcome=error", "");
    assert_eq!(failed["entries"], json!([]), "something failed behind a vendor's own words");
}

#[test]
fn the_control_plane_answers_any_request_as_documented() {
    let running = serve(&[]);
    let document = fetched(&running, "/openapi.json");
    let mut maker = Maker { random: ChaCha8Rng::seed_from_u64(42) };
    let mut succeeded = Vec::new();
    let mut faults = BTreeMap::new();
    let operations = operations(&document);
    for (path, method, operation) in &operations {
        let name = operation["operationId"].as_str().unwrap();
        if is_endless(&document, operation) {
            succeeded.push(name);
            continue;
        }
        for _ in 0..N_REQUESTS {
            let mut made = maker.request(path, method, operation);
            if made.media_type.is_empty() && !maker.one_in(10) {
                made.media_type = "application/json".into();
            }
            let reply = running.raw("admin", made.text().as_bytes());
            let status = status_of(&reply);
            if made.method != *method {
                let other = operations.iter().any(|it| it.0 == *path && it.1 == made.method);
                assert!(other || [404, 405, 415].contains(&status), "{}\n{reply}", made.text());
                continue;
            }
            let strange = strange(&document, Some(operation), status, &reply);
            if let Some(what) = strange.or_else(|| misshapen(&document, operation, status, &reply))
            {
                faults.entry(format!("{name}: {what}")).or_insert((made, reply));
                continue;
            }
            if (status < 300 || status == 422) && succeeded.last() != Some(&name) {
                succeeded.push(name);
            }
        }
    }
    assert_none(&faults);
    let never = operations.iter().map(|it| it.2["operationId"].as_str().unwrap());
    let never: Vec<_> = never.filter(|name| !succeeded.contains(name)).collect();
    // Some need a body or a name that nobody makes up by chance.
    assert!(
        never.len() * 3 < operations.len(),
        "hardly tested, for they never succeeded: {never:?}"
    );
}

/// Whether a reply goes on until the client leaves.
fn is_endless(document: &Value, operation: &Value) -> bool {
    !resolved(document, &operation["responses"]["200"])["content"]["text/event-stream"].is_null()
}

/// Why a JSON reply is not of its schema.
fn misshapen(document: &Value, operation: &Value, status: u16, reply: &str) -> Option<String> {
    let kind = media_type(reply).filter(|kind| kind.ends_with("json"))?;
    let told = resolved(document, &operation["responses"][status.to_string()]);
    let schema = with_components(document, &told["content"][&kind]["schema"]);
    let Ok(body) = serde_json::from_str::<Value>(&body_of(reply)) else {
        return Some("the body is not JSON".into());
    };
    let error = jsonschema::draft202012::validate(&schema, &body).err()?;
    // The start of it is the value itself, which the reply shows as well.
    let text = error.to_string();
    let end: String = text.chars().skip(text.chars().count().saturating_sub(200)).collect();
    Some(format!("{end} at {}", error.instance_path()))
}

/// Shows each kind of fault once, with the request that met it first.
#[track_caller]
fn assert_none(faults: &BTreeMap<String, (Made, String)>) {
    let shown = faults.iter().map(|(what, (made, reply))| {
        format!("{what}\n{}\n\n{reply}", made.text().chars().take(1500).collect::<String>())
    });
    let shown: Vec<String> = shown.collect();
    assert!(shown.is_empty(), "\n{}", shown.join("\n---\n"));
}

#[test]
fn the_tester_sees_what_is_not_documented() {
    let document = json!({ "components": { "responses": {} } });
    let operation = json!({ "responses": { "200": { "description": "", "content": {
        "application/json": {},
    } } } });
    let reply = |status: u16, kind: &str| {
        format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}; charset=x\r\n\r\nx")
    };
    let seen = |status: u16, kind: &str| {
        strange(&document, Some(&operation), status, &reply(status, kind))
    };
    assert_eq!(seen(200, "application/json"), None);
    assert_eq!(seen(200, "text/html").unwrap(), "text/html is not documented for 200");
    assert_eq!(seen(404, "text/html").unwrap(), "status 404 is not documented");
    assert_eq!(seen(500, "text/html").unwrap(), "status 500");
    assert_eq!(strange(&document, Some(&operation), 0, "").unwrap(), "status 0");
}
