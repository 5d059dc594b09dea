//! No credential shows on any way out of a running server, and nothing else is masked.
//!
//! Not here: single readings of a text (`web::mask`).

mod hashes;
mod innocents;
mod mistaken;
mod routes;
mod shown;
mod spellings;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ringback::Ringback;
use serde_json::Value;

use crate::support::talk::Client;

/// A wait that no healthy step of these tests comes near.
const PATIENCE: Duration = Duration::from_mins(1);

fn address(url: &str) -> &str {
    url.trim_start_matches("http://")
}

/// Sends a whole request; answers the whole reply.
fn raw(url: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address(url)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(request).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    String::from_utf8_lossy(&reply).into_owned()
}

fn send(ringback: &Ringback, head: &str, body: &str) {
    let request = format!(
        "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let reply = raw(&ringback.listen_url(), request.as_bytes());
    assert!(reply.starts_with("HTTP/1.1 "), "{head}: {reply}");
}

fn control(ringback: &Ringback) -> Client {
    Client::connect(address(&ringback.admin_url()), &[])
}

/// What the control plane answers to a GET, as text.
fn get(ringback: &Ringback, path: &str) -> String {
    let (status, body) = control(ringback).send("GET", path, "");
    assert_eq!(status, 200, "{path}");
    String::from_utf8(body).unwrap()
}

fn post(ringback: &Ringback, method: &str, path: &str, body: &Value) -> String {
    let (_, answer) = control(ringback).json(method, path, body);
    answer.to_string()
}
