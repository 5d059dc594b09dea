//! Damaged texts for everything that reads one: heads, forms, queries, JSON, XML, CSV, multipart, scenarios,
//! rules, conditions, exported worlds. Nothing panics, nothing is Ringback's own fault, nothing takes long.
//!
//! Texts come of the golden requests and of the scenarios, and are damaged byte by byte, by words of a list,
//! and by parts of one another. What is found is made shorter as long as it still shows.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::client::{Client, get, json, request};
use super::dice::Dice;
use super::inputs::{Corpus, Input};
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task, failed};

const WORLD: &str = "fuzz";
/// Another, made of damaged scenarios.
const MADE: &str = "fuzzed";
/// Inputs to a world before it is made anew and what it has noted is looked at.
const ROUND: usize = 500;
/// The same in the short form.
const ROUND_SHORT: usize = 100;
/// Nothing that a text asks for takes more of a processor. Looked at in runs for a time alone: how long things
/// take is no matter of the tests.
const LONGEST_MS: u64 = 100;
/// The system counts a process's time in these.
const TICK_MS: u64 = 10;
/// What takes so much of a processor hangs, however slow the machine: no text is longer than some 20 KB.
const HANG_MS: u64 = 5_000;

/// What readers trip over.
const WORDS: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x00",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"%",
    b"%00",
    b"%zz",
    b"%F0%9F",
    b"&&",
    b"==",
    b"[[",
    b"]]",
    b"{{",
    b"}}",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"'",
    b"<",
    b"</",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"&b;",
    b"&#0;",
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    // Line ends and blanks of more than one byte.
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xc2\xa0",
    b"%C2%85",
    b"%E2%80%A8",
    b"%C2%A0",
    b"--",
    b"0",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"18446744073709551616",
    b"NaN",
    b"null",
    b"true",
    b"2026-02-30",
    b"0000-00-00T24:61:61Z",
    b"9999-12-31T23:59:59Z",
    b"PT-1S",
    b"(((((",
    b"{999999999}",
    b".*.*.*",
];

