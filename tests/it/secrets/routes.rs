//! No credential shows in what any route of the control plane answers, in headers of vendors, or in
//! the log: the routes are those that the program itself lists.

use serde_json::{Value, json};

use super::shown::assert_hidden;
use crate::support::http::http;
use crate::support::program::{Running, serve};

/// A token of the demo, which nothing but its value tells.
const TOKEN: &str = "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";

/// Where credentials are meant to be: these make the world again.
const WHOLE: &[&str] = &["export", "scenario", "scenario.toml"];

/// What answers as long as its reader stays.
const ENDLESS: &str = "/v1/worlds/{world}/journal/stream";

/// The vendors' papers, built in: their examples are the demo's credentials, and nothing of a world.
const PAPER: &str = "/v1/vendors/{vendor}/contract";

/// The routes of the program, as method and path.
fn routes(running: &Running) -> Vec<(String, String)> {
    let (status, document) = running.admin("GET", "/openapi.json", "");
    assert_eq!(status, 200);
    let paths = document["paths"].as_object().unwrap();
    let rows = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(|method| (method.to_ascii_uppercase(), path.clone()))
    });
    rows.filter(|(_, path)| path != ENDLESS && path != PAPER).collect()
}

/// The whole answer, head and body.
fn ask(running: &Running, method: &str, path: &str, body: &str) -> String {
    let headers = [("Content-Type", "application/json"), ("Connection", "close")];
    running.raw("admin", http(method, path, &headers, body).as_bytes())
}

/// What fits into a path so that there is something to show.
fn filled(running: &Running, path: &str) -> Vec<String> {
    let path = path.replace("{world}", "default").replace("{phone}", "+15105550188");
    let path = path.replace("{seq}", "1").replace("{fault}", "1").replace("{name}", "before");
    if !path.contains("{vendor}") {
        return vec![path];
    }
    let mut paths = Vec::new();
    for vendor in ["infocu5", "jtel", "maestro", "maxcontact", "mor"] {
        let path = path.replace("{vendor}", vendor);
        if !path.contains("{table}") {
            paths.push(path);
            continue;
        }
        let (_, listed) = running.admin("GET", &format!("/v1/worlds/default/state/{vendor}"), "");
        for table in listed["tables"].as_array().unwrap() {
            paths.push(path.replace("{table}", table["name"].as_str().unwrap()));
        }
    }
    paths
}

/// Has the token stand wherever a world keeps a text.
fn spread(running: &Running) {
    let world = "/v1/worlds/default";
    let phone = "+15105550188";
    let piece = json!({ "people": [{ "phone": phone, "name": TOKEN, "first_name": TOKEN }] });
    let change = |method: &str, path: &str, body: &Value| {
        let (status, answer) = running.admin(method, &format!("{world}{path}"), &body.to_string());
        assert!(status < 300, "{path}: {answer}");
    };
    change("POST", "/seed", &piece);
    let fault = json!({ "on": { "match": [{ "at": "body", "contains": TOKEN }] },
        "then": "status", "status": 500, "body": TOKEN });
    change("POST", "/faults", &fault);
    change("PUT", "/strict", &json!({ "expect": [{ "body": { "contains": TOKEN } }] }));
    change("POST", "/checkpoint", &json!({ "name": "before" }));
}

#[test]
fn no_route_answers_with_a_credential() {
    let running = serve(&[]);
    spread(&running);
    let mut ways = Vec::new();
    for (method, path) in routes(&running) {
        let is_whole = path.rsplit('/').next().is_some_and(|last| WHOLE.contains(&last));
        if method != "GET" || is_whole {
            continue;
        }
        for path in filled(&running, &path) {
            let answer = ask(&running, &method, &path, "");
            ways.push((format!("{method} {path}"), answer));
        }
    }
    assert!(ways.len() > 40, "{}", ways.len());
    let shown = |path: &str| ways.iter().any(|(way, it)| way.ends_with(path) && it.contains("***"));
    assert!(shown("/people") && shown("/people/+15105550188") && shown("/faults"));
    assert_hidden(&ways, &[TOKEN]);
}

#[test]
fn no_mistake_quotes_a_credential() {
    let running = serve(&[]);
    let mut ways = Vec::new();
    let bodies = [
        json!({ TOKEN: TOKEN }).to_string(),
        json!({ "name": TOKEN, "scenario": TOKEN, "vendor": TOKEN, "to": TOKEN }).to_string(),
        json!({ "jtel": { TOKEN: TOKEN } }).to_string(),
        format!("\"{TOKEN}\""),
        format!("{{\"{TOKEN}"),
    ];
    for (method, path) in routes(&running) {
        let mut paths = vec![format!("{path}?{TOKEN}={TOKEN}"), format!("{path}?after={TOKEN}")];
        // Each place of the path, with those before it right.
        for at in path.match_indices('{').map(|(at, _)| at) {
            let before = path[..at].replace("{world}", "default").replace("{vendor}", "jtel");
            let behind = path[at..].split_once('}').map_or("", |(_, behind)| behind);
            paths.push(format!("{before}{TOKEN}{behind}"));
        }
        for path in paths {
            let path = path.replace("{world}", "default").replace("{vendor}", "jtel");
            let path = path.replace(['{', '}'], "");
            for body in if method == "GET" { &bodies[..1] } else { &bodies[..] } {
                let body = if method == "GET" { "" } else { body };
                let answer = ask(&running, &method, &path, body);
                ways.push((format!("{method} {path} {body}"), answer));
            }
        }
    }
    assert!(ways.len() > 300, "{}", ways.len());
    assert_hidden(&ways, &[TOKEN]);
}

#[test]
fn neither_a_reason_in_a_header_nor_the_log_shows_one() {
    let mut running = serve(&["--explain-header", "--log", "debug"]);
    let body =
        json!({ "affiliateID": TOKEN, "affiliateKey": TOKEN, "dialerFunction": "getAgents" });
    let headers = [("Content-Type", "application/json"), ("Connection", "close")];
    let mut ways = Vec::new();
    for (path, body) in [
        ("/dialer/", body.to_string()),
        ("/dialer/", format!("{{\"dialerFunction\":\"{TOKEN}\"}}")),
        ("/rest/v1.0/7/dialler/contacts/301501", TOKEN.to_owned()),
        ("/webservices/services/telephony", TOKEN.to_owned()),
        ("/nowhere", TOKEN.to_owned()),
    ] {
        let reply = running.raw("listen", http("POST", path, &headers, &body).as_bytes());
        let head = reply.split("\r\n\r\n").next().unwrap_or_default().to_owned();
        ways.push((format!("the head of {path}"), head));
    }
    assert!(ways.iter().any(|(_, head)| head.to_ascii_lowercase().contains("x-ringback-why")));
    let (_, said) = running.stop_and_listen();
    ways.push(("the log".to_owned(), said));
    assert_hidden(&ways, &[TOKEN]);
}
