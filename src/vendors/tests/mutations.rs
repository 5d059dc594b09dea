//! Right requests with one thing wrong: each refusal has to name the place.
//!
//! The requests are those of the golden exchanges that are answered. One name, value, type, encoding,
//! method, path segment or header is changed at random; where the vendor refuses the result, the
//! reason has to name what was changed, and where it takes a request with a wrong name, the journal has
//! to say that nobody read it. `RINGBACK_MUTATIONS=100000` makes as many; `RINGBACK_SEED` draws others;
//! `RINGBACK_MUTATIONS_REPORT` names a file for the table and all that was not told.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use http::{HeaderName, HeaderValue, Method};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde_json::Value;

use crate::base::seed::Seed;
use crate::base::seq::Seq;
use crate::sim::world::journal::Page;
use crate::testing::{Stage, parse_request};
use crate::vendors;
use crate::web::message::Request;

/// Mutations in a usual run of the tests.
const COUNT: usize = 3_000;

/// The share of refusals that name their place, in thousandths.
const TOLD_MIN: usize = 950;

/// A right request and the world that takes it.
struct Right {
    vendor: &'static str,
    name: String,
    stage: Stage,
    text: String,
    /// The last entry that was looked at.
    seq: Seq,
}

/// One thing wrong.
struct Mutation {
    request: Request,
    kind: &'static str,
    /// Any of these in the reason, or among the unread names, names the place.
    names: Vec<String>,
    /// What was done, for people.
    text: String,
}

fn rights() -> Vec<Right> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut found = Vec::new();
    for vendor in vendors::ALL {
        let vendor = vendor.surface.vendor;
        let mut files = Vec::new();
        for operation in fs::read_dir(folder.join(vendor)).unwrap() {
            let operation = operation.unwrap().path();
            if operation.is_dir() && !operation.ends_with("no_operation") {
                files.extend(fs::read_dir(operation).unwrap().map(|file| file.unwrap().path()));
            }
        }
        files.sort();
        for file in files {
            let name = file.strip_prefix(&folder).unwrap().display().to_string();
            if file.extension().is_some_and(|end| end == "http")
                && let Some(right) = right(vendor, name, &fs::read_to_string(&file).unwrap())
            {
                found.push(right);
            }
        }
    }
    found
}

/// A golden request that stands alone and is answered; `None` for any other.
fn right(vendor: &'static str, name: String, text: &str) -> Option<Right> {
    let mut text = text;
    let mut stage = None;
    while let Some(line) = text.strip_prefix("# ") {
        let (directive, after) = line.split_once('\n')?;
        text = after;
        match directive.split_once(": ") {
            Some(("scenario", file)) => {
                let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
                stage = Some(Stage::file(&fixtures.join(vendor).join(file)));
            }
            Some(_) => return None,
            None => {}
        }
    }
    let stage = stage.unwrap_or_else(Stage::demo);
    stage.request(text);
    let is_right = last(&stage, Seq::NONE)["outcome"] == "ok";
    stage.reset();
    is_right.then(|| Right { vendor, name, stage, text: text.to_owned(), seq: Seq::NONE })
}

fn last(stage: &Stage, after: Seq) -> Value {
    let page = Page { after, limit: usize::MAX, ..Page::default() };
    stage.world().journal_page(&page).unwrap().to_json().pop().unwrap_or_default()
}

fn pick<'a, T>(draw: &mut ChaCha8Rng, of: &'a [T]) -> Option<&'a T> {
    (!of.is_empty()).then(|| &of[draw.random_range(0..of.len())])
}

/// A name with one letter wrong, in other capitals, joined otherwise, or longer.
fn misspelt(draw: &mut ChaCha8Rng, name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let at = draw.random_range(0..chars.len().max(1));
    match draw.random_range(0..5_u8) {
        0 => chars.iter().enumerate().filter(|(idx, _)| *idx != at).map(|(_, it)| it).collect(),
        1 => format!("{name}s"),
        2 if at + 1 < chars.len() => {
            let mut chars = chars;
            chars.swap(at, at + 1);
            chars.into_iter().collect()
        }
        3 => {
            let upper = name.to_uppercase();
            if upper == name { name.to_lowercase() } else { upper }
        }
        _ => chars
            .iter()
            .enumerate()
            .flat_map(|(idx, it)| if idx == at { vec![*it, *it] } else { vec![*it] })
            .collect(),
    }
}

