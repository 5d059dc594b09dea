//! The admin listener against pages of other sites, strangers and floods, with real requests; and
//! what it tells a scraper.

use serde_json::Value;

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{Running, ringback, run, serve, serve_with};

const JSON: (&str, &str) = ("Content-Type", "application/json");

const RESET: &str = "/v1/worlds/default/reset";

fn ask(running: &Running, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let reply = running.raw("admin", http(method, path, headers, "").as_bytes());
    assert!(!reply.to_ascii_lowercase().contains("access-control"), "{reply}");
    (status_of(&reply), reply)
}

/// How many resets the journal tells of: whether a request did anything.
fn n_resets(running: &Running) -> usize {
    let (_, page) = running.admin("GET", "/v1/worlds/default/journal", "");
    let entries = page["entries"].as_array().unwrap();
    entries.iter().filter(|entry| entry["action"] == "reset").count()
}

#[test]
fn a_page_of_another_origin_does_nothing() {
    let running = serve(&[]);
    let own = format!("http://{}", running.address("admin"));
    let near = format!("{own}0");
    for origin in ["https://evil.example", "null", "", "http://localhost:1", "file://", &near] {
        for (method, path) in [("GET", "/v1/worlds"), ("POST", RESET), ("DELETE", "/v1/worlds/x")] {
            let (status, reply) = ask(&running, method, path, &[("Origin", origin), JSON]);
            assert_eq!(status, 403, "{method} from {origin:?}: {reply}");
            assert!(!reply.contains("\"worlds\""), "{reply}");
        }
    }
    for site in ["cross-site", "same-site", "anything"] {
        assert_eq!(ask(&running, "POST", RESET, &[("Sec-Fetch-Site", site), JSON]).0, 403);
        assert_eq!(ask(&running, "GET", "/livez", &[("Sec-Fetch-Site", site)]).0, 403);
    }
    // A browser asks first, and is not told yes.
    let wish = ("Access-Control-Request-Method", "POST");
    let headers = ("Access-Control-Request-Headers", "content-type");
    let preflight = [("Origin", "https://evil.example"), wish, headers];
    assert_eq!(ask(&running, "OPTIONS", RESET, &preflight).0, 403);
    assert_eq!(ask(&running, "OPTIONS", RESET, &[]).0, 405);
    // What a form can send without asking is no JSON.
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        assert_eq!(ask(&running, "POST", RESET, &[("Content-Type", kind)]).0, 415, "{kind}");
    }
    // Nor can a page send nothing without its origin, as a program can.
    assert_eq!(ask(&running, "POST", RESET, &[("Origin", "https://evil.example")]).0, 403);
    assert_eq!(n_resets(&running), 0, "a refused request has done its work");

    let host = running.address("admin");
    let page = [("Host", host.as_str()), ("Origin", &own), ("Sec-Fetch-Site", "same-origin"), JSON];
    assert_eq!(ask(&running, "POST", RESET, &page).0, 200);
    assert_eq!(n_resets(&running), 1);
}

