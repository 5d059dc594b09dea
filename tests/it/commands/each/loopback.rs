//! No command reaches beyond this machine: each is run under `strace`, which sees the calls by which anybody
//! is reached.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::rows::SENT;
use super::{Place, READY, all_lines, spelled};
use crate::support::program::serve_by;
use crate::support::tool::tool;

/// The calls by which somebody is reached, in every process that a command starts.
const TRACED: &[&str] = &["-f", "-q", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o"];

/// Lines that reach as far as a command can, beside those of the rows, which are mostly mistaken.
const FAR: &[&str] = &[
    "ringback calibrate --vendor infocu5 --against http://$LISTEN/infocu5 --rate 1000 --credential id=A7k2Qm9ZrT4x --credential key=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "ringback drift taken/recording.toml --against http://$LISTEN/jtel --vendor jtel --credential token=SIMTOKEN-7A --compare-with self",
    "ringback replay own.toml --against http://$LISTEN --admin http://$ADMIN",
    "ringback replay own.toml --explore-variants",
    "ringback replay differs.toml --shrink short.toml --capsule x.capsule",
    "ringback run --explore-variants -- curl -s -d '{}' https://api.infocu5.com/dialer/",
    "ringback run --others refuse -- curl -s https://another.example.test/",
];

/// The addresses that a trace names, with their lines.
fn reached(trace: &str) -> Vec<(IpAddr, String)> {
    let of = |line: &str, before: &str| {
        let rest = line.split_once(before)?.1;
        let text = rest.split('"').next()?;
        Some((text.parse::<IpAddr>().ok()?, line.to_owned()))
    };
    let lines = trace.lines();
    let all = lines.flat_map(|line| {
        [of(line, "inet_addr(\""), of(line, "inet_pton(AF_INET6, \"")].into_iter().flatten()
    });
    all.collect()
}

/// The trace of a line of shell.
fn traced(place: &Place, trace: &Path, line: &str) -> String {
    let mut command = Command::new("strace");
    command.args(TRACED).arg(trace).args(["/bin/sh", "-c", &spelled(line)]).env_clear();
    command.stdin(Stdio::null());
    place.settle(&mut command);
    place.ran(&mut command, line, &[READY]);
    fs::read_to_string(trace).unwrap()
}

/// A trace once it tells of the end of the process that it is of: the tracer may write it a moment later.
fn whole(trace: &Path, pid: u32) -> String {
    let until = now() + Duration::from_secs(20);
    loop {
        let text = fs::read_to_string(trace).unwrap();
        let is_end = |line: &str| line.starts_with(&pid.to_string()) && line.contains("+++ exited");
        if text.lines().any(is_end) {
            return text;
        }
        assert!(now() < until, "{text}");
        thread::yield_now();
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a test waits is real time")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn no_command_connects_to_an_address_outside_loopback() {
    if tool("strace").is_none() || tool("curl").is_none() {
        return;
    }
    let mut place = Place::new();
    let served = place.folder.path().join("serve.trace");
    // The tracer stands aside, so that a signal is the program's.
    let shell = format!("exec strace -D {} '{}' \"$@\"", TRACED.join(" "), served.display());
    let path = "PATH=/usr/bin:/bin";
    place.running =
        serve_by(&format!("{path}; {shell}"), &["--clock", "frozen@2026-03-02T09:00:00Z"]);
    for request in SENT {
        place.running.raw("listen", request.replace('\n', "\r\n").as_bytes());
    }
    let trace = place.folder.path().join("line.trace");
    let mut n_reached = 0;
    for line in all_lines().chain(FAR.iter().copied()) {
        let found = reached(&traced(&place, &trace, line));
        n_reached += found.len();
        for (address, call) in found {
            assert!(address.to_canonical().is_loopback(), "{line}: {call}");
        }
    }
    // The commands reach a program that serves, so that a trace which sees nothing is none.
    assert!(n_reached > 50, "{n_reached}");
    assert_eq!(place.running.stop(), 0);
    let pid = place.running.child.id();
    for (address, call) in reached(&whole(&served, pid)) {
        assert!(address.to_canonical().is_loopback(), "serve: {call}");
    }
}

#[test]
fn a_call_that_leaves_is_seen() {
    let call = |address: &str| {
        format!(
            "1 connect(3, {{sa_family=AF_INET, sin_port=htons(80), sin_addr={address}}}, 16) = 0"
        )
    };
    let found = reached(&call("inet_addr(\"192.0.2.1\")"));
    assert!(found.len() == 1 && !found[0].0.is_loopback(), "{found:?}");
    let six = "1 connect(3, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr)}, 28) = 0";
    assert!(!reached(six)[0].0.to_canonical().is_loopback());
    assert!(reached(&call("inet_addr(\"127.0.0.1\")"))[0].0.is_loopback());
}
