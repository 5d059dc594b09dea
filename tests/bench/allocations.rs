//! How often a request takes memory, and how much: beyond what a bare hyper server takes that sends the same
//! bytes.
//!
//! `cargo bench --bench allocations` serves both within its own process, sends each row's requests over one
//! connection, and counts what Rust's allocator is asked for. Memory that SQLite takes by itself is not in
//! it. Counts depend on nothing else that the machine does.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[path = "support/bare.rs"]
mod bare;

use std::alloc::System;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use ringback::embed::Ringback;
use sha1::{Digest, Sha1};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Requests before those that are counted: what is kept from then on is there.
const BEFORE: usize = 200;
const COUNTED: usize = 1000;

const CONTACTS: usize = 100;
const CALLS: usize = 100;

const KEYS: &str =
    r#""affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0""#;
const IMPORT: &str = r#"{"DiallerCampaignsName":"Spring Recall","UserData":"SIM-9","Name":"Voss","FirstName":"Mia","PhoneNumber1":"4943155509"}"#;

/// Requests of one kind: the nth as it goes over the wire.
struct Row {
    name: &'static str,
    request: fn(usize) -> Vec<u8>,
}

const ROWS: &[Row] = &[
    Row {
        name: "infocu5 getAgents",
        request: |_| infocu5(r#""dialerFunction":"getAgents","showAll":"n""#),
    },
    Row { name: "infocu5 getCalls, others", request: other_window },
    Row { name: "mor status toggle (a write)", request: |_| mor("change_campaign_status", "17") },
    Row { name: "jtel one contact", request: |_| jtel("GET", "301501", "") },
    Row {
        name: "jtel one contact, others",
        request: |n| jtel("GET", &(1_000_000 + n % CONTACTS).to_string(), ""),
    },
    Row { name: "jtel lock, unlock (writes)", request: lock },
    Row {
        name: "jtel import (a write)",
        request: |_| jtel("POST", "import?overwriteDuplicates=false", IMPORT),
    },
    Row { name: "maxcontact getcalls", request: |_| maxcontact() },
];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!(
        "{:<28} {:>12} {:>10} {:>12} {:>10} {:>8} {:>10}",
        "", "allocations", "bytes", "bare hyper", "bytes", "beyond", "bytes"
    );
    for row in ROWS {
        let ringback = Ringback::start().scenario(scenario()).serve().unwrap();
        let (own, reply) = counted(address(&ringback), row);
        drop(ringback);
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = runtime.spawn(async move { bare::serve(listener, &reply).await });
        let (of_bare, _) = counted(address, row);
        serving.abort();
        let calls = |it: &Stats| per_request(it.allocations + it.reallocations);
        let bytes = |it: &Stats| per_request(it.bytes_allocated);
        println!(
            "{:<28} {:>12.1} {:>10.0} {:>12.1} {:>10.0} {:>8.1} {:>10.0}",
            row.name,
            calls(&own),
            bytes(&own),
            calls(&of_bare),
            bytes(&of_bare),
            calls(&own) - calls(&of_bare),
            bytes(&own) - bytes(&of_bare)
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "they are far from that")]
fn per_request(count: usize) -> f64 {
    count as f64 / COUNTED as f64
}

/// The demo with contacts and calls to ask for.
fn scenario() -> String {
    let mut text = "extends = \"demo\"\n".to_owned();
    for n in 0..CONTACTS {
        let id = 1_000_000 + n;
        writeln!(text, "[[jtel.contacts]]\nid = {id}\ncampaign = 612\nname = \"Voss\"\nphone_number1 = \"49431{id}\"").unwrap();
    }
    for n in 0..CALLS {
        let (id, hour, minute) = (900_000 + n, 8 + n / 10, n % 10 * 6);
        writeln!(
            text,
            "[[infocu5.calls]]\nid = {id}\ndate = \"2022-03-04T{hour:02}:{minute:02}:09Z\"\ncampaign = 2040\nlist = 310500\n\
             agent = 50017\ncontact = \"Pat Lindgren\"\ntype = \"Outbound\"\nnumber_outbound = \"21255501{n:02}\"\n\
             time = \"00:06:40\"\ntalk_time = \"00:06:12\""
        )
        .unwrap();
    }
    text
}

fn address(ringback: &Ringback) -> SocketAddr {
    let url = ringback.url("jtel");
    url.trim_start_matches("http://").split('/').next().unwrap().parse().unwrap()
}

/// What a row's requests take; also the last reply.
fn counted(address: SocketAddr, row: &Row) -> (Stats, Vec<u8>) {
    let requests: Vec<Vec<u8>> = (0..BEFORE + COUNTED).map(row.request).collect();
    let mut stream = TcpStream::connect(address).unwrap();
    let mut reply = Vec::with_capacity(1 << 20);
    for request in &requests[..BEFORE] {
        ask(&mut stream, request, &mut reply);
    }
    let region = Region::new(MEMORY);
    for request in &requests[BEFORE..] {
        ask(&mut stream, request, &mut reply);
    }
    (region.change(), reply)
}

/// Sends a request and reads its reply, into memory that is there.
fn ask(stream: &mut TcpStream, request: &[u8], reply: &mut Vec<u8>) {
    stream.write_all(request).unwrap();
    reply.clear();
    let mut piece = [0; 16 * 1024];
    loop {
        let n = stream.read(&mut piece).unwrap();
        assert!(n > 0, "the server has hung up");
        reply.extend_from_slice(&piece[..n]);
        if is_whole(reply) {
            break;
        }
    }
    assert!(reply.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(reply));
}

/// Whether a reply has all of its body, by its length.
fn is_whole(reply: &[u8]) -> bool {
    let Some(end) = reply.windows(4).position(|it| it == b"\r\n\r\n") else { return false };
    let name = b"content-length: ";
    let is_name = |it: &&[u8]| it.len() > name.len() && it[..name.len()].eq_ignore_ascii_case(name);
    let mut lines = reply[..end].split(|it| *it == b'\n');
    let length = lines.find(is_name).and_then(|it| str::from_utf8(&it[name.len()..]).ok());
    let length: usize = length.and_then(|it| it.trim().parse().ok()).unwrap();
    reply.len() >= end + 4 + length
}

fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let n = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {n}\r\n\r\n{body}"
    )
    .into_bytes()
}

