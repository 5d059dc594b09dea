//! Handshakes that come to nothing, and who learns of them.

use std::io::{ErrorKind, Read, Write};

use rustls::RootCertStore;
use serde_json::Value;

use crate::support::http::http;
use crate::support::program::{AGENTS, Running, serve};
use crate::support::secure::config;

/// The rows of the process journal that tell of handshakes, once there are as many.
fn rows(running: &Running, n_wanted: usize) -> Vec<Value> {
    loop {
        let (status, page) = running.admin("GET", "/v1/journal", "");
        assert_eq!(status, 200, "{page}");
        let rows = page["entries"].as_array().unwrap().iter();
        let rows: Vec<Value> = rows.filter(|it| it["action"] == "handshake").cloned().collect();
        if rows.len() >= n_wanted {
            assert_eq!(rows.len(), n_wanted, "{rows:?}");
            return rows;
        }
    }
}

fn count(running: &Running, cause: &str) -> String {
    let metrics = running.raw("admin", http("GET", "/metrics", &[], "").as_bytes());
    let name = format!("ringback_tls_handshakes_failed_total{{cause=\"{cause}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(name.as_str()));
    line.unwrap_or_else(|| panic!("{metrics}")).to_owned()
}

fn ended(running: &Running, bytes: &[u8]) {
    let mut stream = running.connect("listen");
    stream.write_all(bytes).unwrap();
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => assert!(!rest.starts_with(b"HTTP"), "{rest:?}"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
}

#[test]
fn what_is_no_request_is_told_of_and_counts_as_no_handshake() {
    let running = serve(&[]);
    for (n_rows, bytes) in
        [(1, "GET /a b HTTP/1.1\r\n\r\n"), (2, "GET / HTTP/1.1\r\nno colon\r\n\r\n")]
    {
        let mut stream = running.connect("listen");
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut reply = Vec::new();
        running.read_to_end(&mut stream, &mut reply).unwrap();
        assert!(reply.starts_with(b"HTTP/1.1 400"), "{reply:?}");
        let rows = rows(&running, n_rows);
        let row = rows.last().unwrap();
        assert_eq!(row["detail"]["cause"], "no_request", "{row}");
        let error = row["error"].as_str().unwrap();
        assert!(error.contains("no request of HTTP/1.1") && error.contains("GET /path"), "{error}");
    }
    assert_eq!(count(&running, "other"), "0");
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(70_000));
    let mut stream = running.connect("listen");
    stream.write_all(long.as_bytes()).unwrap();
    let rows = rows(&running, 3);
    let error = rows[2]["error"].as_str().unwrap();
    assert!(error.contains("at most 65536 bytes and 100 headers"), "{error}");
}

#[test]
fn a_client_that_trusts_others_is_told_of_with_the_cure() {
    let running = serve(&[]);
    let stranger = config(RootCertStore::empty());
    let mut failed = running.secure_with(stranger, "listen", "api.infocu5.com");
    // With TLS 1.3 a client's verdict may come after its handshake.
    if let Ok(secure) = &mut failed {
        assert!(secure.write_all(b"GET / HTTP/1.1\r\n\r\n").is_err());
    }
    drop(failed);
    let rows = rows(&running, 1);
    let row = &rows[0];
    assert_eq!(row["detail"]["name"], "api.infocu5.com", "{row}");
    assert_eq!(row["detail"]["cause"], "untrusted", "{row}");
    assert_eq!(row["outcome"], "refused", "{row}");
    let error = row["error"].as_str().unwrap();
    assert!(error.contains("ringback ca") && error.contains("/ca.pem"), "{error}");
    assert_eq!(count(&running, "untrusted"), "1");
}

#[test]
fn junk_and_long_hellos_cost_their_own_connection() {
    let running = serve(&[]);
    ended(&running, b"\x16\x03\x01\x00\x05junk!");
    ended(&running, b"\x16GET / HTTP/1.1\r\n\r\n");
    // A hello that says it has 64 KiB, and goes on for as long.
    let mut long = Vec::new();
    for idx in 0..8 {
        long.extend(b"\x16\x03\x01\x20\x00");
        let start = long.len();
        long.resize(start + 0x2000, 0);
        if idx == 0 {
            long[start..start + 4].copy_from_slice(b"\x01\x01\x00\x00");
        }
    }
    ended(&running, &long);
    let rows = rows(&running, 3);
    assert!(rows.iter().all(|row| row["detail"]["cause"] == "junk"), "{rows:?}");
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
}

#[test]
fn a_handshake_that_never_ends_is_cut_and_holds_up_nobody() {
    let running = serve(&["--head-timeout", "1"]);
    let mut silent = running.connect("listen");
    silent.write_all(b"\x16\x03\x01").unwrap();
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    let mut rest = Vec::new();
    let _ = silent.read_to_end(&mut rest);
    assert_eq!(rest, b"");
    let rows = rows(&running, 1);
    assert_eq!(rows[0]["detail"]["cause"], "slow", "{rows:?}");
    assert_eq!(count(&running, "slow"), "1");
}

#[test]
fn a_client_that_goes_away_is_counted() {
    let running = serve(&[]);
    let mut gone = running.connect("listen");
    gone.write_all(b"\x16\x03\x01\x02\x00\x01").unwrap();
    drop(gone);
    let rows = rows(&running, 1);
    assert_eq!(rows[0]["detail"]["cause"], "gone", "{rows:?}");
}

/// The start of a handshake that asks for this name, whatever it is.
fn hello_for(name: &[u8]) -> Vec<u8> {
    fn sized(bytes: &[u8]) -> Vec<u8> {
        [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
    }
    let extension = |kind: u16, bytes: &[u8]| [&kind.to_be_bytes()[..], &sized(bytes)].concat();
    let names = sized(&[&[0][..], &sized(name)].concat());
    let extensions = [
        extension(0, &names),
        extension(43, b"\x02\x03\x04"),
        extension(13, b"\x00\x02\x04\x03"),
        extension(10, b"\x00\x02\x00\x17"),
    ];
    let start = [&b"\x03\x03"[..], &[7; 32], b"\x00\x00\x02\x13\x01\x01\x00"].concat();
    let body = [start, sized(&extensions.concat())].concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let hello = [&[1][..], &length[1..], &body].concat();
    [&b"\x16\x03\x01"[..], &sized(&hello)].concat()
}

#[test]
fn a_name_that_is_no_hosts_is_told_and_costs_nobody_else() {
    let running = serve(&[]);
    let names: [&[u8]; 6] =
        [b"a b", b"-a.test", b"a..test", b"\xff\xfe", b"*.a.test", &[b'a'; 300]];
    for name in names {
        ended(&running, &hello_for(name));
    }
    for row in rows(&running, names.len()) {
        let error = row["error"].as_str().unwrap();
        assert!(error.contains("a name that is no host's (SNI)"), "{row}");
    }
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
}
