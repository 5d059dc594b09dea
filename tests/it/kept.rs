//! Kept worlds of the real program: whole or absent, whenever it dies and whatever the disk does; and
//! long work that is told to stop.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use ringback::inside::base::clock::Stopwatch;
use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, serve};
use crate::support::talk::Client;

/// How often the program is killed in the middle of one step.
const KILLS: usize = 12;

/// A read of jtel's demo.
const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";

/// A long way to go: weeks of a working day.
const FAR: &str = r#"{"by":"2000h"}"#;

fn in_folder(folder: &Path) -> Running {
    serve(&["--data", folder.to_str().unwrap()])
}

fn make(running: &Running, name: &str) {
    let body = json!({ "name": name, "scenario": "demo" }).to_string();
    let (status, reply) = running.admin("POST", "/v1/worlds", &body);
    assert_eq!(status, 201, "{reply}");
}

/// Every file and folder below a folder, with what others may do there.
fn modes(folder: &Path, found: &mut Vec<(String, u32)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let facts = fs::symlink_metadata(&path).unwrap();
        found.push((path.display().to_string(), facts.mode() & 0o777));
        if facts.is_dir() {
            modes(&path, found);
        }
    }
}

#[test]
fn nobody_else_reads_what_is_kept() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("data");
    let running = in_folder(&folder);
    make(&running, "a");
    for (path, body) in [
        ("/v1/worlds/a/checkpoint", r#"{"name":"early"}"#),
        ("/v1/worlds/a/fork", r#"{"name":"b"}"#),
        ("/v1/worlds/a/rollback", r#"{"name":"early"}"#),
        ("/v1/worlds/a/seed", "{}"),
    ] {
        let (status, told) = running.admin("POST", path, body);
        assert!(status < 300, "{path}: {told}");
    }
    let mut found = Vec::new();
    modes(root.path(), &mut found);
    assert!(found.iter().any(|(path, _)| path.ends_with("b/world.db-wal")), "{found:?}");
    for (path, mode) in &found {
        assert_eq!(mode & 0o077, 0, "{path} has the mode {mode:o}");
    }
}

/// Sends a request to the control plane and does not wait for the reply.
fn post(running: &Running, method: &str, path: &str, body: &str) -> TcpStream {
    let mut stream = running.connect("admin");
    let headers = [("Content-Type", "application/json")];
    stream.write_all(http(method, path, &headers, body).as_bytes()).unwrap();
    stream
}

fn reply(running: &Running, mut stream: TcpStream) -> (u16, Value) {
    let mut text = Vec::new();
    running.read_to_end(&mut stream, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    (status_of(&text), serde_json::from_str(&body_of(&text)).unwrap_or(Value::Null))
}

fn world(running: &Running, name: &str) -> Option<Value> {
    let (_, listed) = running.admin("GET", "/v1/worlds", "");
    listed["worlds"].as_array().unwrap().iter().find(|it| it["name"] == name).cloned()
}

fn journal(running: &Running, name: &str) -> Vec<Value> {
    let path = format!("/v1/worlds/{name}/journal?limit=1000");
    running.admin("GET", &path, "").1["entries"].as_array().unwrap().clone()
}

fn get_contact(running: &Running, world: &str) -> u16 {
    let headers = [("Authorization", "Bearer SIMTOKEN-7A"), ("X-Ringback-World", world)];
    status_of(&running.raw("listen", http("GET", CONTACT, &headers, "").as_bytes()))
}

fn record_call(running: &Running, world: &str) -> u16 {
    let path = format!("/v1/worlds/{world}/events/infocu5/record_call");
    let body = r#"{"campaign":"2040","agent":"50017","type":"Inbound"}"#;
    running.admin("POST", &path, body).0
}

/// What is prepared or removed has a name with a dot in front.
fn left_over(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder.join("worlds")).unwrap();
    let names = names.map(|it| it.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn a_world_that_was_deleted_shows_in_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..KILLS {
        let mut running = in_folder(folder.path());
        assert_eq!(left_over(folder.path()), [""; 0]);
        if world(&running, "a").is_none() {
            make(&running, "a");
            assert_eq!((journal(&running, "a").len(), get_contact(&running, "a")), (0, 200));
            assert_eq!(world(&running, "a").unwrap()["checkpoints"], json!([]));
            let named = r#"{"name":"x"}"#;
            assert_eq!(running.admin("POST", "/v1/worlds/a/checkpoint", named).0, 201);
        }
        // Whole, or not there.
        assert_eq!(world(&running, "a").unwrap()["checkpoints"], json!(["x"]));
        assert!(journal(&running, "a").len() >= 2);
        let _gone = post(&running, "DELETE", "/v1/worlds/a", "");
        running.child.kill().unwrap();
        running.child.wait().unwrap();
    }
}

#[test]
fn a_fork_that_was_killed_is_whole_or_absent() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    let mortal = json!({ "name": "a", "scenario": "demo", "ttl": "10h" }).to_string();
    assert_eq!(running.admin("POST", "/v1/worlds", &mortal).0, 201);
    assert_eq!((get_contact(&running, "a"), record_call(&running, "a")), (200, 200));
    for round in 0..KILLS {
        let name = format!("b{round}");
        let body = json!({ "name": name }).to_string();
        let _asked = post(&running, "POST", "/v1/worlds/a/fork", &body);
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        running = in_folder(folder.path());
        assert_eq!(left_over(folder.path()), [""; 0]);
        if let Some(fork) = world(&running, &name) {
            assert_eq!((&fork["ttl"], fork["inputs"].as_u64()), (&Value::Null, Some(0)));
            assert!(journal(&running, &name).is_empty());
        }
    }
}

#[test]
fn a_seed_that_is_gone_or_empty_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let running = in_folder(folder.path());
    make(&running, "a");
    assert_eq!(record_call(&running, "a"), 200);
    let seed = folder.path().join("worlds/a/seed.0.db");
    let calls = || running.admin("GET", "/v1/worlds/a/state/infocu5/calls?limit=1000", "").1;
    let before = calls();
    let whole = fs::read(&seed).unwrap();
    for damage in ["gone", "empty"] {
        fs::remove_file(&seed).unwrap();
        if damage == "empty" {
            fs::write(&seed, "").unwrap();
        }
        let (status, problem) = running.admin("POST", "/v1/worlds/a/reset", "{}");
        assert_eq!(status, 500, "{damage}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("nothing was changed"), "{problem}");
        assert_eq!(calls(), before);
        if damage == "gone" {
            assert!(!seed.exists(), "an empty seed was made");
            fs::write(&seed, &whole).unwrap();
        }
    }
    fs::write(&seed, whole).unwrap();
    assert_eq!(running.admin("POST", "/v1/worlds/a/reset", "{}").0, 200);
    assert_ne!(calls(), before);
}

#[test]
fn what_cannot_be_read_is_named_and_the_others_serve() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    make(&running, "good");
    assert_eq!(running.stop(), 0);
    let worlds = folder.path().join("worlds");
    for name in ["text", "empty", "foreign", "hollow"] {
        fs::create_dir(worlds.join(name)).unwrap();
    }
    fs::write(worlds.join("text/world.db"), "no database").unwrap();
    fs::write(worlds.join("empty/world.db"), "").unwrap();
    let foreign = rusqlite::Connection::open(worlds.join("foreign/world.db")).unwrap();
    foreign.execute_batch("CREATE TABLE t (a)").unwrap();
    foreign.close().unwrap();
    fs::write(folder.path().join("flat.db"), "no database").unwrap();
    fs::create_dir(worlds.join(".new-7")).unwrap();
    let bytes = fs::read(worlds.join("foreign/world.db")).unwrap();

    let running = in_folder(folder.path());
    assert_eq!((get_contact(&running, "good"), get_contact(&running, "default")), (200, 200));
    for name in ["text", "empty", "foreign", "hollow", "flat.db"] {
        let listed = world(&running, name).unwrap_or_else(|| panic!("{name} is not listed"));
        assert_eq!(listed["state"], "unreadable", "{listed}");
        assert!(!listed["why"].as_str().unwrap().is_empty());
    }
    for name in ["text", "flat"] {
        let body = json!({ "name": name, "scenario": "demo" }).to_string();
        assert_eq!(running.admin("POST", "/v1/worlds", &body).0, 409, "{name}");
    }
    let (status, problem) = running.admin("DELETE", "/v1/worlds/text", "");
    assert_eq!(
        (status, problem["type"].as_str().unwrap().ends_with("world-unreadable")),
        (409, true)
    );
    assert_eq!(fs::read(worlds.join("text/world.db")).unwrap(), b"no database");
    assert_eq!(fs::read(worlds.join("foreign/world.db")).unwrap(), bytes);
    assert_eq!(left_over(folder.path()), [""; 0]);
}

#[test]
fn a_world_that_can_be_read_again_is_served_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    make(&running, "a");
    assert_eq!(running.stop(), 0);
    let file = folder.path().join("worlds/a/world.db");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, "no database").unwrap();

    let running = in_folder(folder.path());
    let path = "/w/a/rest/v1.0/7/dialler/contacts/301501";
    let reply = running.raw("listen", http("GET", path, &[], "").as_bytes());
    assert!(status_of(&reply) == 503 && reply.contains("cannot be read"), "{reply}");
    assert_eq!(running.admin("GET", "/v1/worlds/a/clock", "").0, 409);
    fs::write(&file, &bytes).unwrap();
    // It is tried once a second at the most.
    let watch = Stopwatch::start();
    while get_contact(&running, "a") != 200 {
        assert!(watch.elapsed_ns() < 60_000_000_000, "it was never opened again");
    }
    assert_eq!(world(&running, "a").unwrap()["state"], "open");
}

