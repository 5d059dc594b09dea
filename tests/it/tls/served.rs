//! What is asked over TLS is answered as over plain HTTP.

use std::io::{Read, Write};
use std::net::Shutdown;

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, serve};
use crate::support::secure::{End, ask};

/// Without what is of its moment.
fn without_date(reply: &str) -> String {
    reply.lines().filter(|line| !line.starts_with("Date:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn both_are_answered_alike_on_every_listener() {
    let running = serve(&[]);
    let request = http("POST", "/dialer/", &[("Host", "api.infocu5.com")], AGENTS);
    let plain = running.raw("listen", request.as_bytes());
    for name in ["api.infocu5.com", "localhost", "w.localhost", "127.0.0.1"] {
        let (secure, end) = ask(&mut running.secure("listen", name), request.as_bytes());
        assert_eq!(without_date(&secure), without_date(&plain), "{name}");
        assert_eq!(end, End::Said, "{name}");
    }
    let version = http("GET", "/version", &[], "");
    let (reply, _) = ask(&mut running.secure("admin", "localhost"), version.as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
}

#[test]
fn a_connection_is_kept_and_a_large_body_comes_whole() {
    let running = serve(&[]);
    let mut secure = running.secure("listen", "api.infocu5.com");
    let body = format!("{}{}", AGENTS, " ".repeat(2_000_000));
    for _ in 0..3 {
        let request = http("POST", "/dialer/", &[], &body).replace("Connection: close\r\n", "");
        secure.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            secure.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.unwrap().parse().unwrap()];
        secure.read_exact(&mut body).unwrap();
        assert!(String::from_utf8(body).unwrap().contains("50017"), "{head}");
    }
}

#[test]
fn a_client_that_has_closed_its_side_is_answered() {
    let running = serve(&[]);
    let request = http("POST", "/dialer/", &[], AGENTS);
    // With and without saying so in TLS.
    for says in [true, false] {
        let mut secure = running.secure("listen", "api.infocu5.com");
        secure.write_all(request.as_bytes()).unwrap();
        if says {
            secure.conn.send_close_notify();
        }
        secure.flush().unwrap();
        secure.sock.shutdown(Shutdown::Write).unwrap();
        let (reply, _) = {
            let (bytes, end) = crate::support::secure::rest(&mut secure);
            (String::from_utf8(bytes).unwrap(), end)
        };
        assert!(body_of(&reply).contains("50017"), "{says}: {reply}");
    }
}

#[test]
fn a_stop_does_not_wait_for_idle_connections_and_says_goodbye() {
    let mut running = serve(&[]);
    let mut secure = running.secure("listen", "localhost");
    assert_eq!(running.stop(), 0);
    let (bytes, _) = crate::support::secure::rest(&mut secure);
    assert_eq!(bytes, b"");
}
