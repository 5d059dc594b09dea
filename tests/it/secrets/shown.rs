//! Every credential, in every position and spelling, on every way out.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use ringback::Ringback;
use serde_json::{Value, json};

use super::{PATIENCE, address, control, get, post, send, spellings};

/// The demo's credentials, of five vendors.
pub(super) const KNOWN: &[&str] = &[
    "SIMTOKEN-7A",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47",
    "sim-secret-1",
];

/// Where a credential can stand that no name tells; `@` is its place. A head, then a body.
pub(super) const POSITIONS: &[(&str, &str)] = &[
    ("GET /rest/v1.0/7/dialler/contacts/301501?note=@ HTTP/1.1", ""),
    ("GET /rest/v1.0/7/dialler/contacts/@ HTTP/1.1", ""),
    ("GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1\r\nX-Note: @", ""),
    ("GET /webservices/services/telephony/status/user/@ HTTP/1.1", ""),
    ("GET /_access/fetchCallersByDate?offer_id=@&dateFrom=x HTTP/1.1", ""),
    ("POST /dialer/ HTTP/1.1\r\nContent-Type: application/json", "{\"affiliateID\":\"@\",\"n\":1}"),
    ("POST /dialer/ HTTP/1.1\r\nContent-Type: application/json", "{\"broken\":\"@"),
    ("POST /dialer/ HTTP/1.1\r\nContent-Type: application/json", "{'note': '@', None}"),
    (
        "POST /billing/api/autodialer_change_campaign_status HTTP/1.1\r\n\
         Content-Type: application/x-www-form-urlencoded",
        "u=bob&note=@&id=17",
    ),
    ("POST /billing/api/x HTTP/1.1\r\nContent-Type: text/xml", "<a note=\"@\"><b>@</b></a>"),
    ("POST /billing/api/x HTTP/1.1\r\nContent-Type: text/csv", "phone;name\n0221;@\n"),
    (
        "POST /billing/api/x HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b",
        "--b\nContent-Disposition: form-data; name=\"x\"\n\none\n@\n--b--\n",
    ),
    ("GET /nowhere/@ HTTP/1.1", ""),
    ("POST /nowhere HTTP/1.1\r\nX-Note: @", "see @, twice"),
];

/// Wrong credentials, which no world knows: masked by their name or place. `@` is the value.
const WRONG: &str = "wr0ng-Value-of-Mine";

const NAMED: &[(&str, &str)] = &[
    ("GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1\r\nAuthorization: Bearer @", ""),
    ("GET /rest/v1.0/7/dialler/contacts/301501 HTTP/1.1\r\nAuthorization: @", ""),
    ("GET /rest/v1.0/7/dialler/contacts/301501?TOKEN=@ HTTP/1.1", ""),
    ("GET /nowhere?offerToken=@ HTTP/1.1\r\nCookie: TokenKey=@", ""),
    ("GET /_access/fetchCallersByDate?offer_id=4711&offer%5Ftoken=@ HTTP/1.1", ""),
    ("GET /apitoken/login/agent101/@ HTTP/1.1", ""),
    ("POST /dialer/ HTTP/1.1", "{\"affiliateKey\":\"@\"}"),
    ("POST /dialer/ HTTP/1.1", "{\"affiliateKey\":\"@"),
    ("POST /dialer/ HTTP/1.1", "{\"a\":\"{\\\"affiliate_key\\\":\\\"@\\\"}\"}"),
    ("POST /billing/api/autodialer_get_campaigns?u=bob&hash=@ HTTP/1.1", ""),
    ("POST /billing/api/x HTTP/1.1\r\nContent-Type: text/xml", "<uniquehash>@</uniquehash>"),
    (
        "POST /billing/api/x HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
        "u=bob&p=@&x[password]=@",
    ),
];

/// All ways out of a world, by name, each as one text.
pub(super) fn ways_out(ringback: &Ringback) -> Vec<(String, String)> {
    let world = "/v1/worlds/default";
    let mut ways = Vec::new();
    let paths = [
        "/v1/journal?limit=1000",
        "/v1/worlds",
        "/v1/worlds/default/journal?limit=1000",
        "/v1/worlds/default/journal.har",
        "/v1/worlds/default/faults",
        "/v1/worlds/default/strict",
        "/v1/worlds/default/findings",
        "/v1/worlds/default/state/jtel/tokens",
        "/v1/worlds/default/state/infocu5/affiliates",
        "/v1/worlds/default/state/maxcontact/tokens",
        "/v1/worlds/default/state/mor/users",
    ];
    ways.extend(paths.map(|path| (path.to_owned(), get(ringback, path))));
    let journal: Value = serde_json::from_str(&ways[2].1).unwrap();
    let entries = journal["entries"].as_array().unwrap();
    let mut client = control(ringback);
    for it in entries.iter().filter(|it| it.get("request").is_some()) {
        for way in ["", "?as=curl"] {
            let path = format!("{world}/journal/{}{way}", it["seq"]);
            let (status, body) = client.send("GET", &path, "");
            assert_eq!(status, 200, "{path}");
            ways.push((path, String::from_utf8(body).unwrap()));
        }
    }
    for (secret, is_known) in KNOWN.iter().map(|it| (*it, true)).chain([(WRONG, false)]) {
        let named = vec![
            json!({ "vendor": "jtel", "header": { "authorization": format!("Bearer {secret}") } }),
            json!({ "vendor": "infocu5", "json": { "/affiliateKey": secret } }),
        ];
        let anywhere = vec![
            json!({ "operation": "get_contact", "param": { "note": { "contains": secret } } }),
            json!({ "body": { "contains": secret }, "exactly": 999 }),
        ];
        let rules = if is_known { [named, anywhere].concat() } else { named };
        for rule in rules {
            let path = format!("{world}/verify");
            ways.push((format!("verify {rule}"), post(ringback, "POST", &path, &rule)));
        }
    }
    let last = &journal["last_seq"];
    ways.push(("stream".to_owned(), stream(ringback, last.as_u64().unwrap())));
    ways
}

