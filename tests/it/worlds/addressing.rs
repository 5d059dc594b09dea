//! How a request finds its world: by host, path and header.

use serde_json::json;

use super::{exchanges, make};
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, serve};

#[test]
fn the_host_names_a_world_after_the_path_and_before_the_header() {
    let running = serve(&[]);
    for name in ["a", "b", "c"] {
        assert_eq!(make(&running, &json!({ "name": name, "scenario": "demo" })).0, 201);
    }
    let ask = |path: &str, headers: &[(&str, &str)]| {
        running.raw("listen", http("POST", path, headers, AGENTS).as_bytes())
    };
    let named = |host| [("Host", host), ("X-Ringback-World", "c")];
    assert_eq!(status_of(&ask("/w/a/dialer/", &named("b.localhost:8080"))), 200);
    assert_eq!(status_of(&ask("/dialer/", &named("B.Localhost:8080"))), 200);
    assert_eq!(status_of(&ask("/dialer/", &named("localhost"))), 200);
    for world in ["a", "b", "c"] {
        assert_eq!(exchanges(&running, world), 1, "{world}");
    }
    for host in ["nobody.localhost", "x.a.localhost:80"] {
        let reply = ask("/dialer/", &[("Host", host), ("X-Ringback-World", "c")]);
        assert_eq!(status_of(&reply), 404, "{host}");
        assert!(body_of(&reply).starts_with("ringback: there is no world called"), "{reply}");
    }
    assert_eq!((exchanges(&running, "c"), exchanges(&running, "default")), (1, 0));
}
