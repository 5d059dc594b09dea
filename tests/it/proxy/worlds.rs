//! A world by the proxy's user.

use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::{ClientConnection, StreamOwned};
use serde_json::json;

use crate::proxy::tunnel::connect;
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, serve};
use crate::support::secure::ask;

/// Worlds that are driven at once.
const WORLDS: usize = 200;

/// Clients that drive them.
const CLIENTS: usize = 8;

fn user(name: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:")))
}

fn make(running: &Running, body: &serde_json::Value) -> serde_json::Value {
    let (status, made) = running.admin("POST", "/v1/worlds", &body.to_string());
    assert_eq!(status, 201, "{made}");
    made
}

#[test]
fn an_unknown_world_is_told_in_all_forms() {
    let running = serve(&[]);
    let head = format!("Proxy-Authorization: {}\r\n", user("nowhere"));
    let reply = connect(&mut running.connect("listen"), "api.infocu5.com:443", &head);
    assert!(reply.starts_with("HTTP/1.1 404 "), "{reply}");
    let headers = [("Proxy-Authorization", user("nowhere"))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let request = http("POST", "http://api.infocu5.com/dialer/", &headers, AGENTS);
    let reply = running.raw("listen", request.as_bytes());
    assert_eq!(status_of(&reply), 404, "{reply}");
    assert!(reply.contains("there is no world called \"nowhere\""), "{reply}");
}

#[test]
fn a_worlds_own_listener_takes_no_other_user() {
    let running = serve(&[]);
    make(&running, &json!({ "name": "other", "scenario": "demo" }));
    let own =
        make(&running, &json!({ "name": "own", "scenario": "demo", "listen": "127.0.0.1:0" }));
    let address = own["listen"].as_str().unwrap().trim_start_matches("http://").to_owned();
    for (name, expected) in [("own", 200), ("other", 404)] {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        let head = format!("Proxy-Authorization: {}\r\n", user(name));
        let reply = connect(&mut stream, "api.infocu5.com:443", &head);
        assert_eq!(status_of(&reply), expected, "{name}: {reply}");
    }
}

/// Two hundred worlds at once over TLS, by the proxy's user; some have a port of their own.
#[test]
fn many_worlds_at_once_hold_no_foreign_row() {
    let running = serve(&[]);
    let mut own = Vec::new();
    for idx in 0..WORLDS {
        let name = format!("w{idx}");
        let mut wanted = json!({ "name": name, "scenario": "demo" });
        if idx % 4 == 0 {
            wanted["listen"] = "127.0.0.1:0".into();
        }
        let made = make(&running, &wanted);
        own.push(made["listen"].as_str().map(|it| it.trim_start_matches("http://").to_owned()));
    }
    let trusting = running.trusting();
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (running, own, trusting) = (&running, &own, &trusting);
            scope.spawn(move || {
                for idx in (client..WORLDS).step_by(CLIENTS) {
                    let name = format!("w{idx}");
                    let mut tunnel = match &own[idx] {
                        Some(address) => std::net::TcpStream::connect(address).unwrap(),
                        None => running.connect("listen"),
                    };
                    let head = match &own[idx] {
                        Some(_) => String::new(),
                        None => format!("Proxy-Authorization: {}\r\n", user(&name)),
                    };
                    connect(&mut tunnel, "api.infocu5.com:443", &head);
                    let host = "api.infocu5.com".try_into().unwrap();
                    let session = ClientConnection::new(trusting.clone(), host).unwrap();
                    let headers = [("Host", "api.infocu5.com"), ("X-Mark", name.as_str())];
                    let request = http("POST", "/dialer/", &headers, AGENTS);
                    let (reply, _) =
                        ask(&mut StreamOwned::new(session, tunnel), request.as_bytes());
                    assert!(reply.contains("50017"), "{name}: {reply}");
                }
            });
        }
    });
    for idx in 0..WORLDS {
        let (_, page) = running.admin("GET", &format!("/v1/worlds/w{idx}/journal"), "");
        let rows = page["entries"].as_array().unwrap();
        let exchanges: Vec<_> = rows.iter().filter(|row| !row["request"].is_null()).collect();
        assert_eq!(exchanges.len(), 1, "w{idx}: {page}");
        let shown = exchanges[0].to_string();
        assert!(shown.contains(&format!("\"w{idx}\"")), "w{idx}: {shown}");
    }
}
