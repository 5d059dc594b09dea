//! An exchange of a journal as a line that sends the request again.
//!
//! Not here: secrets. What the journal shows masked is masked in the line.

use std::net::IpAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::base::shell::quoted;
use crate::web::exchange::{Asked, Body};

/// Headers that belong to the connection, or that curl writes itself.
const OWN: &[&str] = &["host", "content-length", "transfer-encoding", "connection", "expect"];

/// Headers that curl adds where it is not told otherwise.
const ADDED: &[&str] = &["user-agent", "accept", "content-type"];

/// The line that sends a request again.
pub(crate) fn line(asked: &Asked<'_>) -> String {
    // Not in the way of brackets and dots: the target goes out as it is.
    let mut line = "curl --globoff --path-as-is".to_owned();
    let mut add = |word: &str| {
        line.push(' ');
        line.push_str(word);
    };
    match asked.method.as_ref() {
        "HEAD" => add("--head"),
        method => add(&format!("-X {}", quoted(method))),
    }
    let host = asked.message.header("host").unwrap_or_default();
    if is_here(asked, host) {
        add(&quoted(&asked.url()));
    } else {
        // Sent to that name it would meet the vendor.
        add(&format!("\"${{RINGBACK_URL:-{HERE}}}\"{}", quoted(path_and_query(&asked.target))));
        if !host.is_empty() {
            add(&format!("-H {}", quoted(&format!("host: {host}"))));
        }
    }
    let given: Vec<(&str, &str)> = asked.message.pairs().collect();
    for (name, value) in given.iter().filter(|(name, _)| !OWN.contains(name)) {
        // A header without a value is written with a semicolon.
        let text = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        add(&format!("-H {}", quoted(&text)));
    }
    for name in ADDED.iter().filter(|name| given.iter().all(|(known, _)| known != *name)) {
        add(&format!("-H {}", quoted(&format!("{name}:"))));
    }
    match &asked.message.body {
        // Not `--data`: a body that begins with @ would be taken for a file's name.
        Body::Text(text) | Body::Cut { head: text, .. } if !text.is_empty() => {
            add(&format!("--data-raw {}", quoted(text)));
        }
        Body::Bytes(bytes) => {
            let bytes = quoted(&BASE64_STANDARD.encode(bytes));
            line = format!("printf %s {bytes} | base64 -d | {line} --data-binary @-");
        }
        Body::Text(_) | Body::Cut { .. } | Body::Streamed(_) => {}
    }
    if matches!(asked.message.body, Body::Cut { .. }) {
        line = format!("{line}  # the journal keeps only the beginning of this body");
    }
    line
}

/// Where `serve` listens unless it is told otherwise.
const HERE: &str = "http://127.0.0.1:8080";

/// Whether the request names an address of this machine.
fn is_here(asked: &Asked<'_>, host: &str) -> bool {
    let named = asked
        .target
        .split_once("://")
        .map_or(host, |(_, rest)| rest.split(['/', '?']).next().unwrap_or(rest));
    let name =
        named.rsplit_once(':').filter(|(_, port)| port.bytes().all(|it| it.is_ascii_digit()));
    let name = name.map_or(named, |(name, _)| name);
    let is_local = name == "localhost" || name.ends_with(".localhost");
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    is_local || address.is_ok_and(|it| it.is_loopback())
}

/// The target without scheme and host.
fn path_and_query(target: &str) -> &str {
    let Some((_, rest)) = target.split_once("://") else { return target };
    rest.find(['/', '?']).map_or("/", |at| &rest[at..])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn line_of(asked: &Value) -> String {
        line(&serde_json::from_str(&asked.to_string()).unwrap())
    }

    #[test]
    fn the_request_is_sent_again_as_it_was() {
        let asked = json!({
            "method": "POST", "target": "/w/a/x?ids[]=1", "path": "/x",
            "headers": [["host", "127.0.0.1:8080"], ["x-note", "it's"], ["x-empty", ""],
                ["content-length", "3"], ["content-type", "text/plain"]],
            "body": "@a'",
        });
        assert_eq!(
            line_of(&asked),
            r"curl --globoff --path-as-is -X 'POST' 'http://127.0.0.1:8080/w/a/x?ids[]=1' -H 'x-note: it'\''s' -H 'x-empty;' -H 'content-type: text/plain' -H 'user-agent:' -H 'accept:' --data-raw '@a'\'''"
        );
    }

    #[test]
    fn a_request_for_the_vendor_is_not_sent_there() {
        let line = |host: &str, target: &str| {
            line_of(&json!({ "method": "GET", "target": target, "path": "/x",
                "headers": [["host", host], ["user-agent", "a"], ["accept", "a"],
                    ["content-type", "a"]], "body": "" }))
        };
        let elsewhere = line("api.infocu5.com", "/x?a=1");
        let expected =
            "\"${RINGBACK_URL:-http://127.0.0.1:8080}\"'/x?a=1' -H 'host: api.infocu5.com'";
        assert!(elsewhere.contains(expected), "{elsewhere}");
        let absolute = line("127.0.0.1:8080", "http://api.infocu5.com/x");
        assert!(absolute.contains("8080}\"'/x'"), "{absolute}");
        for here in ["127.0.0.1:9000", "localhost", "a.localhost:1", "[::1]:8080"] {
            let line = line(here, "/x");
            assert!(line.contains(&format!("'http://{here}/x'")), "{line}");
        }
    }

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        let asked = json!({ "method": "POST", "target": "/x", "path": "/x", "headers": [],
            "body": "it's\r\n\u{1b}[2J\u{9b}\\" });
        let line = line_of(&asked);
        assert!(line.ends_with(r" --data-raw $'it\'s\x0d\x0a\x1b[2J\xc2\x9b\\'"), "{line}");
    }

    #[test]
    fn bytes_that_are_no_text_go_through_a_pipe() {
        let asked = json!({ "method": "PUT", "target": "/x", "path": "/x",
            "headers": [], "body_base64": "/w==" });
        let line = line_of(&asked);
        assert!(line.starts_with("printf %s '/w==' | base64 -d | curl "), "{line}");
        assert!(line.ends_with(" --data-binary @-"), "{line}");
    }
}