/// Texts for the control plane: method, path behind the world's, media type, and a body that is taken.
const CONTROL: &[(&str, &str, &str)] = &[
    (
        "POST",
        "/faults",
        r#"{"on":{"vendor":"jtel","nth":2,"path":"/rest/**"},"then":"status","status":503,"headers":{"Retry-After":"30"}}"#,
    ),
    (
        "POST",
        "/verify",
        r#"{"where":{"vendor":"jtel","outcome":"ok","path":"~ .*contact.*"},"at_least":1}"#,
    ),
    ("POST", "/clock/advance", r#"{"by":"1h30m"}"#),
    ("PUT", "/clock", r#"{"mode":"scaled","factor":60}"#),
    (
        "POST",
        "/seed",
        r#"{"jtel":{"contacts":[{"id":77,"campaign":612,"phone_number1":"4943155501"}]}}"#,
    ),
    (
        "POST",
        "/seed",
        r#"{"jtel":{"contacts":[{"csv":"id,campaign,phone_number1\n78,612,4943155501\n"}]}}"#,
    ),
    ("POST", "/events/jtel/dial_contact", r#"{"contact":301501}"#),
    ("POST", "/checkpoint", r#"{"name":"a"}"#),
    ("PUT", "/strict", r#"{"expect":[{"where":{"vendor":"jtel"},"at_least":1}]}"#),
    ("PUT", "/variants", r#"{"mor":{"success_code":"1"}}"#),
];

/// Queries of the control plane.
const QUERIES: &[&str] = &[
    "/journal?last=10&vendor=jtel&outcome=refused&text=a%20b",
    "/journal?after=1&limit=5&operation=getCalls&why=mor.hash",
    "/findings?vendor=mor",
    "/state/jtel/contacts?limit=2",
    "/people?limit=2&after=1",
    "/lineage?phone=%2B493012345",
];

/// A text on its way: how it is sent.
#[derive(Clone, Debug)]
enum Aim {
    /// As it is, head and all, on a connection of its own.
    Raw,
    /// As the body of a vendor's request.
    Body { method: String, path: String, headers: Vec<(String, String)> },
    /// As the path of a vendor's request.
    Path { method: String, headers: Vec<(String, String)>, body: Vec<u8> },
    /// As a body for the control plane.
    Control { method: &'static str, path: &'static str },
    /// As the path of a question to the control plane.
    Query,
    /// As a scenario that a world is made of.
    Scenario { media_type: &'static str },
    /// As a world that was exported.
    Image,
}

/// The texts that damage begins with.
struct Texts {
    corpus: Corpus,
    scenarios: Vec<Vec<u8>>,
    image: Vec<u8>,
}

struct Place<'t> {
    server: Server,
    vendors: Client,
    control: Client,
    log: &'t Path,
    is_timed: bool,
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let folder = tempfile::tempdir().map_err(|error| failed("make a folder", error))?;
    let log = folder.path().join("log");
    let file = File::create(&log).map_err(|error| failed("make a log", error))?;
    let server = Server::start_with(task, &[], Stdio::from(file))?;
    let (vendors, control) = (server.vendors(), Client::new(&server.admin));
    let mut place = Place {
        server,
        vendors,
        control,
        log: &log,
        is_timed: matches!(task.limit, Limit::Time(_)),
    };
    let texts = Texts {
        corpus: Corpus::read()?,
        scenarios: scenarios()?,
        image: place
            .control
            .send(&get("/v1/worlds/default/export"))
            .map_err(|it| failed("export", it))?
            .body,
    };
    let meter = task.meter();
    let (mut done, mut answered, mut round) = (0, 0, 0);
    while meter.goes_on(done) {
        let mut dice = Dice::new(task.seed.wrapping_mul(104_729).wrapping_add(round));
        place.begin()?;
        for _ in 0..if place.is_timed { ROUND } else { ROUND_SHORT } {
            let (aim, text) = texts.draw(&mut dice);
            done += 1;
            match place.tried(&aim, &text) {
                Ok(is_answered) => answered += u64::from(is_answered),
                Err(fault) if task.planted.is_some() => return Err(fault),
                Err(fault) => return Err(shortest(&mut place, &aim, text, &fault)),
            }
        }
        place.look().map_err(|fault| format!("round {round}: {fault}"))?;
        round += 1;
    }
    Ok(Counts(vec![("texts", done), ("answered", answered), ("rounds", round), ("faults", 0)]))
}

fn scenarios() -> Result<Vec<Vec<u8>>, Fault> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed("scenarios", error))? {
        let path = entry.map_err(|error| failed("scenarios", error))?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            found.push(fs::read(path).map_err(|error| failed("scenarios", error))?);
        }
    }
    found.sort();
    Ok(found)
}

impl Texts {
    /// The next text, damaged, and what it is for.
    fn draw(&self, dice: &mut Dice) -> (Aim, Vec<u8>) {
        let (aim, mut text) = match dice.below(20) {
            0..12 => self.of_vendor(dice),
            12..15 => {
                let (method, path, body) = *dice.of(CONTROL);
                (Aim::Control { method, path }, body.as_bytes().to_vec())
            }
            15..17 => (Aim::Query, dice.of(QUERIES).as_bytes().to_vec()),
            17 => (Aim::Image, self.image.clone()),
            _ => {
                (Aim::Scenario { media_type: "application/toml" }, dice.of(&self.scenarios).clone())
            }
        };
        for _ in 0..=dice.below(4) {
            self.damage(&mut text, dice);
        }
        (aim, text)
    }

    fn of_vendor(&self, dice: &mut Dice) -> (Aim, Vec<u8>) {
        let input = self.corpus.request(dice);
        let bytes = input.bytes(WORLD);
        let Input::Vendor { method, path, headers, body } = input else { return (Aim::Raw, bytes) };
        let path = format!("/w/{WORLD}{path}");
        match dice.below(3) {
            0 => (Aim::Raw, bytes),
            1 if !body.is_empty() => (Aim::Body { method, path, headers }, body),
            _ => (Aim::Path { method, headers, body }, path.into_bytes()),
        }
    }

    fn damage(&self, text: &mut Vec<u8>, dice: &mut Dice) {
        let at = dice.below(text.len() + 1);
        let end = (at + 1 + dice.below(16)).min(text.len());
        match dice.below(8) {
            0 if at < text.len() => text[at] ^= 1 << dice.below(8),
            1 if at < text.len() => text[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            2 if at < end => drop(text.drain(at..end)),
            3 if at < end => {
                let part = text[at..end].to_vec();
                text.splice(at..at, part);
            }
            4 => text.truncate(at),
            5 => {
                // Something deep.
                let word = *dice.of(&[&b"["[..], b"{\"a\":", b"<a>", b"("]);
                text.splice(at..at, word.repeat(1 + dice.below(2000)));
            }
            6 => {
                let other = dice.of(&self.scenarios);
                let from = dice.below(other.len());
                let part = other[from..(from + dice.below(64)).min(other.len())].to_vec();
                text.splice(at..at, part);
            }
            _ => drop(text.splice(at..at, dice.of(WORDS).to_vec())),
        }
    }
}

impl Place<'_> {
    /// A new world.
    fn begin(&mut self) -> Result<(), Fault> {
        self.server.tell("DELETE", &format!("/v1/worlds/{WORLD}"), "")?;
        let body = format!(
            r#"{{"name":"{WORLD}","scenario":"demo","clock":{{"mode":"frozen","at":"2026-03-02T09:00:00Z"}}}}"#
        );
        let made = self.server.tell("POST", "/v1/worlds", &body)?;
        if made.status() != 201 {
            return Err(format!("no world: {}", made.text()));
        }
        Ok(())
    }

    /// Sends a text; whether it was answered.
    fn tried(&mut self, aim: &Aim, text: &[u8]) -> Result<bool, Fault> {
        let before = self.used_ms();
        let status = self.sent(aim, text);
        let took = self.used_ms().saturating_sub(before);
        if status == Some(500) && !matches!(aim, Aim::Raw | Aim::Body { .. } | Aim::Path { .. }) {
            return Err("it was answered 500".to_owned());
        }
        if took > HANG_MS || self.is_timed && took > LONGEST_MS {
            return Err(format!("it took {took} ms of a processor"));
        }
        Ok(status.is_some())
    }

    /// The processors' time that the program has used so far.
    fn used_ms(&self) -> u64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.server.id())).unwrap_or_default();
        let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks =
            |at: usize| rest.split_whitespace().nth(at).and_then(|it| it.parse::<u64>().ok());
        (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)) * TICK_MS
    }

    /// The status of the reply; none where the connection ended without one.
    fn sent(&mut self, aim: &Aim, text: &[u8]) -> Option<u16> {
        let pairs = |headers: &'_ [(String, String)]| -> Vec<(String, String)> {
            headers.iter().filter(|(_, value)| value.is_ascii()).cloned().collect()
        };
        let framed = |method: &str, path: &str, headers: &[(String, String)], body: &[u8]| {
            let headers: Vec<_> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            request(method, path, &headers, body)
        };
        match aim {
            Aim::Raw => raw(&self.server.listen, text),
            Aim::Body { method, path, headers } => {
                let sent = framed(method, path, &pairs(headers), text);
                self.vendors.send(&sent).ok().map(|it| it.status())
            }
            Aim::Path { method, headers, body } => {
                let sent = framed(method, &a_path(text), &pairs(headers), body);
                self.vendors.send(&sent).ok().map(|it| it.status())
            }
            Aim::Control { method, path } => {
                let text = String::from_utf8_lossy(text);
                self.control
                    .send(&json(method, &format!("/v1/worlds/{WORLD}{path}"), &text))
                    .ok()
                    .map(|it| it.status())
            }
            Aim::Query => {
                let path = format!("/v1/worlds/{WORLD}{}", a_path(text));
                self.control.send(&get(&path)).ok().map(|it| it.status())
            }
            Aim::Scenario { media_type } => {
                self.made(&[("Content-Type", media_type)], &format!("/v1/worlds?name={MADE}"), text)
            }
            Aim::Image => self.made(
                &[("Content-Type", "application/octet-stream")],
                &format!("/v1/worlds/import?name={MADE}"),
                text,
            ),
        }
    }

    /// Makes a world, and deletes it again.
    fn made(&mut self, headers: &[(&str, &str)], path: &str, text: &[u8]) -> Option<u16> {
        let reply = self.control.send(&request("POST", path, headers, text)).ok()?;
        if reply.status() == 201 {
            let gone = request("DELETE", &format!("/v1/worlds/{MADE}"), &[], b"");
            self.control.send(&gone).ok()?;
        }
        Some(reply.status())
    }

    /// Whether all is well: nothing was a fault of the program's own, and nothing panicked.
    fn look(&mut self) -> Result<(), Fault> {
        let journal =
            self.server.ask(&format!("/v1/worlds/{WORLD}/journal?outcome=error&last=1"))?;
        if let Some(entry) = journal["entries"].as_array().and_then(|it| it.first()) {
            return Err(format!("a request was Ringback's own fault: {}", brief(entry)));
        }
        let log = fs::read_to_string(self.log).map_err(|error| failed("read the log", error))?;
        match log.lines().find(|line| line.contains("panicked") || line.contains("a panic")) {
            Some(line) => Err(format!("it panicked: {line}")),
            None => Ok(()),
        }
    }
}

