//! A stop: at once where nothing is in flight, whatever connections are open; within the limit where
//! something is; at the second signal at once; at the end of stdin where that was asked for.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{ChildStdin, Stdio};

use crate::alive::{ANY_PORTS, add_fault, ask, kept, signal, wait_for_struck};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, ringback, serve};

/// Far more of its own time than a stop takes, and less than any of the times that it waited before:
/// 2 s for an idle connection, 10 s for a half-sent head.
const SOON_MS: u64 = 1500;

fn stops_soon(running: &mut Running, what: &str) {
    running.signal();
    let (code, took_ms) = running.end();
    assert_eq!(code, 0, "{what}");
    assert!(took_ms < SOON_MS, "{what} held the stop for {took_ms} ms");
}

#[test]
fn open_connections_do_not_hold_the_stop() {
    let mut running = serve(&[]);
    let mut open = Vec::new();
    for listener in ["listen", "admin"] {
        let fresh = running.connect(listener);
        let mut half = running.connect(listener);
        half.write_all(b"POST /dialer/ HT").unwrap();
        open.extend([fresh, half]);
    }
    let mut idle = running.connect("listen");
    assert!(ask(&mut idle, &kept()).is_some());
    // Answered, told that it is closed, and not closed by its client.
    let mut parting = running.connect("listen");
    assert!(ask(&mut parting, &http("POST", "/dialer/", &[], AGENTS)).is_some());
    stops_soon(&mut running, "an open connection");
    drop((open, idle, parting));
}

#[test]
fn waiters_do_not_hold_the_stop() {
    let mut running = serve(&[]);
    let made = r#"{"name":"b","scenario":"demo"}"#;
    assert_eq!(running.admin("POST", "/v1/worlds", made).0, 201);
    let open = |path: &str| {
        let mut stream = running.connect("admin");
        stream.write_all(http("GET", path, &[], "").as_bytes()).unwrap();
        stream.read_exact(&mut [0]).unwrap();
        stream
    };
    let stream = open("/v1/worlds/default/journal/stream");
    let mut waiter = running.connect("admin");
    let never = r#"{"operation":"lock_contact_by_id","at_least":1,"timeout":"10m"}"#;
    let json = [("Content-Type", "application/json")];
    let request = http("POST", "/v1/worlds/default/wait", &json, never);
    waiter.write_all(request.as_bytes()).unwrap();
    let deleted = open("/v1/worlds/b/journal/stream");
    assert_eq!(running.admin("DELETE", "/v1/worlds/b", "").0, 200);
    stops_soon(&mut running, "a waiter");
    let mut told = String::new();
    waiter.read_to_string(&mut told).unwrap();
    assert!(told.is_empty() || status_of(&told) < 500, "{told}");
    drop((stream, deleted));
}

#[test]
fn a_stream_that_nobody_reads_does_not_hold_the_stop() {
    let mut running = serve(&[]);
    let mut stream = running.connect("admin");
    stream.write_all(http("GET", "/v1/worlds/default/journal/stream", &[], "").as_bytes()).unwrap();
    // More than the system keeps for a reader that takes nothing.
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(60_000));
    for _ in 0..200 {
        running.post("/dialer/", &large);
    }
    stops_soon(&mut running, "a stream that nobody reads");
}

#[test]
fn what_is_in_flight_is_answered() {
    let mut running = serve(&[]);
    // So long that it is in flight when the signal comes, and not so long that its answer is given up.
    add_fault(&running, r#"{"then":"delay","delay":"5s"}"#);
    let mut stream = running.connect("listen");
    stream.write_all(kept().as_bytes()).unwrap();
    wait_for_struck(&running, 1);
    signal(&running, "-TERM");
    let reply = ask(&mut stream, "").expect("it is answered");
    assert!(status_of(&reply) == 200 && reply.contains("\r\nConnection: close\r\n"), "{reply}");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut running = serve(&[]);
    add_fault(&running, r#"{"then":"delay","delay":"10m"}"#);
    let mut stream = running.connect("listen");
    stream.write_all(kept().as_bytes()).unwrap();
    wait_for_struck(&running, 1);
    signal(&running, "-TERM");
    // Once the address is free, the first has been heard.
    let address = running.address("listen");
    assert!((0..100_000).any(|_| TcpStream::connect(&address).is_err()));
    signal(&running, "-INT");
    let mut said = String::new();
    let (code, took_ms) = running.end();
    running.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("second signal"), "{said}");
    assert!(took_ms < SOON_MS, "{took_ms} ms");
}

/// The program, started by an `env` that says what becomes of a signal.
fn started_with(signal: &str) -> Running {
    let program = env!("CARGO_BIN_EXE_ringback");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let mut env = std::process::Command::new("env");
    let env = env.arg(signal).arg(program).args(serve).stdout(Stdio::piped());
    let mut child = env.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    Running { child, ready: serde_json::from_str(&ready).unwrap() }
}

#[test]
fn a_hang_up_stops_the_program_unless_it_was_started_to_outlive_it() {
    // These tests may have been started to outlive a hang-up as well.
    let mut running = started_with("--default-signal=HUP");
    signal(&running, "-HUP");
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
    let mut running = started_with("--ignore-signal=HUP");
    signal(&running, "-HUP");
    assert_eq!(running.admin("GET", "/livez", "").0, 200);
    assert_eq!(running.stop(), 0);
}

/// Starts `serve` with a pipe as its stdin.
fn serve_until_stdin_closes(args: &[&str]) -> (Running, ChildStdin) {
    let mut command = ringback();
    command.args(["serve", "--until-stdin-closes"]).args(ANY_PORTS).args(args);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let stdin = child.stdin.take().unwrap();
    (Running { child, ready: serde_json::from_str(&ready).unwrap() }, stdin)
}

#[test]
fn the_end_of_stdin_stops_the_program_where_that_was_asked_for() {
    let (mut running, mut stdin) = serve_until_stdin_closes(&[]);
    // What comes is passed over; more than a pipe holds has to be read to go through.
    stdin.write_all(&vec![b'x'; 200_000]).unwrap();
    add_fault(&running, r#"{"then":"delay","delay":"500ms"}"#);
    let mut stream = running.connect("listen");
    stream.write_all(kept().as_bytes()).unwrap();
    wait_for_struck(&running, 1);
    drop(stdin);
    let (code, took_ms) = running.end();
    assert_eq!(code, 0);
    // In order: what was in flight is answered.
    let reply = ask(&mut stream, "").expect("it is answered");
    assert_eq!(status_of(&reply), 200, "{reply}");
    assert!(took_ms < SOON_MS, "{took_ms} ms");
}

#[test]
fn a_pipe_that_stays_open_does_not_hold_a_stop_and_strict_worlds_are_judged_at_its_end() {
    let (mut running, stdin) = serve_until_stdin_closes(&[]);
    stops_soon(&mut running, "stdin");
    drop(stdin);
    let (mut running, stdin) = serve_until_stdin_closes(&["--strict"]);
    running.post("/dialer/", "{}");
    drop(stdin);
    assert_eq!(running.child.wait().unwrap().code(), Some(1));
}
