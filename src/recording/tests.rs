use std::fs;
use std::io::{self, Read};

use serde_json::{Value, json};

use super::har::{self, HarError};
use super::import::{Imported, archives};
use super::mask::Replacer;
use super::pseudonyms::Pseudonyms;
use crate::contract::recorded::Sort;
use crate::recording::exchange::Recorded;

fn read(text: &str) -> (Vec<Result<Recorded, String>>, Result<usize, HarError>) {
    let mut found = Vec::new();
    let read = har::read_from("a.har", text.as_bytes(), &mut |_, entry| found.push(entry));
    (found, read)
}

fn archive(entries: &Value) -> String {
    json!({ "log": { "version": "1.2", "entries": entries } }).to_string()
}

#[test]
fn the_dialects_of_archives_are_read() {
    let packed = "H4sIAAAAAAACA6tWKkktLlGyUlBSqgUAyiRbkAwAAAA=";
    let entries = json!([
        // Headers as pairs, a body in parameters, a name that needs escapes.
        { "startedDateTime": "2026-03-02T09:00:00.000+01:00",
          "request": { "method": "post", "url": "https://User:pw@API.Example.test:8443/a b?x=ü#f",
            "headers": [["A", "1"], [":authority", "x"]],
            "postData": { "mimeType": "application/x-www-form-urlencoded",
                          "params": [{ "name": "u", "value": "a b" }] } },
          "response": { "status": 200, "headers": [], "content": { "text": "e30=", "encoding": "base64" } } },
        // A lie: it is no base64.
        { "request": { "url": "http://h/", "headers": [] },
          "response": { "status": 200, "content": { "text": "no base64!", "encoding": "base64" } } },
        { "request": { "url": "http://h/" }, "response": { "status": 0 } },
        { "request": { "url": "http://h/" }, "response": { "status": 200, "content": { "size": 9 } } },
        { "request": { "url": "ws://h/" }, "response": { "status": 200 } },
        { "response": { "status": 200 } },
        17,
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "headers": [{ "name": "Content-Encoding", "value": "gzip" }],
            "content": { "text": packed, "encoding": "base64" } } },
        // Base64 on several lines, as it stands in mails.
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "content": { "text": "eyJ0ZXN0\r\nIjogIiJ9\n", "encoding": "base64" } } },
        // Lies: it is not packed, not whole, and not as it says.
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "headers": [{ "name": "Content-Encoding", "value": "gzip" }],
            "content": { "text": "{}" } } },
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "headers": [{ "name": "Content-Encoding", "value": "gzip" }],
            "content": { "text": &packed[..32], "encoding": "base64" } } },
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "headers": [{ "name": "Content-Encoding", "value": "zstd" }],
            "content": { "text": "KLUv/SAAAQAA", "encoding": "base64" } } },
        { "request": { "url": "http://h/" }, "response": { "status": 200,
            "headers": [{ "name": "Content-Encoding", "value": "br" }],
            "content": { "text": "{}" } } },
    ]);
    let (found, read) = read(&format!("\u{feff}{}", archive(&entries)));
    assert_eq!(read.unwrap(), 13);
    let first = found[0].as_ref().unwrap();
    assert_eq!((first.method.as_str(), first.host.as_str()), ("POST", "api.example.test"));
    assert_eq!(first.target, "/a%20b?x=%C3%BC");
    assert_eq!(first.headers[0], ("A".to_owned(), "1".to_owned()));
    assert_eq!(first.headers.len(), 2, "{:?}", first.headers);
    assert_eq!((first.body.as_slice(), first.reply.as_slice()), (&b"u=a+b"[..], &b"{}"[..]));
    assert_eq!(first.started.unwrap().to_string(), "2026-03-02T08:00:00Z");
    assert_eq!(found[1].as_ref().unwrap().reply, b"no base64!");
    for (idx, told) in
        [(2, "no reply"), (3, "9 bytes"), (4, "ws://h/"), (5, "request.url"), (6, "request.url")]
    {
        let reason = found[idx].as_ref().unwrap_err();
        assert!(reason.contains(told), "{idx}: {reason}");
    }
    for idx in [7, 8] {
        assert_eq!(found[idx].as_ref().unwrap().reply, br#"{"test": ""}"#.as_slice());
    }
    assert_eq!(found[9].as_ref().unwrap().reply, b"{}");
    for (idx, told) in [(10, "cannot be unpacked"), (11, "packed with \"zstd\"")] {
        let reason = found[idx].as_ref().unwrap_err();
        assert!(reason.contains(told), "{idx}: {reason}");
    }
    assert_eq!(found[12].as_ref().unwrap().reply, b"{}");
}

