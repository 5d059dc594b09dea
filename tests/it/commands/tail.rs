//! `tail`: which entries it shows, what nobody took, bodies, and a program that comes again.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout};

use serde_json::Value;

use super::told;
use crate::support::http::http;
use crate::support::program::{AGENTS, Running, ringback, serve};

/// A tail that follows, killed when dropped.
struct Following {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Following {
    fn start(running: &Running, args: &[&str]) -> Self {
        let admin = format!("http://{}", running.address("admin"));
        let mut child =
            ringback().arg("tail").args(args).args(["--admin", &admin]).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Following { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(running: &Running, path: &str) {
    running.raw("listen", http("GET", path, &[], "").as_bytes());
}

#[test]
fn only_what_is_wanted_is_shown() {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    running.post("/dialer/", AGENTS);
    running.post("/dialer/", "{");
    get(&running, "/rest/v1.0/7/dialler/contacts/301501");
    told(&running, &["advance", "1h"]);
    running.post("/dialer/", AGENTS);
    let shown = |args: &[&str]| {
        let all: Vec<&str> =
            ["tail", "--no-follow"].into_iter().chain(args.iter().copied()).collect();
        let text = told(&running, &all);
        text.lines().map(|line| line.trim_start().split(' ').next().unwrap().to_owned()).collect()
    };
    let of = |args: &[&str]| -> Vec<String> { shown(args) };
    assert_eq!(of(&[]), ["1", "2", "3", "4", "5"]);
    assert_eq!(of(&["--vendor", "jtel"]), ["3"]);
    assert_eq!(of(&["--operation", "get_agents"]), ["1", "5"]);
    assert_eq!(of(&["--outcome", "refused", "--vendor", "infocu5"]), ["2"]);
    assert_eq!(of(&["--why", "infocu5."]), ["2"]);
    assert_eq!(of(&["--text", "301501"]), ["3"]);
    assert_eq!(of(&["--text", "getAgents"]), ["1", "5"], "it stands in the body");
    assert_eq!(of(&["--since", "2026-03-02T09:30:00Z"]), ["4", "5"]);
    assert_eq!(of(&["--since", "30m", "--vendor", "infocu5"]), ["5"]);
    assert_eq!(of(&["--after", "3"]), ["4", "5"]);
    let (code, _, said) = super::ask(&running, &["tail", "--outcome", "refusd"]);
    assert!(code == 2 && said.contains("refused"), "{said}");
    assert_eq!(super::ask(&running, &["tail", "--since", "noon"]).0, 2);
    assert_eq!(super::ask(&running, &["tail", "--world", "nowhere"]).0, 2);
}

#[test]
fn bodies_and_json_are_shown_where_they_are_asked_for() {
    let running = serve(&[]);
    running.post("/dialer/", AGENTS);
    let bodies = told(&running, &["tail", "--no-follow", "-v"]);
    let lines: Vec<&str> = bodies.lines().collect();
    assert!(lines[1].starts_with("      > {\"affiliateID\""), "{bodies}");
    assert!(lines[2].starts_with("      < {"), "{bodies}");
    let json = told(&running, &["tail", "--no-follow", "--json"]);
    let entry: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&entry["seq"], &entry["operation"]), (&1.into(), &"get_agents".into()));
}

#[test]
fn what_nobody_took_is_shown_as_well() {
    let running = serve(&[]);
    get(&running, "/nowhere/at/all");
    let text = told(&running, &["tail", "--no-follow"]);
    assert!(
        text.starts_with("    - ") && text.contains(" nobody took GET /nowhere/at/all -> 404"),
        "{text}"
    );
    assert_eq!(told(&running, &["tail", "--no-follow", "--vendor", "jtel"]), "");
    let mut following = Following::start(&running, &["--after", "0"]);
    running.admin("POST", "/v1/worlds/default/reset", "");
    assert!(following.line().contains(" reset"), "those from before are not told");
    get(&running, "/nowhere/again");
    let line = following.line();
    assert!(line.contains("nobody took GET /nowhere/again"), "{line}");
}

#[test]
fn it_goes_on_when_the_program_comes_again() {
    let running = serve(&[]);
    let address = running.address("admin");
    running.admin("POST", "/v1/worlds/default/reset", "");
    running.admin("POST", "/v1/worlds/default/reset", "");
    let mut following = Following::start(&running, &["--retry", "--after", "1"]);
    assert!(following.line().starts_with("    2 "));
    drop(running);
    let again = serve(&["--admin", &address]);
    again.admin("POST", "/v1/worlds/default/reset", "");
    let line = following.line();
    assert!(line.starts_with("    1 ") && line.contains(" reset"), "{line}");
}

#[test]
fn where_worlds_are_kept_it_goes_on_from_where_it_was() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let mut running = serve(&["--data", data]);
    let address = running.address("admin");
    running.admin("POST", "/v1/worlds/default/reset", "");
    let mut following = Following::start(&running, &["--retry", "--after", "0"]);
    assert!(following.line().starts_with("    1 "));
    running.stop();
    let again = serve(&["--data", data, "--admin", &address]);
    again.admin("POST", "/v1/worlds/default/reset", "");
    let line = following.line();
    assert!(line.starts_with("    2 "), "{line}");
}
