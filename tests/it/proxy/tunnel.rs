//! What is asked by way of the proxy and answered here; what is refused.

use std::io::{Read, Write};

use rustls::{ClientConnection, StreamOwned};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, Running, serve};
use crate::support::secure::{End, ask};
use crate::support::tool::tool;

/// Asks for a tunnel over a connection; the reply's head.
pub(crate) fn connect(stream: &mut (impl Read + Write), target: &str, headers: &str) -> String {
    let head = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.flush().unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn journal(running: &Running) -> String {
    running.admin("GET", "/v1/journal", "").1.to_string()
        + &running.admin("GET", "/v1/worlds/default/journal", "").1.to_string()
}

#[test]
fn inside_a_tunnel_plain_and_tls_are_answered_whatever_the_port() {
    let running = serve(&[]);
    let request = http("POST", "/dialer/", &[("Host", "api.infocu5.com")], AGENTS);
    for target in ["api.infocu5.com:443", "API.infocu5.com:8443", "api.infocu5.com:80"] {
        let mut plain = running.connect("listen");
        let head = connect(&mut plain, target, "");
        assert_eq!(head, "HTTP/1.1 200 OK\r\n\r\n", "{target}");
        plain.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        plain.read_to_string(&mut reply).unwrap();
        assert!(reply.contains("50017"), "{target}: {reply}");

        let mut tunnel = running.connect("listen");
        connect(&mut tunnel, target, "");
        let name = "api.infocu5.com".try_into().unwrap();
        let client = ClientConnection::new(running.trusting(), name).unwrap();
        let (reply, end) = ask(&mut StreamOwned::new(client, tunnel), request.as_bytes());
        assert!(reply.contains("50017"), "{target}: {reply}");
        assert_eq!(end, End::Said);
    }
}

#[test]
fn a_tunnel_inside_tls_holds_tls_again() {
    let running = serve(&[]);
    let mut outer = running.secure("listen", "localhost");
    assert!(connect(&mut outer, "acme.maxcontact.com:443", "").starts_with("HTTP/1.1 200"));
    let name = "acme.maxcontact.com".try_into().unwrap();
    let client = ClientConnection::new(running.trusting(), name).unwrap();
    let mut inner = StreamOwned::new(client, outer);
    let request = http("GET", "/nowhere", &[("Host", "acme.maxcontact.com")], "");
    inner.write_all(request.as_bytes()).unwrap();
    let mut reply = Vec::new();
    inner.read_to_end(&mut reply).unwrap();
    let reply = String::from_utf8(reply).unwrap();
    assert_eq!(status_of(&reply), 404, "{reply}");
    assert!(journal(&running).contains("maxcontact"), "{}", journal(&running));
}

#[test]
fn the_tunnels_host_counts_and_names_the_certificate_where_the_client_does_not() {
    let running = serve(&["--host", "jtel=192.0.2.7"]);
    let mut tunnel = running.connect("listen");
    connect(&mut tunnel, "192.0.2.7:443", "");
    // An address is no name that TLS could tell.
    let client =
        ClientConnection::new(running.trusting(), "192.0.2.7".try_into().unwrap()).unwrap();
    let path = "/rest/v1.0/7/dialler/contacts/301501";
    let headers = [("Host", "other.test"), ("Authorization", "Bearer SIMTOKEN-7A")];
    let (reply, _) =
        ask(&mut StreamOwned::new(client, tunnel), http("GET", path, &headers, "").as_bytes());
    assert_eq!(status_of(&reply), 200, "{reply}");
}

#[test]
fn absolute_forms_are_answered_also_inside_a_tunnel() {
    let running = serve(&[]);
    for scheme in ["http", "https"] {
        let target = format!("{scheme}://api.infocu5.com/dialer/");
        let request = http("POST", &target, &[("Host", "api.infocu5.com")], AGENTS);
        let reply = running.raw("listen", request.as_bytes());
        assert!(reply.contains("50017"), "{scheme}: {reply}");
        let mut tunnel = running.connect("listen");
        connect(&mut tunnel, "api.infocu5.com:80", "");
        tunnel.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        tunnel.read_to_string(&mut reply).unwrap();
        assert!(reply.contains("50017"), "{scheme}: {reply}");
    }
    // The listener's own address, written out.
    let target = format!("http://{}/dialer/", running.address("listen"));
    let reply = running.raw("listen", http("POST", &target, &[], AGENTS).as_bytes());
    assert!(reply.contains("50017"), "{reply}");
}

#[test]
fn a_host_that_is_a_slip_away_is_told_with_the_one_that_is_meant() {
    let running = serve(&[]);
    for (sent, meant) in [
        ("api.infocus5.com", Some("api.infocu5.com")),
        ("acme.maxcontct.com", Some("acme.maxcontact.com")),
        ("example.com", None),
    ] {
        let target = format!("http://{sent}/dialer/");
        let reply = running.raw("listen", http("GET", &target, &[], "").as_bytes());
        assert_eq!(status_of(&reply), 403, "{reply}");
        let told = body_of(&reply);
        match meant {
            Some(meant) => {
                let words = format!("did you mean {meant}? --host VENDOR={sent}");
                assert!(told.contains(&words), "{told}");
            }
            None => assert!(!told.contains("did you mean"), "{told}"),
        }
    }
}

#[test]
fn others_are_refused_with_both_ways_out_and_noted() {
    let running = serve(&[]);
    let refused = connect(&mut running.connect("listen"), "example.com:443", "");
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
    for scheme in ["http", "https"] {
        let target = format!("{scheme}://example.com/x");
        let reply = running.raw("listen", http("GET", &target, &[], "").as_bytes());
        assert_eq!(status_of(&reply), 403, "{reply}");
        for words in ["example.com", "--host VENDOR=example.com", "--others pass"] {
            assert!(body_of(&reply).contains(words), "{reply}");
        }
    }
    let (_, page) = running.admin("GET", "/v1/journal", "");
    let rows = page["entries"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "{page}");
    assert!(rows.iter().all(|row| row["outcome"] == "refused"), "{page}");
    let first = &rows[0]["request"];
    assert_eq!(
        (&first["method"], &first["target"]),
        (&"CONNECT".into(), &"example.com:443".into())
    );
    let refused = connect(&mut running.connect("admin"), "api.infocu5.com:443", "");
    assert!(refused.starts_with("HTTP/1.1 405 "), "{refused}");
}

#[test]
fn what_is_between_client_and_proxy_reaches_no_vendor_and_no_journal() {
    let running = serve(&[]);
    let target = "http://api.infocu5.com/dialer/";
    let headers = [
        ("Proxy-Authorization", "Basic ZGVmYXVsdDpodXNoaHVzaA=="),
        ("Proxy-Connection", "keep-alive-mark"),
        ("Host", "api.infocu5.com"),
    ];
    let reply = running.raw("listen", http("POST", target, &headers, AGENTS).as_bytes());
    assert!(reply.contains("50017"), "{reply}");
    running.raw("listen", http("GET", "http://example.com/", &headers[..2], "").as_bytes());
    let journal = journal(&running).to_ascii_lowercase();
    for word in ["proxy-", "zgvmyxvsddpodxnoahvzaa", "keep-alive-mark"] {
        assert!(!journal.contains(word), "{word}: {journal}");
    }
}

#[test]
fn a_login_for_the_proxy_where_there_is_none_is_told_and_masked() {
    let running = serve(&[]);
    let headers = [("Proxy-Authorization", "Bearer SIMTOKEN-7A")];
    let target = "/rest/v1.0/7/dialler/campaigns";
    let reply = running.raw("listen", http("GET", target, &headers, "").as_bytes());
    assert!(reply.starts_with("HTTP/1.1 401 "), "{reply}");
    let journal = journal(&running);
    assert!(journal.contains("but a token in the header proxy-authorization"), "{journal}");
    assert!(!journal.contains("SIMTOKEN"), "{journal}");
}

#[test]
fn what_leads_nowhere_gets_a_clear_line_and_costs_nobody_else() {
    let running = serve(&["--idle-timeout", "1"]);
    for (target, headers) in [
        ("api.infocu5.com", ""),
        ("api.infocu5.com:0", ""),
        ("api.infocu5.com:70000", ""),
        ("api.infocu5.com:443", "Content-Length: 3\r\n"),
        ("api.infocu5.com:443", "Transfer-Encoding: chunked\r\n"),
        ("/", ""),
    ] {
        let reply = connect(&mut running.connect("listen"), target, headers);
        assert!(reply.starts_with("HTTP/1.1 400 "), "{target} {headers}: {reply}");
    }
    let mut tunnel = running.connect("listen");
    connect(&mut tunnel, "api.infocu5.com:443", "");
    let reply = connect(&mut tunnel, "api.infocu5.com:443", "");
    assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
    // Tunnels that never speak are closed as idle connections are.
    let silent: Vec<_> = (0..50)
        .map(|_| {
            let mut tunnel = running.connect("listen");
            connect(&mut tunnel, "api.infocu5.com:443", "");
            tunnel
        })
        .collect();
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    for mut tunnel in silent {
        assert_eq!(tunnel.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn curl_goes_by_the_proxy() {
    let Some(curl) = tool("curl") else { return };
    let running = serve(&[]);
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, running.ca()).unwrap();
    for (proxy, address) in [
        ("http", "http://api.infocu5.com/dialer/"),
        ("http", "https://api.infocu5.com/dialer/"),
        ("https", "https://api.infocu5.com/dialer/"),
    ] {
        let proxy = format!("{proxy}://{}", running.address("listen"));
        let output = std::process::Command::new(&curl)
            .args(["-sS", "-x", &proxy, "--data-binary", AGENTS, address])
            .arg("--cacert")
            .arg(&ca)
            .arg("--proxy-cacert")
            .arg(&ca)
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(out.contains("50017"), "{proxy} {address}: {out} {err}");
    }
}