#[test]
fn what_is_told_beside_the_address_and_the_headers_is_sent_too() {
    let entry = |url: &str, query: Value, headers: Value, cookies: Value| {
        json!({ "request": { "url": url, "queryString": query, "headers": headers, "cookies": cookies },
                "response": { "status": 200 } })
    };
    let pair = |name: &str, value: &str| json!({ "name": name, "value": value });
    let entries = json!([
        entry(
            "http://h/p",
            json!([pair("u", "a b"), pair("id", "17")]),
            json!([]),
            json!([pair("TokenKey", "t-1"), pair("b", "2")]),
        ),
        // Told twice, once as it is sent; and a part of it.
        entry("http://h/p?a%20b=1", json!([pair("a b", "1")]), json!([]), json!([])),
        entry("http://h/p?a%20b=1", json!([pair("a%20b", "1")]), json!([]), json!([])),
        entry("http://h/p?", json!([pair("x", "")]), json!([]), json!([])),
        entry(
            "http://h/p?x=1",
            json!([pair("x", "1"), pair("y", "&")]),
            json!([pair("cookie", "c=1")]),
            json!([pair("c", "1")]),
        ),
    ]);
    let (found, _) = read(&archive(&entries));
    let found: Vec<Recorded> = found.into_iter().map(Result::unwrap).collect();
    let targets: Vec<&str> = found.iter().map(|it| it.target.as_str()).collect();
    assert_eq!(targets, ["/p?u=a+b&id=17", "/p?a%20b=1", "/p?a%20b=1", "/p?x=", "/p?x=1&y=%26"]);
    assert_eq!(found[0].headers, [("Cookie".to_owned(), "TokenKey=t-1; b=2".to_owned())]);
    assert!(found[1].headers.is_empty(), "{:?}", found[1].headers);
    assert_eq!(found[4].headers, [("cookie".to_owned(), "c=1".to_owned())]);
}

