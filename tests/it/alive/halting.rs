//! A large world that is being made: a stop of the program and a client that goes away end it, and
//! nothing is left.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, serve};

/// More than can be loaded before anybody looks.
const PEOPLE: usize = 30_000;

/// Far more of the program's own time than the stop of a load takes, and far less than the load.
const SOON_MS: u64 = 5_000;

fn in_folder(folder: &Path) -> Running {
    serve(&["--data", folder.to_str().unwrap()])
}

/// How often is looked at what comes in a few seconds.
const LOOKS: usize = 100_000;

/// Asks for a large world on a connection; comes back when it is being made.
fn making(running: &Running, stream: &mut TcpStream) {
    let person = |n: usize| json!({ "phone": format!("+49301{n:07}"), "name": "Smith" });
    let people: Vec<Value> = (0..PEOPLE).map(person).collect();
    let body = json!({ "name": "large", "scenario": { "people": people } }).to_string();
    let headers = [("Content-Type", "application/json")];
    stream.write_all(http("POST", "/v1/worlds", &headers, &body).as_bytes()).unwrap();
    assert!((0..LOOKS).any(|_| is_being_made(running)), "it was never begun");
}

/// Whether the name is held for it.
fn is_being_made(running: &Running) -> bool {
    let (_, listed) = running.admin("GET", "/v1/worlds", "");
    listed["worlds"].as_array().unwrap().iter().any(|it| it["state"] == "busy")
}

fn assert_nothing_left(folder: &Path) {
    let names = std::fs::read_dir(folder.join("worlds")).unwrap();
    let names: Vec<_> = names.map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["default"]);
}

#[test]
fn a_load_stops_when_the_program_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = in_folder(folder.path());
    let mut asked = running.connect("admin");
    making(&running, &mut asked);
    running.signal();
    let (code, took_ms) = running.end();
    assert_eq!(code, 0);
    assert!(took_ms < SOON_MS, "{took_ms} ms");
    let mut reply = String::new();
    asked.read_to_string(&mut reply).unwrap();
    let problem: Value = serde_json::from_str(&body_of(&reply)).unwrap();
    assert_eq!(status_of(&reply), 503, "{problem}");
    assert_eq!(problem["detail"], "the program stops; nothing was made");
    assert_nothing_left(folder.path());
}

#[test]
fn a_load_stops_when_its_client_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let running = in_folder(folder.path());
    // Dropped with a reply unread, the connection ends with a reset: nobody listens any more.
    let mut asked = running.connect("admin");
    let first = http("GET", "/livez", &[], "").replace("Connection: close\r\n", "");
    asked.write_all(first.as_bytes()).unwrap();
    asked.read_exact(&mut [0]).unwrap();
    making(&running, &mut asked);
    drop(asked);
    assert!((0..LOOKS).any(|_| !is_being_made(&running)), "it was made all the same");
    let (_, listed) = running.admin("GET", "/v1/worlds", "");
    assert_eq!(listed["worlds"].as_array().unwrap().len(), 1, "{listed}");
    assert_nothing_left(folder.path());
}
