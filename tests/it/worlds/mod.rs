//! Worlds of the real program: how a request finds its own, and what a world has beside its state.

mod addressing;
mod claims;
mod difference;
mod ensured;
mod export;
mod listeners;
mod making;
mod read_back;
mod time_to_live;
mod watched;

use std::io::{Read, Write};

use serde_json::Value;

use crate::support::http::{body_of, status_of};
use crate::support::program::Running;
use crate::support::talk::Client;

/// What a contact of jtel's demo is read with.
const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";

fn make(running: &Running, body: &Value) -> (u16, Value) {
    running.admin("POST", "/v1/worlds", &body.to_string())
}

/// How many exchanges a world has journaled.
fn exchanges(running: &Running, world: &str) -> usize {
    let (status, journal) = running.admin("GET", &format!("/v1/worlds/{world}/journal"), "");
    assert_eq!(status, 200, "{journal}");
    let entries = journal["entries"].as_array().unwrap();
    entries.iter().filter(|entry| entry.get("request").is_some()).count()
}

/// Sends a body of bytes to the control plane; answers status and JSON.
fn import(running: &Running, name: &str, file: &[u8]) -> (u16, Value) {
    let mut stream = running.connect("admin");
    let head = format!(
        "POST /v1/worlds/{name}/import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/vnd.sqlite3\r\nContent-Length: {}\r\n\r\n",
        file.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(file).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    (status_of(&reply), serde_json::from_str(&body_of(&reply)).unwrap())
}

fn export(running: &Running, name: &str) -> Vec<u8> {
    let mut client = Client::connect(&running.address("admin"), &[]);
    let (status, file) = client.send("GET", &format!("/v1/worlds/{name}/export"), "");
    assert_eq!(status, 200);
    file
}
