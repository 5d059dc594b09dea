//! Worlds that are made by name where they are not there, and scenarios that come as TOML.

use serde_json::{Value, json};

use super::make;
use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, serve};

fn put(running: &Running, name: &str, body: &Value) -> (u16, Value) {
    running.admin("PUT", &format!("/v1/worlds/{name}"), &body.to_string())
}

/// Sends a scenario in TOML.
fn toml(running: &Running, method: &str, path: &str, text: &str) -> (u16, Value) {
    let request = http(method, path, &[("Content-Type", "application/toml")], text);
    let reply = running.raw("admin", request.as_bytes());
    (status_of(&reply), serde_json::from_str(&body_of(&reply)).unwrap())
}

const OWN: &str = "title = \"Own\"\n[jtel]\nclients = [{ id = 7, tokens = [\"T\"] }]\n";

#[test]
fn a_world_is_made_once_however_often_it_is_asked_for() {
    let running = serve(&[]);
    let clock = json!({ "mode": "frozen", "at": "2026-03-02T09:00:00Z" });
    let variants = json!({ "jtel": { "pick": "highest_id" } });
    let body = json!({
        "scenario": "demo", "seed": 7, "clock": clock, "variants": variants,
        "claims": ["mor:u=dialer_bob"], "listen": "127.0.0.1:0", "ttl": "10m",
    });
    let (status, made) = put(&running, "a", &body);
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["name"], &made["seed"]), (&json!("a"), &json!(7)));
    // What has happened since stays.
    assert_eq!(running.admin("POST", "/v1/worlds/a/clock/advance", r#"{"by":"1h"}"#).0, 200);
    let (status, there) = put(&running, "a", &body);
    assert_eq!(status, 200, "{there}");
    assert_eq!(there["clock"]["now"], "2026-03-02T10:00:00Z");
    assert_eq!(there["listen"], made["listen"]);
    for (member, value) in [
        ("scenario", json!("working-day")),
        ("seed", json!(8)),
        ("clock", json!({ "mode": "real" })),
        ("variants", json!({ "jtel": { "pick": "lowest_id" } })),
        ("strict", json!(true)),
        ("claims", json!([])),
        ("listen", Value::Null),
        ("ttl", json!("5m")),
    ] {
        let mut other = body.clone();
        other[member] = value;
        let (status, problem) = put(&running, "a", &other);
        assert_eq!(status, 409, "{member}: {problem}");
        assert_eq!(problem["type"], "urn:ringback:problem:world-differs");
        let differs = problem["differs"].as_array().unwrap();
        assert_eq!(differs.len(), 1, "{problem}");
        assert!(differs[0].as_str().unwrap().starts_with(member), "{problem}");
    }
    let seed = put(&running, "a", &json!({ "scenario": "demo" })).1["detail"].to_string();
    assert!(seed.contains("seed is 7, not as the scenario says"), "{seed}");
}

#[test]
fn worlds_that_other_calls_made_are_known_by_what_they_were_made_of() {
    let running = serve(&["--seed", "7"]);
    assert_eq!(put(&running, "default", &json!({ "scenario": "demo", "seed": 7 })).0, 200);
    assert_eq!(make(&running, &json!({ "name": "a", "scenario": { "seed": 3 } })).0, 201);
    assert_eq!(put(&running, "a", &json!({ "name": "a", "scenario": { "seed": 3 } })).0, 200);
    assert_eq!(put(&running, "a", &json!({ "scenario": { "seed": 4 } })).0, 409);
    assert_eq!(put(&running, "a", &json!({ "name": "b", "scenario": "demo" })).0, 400);
    assert_eq!(put(&running, "A!", &json!({ "scenario": "demo" })).0, 400);
    assert_eq!(running.admin("POST", "/v1/worlds/a/fork", r#"{"name":"b"}"#).0, 201);
    let (status, problem) = put(&running, "b", &json!({ "scenario": { "seed": 3 } }));
    assert_eq!(status, 409);
    assert!(problem["detail"].as_str().unwrap().contains("a copy of another world"), "{problem}");
}

#[test]
fn many_that_ask_for_a_world_at_once_all_have_it() {
    let running = serve(&[]);
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || put(&running, "a", &json!({ "scenario": "demo" })).0;
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asking.into_iter().map(|it| it.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
}

#[test]
fn a_kept_world_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let body = json!({ "scenario": "jtel", "seed": 9, "ttl": "1h" });
    let mut running = serve(&["--data", data]);
    assert_eq!(put(&running, "a", &body).0, 201);
    assert_eq!(running.admin("POST", "/v1/worlds/a/fork", r#"{"name":"b"}"#).0, 201);
    assert_eq!(running.stop(), 0);
    let running = serve(&["--data", data]);
    assert_eq!(put(&running, "a", &body).0, 200);
    assert_eq!(put(&running, "a", &json!({ "scenario": "jtel", "ttl": "1h" })).0, 409);
    assert_eq!(put(&running, "b", &body).0, 409);
}

#[test]
fn scenarios_come_as_toml() {
    let running = serve(&[]);
    let path = "/v1/worlds?name=a&seed=5&clock=frozen@2026-03-02T09:00:00Z&strict=true&ttl=10m\
                &claims=jtel:token=X,mor:u=bob";
    let (status, made) = toml(&running, "POST", path, OWN);
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["title"], &made["seed"]), (&json!("Own"), &json!(5)));
    assert_eq!(made["clock"]["now"], "2026-03-02T09:00:00Z");
    assert_eq!(made["claims"].as_array().unwrap().len(), 2);
    assert_eq!(running.admin("GET", "/v1/worlds/a/strict", "").1["strict"], true);
    assert_eq!(toml(&running, "PUT", "/v1/worlds/b?ttl=10m", OWN).0, 201);
    assert_eq!(toml(&running, "PUT", "/v1/worlds/b?ttl=10m", OWN).0, 200);
    assert_eq!(toml(&running, "PUT", "/v1/worlds/b", OWN).0, 409);
    let piece = "[jtel]\ncampaigns = [{ id = 9, client = 7, name = \"Late\" }]\n";
    let (status, merged) = toml(&running, "POST", "/v1/worlds/b/seed", piece);
    assert_eq!((status, &merged["added"]["jtel"]["campaigns"]), (200, &json!(1)), "{merged}");
}

#[test]
fn mistakes_in_toml_have_their_line_and_column() {
    let running = serve(&[]);
    let wrong = "[jtel]\nclients = [{ id = 77, tokens = [\"T\"] }]\ncampains = []\n";
    for (method, path) in [
        ("POST", "/v1/worlds?name=a"),
        ("PUT", "/v1/worlds/a"),
        ("POST", "/v1/worlds/default/seed"),
    ] {
        let (status, problem) = toml(&running, method, path, wrong);
        assert_eq!(status, 400, "{problem}");
        let mistake = &problem["mistakes"][0];
        assert_eq!((&mistake["line"], &mistake["column"]), (&json!(3), &json!(1)), "{problem}");
        assert!(mistake["hint"].as_str().unwrap().contains("campaigns"), "{problem}");
    }
    let (status, problem) = toml(&running, "POST", "/v1/worlds", OWN);
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("?name=a"), "{problem}");
    let (status, problem) = toml(&running, "PUT", "/v1/worlds/a?clock=frozen", OWN);
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().contains("frozen@2026-"), "{problem}");
    // All of it stands in a JSON body, and no other route takes TOML.
    let (status, problem) =
        running.admin("PUT", "/v1/worlds/a?seed=1", &json!({ "scenario": "demo" }).to_string());
    assert_eq!(status, 400, "{problem}");
    assert_eq!(toml(&running, "POST", "/v1/worlds/default/reset", "").0, 415);
}

#[test]
fn a_fork_has_the_clock_that_is_asked_for() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let fork = |body: Value| running.admin("POST", "/v1/worlds/default/fork", &body.to_string());
    let later = json!({ "mode": "frozen", "at": "2026-03-02T12:00:00Z" });
    let (status, made) = fork(json!({ "name": "a", "clock": later }));
    assert_eq!((status, &made["clock"]["now"]), (201, &json!("2026-03-02T12:00:00Z")), "{made}");
    let (status, made) = fork(json!({ "name": "b", "clock": { "mode": "scaled", "rate": 60 } }));
    assert_eq!((status, &made["clock"]["mode"]), (201, &json!("scaled")), "{made}");
    let now = running.admin("GET", "/v1/worlds/default/clock", "").1["now"].clone();
    assert_eq!(now, "2026-03-02T09:00:00Z");
    let (status, problem) =
        fork(json!({ "name": "c", "clock": { "mode": "frozen", "at": "2026-03-01T00:00:00Z" } }));
    assert_eq!(status, 409, "{problem}");
    assert_eq!(running.admin("GET", "/v1/worlds/c", "").0, 404, "nothing is made then");
    assert_eq!(fork(json!({ "name": "c", "clock": { "mode": "scaled" } })).0, 400);
    let (status, problem) = fork(json!({ "name": "c", "clock": { "mode": "still" } }));
    assert!(status == 400 && problem["detail"].as_str().unwrap().contains("frozen"), "{problem}");
}

#[test]
fn a_kept_fork_with_a_clock_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let running = serve(&["--data", data, "--clock", "frozen@2026-03-02T09:00:00Z"]);
    let fork = |body: Value| running.admin("POST", "/v1/worlds/default/fork", &body.to_string());
    let at = |at: &str| json!({ "mode": "frozen", "at": at });
    assert_eq!(fork(json!({ "name": "a", "clock": at("2026-03-01T09:00:00Z") })).0, 409);
    let (status, made) = fork(json!({ "name": "a", "clock": at("2026-03-03T09:00:00Z") }));
    assert_eq!((status, &made["clock"]["now"]), (201, &json!("2026-03-03T09:00:00Z")), "{made}");
}