/// A value of another kind, or out of every range.
fn spoilt(draw: &mut ChaCha8Rng, value: &str) -> String {
    let others = [
        "",
        "x",
        "-1",
        "99999999999999999999",
        "1.5",
        "null",
        "true",
        "0x10",
        "2026-13-45",
        "[]",
        "ä",
        "%zz",
        " ",
        "' OR 1=1",
    ];
    match draw.random_range(0..3_u8) {
        0 => format!("{value}x"),
        1 => format!("{}9", value.chars().take(value.chars().count() / 2).collect::<String>()),
        _ => (*pick(draw, &others).unwrap_or(&"x")).to_owned(),
    }
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn with_target(request: &Request, target: &str) -> Option<Request> {
    let mut request = request.clone();
    request.target = target.parse().ok()?;
    Some(request)
}

fn mutate(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    match draw.random_range(0..8_u8) {
        0 => method(draw, right),
        1 => segment(draw, right),
        2 => header(draw, right),
        3 => encoding(draw, right),
        4 | 5 => pair(draw, right),
        _ => member(draw, right).or_else(|| pair(draw, right)),
    }
}

fn method(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    let all = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
    let method = pick(draw, &all)?.clone();
    let mut request = right.clone();
    request.method = method.clone();
    let names = vec![method.to_string(), right.method.to_string()];
    let text = format!("{} became {method}", right.method);
    (method != right.method).then_some(Mutation { request, kind: "method", names, text })
}

fn segment(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    let path = right.path();
    let mut segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
    let at = draw.random_range(0..segments.len());
    let old = segments[at].clone();
    let new = match draw.random_range(0..4_u8) {
        0 => {
            segments.remove(at);
            String::new()
        }
        1 => spoilt(draw, &old),
        _ => misspelt(draw, &old),
    };
    let new = if new.is_ascii() && !new.contains([' ', '%', '\'']) { new } else { escaped(&new) };
    if let Some(segment) = segments.get_mut(at)
        && !new.is_empty()
    {
        segment.clone_from(&new);
    }
    let query = right.query().map(|query| format!("?{query}")).unwrap_or_default();
    let request = with_target(right, &format!("/{}{query}", segments.join("/")))?;
    let text = format!("{path} became {}", request.path());
    let is_other = request.path() != path;
    let names = vec![request.path().to_owned(), old, decoded(&new), new];
    is_other.then_some(Mutation { request, kind: "segment", names, text })
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn header(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    // What the vendors look at; a wrong Host or User-Agent is no mistake.
    let looked_at = ["authorization", "content-type", "cookie"];
    let present: Vec<&str> =
        looked_at.into_iter().filter(|name| right.headers.contains_key(*name)).collect();
    let name = *pick(draw, &present)?;
    let old = right.headers.get(name)?.to_str().ok()?.to_owned();
    let mut request = right.clone();
    let key: HeaderName = name.parse().ok()?;
    request.headers.remove(&key);
    let text = match draw.random_range(0..3_u8) {
        0 => format!("{name} left out"),
        1 => {
            let other = format!("x-{name}");
            request.headers.insert(other.parse::<HeaderName>().ok()?, old.parse().ok()?);
            format!("{name} became {other}")
        }
        _ => {
            let value = misspelt(draw, &old);
            request.headers.insert(key, HeaderValue::from_str(&value).ok()?);
            format!("{name}: {old:?} became {value:?}")
        }
    };
    let names = vec![name.to_owned(), "TokenKey".into(), "Bearer".into(), "Basic".into()];
    Some(Mutation { request, kind: "header", names, text })
}

fn encoding(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    let text = std::str::from_utf8(&right.body).ok().filter(|text| !text.is_empty())?;
    let (name, body): (&str, Vec<u8>) = match draw.random_range(0..6_u8) {
        0 => ("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        1 => ("byte-order mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        2 => ("gzip", [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", text.as_bytes()].concat()),
        3 => ("cut", text.as_bytes()[..text.len() * 2 / 3].to_vec()),
        4 => ("quote", text.replace('"', "'").into_bytes()),
        _ => ("[", format!("[{text}]").into_bytes()),
    };
    let mut request = right.clone();
    let is_other = body != *right.body;
    request.body = body.into();
    let also: &[&str] = match name {
        "cut" => &["the end", "cut", "no ", "missing", "not sent", "ends", "without", "closing"],
        "[" => &["list", "array", "bracket"],
        "quote" => &["single", "'"],
        "gzip" => &["compressed"],
        _ => &["UTF", "BOM", "mark"],
    };
    let names = also.iter().map(|it| (*it).to_owned()).chain([name.to_owned()]).collect();
    is_other.then(|| Mutation { request, kind: "encoding", names, text: format!("body: {name}") })
}

/// A name or a value of the query or of a form.
fn pair(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    let media_type = right.media_type().unwrap_or_default();
    let in_form = media_type == "application/x-www-form-urlencoded";
    let encoded = if in_form {
        std::str::from_utf8(&right.body).ok()?.to_owned()
    } else {
        right.query()?.to_owned()
    };
    let mut pairs: Vec<(String, String)> = encoded
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let at = draw.random_range(0..pairs.len());
    let (name, value) = pairs[at].clone();
    let mut names = vec![name.clone()];
    let text = match draw.random_range(0..4_u8) {
        0 => {
            pairs.remove(at);
            format!("{name} left out")
        }
        1 => {
            let new = misspelt(draw, &name);
            pairs[at].0.clone_from(&new);
            names.push(new.clone());
            format!("the name {name} became {new}")
        }
        _ => {
            let new = spoilt(draw, &decoded(&value));
            pairs[at].1 = if new.starts_with('%') { new.clone() } else { escaped(&new) };
            if new.len() > 2 {
                names.push(new.clone());
            }
            format!("{name}: {value:?} became {new:?}")
        }
    };
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let joined = joined.join("&");
    let request = if in_form {
        let mut request = right.clone();
        request.body = joined.clone().into();
        request
    } else {
        with_target(right, &format!("{}?{joined}", right.path()))?
    };
    (joined != encoded).then_some(Mutation { request, kind: "pair", names, text })
}

/// A name or a value of a JSON object.
fn member(draw: &mut ChaCha8Rng, right: &Request) -> Option<Mutation> {
    let mut body: Value = serde_json::from_slice(&right.body).ok()?;
    let members = body.as_object_mut()?;
    let keys: Vec<String> = members.keys().cloned().collect();
    let name = pick(draw, &keys)?.clone();
    let old = members.get(&name)?.clone();
    let mut names = vec![name.clone()];
    let text = match draw.random_range(0..4_u8) {
        0 => {
            members.remove(&name);
            format!("{name} left out")
        }
        1 => {
            let new = misspelt(draw, &name);
            members.remove(&name);
            members.insert(new.clone(), old);
            names.push(new.clone());
            format!("the name {name} became {new}")
        }
        _ => {
            let others = [
                Value::Null,
                Value::from(true),
                Value::from(-1),
                Value::from(1.5),
                Value::from(spoilt(draw, old.as_str().unwrap_or("7"))),
                Value::from(vec![old.clone()]),
                serde_json::json!({ "value": old }),
            ];
            let new = pick(draw, &others)?.clone();
            members.insert(name.clone(), new.clone());
            format!("{name}: {old} became {new}")
        }
    };
    let mut request = right.clone();
    request.body = body.to_string().into();
    Some(Mutation { request, kind: "member", names, text })
}

/// What the journal told of each kind of mutation.
#[derive(Default)]
struct Told {
    refused: usize,
    told: usize,
}

#[test]
fn a_refusal_names_what_was_changed() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let count = number("RINGBACK_MUTATIONS").map_or(COUNT, |it: u64| usize::try_from(it).unwrap());
    let seed = number("RINGBACK_SEED").unwrap_or(1);
    let mut rights = rights();
    let mut by_kind: BTreeMap<(&str, &str), Told> = BTreeMap::new();
    let mut untold = Vec::new();
    for n in 0..count {
        let draw = &mut Seed(seed).draw("mutations", &[&n.to_string()]);
        let idx = draw.random_range(0..rights.len());
        let right = &mut rights[idx];
        let Some(mutation) = mutate(draw, &parse_request(&right.text)) else { continue };
        right.stage.respond(mutation.request);
        let entry = last(&right.stage, right.seq);
        right.seq = entry["seq"].as_u64().map(Seq::new).unwrap_or_default();
        if entry["outcome"] != "refused" {
            right.stage.reset();
            continue;
        }
        let kind = by_kind.entry((right.vendor, mutation.kind)).or_default();
        kind.refused += 1;
        let told = format!("{} {}", entry["why"], entry["unread"]).to_lowercase();
        let is_named = |name: &String| {
            let name = name.to_lowercase();
            !name.is_empty() && told.contains(&name)
        };
        if mutation.names.iter().any(is_named) {
            kind.told += 1;
        } else {
            untold.push(format!(
                "{} ({}): {}\n    {}",
                right.name, mutation.kind, mutation.text, entry["why"]
            ));
        }
    }
    let refused: usize = by_kind.values().map(|it| it.refused).sum();
    let told: usize = by_kind.values().map(|it| it.told).sum();
    let rows = by_kind.iter().map(|((vendor, kind), it)| {
        format!(
            "{vendor:<11} {kind:<9} {:>6} of {:>6} refusals name the place",
            it.told, it.refused
        )
    });
    let table = rows.collect::<Vec<_>>().join("\n");
    let table = format!("{table}\n{told} of {refused} in all; seed {seed}\n{}", untold.join("\n"));
    if let Ok(path) = std::env::var("RINGBACK_MUTATIONS_REPORT") {
        fs::write(path, &table).unwrap();
    }
    let share = told * 1000 / refused.max(1);
    assert!(refused > count / 10, "only {refused} refusals");
    assert!(share >= TOLD_MIN, "{table}");
}
