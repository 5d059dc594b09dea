//! A world by the proxy's user.

use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use serde_json::json;

use crate::proxy::tunnel::connect;
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, serve};
use crate::support::secure::{Secure, ask};

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
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!("Proxy-Authorization: {}\r\n", user(name));
        let reply = connect(&mut stream, "api.infocu5.com:443", &head);
        assert_eq!(status_of(&reply), expected, "{name}: {reply}");
    }
}

/// A connection to a world, by the proxy's user or by the port of its own, after its handshake.
fn reached(
    running: &Running,
    own: Option<&String>,
    trusting: &Arc<ClientConfig>,
    world: &str,
    host: &str,
) -> Secure {
    let (mut tunnel, head) = if let Some(address) = own {
        (TcpStream::connect(address).unwrap(), String::new())
    } else {
        let head = format!("Proxy-Authorization: {}\r\n", user(world));
        (running.connect("listen"), head)
    };
    let told = connect(&mut tunnel, &format!("{host}:443"), &head);
    assert!(told.starts_with("HTTP/1.1 200"), "{world}: {told}");
    let name = host.to_owned().try_into().unwrap();
    let session = ClientConnection::new(Arc::clone(trusting), name).unwrap();
    let mut secure = StreamOwned::new(session, tunnel);
    while secure.conn.is_handshaking() {
        secure.conn.complete_io(&mut secure.sock).unwrap();
    }
    secure
}

/// Two hundred worlds at once over TLS, each with connections of its own that are open beside those of all
/// others: a read, and a write that leaves a row.
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
    let all_open = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (running, own, trusting) = (&running, &own, &trusting);
            let all_open = &all_open;
            scope.spawn(move || {
                let mut open = Vec::new();
                for idx in (client..WORLDS).step_by(CLIENTS) {
                    let world = format!("w{idx}");
                    let reach =
                        |host: &str| reached(running, own[idx].as_ref(), trusting, &world, host);
                    let both = (reach("api.infocu5.com"), reach("acme.maxcontact.com"));
                    open.push((world, both));
                }
                all_open.wait();
                for (world, (mut reads, mut writes)) in open {
                    let headers = [("Host", "api.infocu5.com"), ("X-Mark", world.as_str())];
                    let request = http("POST", "/dialer/", &headers, AGENTS);
                    let (reply, _) = ask(&mut reads, request.as_bytes());
                    assert!(reply.contains("50017"), "{world}: {reply}");
                    let (reply, _) = ask(&mut writes, add_lead(&world).as_bytes());
                    assert!(reply.contains("\"Success\":true"), "{world}: {reply}");
                }
            });
        }
    });
    for idx in 0..WORLDS {
        let world = format!("w{idx}");
        let (_, page) = running.admin("GET", &format!("/v1/worlds/{world}/journal"), "");
        let rows = page["entries"].as_array().unwrap();
        let exchanges: Vec<_> = rows.iter().filter(|row| !row["request"].is_null()).collect();
        assert_eq!(exchanges.len(), 2, "{world}: {page}");
        for exchange in exchanges {
            assert!(exchange.to_string().contains(&format!("\"{world}\"")), "{world}: {exchange}");
        }
        let path = format!("/v1/worlds/{world}/state/maxcontact/leads");
        let (_, leads) = running.admin("GET", &path, "");
        let leads = leads["rows"].as_array().unwrap();
        let names = leads.iter().filter_map(|lead| lead["name"].as_str());
        let added: Vec<&str> = names.filter(|name| name.starts_with('w')).collect();
        assert_eq!(added, [world.as_str()]);
    }
    let (_, page) = running.admin("GET", "/v1/worlds/default/journal", "");
    assert!(!page.to_string().contains("50017"), "{page}");
}

/// A lead that is called as its world is.
fn add_lead(world: &str) -> String {
    let lead = json!({
        "Name": world, "ListID": 12,
        "LeadPhones": [{ "PhoneNum": "07700900188", "PhoneTypeID": 1, "TimeZoneID": 0 }],
    });
    let headers = [
        ("Host", "acme.maxcontact.com"),
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("Cookie", "TokenKey=7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47"),
        ("X-Mark", world),
    ];
    http("POST", "/webservices/services/LeadManagement/AddLead", &headers, &lead.to_string())
}