/// The stream of the journal, up to an entry.
fn stream(ringback: &Ringback, last: u64) -> String {
    let mut stream = TcpStream::connect(address(&ringback.admin_url())).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = "GET /v1/worlds/default/journal/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let (mut read, mut part) = (Vec::new(), vec![0; 65_536]);
    let mark = format!("id: {last}\n");
    loop {
        let count = stream.read(&mut part).unwrap();
        assert_ne!(count, 0, "the stream ended");
        read.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&read);
        if text.split_once(&mark).is_some_and(|(_, entry)| entry.contains("\n\n")) {
            return text.into_owned();
        }
    }
}

/// Fault rules, expectations and events that hold credentials.
fn rule(ringback: &Ringback, secret: &str) {
    let world = "/v1/worlds/default";
    let looks = ["header authorization", "param note", "json /affiliateKey", "body"];
    let looks: Vec<Value> = looks.iter().map(|at| json!({ "at": at, "equals": secret })).collect();
    let fault = json!({ "on": { "match": looks, "times": 1 }, "then": "status", "status": 500,
        "body": format!("no {secret}") });
    post(ringback, "POST", &format!("{world}/faults"), &fault);
    let expected = json!({ "strict": true, "expect": [
        { "header": { "authorization": format!("Bearer {secret}") }, "outcome": "ok" },
        { "param": { "token": secret } },
    ] });
    post(ringback, "PUT", &format!("{world}/strict"), &expected);
    let key = json!({ "affiliate": "A7k2Qm9ZrT4x", "key": secret });
    post(ringback, "POST", &format!("{world}/events/infocu5/rotate_key"), &key);
    let token = json!({ "client": 7, "token": secret });
    post(ringback, "POST", &format!("{world}/events/jtel/rotate_token"), &token);
}

/// The texts in an answer, with the JSON around them undone.
fn texts(answer: &str) -> Vec<String> {
    fn walk(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| walk(item, texts)),
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                texts.push(name.clone());
                walk(value, texts);
            }),
            _ => {}
        }
    }
    let mut found = vec![answer.to_owned()];
    let lines = answer.lines().map(|line| line.trim_start_matches("data: "));
    for value in lines.filter_map(|line| serde_json::from_str(line).ok()) {
        walk(&value, &mut found);
    }
    found
}

pub(super) fn assert_hidden(ways: &[(String, String)], secrets: &[&str]) {
    let spellings: Vec<(&str, &str, String)> = secrets
        .iter()
        .flat_map(|secret| {
            spellings::all(secret).into_iter().map(move |(name, text)| (*secret, name, text))
        })
        .collect();
    for (way, answer) in ways {
        for text in texts(answer) {
            for (secret, name, spelling) in &spellings {
                let at = text.find(spelling.as_str());
                let near = at.map(|at| text[..at].chars().rev().take(80).collect::<String>());
                let near = near.map(|near| near.chars().rev().collect::<String>());
                assert_eq!(near, None, "{secret} ({name}) shows behind this in {way}");
            }
        }
    }
}

#[test]
fn no_credential_shows_on_any_way_out() {
    let ringback = Ringback::start().serve().unwrap();
    let mut sent = 0;
    for secret in KNOWN {
        for (_, spelling) in spellings::all(secret) {
            for (head, body) in POSITIONS {
                send(&ringback, &head.replace('@', &spelling), &body.replace('@', &spelling));
                sent += 1;
            }
        }
    }
    for (head, body) in NAMED {
        send(&ringback, &head.replace('@', WRONG), &body.replace('@', WRONG));
        sent += 1;
    }
    for secret in KNOWN {
        rule(&ringback, secret);
    }
    let ways = ways_out(&ringback);
    // Each request is in the page, the archive, the stream, an entry and a line for the shell.
    assert!(sent * 5 > 3_500, "{sent}");
    assert_hidden(&ways, KNOWN);
    assert_hidden(&ways, &[WRONG]);
}
