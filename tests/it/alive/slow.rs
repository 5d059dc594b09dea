//! Readers in plenty that read nothing, and clients in plenty that say nothing.

use std::io::Write as _;
use std::net::TcpStream;

use ringback::inside::base::clock::Stopwatch;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};

use crate::alive::{ask, kept, wait_for_entries};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, serve};

/// More than the blocking threads of the runtime, which are 512.
const SLOW_READERS: usize = 600;

const IDLE: usize = 10_000;

/// Far more than an answer takes beside any crowd, and far less than a hang.
const GENEROUS_MS: u64 = 20_000;

/// Of a list that no buffer between the program and its reader holds: 2 MB.
const CONTACTS: usize = 400;
const COMMENT_BYTES: usize = 5_000;

const LIST: &str = "/rest/v1.0/7/dialler/contacts?diallerCampaignsID=612";
const TOKEN: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");

/// The world of the long list.
const LONG: (&str, &str) = ("X-Ringback-World", "long");

fn make_long(running: &Running) {
    let comment = "x".repeat(COMMENT_BYTES);
    let contact = |id: usize| json!({ "id": 1_000_000 + id, "campaign": 612, "name": "x", "user_data": id.to_string(), "comment": comment });
    let contacts: Vec<Value> = (0..CONTACTS).map(contact).collect();
    let made = json!({ "name": "long", "scenario": "demo" }).to_string();
    assert_eq!(running.admin("POST", "/v1/worlds", &made).0, 201);
    let piece = json!({ "jtel": { "contacts": contacts } }).to_string();
    let (status, told) = running.admin("POST", "/v1/worlds/long/seed", &piece);
    assert_eq!(status, 200, "{told}");
}

/// Does something within the generous time.
fn in_time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let watch = Stopwatch::start();
    let done = work();
    let took_ms = watch.elapsed_ns() / 1_000_000;
    assert!(took_ms < GENEROUS_MS, "{what} took {took_ms} ms");
    done
}

fn honest_clients_are_served(running: &Running) {
    in_time("a request", || assert!(running.post("/dialer/", AGENTS).contains("50017")));
    in_time("another's world", || {
        let made = running.admin("POST", "/v1/worlds", r#"{"name":"b","scenario":"demo"}"#);
        assert_eq!(made.0, 201, "{}", made.1);
        assert_eq!(running.admin("DELETE", "/v1/worlds/b", "").0, 200);
    });
    in_time("an advance", || {
        let path = "/v1/worlds/default/clock";
        assert_eq!(running.admin("PUT", path, r#"{"mode":"frozen"}"#).0, 200);
        let path = "/v1/worlds/default/clock/advance";
        assert_eq!(running.admin("POST", path, r#"{"by":"1m"}"#).0, 200);
    });
}

#[test]
fn slow_readers_of_a_long_list_cost_themselves_alone() {
    let running = serve(&[]);
    make_long(&running);
    let request = http("GET", LIST, &[TOKEN, LONG], "");
    let read_nothing = |_| {
        let mut stream = running.connect("listen");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let slow: Vec<TcpStream> = (0..SLOW_READERS).map(read_nothing).collect();
    wait_for_entries(&running, "long", "list_contacts", SLOW_READERS);
    honest_clients_are_served(&running);
    let whole = in_time("the list itself", || running.raw("listen", request.as_bytes()));
    assert_eq!(status_of(&whole), 200);
    assert!(whole.len() > CONTACTS * COMMENT_BYTES, "{}", whole.len());
    drop(slow);
}

/// Has this process and those that it starts open as many files as the system lets it.
/// Answers how many clients there may be then, at most [`IDLE`]: some descriptors are for the rest.
fn raise_open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let most = limit.maximum.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    most.saturating_sub(1000).min(IDLE)
}

#[test]
fn ten_thousand_idle_clients_keep_no_newcomer_out() {
    let n_idle = raise_open_files();
    let running = serve(&[]);
    let mut idle: Vec<TcpStream> = (0..n_idle).map(|_| running.connect("listen")).collect();
    for _ in 0..20 {
        in_time("a newcomer", || assert!(running.post("/dialer/", AGENTS).contains("50017")));
    }
    honest_clients_are_served(&running);
    // The last that came is kept, and answered.
    let last = idle.last_mut().unwrap();
    let reply = in_time("an idle client", || ask(last, &kept())).expect("it was kept");
    assert_eq!(status_of(&reply), 200);
}
