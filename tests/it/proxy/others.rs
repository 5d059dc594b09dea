//! Hosts that are let through.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use crate::proxy::tunnel::connect;
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{ringback, run, serve, serve_with};

/// A host of nobody's that takes one connection: reads a head, answers, and says what it was asked.
fn host(reply: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let served = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = head_of(&mut stream);
        stream.write_all(reply.as_bytes()).unwrap();
        head
    });
    (address, served)
}

fn head_of(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

const REPLY: &str = "HTTP/1.1 201 Created\r\nX-From: there\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_tunnel_is_passed_on_untouched_and_ends_with_its_sides() {
    let running = serve(&["--others", "pass"]);
    let (address, served) = host("anything at all");
    let mut tunnel = running.connect("listen");
    assert!(connect(&mut tunnel, &address, "").starts_with("HTTP/1.1 200 "));
    tunnel.write_all(b"\x16 not http \x00\r\n\r\n").unwrap();
    let mut reply = String::new();
    tunnel.read_to_string(&mut reply).unwrap();
    assert_eq!(reply, "anything at all");
    assert_eq!(served.join().unwrap(), "\x16 not http \x00\r\n\r\n");
    let (_, page) = running.admin("GET", "/v1/journal", "");
    assert_eq!(page["entries"].as_array().unwrap().len(), 0, "{page}");
}

#[test]
fn a_plain_request_goes_on_without_what_is_the_proxys() {
    let running = serve(&["--others", "pass"]);
    let (address, served) = host(REPLY);
    let headers = [("Proxy-Authorization", "Basic eDo="), ("X-Mine", "kept"), ("Host", "no.test")];
    // A user that is no world's is told so, here as elsewhere.
    let target = format!("http://{address}/a/b?c=d");
    let reply = running.raw("listen", http("POST", &target, &headers, "body").as_bytes());
    assert_eq!(status_of(&reply), 404, "{reply}");
    let reply = running.raw("listen", http("POST", &target, &headers[1..], "body").as_bytes());
    assert_eq!((status_of(&reply), body_of(&reply).as_str()), (201, "hello"), "{reply}");
    assert!(reply.contains("X-From: there"), "{reply}");
    let head = served.join().unwrap().to_ascii_lowercase();
    assert!(head.starts_with("post /a/b?c=d http/1.1\r\n"), "{head}");
    assert!(
        head.contains(&format!("host: {address}\r\n")) && head.contains("x-mine: kept"),
        "{head}"
    );
    assert!(!head.contains("proxy-") && head.contains("via: 1.1 ringback-"), "{head}");
}

#[test]
fn who_cannot_be_reached_is_told() {
    let running = serve(&["--others", "pass"]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let reply = connect(&mut running.connect("listen"), &free, "");
    assert!(reply.starts_with("HTTP/1.1 502 "), "{reply}");
    let target = format!("http://{free}/");
    let reply = running.raw("listen", http("GET", &target, &[], "").as_bytes());
    assert_eq!(status_of(&reply), 502, "{reply}");
    assert!(body_of(&reply).contains("cannot be reached"), "{reply}");
    let reply = running.raw("listen", http("GET", "https://example.com/", &[], "").as_bytes());
    assert_eq!(status_of(&reply), 403, "{reply}");
    assert!(body_of(&reply).contains("CONNECT"), "{reply}");
}

#[test]
fn the_users_own_proxy_is_gone_through() {
    let (proxy, served) = host("HTTP/1.1 200 Fine\r\n\r\nfirst");
    let proxy = format!("http://me:secret@{proxy}");
    let running = serve_with(&["--others", "pass"], &[("HTTPS_PROXY", &proxy)]);
    let mut tunnel = running.connect("listen");
    assert!(connect(&mut tunnel, "there.test:443", "").starts_with("HTTP/1.1 200 "));
    let mut reply = String::new();
    tunnel.read_to_string(&mut reply).unwrap();
    assert_eq!(reply, "first");
    let head = served.join().unwrap();
    assert!(head.starts_with("CONNECT there.test:443 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"), "{head}");

    let (proxy, served) = host(REPLY);
    let running = serve_with(&["--others", "pass"], &[("http_proxy", &proxy)]);
    let reply = running.raw("listen", http("GET", "http://there.test/x", &[], "").as_bytes());
    assert_eq!(status_of(&reply), 201, "{reply}");
    let head = served.join().unwrap();
    assert!(head.starts_with("GET http://there.test/x HTTP/1.1\r\n"), "{head}");
}

#[test]
fn a_proxy_variable_that_is_none_is_told_without_its_value() {
    let mut command = ringback();
    command.args([
        "serve",
        "--others",
        "pass",
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "127.0.0.1:0",
    ]);
    let (code, _, err) = run(command.env("HTTPS_PROXY", "socks5://u:hushhush@a.test"));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("HTTPS_PROXY") && !err.contains("hushhush"), "{err}");
}

/// A proxy that leads back to the listener.
#[test]
fn a_circle_is_refused() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let variables = [("HTTPS_PROXY", free.as_str()), ("HTTP_PROXY", free.as_str())];
    let running = serve_with(&["--others", "pass", "--listen", &free], &variables);
    let reply = connect(&mut running.connect("listen"), "there.test:443", "");
    assert!(reply.starts_with("HTTP/1.1 502 "), "{reply}");
    let reply = running.raw("listen", http("GET", "http://there.test/", &[], "").as_bytes());
    assert_eq!(status_of(&reply), 508, "{reply}");
    assert!(body_of(&reply).contains("in a circle"), "{reply}");
}
