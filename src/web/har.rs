//! Exchanges of a journal as an HTTP archive (HAR 1.2), which browsers and proxies open.
//!
//! Times are the world's; an exchange takes none of it. What HAR has no place for stands in members
//! that begin with `_`, as its specification allows. Nothing here is a sheet, so no cell has to be
//! kept from being taken for a formula.
//!
//! Not here: secrets. What the journal shows masked is masked in the archive.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use crate::base::seq::Seq;
use crate::web::exchange::{Answered, Asked, Body, Message};
use crate::web::params::Pairs;

/// An exchange as an archive tells it.
#[derive(Debug)]
pub struct Exchange<'e> {
    /// Its number in the journal.
    pub seq: Seq,
    /// When it began, as RFC 3339 has it.
    pub at: String,
    pub asked: Asked<'e>,
    /// `None` where no answer was made.
    pub answered: Option<Answered<'e>>,
    /// What HAR has no place for, by name; null is left out.
    pub beside: Vec<(&'static str, Value)>,
}

/// An archive of exchanges.
pub(crate) fn archive<'e>(world: &str, exchanges: impl Iterator<Item = Exchange<'e>>) -> Value {
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "ringback", "version": env!("CARGO_PKG_VERSION") },
        "comment": format!("the journal of world {world}; times are the world's"),
        "entries": exchanges.map(shown).collect::<Value>(),
    } })
}

fn shown(exchange: Exchange<'_>) -> Value {
    let Exchange { seq, at, asked, answered, beside } = exchange;
    let status = answered.as_ref().map_or(0, |it| it.status);
    let none = Message::default();
    let (request, response) = (&asked.message, answered.as_ref().map_or(&none, |it| &it.message));
    let mut shown = json!({
        "startedDateTime": at,
        "time": 0,
        "request": {
            "method": asked.method,
            "url": asked.url(),
            "httpVersion": "HTTP/1.1",
            "cookies": cookies(request, "cookie", "; "),
            "headers": pairs(request.pairs()),
            "queryString": pairs(Pairs::parse(asked.query().as_bytes()).iter()),
            "headersSize": -1,
            "bodySize": request.body.size(),
        },
        "response": {
            "status": status,
            "statusText": status_text(status),
            "httpVersion": "HTTP/1.1",
            "cookies": cookies(response, "set-cookie", "\n"),
            "headers": pairs(response.pairs()),
            "content": content(response),
            "redirectURL": response.header("location").unwrap_or_default(),
            "headersSize": -1,
            "bodySize": response.body.size(),
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
        "_seq": seq,
    });
    if request.body.size() != 0 {
        shown["request"]["postData"] = post_data(request);
    }
    for (name, value) in beside.into_iter().filter(|(_, value)| !value.is_null()) {
        shown[format!("_{name}")] = value;
    }
    shown
}

fn post_data(request: &Message<'_>) -> Value {
    let mut data = json!({
        "mimeType": request.header("content-type").unwrap_or_default(),
        "text": text(&request.body),
    });
    if matches!(request.body, Body::Bytes(_)) {
        data["_encoding"] = "base64".into();
    }
    comment(&mut data, &request.body);
    data
}

fn pairs<'v>(pairs: impl Iterator<Item = (&'v str, &'v str)>) -> Value {
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// Cookies as far as they are shown; a masked header tells none.
fn cookies(message: &Message<'_>, header: &str, between: &str) -> Value {
    let values = message.pairs().filter(|(name, _)| *name == header);
    let cookies = values.flat_map(|(_, value)| value.split(between));
    // What follows a cookie in `Set-Cookie` are its attributes.
    let cookies = cookies.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
    pairs(cookies)
}

fn status_text(status: u16) -> &'static str {
    let code = StatusCode::from_u16(status).ok();
    code.and_then(|code| code.canonical_reason()).unwrap_or_default()
}

fn text<'b>(body: &'b Body<'_>) -> Cow<'b, str> {
    match body {
        Body::Text(text) | Body::Cut { head: text, .. } => text.as_ref().into(),
        Body::Bytes(bytes) => BASE64_STANDARD.encode(bytes).into(),
        Body::Streamed(_) => "".into(),
    }
}

fn content(response: &Message<'_>) -> Value {
    let mut content = json!({
        "size": response.body.size(),
        "mimeType": response.header("content-type").unwrap_or("x-unknown"),
    });
    if !matches!(response.body, Body::Streamed(_)) {
        content["text"] = text(&response.body).into();
    }
    if matches!(response.body, Body::Bytes(_)) {
        content["encoding"] = "base64".into();
    }
    comment(&mut content, &response.body);
    content
}

fn comment(content: &mut Value, body: &Body<'_>) {
    match body {
        Body::Cut { .. } => content["comment"] = "only the beginning of the body was kept".into(),
        Body::Streamed(_) => content["comment"] = "the body was streamed and not kept".into(),
        Body::Text(_) | Body::Bytes(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_has_all_that_the_form_wants() {
        let asked = json!({
            "method": "POST", "target": "/x?id=1&id=%2B2", "path": "/x",
            "headers": [["host", "localhost:1"], ["cookie", "a=1; b=2"]], "body": "",
        });
        let answered = json!({
            "status": 404, "headers": [["content-type", "text/plain"]], "body_base64": "/w==",
        });
        let (asked, answered) = (asked.to_string(), answered.to_string());
        let exchange = Exchange {
            seq: Seq::new(3),
            at: "2026-03-02T09:00:00Z".to_owned(),
            asked: serde_json::from_str(&asked).unwrap(),
            answered: serde_json::from_str(&answered).unwrap(),
            beside: vec![("why", json!({ "rule": "toy.no" })), ("fault", Value::Null)],
        };
        let archive = archive("default", std::iter::once(exchange));
        let shown = &archive["log"]["entries"][0];
        assert_eq!(shown["request"]["url"], "http://localhost:1/x?id=1&id=%2B2");
        assert_eq!(shown["request"]["queryString"][1], json!({ "name": "id", "value": "+2" }));
        assert_eq!(shown["request"]["cookies"][1], json!({ "name": "b", "value": "2" }));
        assert_eq!(shown["request"]["bodySize"], 0);
        assert!(shown["request"].get("postData").is_none());
        assert_eq!(
            shown["response"]["content"],
            json!({ "size": 1, "mimeType": "text/plain", "text": "/w==", "encoding": "base64" })
        );
        assert_eq!(shown["response"]["statusText"], "Not Found");
        assert_eq!(shown["_why"]["rule"], "toy.no");
        assert!(shown.get("_fault").is_none());
    }
}
