//! Fixed replies for what no rows and no switches explain.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::recording::prepared::Prepared;
use crate::web::params::Pairs;

/// The rows of `[[reply]]`, for the exchanges that are marked. Requests that are alike are counted,
/// so that each gets the reply that it got.
pub(crate) fn rows(exchanges: &[&Prepared], is_fixed: &[bool]) -> Vec<Value> {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (idx, exchange) in exchanges.iter().enumerate() {
        let it = &exchange.it;
        let key = format!(
            "{} {} {} {}",
            exchange.vendor.surface.vendor,
            it.method,
            it.target,
            String::from_utf8_lossy(&it.body)
        );
        alike.entry(key).or_default().push(idx);
    }
    let mut groups: Vec<&Vec<usize>> = alike.values().collect();
    groups.sort();
    let mut rows = Vec::new();
    for group in groups {
        let fixed: Vec<usize> = group.iter().copied().filter(|idx| is_fixed[*idx]).collect();
        let Some(first) = fixed.first() else { continue };
        let reply = |idx: usize| {
            let it = &exchanges[idx].it;
            (it.status, &it.reply)
        };
        let are_one = fixed.iter().all(|idx| reply(*idx) == reply(*first));
        if are_one && fixed.len() == group.len() {
            rows.push(row(exchanges[*first], None));
            continue;
        }
        for (place, idx) in group.iter().enumerate().filter(|(_, idx)| is_fixed[**idx]) {
            rows.push(row(exchanges[*idx], Some(place + 1)));
        }
    }
    rows
}

fn row(exchange: &Prepared, nth: Option<usize>) -> Value {
    let it = &exchange.it;
    let mut row = Map::new();
    row.insert("vendor".to_owned(), exchange.vendor.surface.vendor.into());
    row.insert("method".to_owned(), it.method.as_str().into());
    row.insert("path".to_owned(), it.path().into());
    let query = it.target.split_once('?').map_or("", |(_, query)| query);
    let pairs = |encoded: &[u8]| {
        let pairs = Pairs::parse(encoded);
        let filled = pairs.iter().filter(|(name, value)| !name.is_empty() && !value.is_empty());
        filled.map(|(name, value)| (name.to_owned(), Value::from(value))).collect::<Map<_, _>>()
    };
    let query = pairs(query.as_bytes());
    if !query.is_empty() {
        row.insert("query".to_owned(), query.into());
    }
    let body = String::from_utf8_lossy(&it.body);
    if let Ok(Value::Object(members)) = serde_json::from_str(&body) {
        // Values that are themselves tables say too much to be looked at one by one.
        let plain = members
            .into_iter()
            .filter(|(_, value)| value.is_string() || value.is_number() || value.is_boolean());
        let escaped = |name: String| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let json: Map<String, Value> = plain.map(|(name, it)| (escaped(name), it)).collect();
        if !json.is_empty() {
            row.insert("json".to_owned(), json.into());
        }
    } else if exchange.request.media_type().as_deref() == Some("application/x-www-form-urlencoded")
    {
        let form = pairs(&it.body);
        if !form.is_empty() {
            row.insert("form".to_owned(), form.into());
        }
    }
    if exchange.routed.operation.is_some() {
        row.insert("instead".to_owned(), true.into());
    }
    if let Some(nth) = nth {
        row.insert("nth".to_owned(), nth.into());
    }
    row.insert("status".to_owned(), it.status.into());
    let headers: Map<String, Value> = it
        .reply_headers
        .iter()
        .filter(|(name, value)| is_told(name) && !value.contains(['\n', '\r']))
        .map(|(name, value)| (name.to_ascii_lowercase(), Value::from(value.as_str())))
        .collect();
    if !headers.is_empty() {
        row.insert("headers".to_owned(), headers.into());
    }
    if !it.reply.is_empty() {
        row.insert("body".to_owned(), json!(String::from_utf8_lossy(&it.reply)));
    }
    row.into()
}

/// Headers that say what the reply is, and not how it was sent.
fn is_told(name: &str) -> bool {
    const TOLD: [&str; 6] = [
        "content-type",
        "content-disposition",
        "location",
        "retry-after",
        "www-authenticate",
        "allow",
    ];
    TOLD.iter().any(|known| known.eq_ignore_ascii_case(name))
}
