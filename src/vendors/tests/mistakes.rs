//! What people do wrong, and what they have to be told: `fixtures/<vendor>/mistakes.toml`.
//!
//! ```toml
//! [[mistake]]
//! name = "the token of another client account"
//! # A file of the vendor's folder; the demo where it is left out.
//! scenario = "contract.toml"
//! # What happens before, in order: an event with its fields, a step of the clock, a switch, a request.
//! before = ['event: lose_lead {"id": 7}', 'advance: 5m', 'variant: success_code = 1', 'GET /x HTTP/1.1']
//! # Line ends in the head are as they are; `body_hex` for a body that is no text.
//! request = """
//! GET /rest/v1.0/7/dialler/contacts HTTP/1.1
//! Authorization: Bearer SIMTOKEN-8B
//!
//! """
//! # The refusal's rule; with `unread` alone, the request is answered.
//! rule = "jtel.token"
//! # Words that have to be in `found` or `at`, and in `hint` or `edit`.
//! found = ["client account 8"]
//! cure = ["account 7"]
//! # Words that are in no part of the reason.
//! never = ["another method"]
//! # Parameters that nothing reads, each with the one that is meant: "name" or "name -> meant".
//! unread = ["acount -> account"]
//! # The reason holds an edit of the whole body, and the request gets past the rule with it.
//! edited = true
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::base::seq::Seq;
use crate::sim::world::journal::Page;
use crate::testing::{Stage, parse_request};
use crate::vendors;
use crate::web::message::Request;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    mistake: Vec<Mistake>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mistake {
    name: String,
    scenario: Option<String>,
    #[serde(default)]
    before: Vec<String>,
    request: String,
    body_hex: Option<String>,
    rule: Option<String>,
    #[serde(default)]
    found: Vec<String>,
    #[serde(default)]
    cure: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    unread: Vec<String>,
    #[serde(default)]
    edited: bool,
}

fn folder(vendor: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(vendor)
}

fn table(vendor: &str) -> Vec<Mistake> {
    let path = folder(vendor).join("mistakes.toml");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    let table: Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{vendor}: {error}"));
    table.mistake
}

/// The last entry of the journal behind one, with the secrets that an edit has to hold.
fn last(stage: &Stage, after: Seq) -> Value {
    let page = Page { after, limit: usize::MAX, show_secrets: true, ..Page::default() };
    stage.world().journal_page(&page).unwrap().to_json().pop().unwrap_or_default()
}

/// Worlds that nothing has changed, by their scenario: to make one takes longer than to ask it.
type Stages = BTreeMap<Option<String>, Stage>;

fn check(vendor: &str, mistake: &Mistake, stages: &mut Stages) -> Result<(), String> {
    let is_plain = mistake.before.is_empty();
    let kept = if is_plain { stages.remove(&mistake.scenario) } else { None };
    let stage = kept.unwrap_or_else(|| match &mistake.scenario {
        Some(scenario) => Stage::file(&folder(vendor).join(scenario)),
        None => Stage::demo(),
    });
    for step in &mistake.before {
        happen(&stage, vendor, step)?;
    }
    let is_unchanged = judge(&stage, mistake)?;
    if is_plain && is_unchanged {
        stages.insert(mistake.scenario.clone(), stage);
    }
    Ok(())
}