#[test]
fn what_is_refused_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    let clock = json!({ "mode": "frozen", "at": "9999-12-31T23:59:59-23:59" });
    let body = json!({ "name": "late", "scenario": { "world": { "clock": clock } } }).to_string();
    let (status, problem) = running.admin("POST", "/v1/worlds", &body);
    assert!((400..500).contains(&status), "{problem}");

    make(&running, "a");
    let strict = r#"{"strict":true}"#;
    assert_eq!(running.admin("PUT", "/v1/worlds/a/strict", strict).0, 200);
    let mut export = Client::connect(&running.address("admin"), &[]);
    let (status, export) = export.send("GET", "/v1/worlds/a/export", "");
    assert_eq!(status, 200);
    let word = br#""strict":"#;
    let at = export.windows(word.len()).position(|it| it == word).expect("the setting is there");
    for byte in [b'x', 255] {
        let mut damaged = export.clone();
        damaged[at] = byte;
        let mut stream = running.connect("admin");
        let head = format!(
            "POST /v1/worlds/b/import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/vnd.sqlite3\r\nContent-Length: {}\r\n\r\n",
            damaged.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&damaged).unwrap();
        let (status, problem) = reply(&running, stream);
        assert_eq!(status, 422, "{problem}");
    }
    let names = |running: &Running| {
        let (_, listed) = running.admin("GET", "/v1/worlds", "");
        let worlds = listed["worlds"].as_array().unwrap().clone();
        worlds.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&running), ["a", "default"]);
    assert_eq!(running.stop(), 0);
    assert_eq!(names(&in_folder(folder.path())), ["a", "default"]);
}

