//! Faults over TLS: the bytes are those of plain HTTP, and a connection that is cut or reset there is
//! cut or reset here, without the word that would make it look whole.

use std::io::{ErrorKind, Read, Write};

use serde_json::{Value, json};

use crate::support::http::http;
use crate::support::program::{AGENTS, Running, serve};
use crate::support::secure::{End, ask};

/// What came over plain HTTP, and whether it ended with a reset.
fn plain(running: &Running, request: &str) -> (String, bool) {
    let mut stream = running.connect("listen");
    stream.write_all(request.as_bytes()).unwrap();
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    let was_reset = loop {
        match stream.read(&mut chunk) {
            Ok(0) => break false,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break true,
            Err(error) => panic!("{error}"),
        }
    };
    (String::from_utf8(bytes).unwrap(), was_reset)
}

/// Without what is of its moment.
fn settled(reply: &str) -> String {
    let kept = reply.split_inclusive("\r\n").filter(|line| !line.starts_with("Date:"));
    kept.collect()
}

#[test]
fn each_fault_is_byte_for_byte_that_of_plain_http() {
    let running = serve(&[]);
    let request = http("POST", "/dialer/", &[], AGENTS);
    let rules: [(Value, End); 12] = [
        (json!({ "then": "delay", "delay": "5ms" }), End::Said),
        (json!({ "then": "drip", "bytes": 100, "pause": "2ms" }), End::Said),
        (json!({ "then": "malform" }), End::Said),
        (json!({ "then": "truncate", "bytes": 20 }), End::Cut),
        (json!({ "then": "reset_after_head" }), End::Reset),
        (json!({ "then": "lose_reply" }), End::Cut),
        (json!({ "then": "status", "status": 503 }), End::Said),
        (json!({ "then": "fail" }), End::Said),
        (json!({ "then": "reset" }), End::Reset),
        (json!({ "then": "close" }), End::Said),
        (
            json!({ "then": "refuse", "on": { "vendor": "infocu5" }, "error": "infocu5.credentials" }),
            End::Said,
        ),
        (
            json!({ "then": "rate_limit", "most": 0, "per": "1h", "retry_after": "seconds" }),
            End::Said,
        ),
    ];
    for (rule, expected) in rules {
        let (status, told) = running.admin("POST", "/v1/worlds/default/faults", &rule.to_string());
        assert_eq!(status, 201, "{rule}: {told}");
        let (over_plain, was_reset) = plain(&running, &request);
        let mut secure = running.secure("listen", "api.infocu5.com");
        let (over_tls, end) = ask(&mut secure, request.as_bytes());
        assert_eq!(settled(&over_tls), settled(&over_plain), "{rule}");
        assert_eq!(end, expected, "{rule}");
        assert_eq!(was_reset, expected == End::Reset, "{rule}");
        assert_eq!(running.admin("DELETE", "/v1/worlds/default/faults", "").0, 200);
    }
}

#[test]
fn a_reply_that_hangs_ends_with_its_client() {
    let running = serve(&[]);
    let rule = json!({ "then": "hang" });
    assert_eq!(running.admin("POST", "/v1/worlds/default/faults", &rule.to_string()).0, 201);
    for says in [true, false] {
        let mut secure = running.secure("listen", "api.infocu5.com");
        secure.write_all(http("POST", "/dialer/", &[], AGENTS).as_bytes()).unwrap();
        if says {
            secure.conn.send_close_notify();
        }
        secure.flush().unwrap();
        secure.sock.shutdown(std::net::Shutdown::Write).unwrap();
        // It ends at once where the client has given up, and after ten minutes where it has not.
        let (bytes, end) = crate::support::secure::rest(&mut secure);
        assert_eq!((bytes.as_slice(), end), (&b""[..], End::Cut), "{says}");
    }
}