#[test]
fn what_is_no_archive_is_told_in_a_line() {
    for (text, told) in [
        ("", "an empty file"),
        ("<html>", "<html>"),
        ("{\"a\": 1}", "without such a list"),
        ("[1]", "[1]"),
        ("{\"log\": 1}", "no such list"),
        ("{\"log\": {\"entries\": {}}}", "expected the entries of an HTTP archive at line 1"),
        ("{\"log\": {\"entries\"", "breaks off: EOF while parsing an object at line 1 column 18"),
        ("PK\u{3}\u{4}and more", "a zip file; unpack it first"),
    ] {
        let (_, read) = read(text);
        let error = read.unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
    for (bytes, told) in [
        (&b"\x1f\x8b\x08\0"[..], "a gzip file"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"\xc3\x28\0", "\\xc3("),
    ] {
        let error = har::read_from("a.har", bytes, &mut |_, _| {}).unwrap_err().to_string();
        assert!(error.contains(told) && !error.contains('\u{fffd}'), "{error}");
    }
    let whole =
        archive(&json!([{ "request": { "url": "http://h/" }, "response": { "status": 200 } },
                                { "request": { "url": "http://h/" } }]));
    let (found, read) = read(&whole[..whole.len() - 10]);
    let error = read.unwrap_err();
    assert_eq!((found.len(), error.n_read()), (1, 1));
    assert!(error.to_string().contains("after 1 entry:"), "{error}");
}

/// An archive of so many entries that is nowhere as a whole.
struct Endless {
    n_left: usize,
    part: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.part.len() {
            if self.n_left == 0 {
                return Ok(0);
            }
            self.n_left -= 1;
            let comma = if self.n_left == 0 { "]}}" } else { "," };
            self.part =
                format!(r#"{{"request":{{"url":"http://h/"}},"response":{{"status":0}}}}{comma}"#)
                    .into();
            self.at = 0;
        }
        let n = into.len().min(self.part.len() - self.at);
        into[..n].copy_from_slice(&self.part[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[test]
fn entries_are_read_one_by_one() {
    let start = br#"{"log":{"entries":["#.to_vec();
    let endless = Endless { n_left: 100_000, part: start, at: 0 };
    let mut n_told = 0;
    let read = har::read_from("a.har", io::BufReader::new(endless), &mut |_, _| n_told += 1);
    assert_eq!((read.unwrap(), n_told), (100_000, 100_000));
}

#[test]
fn pseudonyms_are_stable_and_keep_their_form() {
    let mut found = Pseudonyms::default();
    for (sort, value) in [
        (Sort::Phone, "+49 431 55501"),
        (Sort::Phone, "004943155501"),
        (Sort::Phone, "4943155502"),
        (Sort::Name, "Greta Adler"),
        (Sort::Name, "dialer_bob"),
        (Sort::Email, "a@b.example; c@d.example"),
        (Sort::PhonesWithin, "37060000001,2026-01-05 10:00:07"),
    ] {
        found.person(sort, value);
        found.person(sort, value);
    }
    found.secret("0f1e2d3c-AB");
    let pairs = found.pairs();
    let made = |value: &str| pairs.iter().find(|(known, _)| *known == value).map(|(_, made)| *made);
    assert_eq!(made("+49 431 55501"), Some("+49 000 00001"));
    // The same number in another spelling is the same.
    assert_eq!(made("004943155501"), Some("000000000001"));
    assert_eq!(made("4943155502"), Some("4900000002"));
    // The parts of a name, which may come by themselves, make the whole.
    let parts = [made("Greta").unwrap(), made("Adler").unwrap()];
    assert_eq!(made("Greta Adler"), Some(parts.join(" ").as_str()));
    assert_eq!(made("dialer_bob"), Some("user3"));
    assert_eq!(made("c@d.example"), Some("person2@example.test"));
    assert_eq!(made("37060000001"), Some("37000000003"));
    let secret = made("0f1e2d3c-AB").unwrap();
    assert_eq!((secret.len(), secret.as_bytes()[8]), (11, b'-'));
    assert!(secret.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-'), "{secret}");
}

fn import(entries: &Value) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.har");
    fs::write(&file, archive(entries)).unwrap();
    archives(&[file], Vec::new()).unwrap()
}

fn entry(at: &str, method: &str, url: &str, headers: &Value, body: &str, reply: &Value) -> Value {
    json!({
        "startedDateTime": at,
        "request": { "method": method, "url": url, "headers": headers,
                     "postData": { "mimeType": "application/json", "text": body } },
        "response": { "status": 200, "headers": [{ "name": "Content-Type", "value": "application/json" }],
                      "content": { "text": reply.to_string() } },
    })
}

#[test]
fn the_rows_and_switches_of_a_recording_are_found() {
    let body = r#"{"affiliateID":"Zz9Yy8Xx7Ww6","affiliateKey":"aaaabbbbccccddddeeeeffff00001111","dialerFunction":"getAgents","showAll":"n"}"#;
    let agents = json!({ "responseCode": 1, "responseMessage": "Success", "responseDetails": [
        { "agentID": "71", "agentNameFirst": "Wilhelmine", "agentNameLast": "Schulz" }] });
    let entries = json!([
        entry(
            "2026-01-05T10:00:00Z",
            "POST",
            "https://api.infocu5.com/dialer/",
            &json!([]),
            body,
            &agents
        ),
        entry(
            "2026-01-05T10:00:05Z",
            "POST",
            "https://api.infocu5.com/dialer/",
            &json!([]),
            &body.replace("getAgents", "getVoicemails"),
            &json!({ "responseCode": 7 })
        ),
        entry("2026-01-05T10:00:05Z", "GET", "https://elsewhere.test/", &json!([]), "", &json!({})),
    ]);
    let imported = import(&entries);
    let text = imported.scenario.to_string();
    for secret in ["Zz9Yy8Xx7Ww6", "aaaabbbb", "Wilhelmine", "Schulz"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert_eq!((imported.n_entries, imported.n_others), (3, 1));
    let section = &imported.scenario["infocu5"];
    assert_eq!(section["agents"].as_array().unwrap().len(), 1, "{section}");
    assert_eq!(imported.n_explained, 1, "{:?}", imported.unexplained);
    // What no operation takes is a fixed reply.
    assert_eq!(imported.scenario["reply"].as_array().unwrap().len(), 1);
    assert_eq!(imported.scenario["reply"][0].get("instead"), None);
    assert_eq!(imported.unexplained.len(), 1);
}

#[test]
fn what_a_recording_has_empty_is_seeded_empty() {
    let asked = r#"{"affiliateID":"Zz9Yy8Xx7Ww6","affiliateKey":"aaaabbbbccccddddeeeeffff00001111","dialerFunction":"getCalls","dateStart":"2026-01-04T00:00:00-05:00","dateEnd":"2026-01-04T23:59:59-05:00"}"#;
    let call = |contact: &str, times: [&str; 6]| {
        json!({
            "callDate": "2026-01-04T15:00:00+00:00", "callCampaignID": "88", "callCampaignName": "Winter",
            "callListID": "", "callListName": "", "callAgentName": "", "callContact": contact,
            "callType": "Inbound", "callNumberInbound": "8885551212", "callNumberOutbound": "",
            "callTime": times[0], "callQueueTime": times[1], "callTalkTime": times[2],
            "callHoldTime": times[3], "callHandleTime": times[4], "callAfterCallWorkTime": times[5],
        })
    };
    // One that has times, and a name that the number of the other would have, too.
    let full = ["00:06:40", "00:00:00", "00:06:12", "00:00:20", "00:06:32", "00:00:03"];
    let calls = json!({ "7": call("Ottilie Kranz", full), "8": call("", [""; 6]) });
    let reply =
        json!({ "responseCode": 1, "responseMessage": "Success", "responseDetails": calls });
    let url = "https://api.infocu5.com/dialer/";
    let entries = json!([entry("2026-01-05T10:00:00Z", "POST", url, &json!([]), asked, &reply)]);
    let imported = import(&entries);
    assert_eq!(imported.n_explained, 1, "{:?}", imported.unexplained);
    let calls = imported.scenario["infocu5"]["calls"].as_array().unwrap();
    assert_eq!(calls[1]["hold_time"], "", "{calls:?}");
}

#[test]
fn a_credential_is_replaced_in_each_spelling_and_gone_in_all_others() {
    let secret = "5c0e77a1-Token";
    let mut found = Pseudonyms::default();
    found.secret(secret);
    let made = found.made(secret).unwrap().to_owned();
    let replacer = Replacer::new(&found).unwrap();
    let each = |text: &str, before: &str| -> String {
        text.bytes().fold(String::new(), |all, byte| format!("{all}{before}{byte:02x}"))
    };
    // What one of the vendors would read as the credential is read as its pseudonym.
    let spelt = |text: &str| {
        let escaped = each(text, "%");
        let loud = escaped.to_ascii_uppercase();
        [text.to_owned(), escaped, loud, each(text, "\\u00"), each(text, "")]
    };
    for (text, expected) in spelt(secret).into_iter().zip(spelt(&made)) {
        assert_eq!(replacer.text(&format!("see {text} there")), format!("see {expected} there"));
    }
    let mixed = "%35c0e77a1%2dT%6fken";
    for other in [mixed.to_owned(), each(&each(secret, "%"), "%25"), secret.to_ascii_uppercase()] {
        let text = replacer.text(&format!("see {other} there"));
        assert_eq!(text, "see masked there");
    }
    // What is only near it is somebody's own, and a card that stands plainly is known by now or is none.
    for innocent in ["5c0e77a1-Tokem", "{\"id\":4111111111111111,\"d\":\"\\/Date(1)\\/\"}"] {
        assert_eq!(replacer.text(innocent), innocent);
    }
    assert_eq!(replacer.text(&each("4111111111111111", "%")), "masked");
    assert_eq!(replacer.text("see 5c0e there"), "see 5c0e there");
}
