//! The real program from end to end: what it serves, refuses and says, and that it stops when told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::http::{body_of, http, status_of};
use crate::support::program::{AGENTS, ringback, run, serve, serve_with};

#[test]
fn serves_the_demo_and_stops_when_told() {
    let mut running = serve(&[]);
    assert_eq!(running.ready["ready"], true);
    assert_eq!(running.ready["scenario"], "demo");
    assert_eq!(running.ready["worlds"], json!(["default"]));
    let reply = running.raw("listen", http("POST", "/dialer/", &[], AGENTS).as_bytes());
    assert!(
        reply.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: "),
        "{reply}"
    );
    assert!(
        reply.ends_with(r#"{"agentID":"50022","agentNameFirst":"Tom","agentNameLast":"Reyes"}]}"#)
    );
    assert!(!reply.to_lowercase().contains("ringback"));
    for path in ["/infocu5/dialer/", "/w/default/dialer/", "/w/default/infocu5/x_dialer/index.php"]
    {
        assert!(running.post(path, AGENTS).starts_with(r#"{"responseCode":1,"#), "{path}");
    }
    let host = http("POST", "/dialer/", &[("Host", "api.infocu5.com:8080")], AGENTS);
    assert_eq!(status_of(&running.raw("listen", host.as_bytes())), 200);
    assert_eq!(running.stop(), 0);
}

#[test]
fn what_no_world_or_vendor_takes_is_said_plainly() {
    let running = serve(&[]);
    let ask = |path: &str, headers: &[(&str, &str)]| {
        running.raw("listen", http("GET", path, headers, "").as_bytes())
    };
    let reply = ask("/w/nowhere/dialer/", &[]);
    assert_eq!(status_of(&reply), 404);
    assert!(body_of(&reply).starts_with("ringback: there is no world called \"nowhere\""));
    let reply = ask("/dialer/", &[("X-Ringback-World", "else")]);
    assert!(body_of(&reply).contains("there is no world called \"else\""));
    let reply = ask("/nothing?affiliateKey=0f1e", &[]);
    assert!(
        body_of(&reply).starts_with("ringback: no vendor takes GET /nothing; expected infocu5 at")
    );
    let (_, strays) = running.admin("GET", "/v1/journal", "");
    assert_eq!(strays["entries"].as_array().unwrap().len(), 3);
    assert!(!strays.to_string().contains("0f1e"));
    let reply = ask("/v1/worlds", &[]);
    assert!(body_of(&reply).contains("a path of the admin listener"), "{}", body_of(&reply));
    // A customer's own root, as in the addresses of 2016.
    let reply = ask("/demoapi/services/apitoken/login/api.user", &[]);
    let near = "did you mean GET /webservices/services/apitoken/login/api.user?";
    assert!(body_of(&reply).contains(near), "{}", body_of(&reply));
    // Where a world is named, its journal has the request.
    let reply = ask("/w/default/biling/api/autodialer_get_campaign_statistics?p=0f1e", &[]);
    let near = "did you mean POST /billing/api/autodialer_get_campaign_statistics?";
    assert!(body_of(&reply).contains(near), "{}", body_of(&reply));
    let reply = ask("//dialer/", &[]);
    assert!(body_of(&reply).contains("did you mean POST /dialer/?"), "{}", body_of(&reply));
    let reply = ask("/w/defualt/dialer/", &[]);
    assert!(body_of(&reply).contains("did you mean \"default\"?"), "{}", body_of(&reply));
    let (_, journal) = running.admin("GET", "/v1/worlds/default/journal", "");
    let last = journal["entries"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["outcome"], &last["vendor"]), (&json!("refused"), &Value::Null));
    assert!(last["error"].as_str().unwrap().contains(near), "{last}");
}

#[test]
fn worlds_do_not_see_each_other_and_a_reset_brings_the_seed_back() {
    let running = serve(&[]);
    let scenario = json!({ "seed": 7, "infocu5": {
        "affiliates": [{ "id": "A7k2Qm9ZrT4x", "key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }],
        "agents": [{ "id": "1", "first": "Ada", "affiliate": "A7k2Qm9ZrT4x" }],
    }});
    let body = json!({ "name": "b", "scenario": scenario }).to_string();
    let (status, made) = running.admin("POST", "/v1/worlds", &body);
    assert_eq!((status, &made["seed"]), (201, &json!(7)), "{made}");
    assert_eq!(running.admin("POST", "/v1/worlds", &body).0, 409);

    assert!(running.post("/w/b/dialer/", AGENTS).contains("Ada"));
    assert!(!running.post("/dialer/", AGENTS).contains("Ada"));
    let (_, result) = running.admin(
        "POST",
        "/v1/worlds/b/events/infocu5/set_agent_active",
        r#"{"id":"1","active":false}"#,
    );
    assert_eq!(result["seq"], 2);
    assert!(running.post("/w/b/dialer/", AGENTS).contains("341"));
    assert_eq!(running.admin("POST", "/v1/worlds/b/reset", "").0, 200);
    assert!(running.post("/w/b/dialer/", AGENTS).contains("Ada"));

    let (_, journal) = running.admin("GET", "/v1/worlds/b/journal?limit=10", "");
    let entries = journal["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 5);
    assert!(entries.iter().all(|entry| entry["world"] == "b"));
    assert_eq!(
        running.admin("GET", "/v1/worlds/b/journal/3", "").1["why"]["rule"],
        "infocu5.no_agents"
    );
    assert_eq!(running.admin("DELETE", "/v1/worlds/b/journal", "").0, 200);
    assert_eq!(running.admin("GET", "/v1/worlds/b/journal/3", "").0, 404);
    assert_eq!(running.admin("DELETE", "/v1/worlds/b", "").0, 200);
    assert_eq!(running.admin("GET", "/v1/worlds/b", "").0, 404);
    assert_eq!(running.admin("DELETE", "/v1/worlds/default", "").0, 409);
}

#[test]
fn worlds_are_forked_and_rolled_back_over_the_control_plane() {
    let running = serve(&[]);
    let event = "/v1/worlds/default/events/infocu5/set_agent_active";
    let (status, _) = running.admin("POST", "/v1/worlds/default/checkpoint", r#"{"name":"full"}"#);
    assert_eq!(status, 201);
    running.admin("POST", event, r#"{"id":"50017","active":false}"#);
    let (status, fork) = running.admin("POST", "/v1/worlds/default/fork", r#"{"name":"b"}"#);
    assert_eq!((status, &fork["inputs"]), (201, &json!(0)), "{fork}");
    let (status, rolled) =
        running.admin("POST", "/v1/worlds/default/rollback", r#"{"name":"full"}"#);
    assert_eq!((status, &rolled["world"]["checkpoints"]), (200, &json!(["full"])));
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    assert!(!running.post("/w/b/dialer/", AGENTS).contains("50017"));
    let (status, problem) = running.admin("POST", "/v1/worlds/b/rollback", r#"{"name":"full"}"#);
    assert_eq!((status, &problem["status"]), (404, &json!(404)));
    assert_eq!(running.admin("POST", "/v1/worlds/default/fork", r#"{"name":"b"}"#).0, 409);
    assert_eq!(running.admin("POST", "/v1/worlds/default/fork", r#"{"name":"B"}"#).0, 400);
    assert_eq!(running.admin("POST", "/v1/worlds/default/fork", r#"{"nam":"c"}"#).0, 400);
}

#[test]
fn switches_are_turned_in_a_live_world_and_back_by_a_reset() {
    let running = serve(&[]);
    let path = "/v1/worlds/default/variants";
    let (status, turned) =
        running.admin("PUT", path, r#"{"infocu5":{"content_type":"text_html"}}"#);
    assert_eq!((status, &turned["infocu5"]["content_type"]), (200, &json!("text_html")));
    let ask = || running.raw("listen", http("POST", "/dialer/", &[], AGENTS).as_bytes());
    assert!(ask().contains("Content-Type: text/html; charset=UTF-8"));
    let (status, problem) = running.admin("PUT", path, r#"{"infocu5":{"content_typ":"x"}}"#);
    assert_eq!(status, 400);
    assert!(problem["detail"].as_str().unwrap().ends_with("did you mean \"content_type\"?"));
    running.admin("POST", "/v1/worlds/default/reset", "");
    assert!(ask().contains("Content-Type: application/json"));
    let (_, all) = running.admin("GET", "/v1/variants", "");
    assert_eq!(all["vendors"][0]["variants"][0]["default"], "keyed");
    let (_, all) = running.admin("GET", "/v1/fidelity", "");
    assert!(all["vendors"][0]["totals"]["documented"].as_u64().unwrap() > 20);
}

#[test]
fn the_admin_listener_keeps_strangers_out() {
    let running = serve(&[]);
    let ask = |headers: &[(&str, &str)]| {
        let reply = running.raw("admin", http("GET", "/v1/worlds", headers, "").as_bytes());
        (status_of(&reply), reply)
    };
    assert_eq!(ask(&[("Host", "localhost:8081")]).0, 200);
    assert_eq!(ask(&[("Host", "[::1]:8081")]).0, 200);
    assert_eq!(ask(&[("Host", "evil.example")]).0, 403);
    assert_eq!(ask(&[("Origin", "http://evil.example")]).0, 403);
    assert_eq!(ask(&[("Host", "localhost:1"), ("Origin", "http://localhost:1")]).0, 200);
    let (status, reply) = ask(&[("Sec-Fetch-Site", "cross-site")]);
    assert_eq!(status, 403);
    assert!(reply.contains("Content-Type: application/problem+json"));
    assert!(!reply.to_lowercase().contains("access-control"));
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let form = http("POST", "/v1/worlds/default/reset", &kind, "");
    assert_eq!(status_of(&running.raw("admin", form.as_bytes())), 415);
    assert_eq!(running.admin("GET", "/v1/worlds?x=1", "").0, 400);
    assert_eq!(running.admin("POST", "/v1/worlds", "{").0, 400);
    let put = http("PUT", "/v1/worlds", &[("Content-Type", "application/json")], "{}");
    let reply = running.raw("admin", put.as_bytes());
    assert_eq!(status_of(&reply), 405);
    assert!(reply.contains("\r\nAllow: GET, POST\r\n"), "{reply}");
    let head = running.raw("admin", http("HEAD", "/livez", &[], "").as_bytes());
    assert_eq!((status_of(&head), body_of(&head).as_str()), (200, ""));
    let (_, problem) = running.admin("GET", "/v1/worlds/default/state/infocu5/agent", "");
    assert!(problem["detail"].as_str().unwrap().ends_with("did you mean \"agents\"?"), "{problem}");
    drop(running);

    let running = serve_with(&[], &[("RINGBACK_ADMIN_TOKEN", "s3cret")]);
    let ask = |path: &str, headers: &[(&str, &str)]| {
        status_of(&running.raw("admin", http("GET", path, headers, "").as_bytes()))
    };
    assert_eq!(ask("/livez", &[]), 200);
    assert_eq!(ask("/v1/worlds", &[]), 401);
    assert_eq!(ask("/v1/worlds", &[("Authorization", "Bearer s3cre")]), 401);
    let open = [("Host", "any.example"), ("Authorization", "Bearer s3cret")];
    assert_eq!(ask("/v1/worlds", &open), 200);
}

#[test]
fn limits_hold_and_the_next_client_is_served() {
    let running = serve(&["--head-timeout", "1", "--body-timeout", "1", "--body-max", "1000"]);
    // A body that is announced as too large is not read.
    let huge = "POST /dialer/ HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n";
    let reply = running.raw("listen", huge.as_bytes());
    assert_eq!(status_of(&reply), 413);
    assert!(reply.contains("larger than 1000 bytes"), "{reply}");
    // One that grows too large.
    let mut chunked =
        b"POST /dialer/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    chunked.extend(format!("7d0\r\n{}\r\n0\r\n\r\n", "x".repeat(2000)).into_bytes());
    assert_eq!(status_of(&running.raw("listen", &chunked)), 413);
    // One that never ends, and a head that never ends.
    let slow = "POST /dialer/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12";
    assert_eq!(status_of(&running.raw("listen", slow.as_bytes())), 408);
    assert_eq!(running.raw("listen", b"POST /dialer/ HT"), "");
    // A head that is too long, and one with too many headers.
    let long = format!("GET /dialer/ HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(100_000));
    assert_eq!(status_of(&running.raw("listen", long.as_bytes())), 431);
    let many = format!("GET /dialer/ HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(200));
    assert_eq!(status_of(&running.raw("listen", many.as_bytes())), 431);
    assert_eq!(status_of(&running.raw("listen", b"nonsense\r\n\r\n")), 400);
    assert!(running.post("/dialer/", AGENTS).starts_with(r#"{"responseCode":1,"#));
}

#[test]
fn keep_alive_and_pipelining_work() {
    let running = serve(&[]);
    let one = format!(
        "POST /dialer/ HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{AGENTS}",
        AGENTS.len()
    );
    let mut three = one.repeat(2);
    three.push_str(&http("POST", "/dialer/", &[], AGENTS));
    let reply = running.raw("listen", three.as_bytes());
    assert_eq!(reply.matches("HTTP/1.1 200 OK").count(), 3, "{reply}");
}

#[test]
fn ipv6_and_several_listeners_work() {
    // Where the system has no IPv6, another address of IPv4 is the second.
    let has_ipv6 = TcpListener::bind("[::1]:0").is_ok();
    let second = if has_ipv6 { "[::1]:0" } else { "127.0.0.2:0" };
    let running = serve(&["--listen", &format!("127.0.0.1:0,{second}")]);
    assert_eq!(running.ready["listen"].as_array().unwrap().len(), 2);
    for address in running.ready["listen"].as_array().unwrap() {
        let address = address.as_str().unwrap().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(http("POST", "/dialer/", &[], AGENTS).as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert_eq!(status_of(&reply), 200);
    }
}

#[test]
fn a_request_in_flight_is_finished_when_the_program_stops() {
    let mut running = serve(&[]);
    let mut stream = running.connect("listen");
    let request = http("POST", "/dialer/", &[], AGENTS);
    let (first, rest) = request.split_at(request.len() - 5);
    stream.write_all(first.as_bytes()).unwrap();
    // The head has arrived once another request on the same listener was answered.
    assert!(running.post("/dialer/", AGENTS).contains("50017"));
    let id = running.child.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    stream.write_all(rest.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert_eq!(status_of(&reply), 200);
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_same_requests_give_the_same_bytes_and_the_same_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frozen.toml");
    let demo = include_str!("../../scenarios/demo.toml").replace(
        "seed = 42",
        "seed = 42\nclock = { mode = \"frozen\", at = \"2026-03-02T09:00:00Z\" }",
    );
    std::fs::write(&path, demo).unwrap();
    let play = || {
        let running = serve(&[path.to_str().unwrap()]);
        let mut replies = String::new();
        for body in [AGENTS, "{", r#"{"a":1,}"#, ""] {
            replies
                .push_str(&running.raw("listen", http("POST", "/dialer/", &[], body).as_bytes()));
        }
        running.admin("POST", "/v1/worlds/default/clock/advance", r#"{"by":"90m"}"#);
        let event = r#"{"campaign":"2040","type":"Inbound"}"#;
        running.admin("POST", "/v1/worlds/default/events/infocu5/record_call", event);
        replies.push_str(&running.raw("listen", http("POST", "/dialer/", &[], AGENTS).as_bytes()));
        replies.push_str(&running.admin("GET", "/v1/worlds/default/journal", "").1.to_string());
        replies
    };
    let first = play();
    assert!(
        first.contains("2026-03-02T10:30:00Z") && first.contains("Mon, 02 Mar 2026 10:30:00 GMT")
    );
    assert_eq!(first, play());
}

#[test]
fn check_tells_every_mistake_and_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("calls.csv"),
        "id,date,campaign,type\n1,today,2040,Inbound\n",
    )
    .unwrap();
    let path = folder.path().join("broken.toml");
    let text = r#"seed = "many"
[infocu5]
affiliates = [{ id = "short", key = "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }]
campaigns = [{ id = "2040", name = "A", affiliate = "A7k2Qm9ZrT4x" }, { id = "2040", name = "B", affiliate = "A7k2Qm9ZrT4x" }]
agents = []
call = []
calls = { csv = "calls.csv" }
"#;
    std::fs::write(&path, text).unwrap();
    let (code, stdout, stderr) = run(ringback().args(["check", path.to_str().unwrap()]));
    assert_eq!((code, stdout.as_str()), (2, ""));
    for said in [
        "broken.toml:1:8: ",
        "broken.toml:3:22: ",
        "broken.toml:4:53: ",
        "broken.toml:4:78: ",
        "broken.toml:4:110: ",
        "broken.toml:6:1: unknown key \"call\"",
        "did you mean \"calls\"?",
        "calls.csv:2:3: ",
    ] {
        assert!(stderr.contains(said), "{said} is missing in\n{stderr}");
    }
    let (code, stdout, _) = run(ringback().args(["check"]));
    assert_eq!((code, stdout.as_str()), (0, "demo: fine (Demo, seed 42)\n"));
}

#[test]
fn every_bad_start_says_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    let free = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let fails = |args: &[&str], code: i32, said: &str| {
        let (found, _, stderr) = run(ringback().arg("serve").args(args).args(free));
        assert!(stderr.contains(said), "{said} is missing in {stderr}");
        assert_eq!(found, code, "{stderr}");
    };
    fails(&["missing.toml"], 2, "missing.toml: the scenario cannot be read; there is no such file");
    fails(&["--seed=-1"], 2, "--seed");
    fails(&["--sync", "full"], 2, "--data");
    fails(&["--log", "a=b=c"], 2, "--log");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    fails(&["--data", file.to_str().unwrap()], 3, "expected a folder at ");

    let (code, _, stderr) =
        run(ringback().args(["serve", "--admin", "0.0.0.0:0", "--listen", "127.0.0.1:0"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("set RINGBACK_ADMIN_TOKEN to bind it elsewhere"), "{stderr}");

    let running = serve(&[]);
    let taken = running.address("listen");
    let (code, _, stderr) =
        run(ringback().args(["serve", "--admin", "127.0.0.1:0", "--listen", &taken]));
    assert_eq!(code, 3);
    assert!(stderr.contains("another program has the port"), "{stderr}");
    drop(running);
    let (code, _, stderr) = run(ringback().args(["serve", "--admin", &taken, "--listen", &taken]));
    assert_eq!(code, 3);
    assert!(stderr.contains("--listen and --admin (RINGBACK_LISTEN"), "{stderr}");

    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let _owner = serve(&["--data", data]);
    fails(&["--data", data], 3, "is in use by another ringback");
}

#[test]
fn tail_says_on_one_line_what_was_wrong() {
    let running = serve(&[]);
    running.post("/dialer/", r#"{"affiliateID":"A7k2Qm9ZrT4x",}"#);
    running.post("/dialer/", &AGENTS.replace("e1f0", "e1"));
    let admin = format!("http://{}", running.address("admin"));
    let tail = |args: &[&str]| {
        run(ringback().args(["tail", "--admin", &admin, "--no-follow", "--after", "0"]).args(args))
    };
    let (code, lines, _) = tail(&[]);
    assert_eq!(code, 0);
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("comma") && lines[0].contains("line 1, column 30"), "{}", lines[0]);
    assert!(lines[1].contains("found a key of 30 characters"));
    let (code, _, stderr) = tail(&["--world", "b"]);
    assert_eq!((code, stderr.contains("there is no world called \"b\"")), (2, true), "{stderr}");
    drop(running);
    let (code, _, stderr) = tail(&[]);
    assert_eq!((code, stderr.contains("nothing answers at")), (3, true), "{stderr}");
}

#[test]
fn routes_lists_operations_with_their_evidence() {
    let (code, stdout, _) = run(ringback().args(["routes", "infocu5"]));
    assert_eq!(code, 0);
    assert!(
        stdout.contains("get_calls") && stdout.contains("documented, ringback contract infocu5 2")
    );
    let (code, _, stderr) = run(ringback().args(["routes", "infocu6"]));
    assert_eq!((code, stderr.contains("there is no vendor called \"infocu6\"")), (2, true));
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let first: String = readme.lines().take(12).collect::<Vec<_>>().join("\n");
    assert!(first.contains("cargo run --release -- serve") && first.contains("cargo test"));
}