#[test]
fn what_is_not_there_is_told_before_what_is_wrong_with_it() {
    let running = serve(&[]);
    let say = |method: &str, path: &str, kind: Option<&str>, body: &str| {
        let headers: Vec<_> = kind.map(|kind| ("Content-Type", kind)).into_iter().collect();
        let reply = running.raw("admin", http(method, path, &headers, body).as_bytes());
        let problem: Value = serde_json::from_str(&body_of(&reply)).unwrap();
        (status_of(&reply), reply, problem["detail"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(say("POST", "/v1/nothing", Some("text/plain"), "x").0, 404);
    assert_eq!(say("POST", "/v1/nothing", None, "").0, 404);
    let (status, reply, _) = say("PUT", RESET, Some("text/plain"), "x");
    assert_eq!(status, 405);
    assert!(reply.contains("\r\nAllow: POST\r\n"), "{reply}");
    assert_eq!(say("PATCH", "/v1/worlds", None, "").0, 405);
    // Where nothing is sent, nothing has to be said of it.
    assert_eq!(say("POST", RESET, None, "").0, 200);
    assert_eq!(n_resets(&running), 1);
    let (status, _, detail) = say("POST", RESET, None, "{}");
    assert_eq!((status, detail.contains("found no Content-Type")), (415, true), "{detail}");
    let (_, _, detail) = say("POST", "/v1/worlds/b/import", Some("text/plain"), "x");
    assert!(detail.contains("application/vnd.sqlite3"), "{detail}");
    assert_eq!(say("POST", RESET, Some("application/json; charset=utf-8"), "{}").0, 200);
}

#[test]
fn a_name_that_was_bound_to_this_machine_is_not_taken() {
    let running = serve(&[]);
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8081",
        "evil.example:8081",
        "localhost@evil.example",
        "[::1].evil.example",
        "[::1]evil.example:80",
        "localhost:80:evil.example",
        "::1",
        "127.0.0.2",
        "0.0.0.0",
        "",
    ] {
        let (status, reply) = ask(&running, "POST", RESET, &[("Host", host), JSON]);
        assert!([400, 403].contains(&status), "{host:?}: {reply}");
    }
    assert_eq!(n_resets(&running), 0);
    for host in ["localhost", "LocalHost:99", "127.0.0.1:8081", "[::1]", "[::1]:8081"] {
        assert_eq!(ask(&running, "GET", "/v1/worlds", &[("Host", host)]).0, 200, "{host}");
    }
    // Nothing of it is on the listener of the vendors.
    let strange = running.raw("listen", http("GET", "/v1/worlds", &[], "").as_bytes());
    assert_eq!(status_of(&strange), 404);
}

#[test]
fn with_a_token_it_is_reached_from_another_machine_and_by_no_stranger() {
    let open = [("RINGBACK_ADMIN_TOKEN", "s3cret")];
    let mut running = serve_with(&["--admin", "0.0.0.0:0"], &open);
    let port = running.address("admin").rsplit(':').next().unwrap().to_owned();
    running.move_to("admin", &format!("127.0.0.1:{port}"));
    let bearer = ("Authorization", "Bearer s3cret");
    for host in ["ringback:8081", "ci-worker.internal", "127.0.0.1"] {
        assert_eq!(ask(&running, "POST", RESET, &[("Host", host), bearer, JSON]).0, 200, "{host}");
    }
    for wrong in
        ["", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "s3cret", "Basic s3cret"]
    {
        let (status, reply) = ask(&running, "GET", "/v1/worlds", &[("Authorization", wrong)]);
        assert_eq!(status, 401, "{wrong:?}");
        assert!(reply.contains("\r\nWww-Authenticate: Bearer\r\n"), "{reply}");
        assert!(!reply.contains("s3cret"), "{reply}");
    }
    for right in ["bearer s3cret", "BEARER s3cret", "Bearer  s3cret"] {
        let (status, reply) = ask(&running, "GET", "/v1/worlds", &[("Authorization", right)]);
        assert_eq!(status, 200, "{right:?}: {reply}");
    }
    assert_eq!(ask(&running, "GET", "/v1/worlds?token=s3cret", &[]).0, 401);
    assert_eq!(ask(&running, "GET", "/metrics", &[]).0, 401);
    assert_eq!(ask(&running, "GET", "/openapi.json", &[]).0, 401);
    for open in ["/livez", "/readyz"] {
        assert_eq!(ask(&running, "GET", open, &[("Host", "ringback")]).0, 200);
    }
    // The token does not open the door to pages of other sites.
    let foreign = [("Origin", "https://evil.example"), bearer];
    assert_eq!(ask(&running, "GET", "/v1/worlds", &foreign).0, 403);
    drop(running);
    let (code, _, said) = run(ringback().args(["serve", "--admin", "0.0.0.0:0"]));
    assert_eq!(code, 2);
    assert!(said.contains("RINGBACK_ADMIN_TOKEN"), "{said}");
}

#[test]
fn bodies_and_pages_have_limits() {
    let running = serve(&["--body-max", "1000"]);
    let large = http("POST", "/v1/worlds", &[JSON], &"x".repeat(2000));
    let reply = running.raw("admin", large.as_bytes());
    assert_eq!(status_of(&reply), 413);
    let problem: Value = serde_json::from_str(&body_of(&reply)).unwrap();
    assert_eq!(problem["status"], 413);
    assert_eq!(running.admin("GET", "/v1/worlds/default/journal?limit=1000", "").0, 200);
    assert_eq!(running.admin("GET", "/v1/worlds/default/journal?limit=1001", "").0, 400);
    let deep = "[".repeat(900);
    assert_eq!(running.admin("POST", "/v1/worlds", &deep).0, 400);
}

#[test]
fn metrics_are_read_as_prometheus_reads_them() {
    let running = serve(&[]);
    let agents = |key: &str| {
        let body = format!(
            "{{\"affiliateID\":\"A7k2Qm9ZrT4x\",\"affiliateKey\":\"{key}\",\
             \"dialerFunction\":\"getAgents\",\"showAll\":\"n\"}}"
        );
        running.raw("listen", http("POST", "/dialer/", &[], &body).as_bytes());
    };
    agents("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    agents("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    agents("wrong");
    let rule = r#"{"on":{"vendor":"infocu5","operation":"get_agents"},"then":"status"}"#;
    let (status, told) = running.admin("POST", "/v1/worlds/default/faults", rule);
    assert!(status < 300, "{told}");
    agents("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    running.raw("listen", http("GET", "/infocu5/nothing", &[], "").as_bytes());
    running.raw("listen", b"this is no HTTP\r\n\r\n");
    // A connection is counted when it has ended, which its client sees a moment before.
    let malformed = "ringback_below_http_errors_total{kind=\"malformed\"} 1";
    let scraped = || running.raw("admin", http("GET", "/metrics", &[], "").as_bytes());
    let reply = (0..1000).map(|_| scraped()).find(|reply| reply.contains(malformed));
    let reply = reply.expect("the malformed head is counted");
    assert!(reply.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8"), "{reply}");
    let text = body_of(&reply);
    let value = |sample: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {sample} in\n{text}")).parse::<f64>().unwrap()
    };
    let requests = |operation: &str, outcome: &str| {
        value(&format!(
            "ringback_requests_total{{vendor=\"infocu5\",operation=\"{operation}\",outcome=\"{outcome}\"}}"
        ))
    };
    assert_eq!(requests("get_agents", "ok").to_string(), "2");
    assert_eq!(requests("get_agents", "refused").to_string(), "1");
    assert_eq!(requests("get_agents", "faulted").to_string(), "1");
    assert_eq!(value("ringback_faults_fired_total").to_string(), "1");
    assert_eq!(requests("", "refused").to_string(), "1");
    let held = "ringback_world_held_seconds";
    assert_eq!(value(&format!("{held}_count{{vendor=\"infocu5\"}}")).to_string(), "5");
    assert!(value(&format!("{held}_sum{{vendor=\"infocu5\"}}")) > 0.0);
    assert!(value("ringback_connections_total") >= 6.0);
    assert!(value("ringback_journal_bytes") > 0.0);
    assert_eq!(value("ringback_worlds").to_string(), "1");
    if cfg!(target_os = "linux") {
        assert!(value("process_resident_memory_bytes") > 1e6);
    }
    // Each sample is of a family that was announced, and buckets only grow.
    let mut family = "";
    let mut below = 0.0;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            family = rest.split(' ').next().unwrap();
        } else if !line.starts_with('#') {
            let (sample, number) = line.rsplit_once(' ').unwrap();
            assert!(sample.starts_with(family), "{line} stands under {family}");
            let number: f64 = number.parse().unwrap();
            if sample.contains("_bucket{") {
                below = if sample.contains("le=\"0.000002\"") { 0.0 } else { below };
                assert!(number >= below, "{line}");
                below = number;
            }
        }
    }
}

#[test]
fn one_host_is_taken_and_a_target_that_names_another_is_not() {
    let running = serve(&[]);
    let status = |head: &str| {
        let request = format!("{head}\r\nConnection: close\r\n\r\n");
        status_of(&running.raw("admin", request.as_bytes()))
    };
    assert_eq!(status("GET /v1/worlds HTTP/1.1\r\nHost: localhost"), 200);
    assert_eq!(status("GET /v1/worlds HTTP/1.1\r\nHost: localhost\r\nHost: evil.example"), 400);
    assert_eq!(status("GET http://evil.example/v1/worlds HTTP/1.1\r\nHost: localhost"), 403);
    assert_eq!(status("GET http://localhost/v1/worlds HTTP/1.1\r\nHost: localhost"), 200);
}

#[test]
fn a_tunnel_is_refused_and_its_connection_closed() {
    let running = serve(&[]);
    // The vendors' listener is a proxy, and this is no vendor's host.
    for (listener, status) in [("admin", 405), ("listen", 403)] {
        let request = b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n";
        // It comes back once the other side has closed.
        let reply = running.raw(listener, request);
        assert_eq!(status_of(&reply), status, "{reply}");
    }
}

#[test]
fn chunks_that_cannot_be_read_are_told_as_such() {
    let running = serve(&[]);
    let request =
        b"POST /v1/worlds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                    Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n";
    let reply = running.raw("admin", request);
    assert!(status_of(&reply) == 400 && reply.contains("chunks of the body"), "{reply}");
}

#[test]
fn a_name_that_stands_twice_in_a_body_is_refused() {
    let running = serve(&[]);
    let twice = [
        ("/v1/worlds/default/seed", r#"{"jtel":{"clients":[]},"jtel":{}}"#),
        ("/v1/worlds/default/faults", r#"{"on":{"vendor":"jtel"},"on":{},"then":"fail"}"#),
        ("/v1/worlds/default/verify", r#"{"vendor":"jtel","exactly":5,"exactly":0}"#),
    ];
    for (path, body) in twice {
        let (status, told) = running.admin("POST", path, body);
        let detail = told["detail"].as_str().unwrap();
        assert!(status == 400 && detail.contains("duplicate member"), "{told}");
        assert!(detail.contains("at line 1, column"), "{told}");
    }
}

#[test]
fn numbers_and_lengths_that_are_too_great_are_told_with_their_range() {
    let running = serve(&[]);
    let (_, told) =
        running.admin("POST", "/v1/worlds/default/clock/advance", r#"{"by":"9999999999d"}"#);
    assert!(told.to_string().contains("1970 to 9999"), "{told}");
    let body = r#"{"name":"a","scenario":{"clock":{"mode":"scaled","at":"2026-03-02T09:00:00Z","rate":9223372036854775808}}}"#;
    let (status, told) = running.admin("POST", "/v1/worlds", body);
    assert!(status == 400 && told.to_string().contains("100000"), "{told}");
    let body = r#"{"jtel":{"clients":[{"id":9,"tokens":["SIMTOKEN-7A"]}]}}"#;
    let (_, told) = running.admin("POST", "/v1/worlds/default/seed", body);
    let expected = told["mistakes"][0]["expected"].as_str().unwrap_or_default();
    assert!(!expected.is_empty(), "{told}");
}

/// It belongs to no world, and may come to any: as a vendor's key, in a path, in a body.
#[test]
fn the_token_of_the_control_plane_is_masked_wherever_a_client_sends_it() {
    const TOKEN: &str = "adm1n-7f3e-5521-k2";
    let running = serve_with(&[], &[("RINGBACK_ADMIN_TOKEN", TOKEN)]);
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("Authorization", bearer.as_str()), ("X-Other", TOKEN)];
    let list = "/rest/v1.0/7/dialler/contacts";
    for (method, path, body) in [
        ("GET", format!("{list}?userData={TOKEN}"), String::new()),
        ("POST", "/dialer/".to_owned(), format!("{{\"affiliateKey\":\"{TOKEN}\"}}")),
        ("POST", "/dialer/".to_owned(), format!("no JSON, but {TOKEN}")),
        ("GET", format!("/billing/api/autodialer_{TOKEN}?u={TOKEN}"), String::new()),
        // Nobody takes it.
        ("GET", format!("/elsewhere/{TOKEN}"), String::new()),
    ] {
        running.raw("listen", http(method, &path, &headers, &body).as_bytes());
    }
    let ways =
        ["", "/journal", "/journal.har", "/findings"].map(|it| format!("worlds/default{it}"));
    for way in ways.iter().map(String::as_str).chain(["journal"]) {
        let (status, shown) = ask(&running, "GET", &format!("/v1/{way}"), &headers[..1]);
        assert_eq!(status, 200, "{way}: {shown}");
        assert!(!shown.contains(TOKEN), "{way}: {shown}");
        if way.ends_with("journal") {
            assert!(shown.contains("***("), "{way}: {shown}");
        }
    }
}