/// Starts the program behind a shell's line of limits.
fn limited(limits: &str, folder: &Path) -> Running {
    let line = format!(
        "{limits}; exec \"$0\" serve --admin 127.0.0.1:0 --listen 127.0.0.1:0 --data \"$1\""
    );
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).arg(env!("CARGO_BIN_EXE_ringback")).arg(folder);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.process_group(0).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Running { child, ready: serde_json::from_str(&line).expect("it started") }
}

#[test]
fn more_worlds_are_kept_than_files_can_be_open() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..150).map(|n| format!("w{n}")).collect();
    let mut running = limited("ulimit -n 180", folder.path());
    for name in &names {
        make(&running, name);
    }
    for name in &names {
        assert_eq!(get_contact(&running, name), 200, "{name}");
    }
    assert_eq!(running.stop(), 0);
    let running = limited("ulimit -n 180", folder.path());
    for name in names.iter().rev() {
        assert_eq!(
            (get_contact(&running, name), journal(&running, name).len()),
            (200, 2),
            "{name}"
        );
    }
}

/// Every write of the control plane that needs room on the disk, on the kept world `a`.
const WRITES: [(&str, &str, &str); 13] = [
    ("POST", "/v1/worlds", r#"{"name":"b","scenario":"demo"}"#),
    ("POST", "/v1/worlds/a/seed", r#"{"people":[{"phone":"+493012345","name":"x"}]}"#),
    ("POST", "/v1/worlds/a/reset", ""),
    ("POST", "/v1/worlds/a/fork", r#"{"name":"c"}"#),
    ("POST", "/v1/worlds/a/checkpoint", r#"{"name":"d"}"#),
    ("POST", "/v1/worlds/a/rollback", r#"{"name":"before"}"#),
    ("PUT", "/v1/worlds/a/clock", r#"{"mode":"real"}"#),
    ("PUT", "/v1/worlds/a/variants", r#"{"infocu5":{}}"#),
    ("POST", "/v1/worlds/a/faults", r#"{"then":"delay","delay":"2ms"}"#),
    ("DELETE", "/v1/worlds/a/faults", ""),
    ("PUT", "/v1/worlds/a/strict", r#"{"strict":true}"#),
    ("DELETE", "/v1/worlds/a/journal", ""),
    ("POST", "/v1/worlds/a/events/jtel/add_token", r#"{"client":7,"token":"another-1"}"#),
];

#[test]
fn a_disk_that_takes_no_writes_leaves_reading_be() {
    let folder = tempfile::tempdir().unwrap();
    let running = limited("trap '' XFSZ", folder.path());
    make(&running, "a");
    assert_eq!((get_contact(&running, "a"), record_call(&running, "a")), (200, 200));
    let frozen = r#"{"mode":"frozen"}"#;
    assert_eq!(running.admin("PUT", "/v1/worlds/a/clock", frozen).0, 200);
    let point = r#"{"name":"before"}"#;
    assert_eq!(running.admin("POST", "/v1/worlds/a/checkpoint", point).0, 201);
    let fault = r#"{"then":"delay","delay":"1ms"}"#;
    assert_eq!(running.admin("POST", "/v1/worlds/a/faults", fault).0, 201);
    let room = |bytes: &str| {
        let pid = running.child.id().to_string();
        let mut command = Command::new("prlimit");
        let done = command.args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
        assert!(done.unwrap().success());
    };
    let now = || running.admin("GET", "/v1/worlds/a/clock", "").1["now"].clone();
    let calls = || running.admin("GET", "/v1/worlds/a/state/infocu5/calls?limit=1000", "").1;
    let (time, rows) = (now(), calls());
    room("0");
    let (status, problem) = running.admin("GET", "/readyz", "");
    assert_eq!((status, problem["detail"].is_string()), (503, true), "{problem}");
    assert_eq!(get_contact(&running, "a"), 200);
    assert_eq!(record_call(&running, "a"), 503);
    let (status, problem) = running.admin("POST", "/v1/worlds/a/clock/advance", r#"{"by":"1m"}"#);
    assert_eq!(status, 503, "{problem}");
    assert_eq!((now(), calls()), (time.clone(), rows.clone()), "something half done");
    for (method, path, body) in WRITES {
        let (status, problem) = running.admin(method, path, body);
        let kind = problem["type"].as_str().unwrap_or_default();
        assert_eq!((status, kind), (503, "urn:ringback:problem:storage"), "{path}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("disk"), "{problem}");
    }
    assert_eq!((now(), calls()), (time.clone(), rows.clone()), "something half done");
    assert_eq!((left_over(folder.path()), world(&running, "b")), (Vec::new(), None));
    room("unlimited");
    assert_eq!(running.admin("GET", "/readyz", "").0, 200);
    assert_eq!((record_call(&running, "a"), get_contact(&running, "a")), (200, 200));
    assert_eq!(running.admin("POST", "/v1/worlds/a/clock/advance", r#"{"by":"1m"}"#).0, 200);
}

/// A working day that is on its way.
fn advancing(running: &Running) -> TcpStream {
    let body = json!({ "name": "day", "scenario": "working-day" }).to_string();
    assert_eq!(running.admin("POST", "/v1/worlds", &body).0, 201);
    let asked = post(running, "POST", "/v1/worlds/day/clock/advance", FAR);
    while world(running, "day").unwrap()["busy"] == false {}
    asked
}

#[test]
fn an_advance_stops_when_the_program_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    let asked = advancing(&running);
    assert_eq!(running.stop(), 0);
    let (status, problem) = reply(&running, asked);
    assert_eq!(status, 503, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("the program stops"), "{detail}");
    let running = in_folder(folder.path());
    let journal = journal(&running, "day");
    let entry = journal.last().unwrap();
    assert_eq!(entry["detail"]["stopped"]["at"], problem["now"], "{entry}");
    assert_eq!(entry["detail"]["fired"], problem["fired"]);
}

#[test]
fn an_advance_stops_when_its_world_is_deleted_or_its_client_goes_away() {
    let running = serve(&[]);
    let asked = advancing(&running);
    assert_eq!(running.admin("DELETE", "/v1/worlds/day", "").0, 200);
    let (status, problem) = reply(&running, asked);
    assert_eq!(status, 409, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("the world was deleted"), "{problem}");

    drop(advancing(&running));
    while world(&running, "day").unwrap()["busy"] == true {}
    let entry = journal(&running, "day").pop().unwrap();
    let why = &entry["detail"]["stopped"]["why"];
    assert_eq!(*why, json!("who asked for it has gone away"), "{entry}");
}

#[test]
fn who_waits_for_a_world_is_told_that_it_is_gone() {
    let running = serve(&[]);
    make(&running, "a");
    let mut stream = running.connect("admin");
    let request = http("GET", "/v1/worlds/a/journal/stream", &[], "");
    stream.write_all(request.as_bytes()).unwrap();
    let waiting = post(&running, "GET", "/v1/worlds/a/journal?wait=30", "");
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "").0, 200);
    // Both end at once, or reading from them takes longer than any test does.
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!([200, 404].contains(&reply(&running, waiting).0));
}
