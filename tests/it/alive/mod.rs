//! The program stays alive, answers and ends, whatever its clients, its terminal and the system do.

mod crowd;
mod gone;
mod halting;
mod slow;
mod stderr;
mod stopping;
mod token;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::support::http::http;
use crate::support::program::{AGENTS, Running};

const ANY_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];

/// A request that leaves its connection open.
fn kept() -> String {
    http("POST", "/dialer/", &[], AGENTS).replace("Connection: close\r\n", "")
}

/// Sends a request and reads its reply, by its length; `None` where the connection is closed.
fn ask(stream: &mut TcpStream, request: &str) -> Option<String> {
    stream.write_all(request.as_bytes()).ok()?;
    let mut reply = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(n) => reply.extend_from_slice(&chunk[..n]),
        }
        let text = String::from_utf8_lossy(&reply);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        if length.is_some_and(|length| length.parse() == Ok(body.len())) {
            return Some(text.into_owned());
        }
    }
}

/// Reads until the other side closes, or resets.
fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => true,
        Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
    }
}

/// A number of `/metrics`.
fn metric(running: &Running, name: &str) -> u64 {
    let page = running.raw("admin", http("GET", "/metrics", &[], "").as_bytes());
    let value = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|it| it.trim().parse().ok()).unwrap_or_else(|| panic!("no {name} in {page}"))
}

fn add_fault(running: &Running, rule: &str) {
    let (status, told) = running.admin("POST", "/v1/worlds/default/faults", rule);
    assert_eq!(status, 201, "{told}");
}

/// Comes back when so many requests were struck by a fault: they are on their way then.
fn wait_for_struck(running: &Running, n_struck: usize) {
    wait_for(running, "default", r#""fault":{"present":true}"#, n_struck, 3);
}

/// Comes back when a world has so many entries of an operation.
fn wait_for_entries(running: &Running, world: &str, operation: &str, count: usize) {
    wait_for(running, world, &format!(r#""operation":"{operation}""#), count, 30);
}

/// Comes back when so many entries meet a condition, which is asked for so often. The program waits for a
/// part only of the time that its answer is waited for: where it has much to do, that comes later.
fn wait_for(running: &Running, world: &str, condition: &str, count: usize, n_times: usize) {
    let path = format!("/v1/worlds/{world}/wait");
    let body = format!(r#"{{{condition},"at_least":{count},"timeout":"5s"}}"#);
    let are_there = |_| running.admin("POST", &path, &body).0 == 200;
    assert!((0..n_times).any(are_there), "{count} of {condition} never came");
}

fn signal(running: &Running, name: &str) {
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
}
