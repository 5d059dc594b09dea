//! Listeners of a world, and of one vendor.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use super::{CONTACT, exchanges, make};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, ringback, run, serve};

/// A GET with a bearer token, on an address of its own or the shared listener.
fn get_contact(address: &str, headers: &[(&str, &str)]) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(http("GET", CONTACT, headers, "").as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    status_of(&reply)
}

#[test]
fn a_world_has_its_own_port_for_as_long_as_it_lives() {
    let running = serve(&[]);
    let body = json!({ "name": "a", "scenario": "demo", "listen": "127.0.0.1:0" });
    let (status, made) = make(&running, &body);
    assert_eq!(status, 201, "{made}");
    let address = made["listen"].as_str().unwrap().trim_start_matches("http://").to_owned();
    let token = [("Authorization", "Bearer SIMTOKEN-7A")];
    // The port decides before everything else.
    let elsewhere = [token[0], ("X-Ringback-World", "default"), ("Host", "default.localhost")];
    assert_eq!(get_contact(&address, &elsewhere), 200);
    running.admin("POST", "/v1/worlds/a/checkpoint", r#"{"name":"c"}"#);
    running.admin("POST", "/v1/worlds/a/reset", "");
    assert_eq!(get_contact(&address, &token), 200);
    let (_, rolled) = running.admin("POST", "/v1/worlds/a/rollback", r#"{"name":"c"}"#);
    assert_eq!(rolled["world"]["listen"], made["listen"], "{rolled}");
    assert_eq!((exchanges(&running, "a"), exchanges(&running, "default")), (2, 0));

    // Written as people do.
    let named = json!({ "name": "n", "scenario": "demo", "listen": "http://localhost:0/" });
    let (status, named) = make(&running, &named);
    let at = named["listen"].as_str().unwrap_or_default();
    assert!(status == 201 && at.starts_with("http://127.0.0.1:"), "{named}");

    // A port that is taken, and one that may not be had: nothing is made.
    let same_port = json!({ "name": "b", "scenario": "demo", "listen": address });
    let (status, problem) = make(&running, &same_port);
    assert_eq!((status, &problem["type"]), (409, &json!("urn:ringback:problem:address-in-use")));
    let open = json!({ "name": "b", "scenario": "demo", "listen": "0.0.0.0:0" });
    let (status, problem) = make(&running, &open);
    assert_eq!(status, 400, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("binds loopback only"));
    assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);

    // When the answer to the deletion is there, the address is free.
    assert_eq!(running.admin("DELETE", "/v1/worlds/a", "").0, 200);
    let mine = TcpListener::bind(&address).unwrap();
    drop(mine);
    assert_eq!(make(&running, &same_port).0, 201);
}

#[test]
fn listeners_of_worlds_are_counted() {
    let running = serve(&[]);
    let scenario = json!({});
    let mut n_made = 0;
    let problem = loop {
        let name = format!("w{n_made}");
        let body = json!({ "name": name, "scenario": scenario, "listen": "127.0.0.1:0" });
        let (status, answer) = make(&running, &body);
        if status != 201 {
            break answer;
        }
        n_made += 1;
        assert!(n_made < 1000);
    };
    assert_eq!(problem["type"], "urn:ringback:problem:too-many-listeners", "{problem}");
    assert_eq!(n_made, ringback::inside::base::limits::OWN_LISTENERS_MAX);
    running.admin("DELETE", "/v1/worlds/w3", "");
    let body = json!({ "name": "again", "scenario": scenario, "listen": "127.0.0.1:0" });
    assert_eq!(make(&running, &body).0, 201);
}

#[test]
fn one_vendor_has_a_listener_of_its_own() {
    let mut running = serve(&["--listen", "127.0.0.1:0,jtel=127.0.0.1:0"]);
    let jtel = running.ready["vendors"]["jtel"].as_str().unwrap();
    let address = jtel.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    assert_ne!(address, running.address("listen"));
    assert!(running.ready["vendors"]["mor"].as_str().unwrap().contains(&running.address("listen")));
    let token = [("Authorization", "Bearer SIMTOKEN-7A"), ("Host", "api.infocu5.com")];
    assert_eq!(get_contact(&address, &token), 200);
    // All that comes there is jtel's to answer, also what another vendor would take.
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(http("POST", "/dialer/", &[], AGENTS).as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert_eq!(status_of(&reply), 404);
    assert!(!reply.contains("ringback"), "{reply}");
    assert_eq!(running.stop(), 0);

    let (code, _, said) =
        run(ringback().args(["serve", "--listen", "jtl=127.0.0.1:0", "--admin", "127.0.0.1:0"]));
    assert_eq!(code, 2);
    assert!(said.contains("expected one of") && said.contains("jtel"), "{said}");
}
