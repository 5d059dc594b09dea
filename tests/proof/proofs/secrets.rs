//! Credentials in every place of a request, in every spelling, then looked for on every way out.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ringback::inside::base::hex::hex;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::client::{get, request};
use super::dice::Dice;
use super::server::Server;
use super::task::{Counts, Fault, Task, failed};

/// What the demo knows as credentials, and a card number.
const SECRETS: &[&str] = &[
    "SIMTOKEN-7A",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "5c0e77a1d94b42f8a6e13b90cf28d451",
    "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47",
    "Pa55word!",
    "sim-secret-1",
    "4111111111111111",
];

/// Values that look like nothing, and have to be readable afterwards.
const INNOCENT: &[&str] = &["301501", "SIM-0001", "4941555001", "Greta", "Spring Recall"];

const PATHS: &[&str] = &[
    "/dialer/",
    "/rest/v1.0/7/dialler/contacts",
    "/_access/fetchCallersByCall",
    "/webservices/services/telephony/getcalls/user/101",
    "/billing/api/autodialer_get_campaign_ivr_poll_results",
    "/nobody/takes/this",
];

/// Ways out of the control plane. A world's scenario is none of them: it is what a world is made
/// of, and of no use without its credentials.
const WAYS: &[&str] = &[
    "/v1/worlds/default/journal?limit=1000",
    "/v1/worlds/default/journal?limit=1000&as=curl",
    "/v1/worlds/default/journal.har",
    "/v1/worlds/default/findings",
    "/v1/worlds/default/coverage",
    "/v1/worlds/default/people",
    "/v1/worlds/default/diff",
    "/v1/worlds/default/capsule",
    "/v1/worlds/default/state/infocu5",
    "/v1/worlds/default/state/jtel",
    "/v1/worlds/default/state/maestro",
    "/v1/worlds/default/state/maxcontact",
    "/v1/worlds/default/state/mor",
    "/v1/worlds/default/faults",
    "/v1/worlds/default",
    "/v1/worlds",
    "/v1/journal",
    "/metrics",
];

/// A condition that nothing meets: what comes closest is told, and what there is.
const UNMET: &str = r#"{"vendor":"jtel","operation":"delete_contact_by_id","at_least":9}"#;

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let folder = TempDir::new().map_err(|error| failed("folder", error))?;
    let log = folder.path().join("log");
    let file = File::create(&log).map_err(|error| failed("log", error))?;
    let data = folder.path().join("data");
    let begin = |args: &[&str]| -> Result<Server, Fault> {
        let log = file.try_clone().map_err(|error| failed("log", error))?;
        let always = ["--log", "trace", "--capsules"];
        Server::start_with(task, &[&always, args].concat(), Stdio::from(log))
    };
    // By turns a world in memory, and one in a file.
    let servers = [begin(&[])?, begin(&["--data", &data.display().to_string()])?];
    let meter = task.meter();
    let mut dice = Dice::new(task.seed);
    let (mut sent, mut searched, mut rounds) = (0, 0, 0_usize);
    while meter.goes_on(sent) {
        let server = &servers[rounds % servers.len()];
        rounds += 1;
        server.tell("POST", "/v1/worlds/default/reset", "")?;
        server.tell("DELETE", "/v1/worlds/default/journal", "")?;
        for _ in 0..60 {
            let secret = *dice.of(SECRETS);
            let bytes = placed(secret, &mut dice);
            // A request that is malformed is answered, or its connection closed: both will do.
            let _ = server.vendors().send(&bytes);
            sent += 1;
        }
        for way in WAYS {
            let reply = server.control().send(&get(way)).map_err(|error| failed(way, error))?;
            search(way, &reply.text())?;
            searched += 1;
        }
        search("verify", &server.tell("POST", "/v1/worlds/default/verify", UNMET)?.text())?;
        search("the stream", &stream(server)?)?;
        search("tail", &tail(task, server)?)?;
        search("a report", &reports(task, folder.path(), &mut dice)?)?;
        let said = fs::read(&log).map_err(|error| failed("log", error))?;
        search("the log", &String::from_utf8_lossy(&said))?;
        search("the file of a world", &kept(&data)?)?;
        searched += 6;
    }
    for server in &servers {
        innocent(server)?;
    }
    Ok(Counts(vec![("requests", sent), ("ways searched", searched), ("shown", 0)]))
}

