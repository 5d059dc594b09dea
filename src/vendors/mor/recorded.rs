//! What recordings of MOR show.

use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};

use crate::base::time::Instant;
use crate::contract::operation::Routed;
use crate::contract::recorded::{Proposal, RECORDED_KEY, Recorded, Seen, Sort, row};
use crate::vendors::mor::hash::hash;
use crate::vendors::mor::method::METHODS;
use crate::vendors::mor::params::in_either;
use crate::web::message::Request;

pub(super) static RECORDED: Recorded = Recorded {
    people: &[
        ("ivr_poll_results_string", Sort::PhonesWithin),
        ("number", Sort::Phone),
        ("callerid", Sort::Phone),
        ("u", Sort::Name),
    ],
    nobody: &[],
    uploads: &["upload_numbers"],
    varies: &[],
    propose,
    sign,
};

/// The hash of a request under another key.
fn sign(_: &Request, routed: &Routed, key: &str) -> Option<(&'static str, String)> {
    let operation = routed.operation?;
    let method = METHODS.iter().find(|method| method.operation == operation.name)?;
    in_either(&routed.params, "hash").first()?;
    let first = |name: &&str| in_either(&routed.params, name).into_iter().next();
    let values: Vec<String> = method.hashed.iter().filter_map(first).collect();
    Some(("hash", hash(values.iter().map(String::as_str), key)))
}

fn propose(seen: &Seen<'_>, found: &mut Proposal) {
    let Some(user) = seen.credential("u") else { return };
    let status = match &seen.reply["page"]["status"] {
        Value::Null => &seen.reply["status"],
        status => status,
    };
    if status.is_null() || is_hash_refused(status) {
        return;
    }
    found.setting("secret_key", RECORDED_KEY);
    if seen.request.method == http::Method::GET {
        found.setting("allow_get", true);
    }
    found.row("users", "username", row([("username", user.into()), ("type", "user".into())]));
    let Some(id) = seen.param("id").and_then(|id| id.parse::<i64>().ok()) else { return };
    let error = status["error"].as_str().unwrap_or_default();
    if error.contains("not found") || error.contains("Access Denied") {
        return;
    }
    let name = match status["campaign_name"].as_str() {
        Some(name) => json!(name),
        None => json!(format!("campaign {id}")),
    };
    let campaign = row([("id", id.into()), ("name", name), ("user", user.into())]);
    if status["campaign_name"].is_null() {
        found.parent("campaigns", "id", campaign);
    } else {
        found.row("campaigns", "id", campaign);
    }
    let lines = status["ivr_poll_results_string"].as_str().unwrap_or_default();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        number(id, line, found);
    }
}

fn is_hash_refused(status: &Value) -> bool {
    status["error"].as_str().is_some_and(|error| error.contains("hash"))
}

/// `number,executed,completed,at,answer,at,answer`.
fn number(campaign: i64, line: &str, found: &mut Proposal) {
    let separator = if line.contains(';') { ';' } else { ',' };
    let cells: Vec<&str> = line.split(separator).map(str::trim).collect();
    let number = json!(cells[0]);
    let is_known = found
        .of("numbers")
        .any(|row| row.get("number") == Some(&number) && row["campaign"] == campaign);
    if is_known {
        return;
    }
    let time = |idx: usize| match cells.get(idx).and_then(|text| moment(text)) {
        Some(at) => json!(at.to_string()),
        None => Value::Null,
    };
    let answers = cells.get(3..).unwrap_or_default().chunks(2).filter_map(|pair| match pair {
        [at, text] => Some(json!({ "at": moment(at)?.to_string(), "text": text })),
        _ => None,
    });
    let answers: Vec<Value> = answers.collect();
    let mut row: Map<String, Value> = row([
        ("campaign", campaign.into()),
        ("number", number),
        ("executed", time(1)),
        ("completed", time(2)),
    ]);
    if !answers.is_empty() {
        row.insert("answers".to_owned(), answers.into());
    }
    found.row("numbers", "number", row);
}

fn moment(text: &str) -> Option<Instant> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    Instant::try_from_calendar(&local.and_utc()).ok()
}
