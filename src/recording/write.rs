//! Exchanges as steps of a scenario.

use serde_json::{Map, Value, json};

use crate::base::time::Instant;
use crate::recording::moves::Move;
use crate::recording::prepared::Prepared;
use crate::recording::whose::has_prefix;

/// The steps: each request with what it expects, and the clock's way between them.
pub(crate) fn steps(moves: &[Move<'_>], start: Instant) -> Vec<Value> {
    let mut now = start;
    let mut steps = Vec::new();
    for it in moves {
        if let Some(at) = it.at().filter(|at| *at > now) {
            steps.push(json!({ "name": format!("the time is {at}"), "advance": at.to_string() }));
            now = at;
        }
        steps.push(match it {
            Move::Exchange(exchange) => step(exchange),
            Move::Event(it) => json!({
                "name": format!("{} event {}", it.vendor.surface.vendor, it.name),
                "event": { "vendor": it.vendor.surface.vendor, "name": it.name, "with": it.fields },
            }),
        });
    }
    steps
}

fn step(exchange: &Prepared) -> Value {
    let it = &exchange.it;
    let surface = exchange.vendor.surface;
    // A path that is nobody's alone is told to be the vendor's by the name before it.
    let path = if has_prefix(surface, it.path()) {
        it.target.clone()
    } else {
        format!("/{}{}", surface.vendor, it.target)
    };
    let mut send = Map::new();
    send.insert("method".to_owned(), it.method.as_str().into());
    send.insert("path".to_owned(), path.into());
    let headers: Map<String, Value> =
        it.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    if !headers.is_empty() {
        send.insert("headers".to_owned(), headers.into());
    }
    if !it.body.is_empty() {
        send.insert("body".to_owned(), String::from_utf8_lossy(&it.body).into());
    }
    let name = format!("{} {} ({})", surface.vendor, exchange.operation(), it.place);
    let mut expect = Map::new();
    if let Some(word) = exchange.arrival {
        expect.insert("reply".to_owned(), word.into());
        return json!({ "name": name, "send": send, "expect": expect });
    }
    expect.insert("status".to_owned(), it.status.into());
    let text = String::from_utf8_lossy(&it.reply);
    let is_json = text.trim_start().starts_with(['{', '[']);
    // Two braces would be taken for a variable.
    if !text.contains("{{") && !text.is_empty() {
        if is_json && !exchange.reply.is_null() {
            expect.insert("json".to_owned(), exchange.steady().to_string().into());
        } else if exchange.vendor.recorded.varies.is_empty() || exchange.reply.is_null() {
            expect.insert("body".to_owned(), text.into());
        }
    }
    let mut step = json!({ "name": name, "send": send, "expect": expect });
    let told = it.reply_headers.iter().filter(|(name, _)| !is_of_the_moment(name));
    let told = told.filter(|(_, value)| !value.contains("{{") && !value.contains(['\n', '\r']));
    let headers: Map<String, Value> =
        told.map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().into())).collect();
    if !headers.is_empty() {
        step["recorded"] = json!({ "headers": headers });
    }
    step
}

/// Headers that say when and how a reply was sent, and not what it is.
fn is_of_the_moment(name: &str) -> bool {
    const LEFT_OUT: [&str; 7] = [
        "date",
        "connection",
        "content-length",
        "content-encoding",
        "keep-alive",
        "transfer-encoding",
        "x-ringback-why",
    ];
    LEFT_OUT.iter().any(|known| known.eq_ignore_ascii_case(name))
}