/// Makes the mistake; answers whether the world is as it was.
fn judge(stage: &Stage, mistake: &Mistake) -> Result<bool, String> {
    let is_unchanged = |entry: &Value| entry["effects"].as_array().is_none_or(Vec::is_empty);
    let page = Page { limit: 1, ..Page::default() };
    let before = stage.world().journal_page(&page).unwrap().last_seq;
    let body = mistake.body_hex.as_deref().map(unhex);
    let request = |body: Option<&[u8]>, content_type: Option<&str>| -> Request {
        let mut request = parse_request(&mistake.request);
        if let Some(body) = body {
            request.body = body.to_vec().into();
        }
        if let Some(content_type) = content_type {
            let value = content_type.parse().expect("the edit is a header's value");
            request.headers.insert(http::header::CONTENT_TYPE, value);
        }
        request
    };
    let body = body.transpose()?;
    let sent = request(body.as_deref(), None);
    let response = stage.respond(sent);
    let entry = last(stage, before);
    let mut is_plain = is_unchanged(&entry);
    let why = &entry["why"];
    let told = format!("{} {entry:#}", response.status);
    if why["rule"].as_str() != mistake.rule.as_deref() {
        return Err(format!("expected rule {:?}, found {told}", mistake.rule));
    }
    let part = |name: &str| why[name].as_str().unwrap_or_default().to_owned();
    let found = format!("{} {}", part("found"), part("at"));
    let cure = format!("{} {} {}", part("hint"), part("expected"), why["edit"]);
    for (words, text) in [(&mistake.found, &found), (&mistake.cure, &cure)] {
        if let Some(word) = words.iter().find(|word| !text.contains(word.as_str())) {
            return Err(format!("expected {word:?} in {text:?}, found {told}"));
        }
    }
    if let Some(word) = mistake.never.iter().find(|word| why.to_string().contains(word.as_str())) {
        return Err(format!("expected no {word:?}, found {told}"));
    }
    let unread: Vec<String> =
        entry["unread"].as_array().into_iter().flatten().map(unread).collect();
    if let Some(word) = mistake.unread.iter().find(|word| !unread.contains(word)) {
        return Err(format!("expected {word:?} to be unread, found {unread:?} in {told}"));
    }
    let edit = &why["edit"];
    if mistake.edited != edit.is_object() {
        return Err(format!("expected an edit: {}, found {told}", mistake.edited));
    }
    if mistake.edited {
        let body = edit["body"].as_str().map(str::as_bytes).or(body.as_deref());
        stage.respond(request(body, edit["content_type"].as_str()));
        let entry = last(stage, before);
        is_plain &= is_unchanged(&entry);
        if entry["why"]["rule"].as_str() == mistake.rule.as_deref() {
            return Err(format!("the edit does not get past the rule: {edit} gave {entry:#}"));
        }
    }
    Ok(is_plain)
}

/// The bytes behind hexadecimal digits; blanks and line ends between them do not count.
fn unhex(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = hex.chars().filter(|it| !it.is_whitespace()).collect();
    let byte = |pair: &[char]| {
        let pair: String = pair.iter().collect();
        u8::from_str_radix(&pair, 16).map_err(|_| format!("{pair:?} is no byte"))
    };
    digits.chunks(2).map(byte).collect()
}

fn unread(told: &Value) -> String {
    let name = told["name"].as_str().unwrap_or_default();
    match told["near"].as_str() {
        Some(near) => format!("{name} -> {near}"),
        None => name.to_owned(),
    }
}

/// One thing that happens before.
fn happen(stage: &Stage, vendor: &str, step: &str) -> Result<(), String> {
    match step.split_once(": ") {
        Some((what, value)) if ["event", "advance", "variant"].contains(&what) => {
            stage.happen(vendor, what, value)?;
        }
        _ => drop(stage.request(step)),
    }
    Ok(())
}

/// Threads that share the mistakes: as many as a small machine runs at once.
const THREADS: usize = 4;

#[test]
fn every_mistake_is_told() {
    let mut mistakes = Vec::new();
    for vendor in vendors::ALL {
        let vendor = vendor.surface.vendor;
        let mut names = BTreeSet::new();
        for mistake in table(vendor) {
            assert!(
                names.insert(mistake.name.clone()),
                "{vendor}: {:?} stands twice",
                mistake.name
            );
            mistakes.push((vendor, mistake));
        }
    }
    // Each share has worlds of its own, so that they can be gone through side by side.
    let told = |mistakes: &[(&str, Mistake)]| -> Vec<String> {
        let mut stages: BTreeMap<&str, Stages> = BTreeMap::new();
        let failed = mistakes.iter().filter_map(|(vendor, mistake)| {
            let failure = check(vendor, mistake, stages.entry(*vendor).or_default()).err()?;
            Some(format!("{vendor}: {}: {failure}", mistake.name))
        });
        failed.collect()
    };
    let share = mistakes.len().div_ceil(THREADS).max(1);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            mistakes.chunks(share).map(|share| scope.spawn(|| told(share))).collect();
        threads.into_iter().flat_map(|it| it.join().expect("no mistake panics")).collect()
    });
    let count = failures.len();
    assert!(failures.is_empty(), "\n{}\n{count} in all", failures.join("\n\n"));
}