fn brief(entry: &Value) -> String {
    format!("{} {} {}", entry["operation"], entry["error"], entry["request"])
}

/// Text as a path that stays on the request's line.
fn a_path(text: &[u8]) -> String {
    let signs = text.iter().filter(|it| it.is_ascii_graphic());
    let path: String = signs.map(|it| char::from(*it)).take(8000).collect();
    if path.starts_with('/') { path } else { format!("/{path}") }
}

/// Sends bytes that may be no request at all, and then no more.
fn raw(listen: &str, text: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(listen.trim_start_matches("http://")).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    // The server may have heard enough.
    let _ = stream.write_all(text);
    let _ = stream.shutdown(Shutdown::Write);
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply);
    let head = String::from_utf8_lossy(&reply[..reply.len().min(64)]).into_owned();
    head.split(' ').nth(1).and_then(|it| it.parse().ok())
}

/// The same fault by less: parts are left out as long as it shows.
fn shortest(place: &mut Place<'_>, aim: &Aim, mut text: Vec<u8>, fault: &Fault) -> Fault {
    let mut part = text.len() / 2;
    while part > 0 {
        let mut at = 0;
        while at + part <= text.len() {
            let mut less = text.clone();
            less.drain(at..at + part);
            if place.tried(aim, &less).is_err() {
                text = less;
            } else {
                at += part;
            }
        }
        part /= 2;
    }
    format!("{fault}: {aim:?} with {:?}", String::from_utf8_lossy(&text))
}
