//! Connections in plenty: idle, half-sent, beyond the limit and beyond the descriptors.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::process::Signal;

use crate::alive::{add_fault, ask, is_closed, kept, metric, wait_for_struck};
use crate::support::http::status_of;
use crate::support::program::{AGENTS, Running, ringback, run, serve, serve_by};

/// More than fit into the line that a listener has by default, which is 128.
const BURST: usize = 400;

fn newcomers_are_served(running: &Running) {
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    assert_eq!(running.admin("GET", "/livez", "").0, 200);
}

#[test]
fn the_longest_idle_make_room_for_newcomers() {
    let running = serve(&["--connections-max", "5"]);
    let mut idle: Vec<TcpStream> = (0..50).map(|_| running.connect("listen")).collect();
    newcomers_are_served(&running);
    // At the most five are left of the listener's, and those were the last.
    assert!(idle.iter_mut().take(45).all(is_closed), "one that idled longer was kept");
    assert!(ask(&mut idle[49], &kept()).is_some_and(|reply| status_of(&reply) == 200));
    assert!(metric(&running, "ringback_connections_made_room_total") >= 45);
}

#[test]
fn a_burst_that_comes_before_the_program_can_take_it_finds_room() {
    let running = serve(&[]);
    let id = rustix::process::Pid::from_child(&running.child);
    rustix::process::kill_process(id, Signal::STOP).unwrap();
    let address = running.ready["listen"].as_str().unwrap().trim_start_matches("http://");
    let address: SocketAddr = address.parse().unwrap();
    // A client that finds no room tries again after a second.
    let one = || TcpStream::connect_timeout(&address, Duration::from_millis(700));
    // The system may hold the line shorter than the program asks for.
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn");
    let most = most.ok().and_then(|it| it.trim().parse().ok()).unwrap_or(BURST);
    let all: Result<Vec<TcpStream>, _> = (0..BURST.min(most)).map(|_| one()).collect();
    rustix::process::kill_process(id, Signal::CONT).unwrap();
    let mut all = all.expect("one of the burst is told to come again");
    for stream in &mut all {
        assert!(ask(stream, &kept()).is_some_and(|reply| status_of(&reply) == 200));
    }
}

#[test]
fn half_sent_heads_and_bodies_make_room_too() {
    for start in
        ["POST /dialer/ HT", "POST /dialer/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"]
    {
        let running = serve(&["--connections-max", "5"]);
        let slow = || {
            let mut stream = running.connect("listen");
            stream.write_all(start.as_bytes()).unwrap();
            stream
        };
        let mut all: Vec<TcpStream> = (0..40).map(|_| slow()).collect();
        newcomers_are_served(&running);
        assert!(all.iter_mut().take(30).all(is_closed));
    }
}

#[test]
fn one_that_is_being_answered_makes_no_room() {
    let running = serve(&["--connections-max", "1"]);
    add_fault(&running, r#"{"on":{"times":1},"then":"delay","delay":"700ms"}"#);
    let mut stream = running.connect("listen");
    stream.write_all(kept().as_bytes()).unwrap();
    wait_for_struck(&running, 1);
    // It waits for the one place, and has it when the first is answered.
    let mut next = running.connect("listen");
    let second = ask(&mut next, &kept());
    let first = ask(&mut stream, "");
    assert!(first.is_some_and(|reply| status_of(&reply) == 200), "it was cut off");
    assert!(second.is_some_and(|reply| status_of(&reply) == 200), "the newcomer is not served");
}

#[test]
fn descriptors_that_run_out_keep_nobody_out() {
    let mut running = serve_by(r#"ulimit -n 40; exec "$@""#, &["--log", "warn"]);
    let mut idle: Vec<TcpStream> = (0..200).map(|_| running.connect("listen")).collect();
    for _ in 0..20 {
        newcomers_are_served(&running);
    }
    assert!(is_closed(&mut idle[0]));
    idle.extend((0..100).map(|_| running.connect("admin")));
    newcomers_are_served(&running);
    drop(idle);
    newcomers_are_served(&running);
    assert_eq!(running.admin("GET", "/readyz", "").0, 200);
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0);
    let n_told = said.lines().filter(|line| line.contains("cannot accept")).count();
    assert!((1..=2).contains(&n_told), "once for each listener: {said}");
}

#[test]
fn an_idle_connection_and_a_slow_head_have_times_of_their_own() {
    let idle_is_short = serve(&["--idle-timeout", "1", "--head-timeout", "600"]);
    let mut stream = idle_is_short.connect("listen");
    assert!(ask(&mut stream, &kept()).is_some());
    assert!(is_closed(&mut stream));

    let head_is_short = serve(&["--idle-timeout", "600", "--head-timeout", "1"]);
    let mut idle = head_is_short.connect("listen");
    assert!(ask(&mut idle, &kept()).is_some());
    let mut fresh = head_is_short.connect("listen");
    let mut slow = head_is_short.connect("listen");
    slow.write_all(b"POST /dialer/ HT").unwrap();
    assert!(is_closed(&mut slow));
    // By now both have been idle for longer than a head may take.
    for stream in [&mut idle, &mut fresh] {
        let reply = ask(stream, &kept()).expect("an idle connection was closed");
        assert_eq!(status_of(&reply), 200);
    }
    assert_eq!(metric(&head_is_short, "ringback_below_http_errors_total{kind=\"slow\"}"), 1);
}

#[test]
fn an_idle_connection_lives_for_75_seconds_by_default() {
    let (code, help, _) = run(ringback().args(["serve", "--help"]));
    assert_eq!(code, 0);
    let at = help.find("--idle-timeout").expect("the flag is told");
    let told = &help[at..];
    assert!(told[..told.find("--head-timeout").unwrap()].contains("[default: 75]"), "{told}");
}