/// The journal of the world in a file, as it stands there. Its other tables are what the world is made of.
fn kept(data: &Path) -> Result<String, Fault> {
    let file = data.join("worlds/default/world.db");
    let read = || -> rusqlite::Result<Vec<String>> {
        let db = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut rows = db.prepare("SELECT entry FROM ringback_journal")?;
        rows.query_map([], |row| row.get(0))?.collect()
    };
    Ok(read().map_err(|error| failed("the file of a world", error))?.join("\n"))
}

/// A request with the secret somewhere in it.
fn placed(secret: &str, dice: &mut Dice) -> Vec<u8> {
    let spellings = spellings(secret);
    let (_, value) = dice.of(&spellings).clone();
    let path = *dice.of(PATHS);
    let name =
        *dice.of(&["token", "password", "key", "x", "affiliateKey", "offer_token", "hash", "note"]);
    let line = percent(&value);
    match dice.below(12) {
        0 => request("GET", &format!("{path}?{name}={line}"), &[], b""),
        1 => request("GET", &format!("{path}/{line}"), &[], b""),
        2 => request("POST", path, &[("Authorization", &format!("Bearer {value}"))], b""),
        3 => {
            let basic = STANDARD.encode(format!("user:{secret}"));
            request("GET", path, &[("Authorization", &format!("Basic {basic}"))], b"")
        }
        4 => request("GET", path, &[("Cookie", &format!("TokenKey={value}; a=b"))], b""),
        5 => request("GET", path, &[("X-Anything", &value)], b""),
        6 => request("GET", path, &[("Referer", &format!("http://a.example/?{name}={line}"))], b""),
        7 => {
            let body = format!("{{\"{name}\":\"{value}\",\"nested\":[{{\"a\":\"{value}\"}}]}}");
            request("POST", path, &[("Content-Type", "application/json")], body.as_bytes())
        }
        8 => {
            let form = [("Content-Type", "application/x-www-form-urlencoded")];
            request("POST", path, &form, format!("{name}={line}&a=1").as_bytes())
        }
        9 => {
            let body = format!("<a {name}=\"{value}\"><b>{value}</b></a>");
            request("POST", path, &[("Content-Type", "text/xml")], body.as_bytes())
        }
        10 => {
            let body = format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--x--\r\n"
            );
            request(
                "POST",
                path,
                &[("Content-Type", "multipart/form-data; boundary=x")],
                body.as_bytes(),
            )
        }
        _ => request(
            "POST",
            path,
            &[("Content-Type", "text/plain")],
            format!("see {value} there").as_bytes(),
        ),
    }
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A value as clients write it.
fn spellings(secret: &str) -> Vec<(&'static str, String)> {
    // The secrets are ASCII: a character is a byte.
    let each = |before: &str| {
        let digits = hex(secret.as_bytes());
        let bytes = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
        bytes.fold(String::new(), |all, byte| all + before + &byte)
    };
    vec![
        ("clear", secret.to_owned()),
        ("percent", percent(secret)),
        ("percent of all", each("%")),
        ("base64", STANDARD.encode(secret)),
        ("hex", hex(secret.as_bytes())),
        ("escaped", each("\\u00")),
    ]
}