const JSON: &str = "Content-Type: application/json\r\n";

fn infocu5(members: &str) -> Vec<u8> {
    request("POST", "/dialer/", JSON, &format!("{{{KEYS},{members}}}"))
}

fn other_window(n: usize) -> Vec<u8> {
    let (minute, second) = (n / 60 % 60, n % 60);
    infocu5(&format!(
        r#""dialerFunction":"getCalls","dateStart":"2022-03-04T00:00:00Z","dateEnd":"2022-03-04T22:{minute:02}:{second:02}Z""#
    ))
}

fn mor(method: &str, id: &str) -> Vec<u8> {
    let hash = Sha1::digest(format!("dialer_bob{id}sim-secret-1"));
    let hash = hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let path = format!("/billing/api/autodialer_{method}?u=dialer_bob&id={id}&hash={hash}");
    request("POST", &path, "", "")
}

fn jtel(method: &str, below: &str, body: &str) -> Vec<u8> {
    let path = format!("/rest/v1.0/7/dialler/contacts/{below}");
    request(method, &path, &format!("Authorization: Bearer SIMTOKEN-7A\r\n{JSON}"), body)
}

fn lock(n: usize) -> Vec<u8> {
    let word = if n.is_multiple_of(2) { "lock" } else { "unlock" };
    jtel("PATCH", &format!("contact/301501/{word}"), "")
}

fn maxcontact() -> Vec<u8> {
    let cookie = "Cookie: TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47\r\n";
    request("GET", "/webservices/services/telephony/getcalls/user/101", cookie, "")
}
