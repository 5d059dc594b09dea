//! Exchanges of a journal as an HTTP archive (HAR 1.2), which browsers and proxies open.
//!
//! Times are the world's; an exchange takes none of it. What HAR has no place for stands in members
//! that begin with `_`, as its specification allows. Nothing here is a sheet, so no cell has to be
//! kept from being taken for a formula.
//!
//! Not here: secrets. What the journal shows masked is masked in the archive.

use http::StatusCode;
use serde_json::{Value, json};

use crate::web::exchange::{header, headers, url};
use crate::web::params::Pairs;

/// An archive of the exchanges among these journal entries.
pub fn archive(world: &str, entries: &[Value]) -> Value {
    let shown: Vec<Value> = entries.iter().filter_map(entry).collect();
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "ringback", "version": env!("CARGO_PKG_VERSION") },
        "comment": format!("the journal of world {world}; times are the world's"),
        "entries": shown,
    } })
}

fn entry(entry: &Value) -> Option<Value> {
    let (request, response) = (&entry["request"], &entry["response"]);
    let method = request["method"].as_str()?;
    let status = response["status"].as_u64().unwrap_or(0);
    let mut shown = json!({
        "startedDateTime": entry["at"],
        "time": 0,
        "request": {
            "method": method,
            "url": url(request),
            "httpVersion": "HTTP/1.1",
            "cookies": cookies(request, "cookie", "; "),
            "headers": pairs(headers(request).into_iter()),
            "queryString": query(request),
            "headersSize": -1,
            "bodySize": size(request),
        },
        "response": {
            "status": status,
            "statusText": status_text(status),
            "httpVersion": "HTTP/1.1",
            "cookies": cookies(response, "set-cookie", "\n"),
            "headers": pairs(headers(response).into_iter()),
            "content": content(response),
            "redirectURL": header(response, "location").unwrap_or_default(),
            "headersSize": -1,
            "bodySize": size(response),
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
        "_seq": entry["seq"],
    });
    if size(request) != 0 {
        let mut data = json!({
            "mimeType": header(request, "content-type").unwrap_or_default(),
            "text": text(request),
        });
        if request["body_base64"].is_string() {
            data["_encoding"] = "base64".into();
        }
        comment(&mut data, request);
        shown["request"]["postData"] = data;
    }
    for name in ["world", "vendor", "operation", "outcome", "why", "effects", "fault", "error"] {
        if !entry[name].is_null() {
            shown[format!("_{name}")] = entry[name].clone();
        }
    }
    Some(shown)
}

fn pairs<'v>(pairs: impl Iterator<Item = (&'v str, &'v str)>) -> Value {
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn query(request: &Value) -> Value {
    let target = request["target"].as_str().unwrap_or_default();
    let query = target.split_once('?').map_or("", |(_, query)| query);
    pairs(Pairs::parse(query.as_bytes()).iter())
}

/// Cookies as far as they are shown; a masked header tells none.
fn cookies(side: &Value, header: &str, between: &str) -> Value {
    let values = headers(side).into_iter().filter(|(name, _)| *name == header);
    let cookies = values.flat_map(|(_, value)| value.split(between));
    // What follows a cookie in `Set-Cookie` are its attributes.
    let cookies = cookies.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
    pairs(cookies)
}

fn status_text(status: u64) -> &'static str {
    let code = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    code.and_then(|code| code.canonical_reason()).unwrap_or_default()
}

/// Length of the body in bytes.
fn size(side: &Value) -> u64 {
    let given = side["body_bytes"].as_u64().or(side["stream"]["bytes"].as_u64());
    let kept = || match side["body_base64"].as_str() {
        // Four characters for three bytes.
        Some(text) => (text.len() / 4 * 3 - text.bytes().filter(|it| *it == b'=').count()) as u64,
        None => side["body"].as_str().unwrap_or_default().len() as u64,
    };
    given.unwrap_or_else(kept)
}

fn text(side: &Value) -> &str {
    side["body"].as_str().or(side["body_base64"].as_str()).unwrap_or_default()
}

fn content(response: &Value) -> Value {
    let mut content = json!({
        "size": size(response),
        "mimeType": header(response, "content-type").unwrap_or("x-unknown"),
    });
    if response.get("stream").is_none() {
        content["text"] = text(response).into();
    }
    if response["body_base64"].is_string() {
        content["encoding"] = "base64".into();
    }
    comment(&mut content, response);
    content
}

fn comment(content: &mut Value, side: &Value) {
    if side["body_bytes"].is_u64() {
        content["comment"] = "only the beginning of the body was kept".into();
    } else if side.get("stream").is_some() {
        content["comment"] = "the body was streamed and not kept".into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_has_all_that_the_form_wants() {
        let exchange = json!({
            "seq": 3, "at": "2026-03-02T09:00:00Z", "world": "default", "vendor": "toy",
            "outcome": "refused", "why": { "rule": "toy.no" }, "effects": [],
            "request": {
                "method": "POST", "target": "/x?id=1&id=%2B2",
                "headers": [["host", "localhost:1"], ["cookie", "a=1; b=2"]], "body": "",
            },
            "response": {
                "status": 404, "headers": [["content-type", "text/plain"]], "body_base64": "/w==",
            },
        });
        let archive = archive("default", &[exchange, json!({ "seq": 4, "action": "reset" })]);
        let entries = archive["log"]["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(entry["request"]["url"], "http://localhost:1/x?id=1&id=%2B2");
        assert_eq!(entry["request"]["queryString"][1], json!({ "name": "id", "value": "+2" }));
        assert_eq!(entry["request"]["cookies"][1], json!({ "name": "b", "value": "2" }));
        assert_eq!(entry["request"]["bodySize"], 0);
        assert!(entry["request"].get("postData").is_none());
        assert_eq!(
            entry["response"]["content"],
            json!({ "size": 1, "mimeType": "text/plain", "text": "/w==", "encoding": "base64" })
        );
        assert_eq!(entry["response"]["statusText"], "Not Found");
        assert_eq!(entry["_why"]["rule"], "toy.no");
    }
}