/// Nothing of it may show, in any spelling.
fn search(way: &str, text: &str) -> Result<(), Fault> {
    let plain = text.to_ascii_lowercase();
    for secret in SECRETS {
        for (spelling, value) in spellings(secret) {
            let value = value.to_ascii_lowercase();
            if let Some(at) =
                plain.find(&value).or_else(|| plain.find(&value.replace('\\', "\\\\")))
            {
                let (from, to) = (at.saturating_sub(120), (at + 160).min(text.len()));
                let round = String::from_utf8_lossy(&text.as_bytes()[from..to]);
                return Err(format!("{way} shows {secret:?} ({spelling}): …{round}…"));
            }
        }
    }
    Ok(())
}

fn tail(task: &Task, server: &Server) -> Result<String, Fault> {
    let output = Command::new(&task.program)
        .args(["tail", "--no-follow", "-v", "--curl", "--admin", &server.admin])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed("tail", error))?;
    Ok(format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// What whoever follows the journal is sent of a world that has entries: it has no end.
fn stream(server: &Server) -> Result<String, Fault> {
    let fault = |error: io::Error| failed("the stream", error);
    let mut socket =
        TcpStream::connect(server.admin.trim_start_matches("http://")).map_err(fault)?;
    // Nothing for so long: all that was there has come.
    socket.set_read_timeout(Some(Duration::from_millis(300))).map_err(fault)?;
    socket.write_all(&get("/v1/worlds/default/journal/stream")).map_err(fault)?;
    let (mut text, mut piece) = (Vec::new(), [0; 8192]);
    loop {
        match socket.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => text.extend_from_slice(&piece[..n]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                break;
            }
            Err(error) => return Err(fault(error)),
        }
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    if text.contains("event: entry") { Ok(text) } else { Err(format!("no entry came: {text}")) }
}

/// Reports that a replay writes.
const KINDS: [&str; 4] = ["json", "junit", "tap", "html"];

/// All reports of a replay that fails, with what it prints.
fn reports(task: &Task, folder: &Path, dice: &mut Dice) -> Result<String, Fault> {
    let mut scenario = String::from("extends = \"demo\"\n");
    for n in 0..6 {
        let (secret, path) = (*dice.of(SECRETS), *dice.of(PATHS));
        let (_, value) = dice.of(&spellings(secret)).clone();
        let line = percent(&value);
        let send = serde_json::json!(format!(
            "POST {path}?token={line}\nAuthorization: Bearer {value}\nContent-Type: text/plain\n\nsee {value}"
        ));
        let _ = write!(
            scenario,
            "[[step]]\nname = \"{n}\"\nsend = {send}\nexpect = {{ status = 299 }}\n"
        );
    }
    let at = |name: &str| folder.join(name);
    fs::write(at("steps.toml"), scenario).map_err(|error| failed("steps", error))?;
    let asked = KINDS.map(|kind| format!("--report={kind}={}", at(kind).display()));
    let output = Command::new(&task.program)
        .args(["replay", "-v"])
        .args(asked)
        .arg(at("steps.toml"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed("replay", error))?;
    let mut text = String::new();
    for said in [&output.stdout, &output.stderr] {
        text.push_str(&String::from_utf8_lossy(said));
    }
    for kind in KINDS {
        text.push_str(&fs::read_to_string(at(kind)).map_err(|error| failed(kind, error))?);
    }
    if text.contains("299") { Ok(text) } else { Err(format!("no step was told: {text}")) }
}

/// What is no secret is shown.
fn innocent(server: &Server) -> Result<(), Fault> {
    for value in INNOCENT {
        server.tell("DELETE", "/v1/worlds/default/journal", "")?;
        let path = format!("/dialer/?note={}", percent(value));
        let _ = server.vendors().send(&request("GET", &path, &[("X-Note", value)], b""));
        let reply = server.control().send(&get(WAYS[0])).map_err(|error| failed(WAYS[0], error))?;
        if !reply.text().contains(value) {
            return Err(format!("{value:?} is masked, and is no secret: {}", reply.text()));
        }
    }
    Ok(())
}
