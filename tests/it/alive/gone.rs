//! Clients that close their side and listen on, and clients that are gone.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use crate::alive::{add_fault, ask, is_closed, kept, metric, wait_for_struck};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, serve};

/// Sends a request, closes the sending side, and reads the reply.
fn half_closed(running: &Running, listener: &str, request: &str) -> String {
    let mut stream = running.connect(listener);
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

#[test]
fn a_client_that_has_closed_its_side_is_answered() {
    let running = serve(&[]);
    for _ in 0..100 {
        let reply = half_closed(&running, "listen", &kept());
        assert!(status_of(&reply) == 200 && reply.contains("50017"), "{reply:?}");
        assert_eq!(
            status_of(&half_closed(&running, "admin", &http("GET", "/livez", &[], ""))),
            200
        );
    }
    add_fault(&running, r#"{"then":"delay","delay":"300ms"}"#);
    let reply = half_closed(&running, "listen", &kept());
    assert!(status_of(&reply) == 200 && reply.contains("50017"), "{reply:?}");
}

#[test]
fn a_client_that_closed_its_side_in_a_hanging_reply_is_let_go() {
    let running = serve(&[]);
    add_fault(&running, r#"{"then":"hang"}"#);
    assert_eq!(half_closed(&running, "listen", &kept()), "");
}

/// A connection that ends with a reset when it is dropped: a reply on it stays unread.
fn one_that_resets(running: &Running) -> TcpStream {
    let mut stream = running.connect("listen");
    stream.write_all(kept().as_bytes()).unwrap();
    // One byte of the reply has come, so the rest is there.
    stream.read_exact(&mut [0]).unwrap();
    stream
}

#[test]
fn a_client_that_is_gone_is_noticed_while_its_reply_is_delayed() {
    let running = serve(&[]);
    let mut streams: Vec<TcpStream> = (0..5).map(|_| one_that_resets(&running)).collect();
    add_fault(&running, r#"{"then":"delay","delay":"10m"}"#);
    for stream in &mut streams {
        stream.write_all(kept().as_bytes()).unwrap();
    }
    wait_for_struck(&running, 5);
    drop(streams);
    let open = || metric(&running, "ringback_connections_open");
    // The one that asks is open itself.
    assert!((0..5000).any(|_| open() == 1), "connections of nobody are kept: {}", open());
}

#[test]
fn a_stream_that_its_reader_left_is_given_up() {
    let running = serve(&[]);
    let request = http("GET", "/v1/worlds/default/journal/stream", &[], "");
    let mut stream = running.connect("admin");
    stream.write_all(request.as_bytes()).unwrap();
    stream.read_exact(&mut [0]).unwrap();
    drop(stream);
    let is_left = |_| {
        // What happens is sent to it, which a reader that is gone answers with a reset.
        running.post("/dialer/", AGENTS);
        metric(&running, "ringback_connections_open") == 1
    };
    assert!((0..5000).any(is_left));
}

#[test]
fn what_follows_an_unread_upload_is_not_lost() {
    let running = serve(&["--body-max", "1000"]);
    let mut stream = running.connect("listen");
    let request = http("POST", "/dialer/", &[], &"x".repeat(200_000));
    let reply = ask(&mut stream, &request).expect("the refusal arrives");
    assert_eq!(status_of(&reply), 413);
    assert!(is_closed(&mut stream));
}
