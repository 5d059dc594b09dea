//! `serve --record`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::live::assert_clean;
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, ringback, run, serve};

const BEARER: (&str, &str) = ("Authorization", "Bearer SIMTOKEN-7A");
const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";
const LOCK: &str = "/rest/v1.0/7/dialler/contacts/contact/301501/lock";

fn replays(path: &Path) {
    let (code, out, err) = run(ringback().arg("replay").arg(path));
    assert_eq!(code, 0, "{out}{err}");
}

fn record(folder: &Path, more: &[&str]) -> Running {
    let file = folder.join("day.toml");
    serve(&[more, &["--record", file.to_str().unwrap()]].concat())
}

/// Every story of the manual's, done by a replay at a program that records, in a world each.
#[test]
fn what_is_done_at_every_operation_is_recorded_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    let (url, admin) = (running.address("listen"), running.address("admin"));
    let (code, out, err) = run(ringback().args([
        "replay",
        "scenarios/replay",
        "--jobs",
        "1",
        "--against",
        &url,
        "--admin",
        &admin,
    ]));
    assert_eq!(code, 0, "{out}{err}");
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert_clean(&said, "stderr");
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(files.len() > 40, "{files:?}\n{said}");
    for file in &files {
        assert!(file.extension().is_some_and(|end| end == "toml"), "{file:?}");
        let text = fs::read_to_string(file).unwrap();
        assert_clean(&text, &file.display().to_string());
        // All of it is explained by the world's own rows, but for what a token of a login opens: its
        // password is another there.
        let is_login = text.contains("/apitoken/login/");
        assert!(is_login || !text.contains("instead = true"), "{}: {said}", file.display());
    }
    replays(folder.path());
}

#[test]
fn a_reset_begins_another_file_and_each_world_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    let ask = |method: &str, path: &str, world: &str| {
        let headers = [BEARER, ("X-Ringback-World", world)];
        status_of(&running.raw("listen", http(method, path, &headers, "").as_bytes()))
    };
    assert_eq!(ask("PATCH", LOCK, "default"), 200);
    assert_eq!(running.admin("POST", "/v1/worlds/default/reset", "{}").0, 200);
    assert_eq!(ask("GET", CONTACT, "default"), 200);
    let made = running.admin("POST", "/v1/worlds", r#"{"name":"other","scenario":"demo"}"#);
    assert_eq!(made.0, 201, "{}", made.1);
    assert_eq!(ask("GET", CONTACT, "other"), 200);
    assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["day-2.toml", "day.other.toml", "day.toml"]);
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(text("day.toml").contains("/lock") && !text("day-2.toml").contains("/lock"));
    assert!(text("day-2.toml").contains("infocu5 get_agents"));
    replays(folder.path());
}

#[test]
fn faults_events_and_switches_are_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &["--clock", "frozen@2026-03-02T09:00:00Z"]);
    let get =
        |running: &Running| running.raw("listen", http("GET", CONTACT, &[BEARER], "").as_bytes());
    assert_eq!(status_of(&get(&running)), 200);
    let world = "/v1/worlds/default";
    let event = running.admin(
        "POST",
        &format!("{world}/events/jtel/start_campaign"),
        r#"{"campaign":612}"#,
    );
    assert_eq!(event.0, 200, "{}", event.1);
    let moved = running.admin("POST", &format!("{world}/clock/advance"), r#"{"by":"1h"}"#);
    assert_eq!(moved.0, 200, "{}", moved.1);
    assert_eq!(status_of(&get(&running)), 200);
    let fault = r#"{"on":{"vendor":"jtel"},"then":"truncate"}"#;
    let fault = running.admin("POST", &format!("{world}/faults"), fault);
    assert!(fault.0 < 300, "{}", fault.1);
    get(&running);
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    let first = fs::read_to_string(folder.path().join("day.toml")).unwrap();
    assert!(first.contains("start_campaign") && first.contains("2026-03-02T10:00:00Z"), "{first}");
    let second = fs::read_to_string(folder.path().join("day-2.toml")).unwrap();
    assert!(second.contains("reply = \"cut\""), "{second}");
    replays(folder.path());
}

#[test]
fn a_program_that_is_killed_leaves_what_it_had_taken() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    for _ in 0..3 {
        assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    }
    let growing = folder.path().join("day.toml.part");
    let until = now() + Duration::from_secs(20);
    // A thread of its own writes it.
    while fs::read_to_string(&growing).unwrap().lines().count() < 5 {
        assert!(now() < until, "{}", fs::read_to_string(&growing).unwrap());
        std::thread::yield_now();
    }
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    assert!(!folder.path().join("day.toml").exists());
    let text = fs::read_to_string(&growing).unwrap();
    assert_clean(&text, "what grew");
    // Half a line, as of a machine that lost its power.
    fs::write(&growing, format!("{text}{{\"part\":0,\"exch")).unwrap();
    let file = folder.path().join("day.toml");
    let (code, _, err) = run(ringback().args(["serve", "--record", file.to_str().unwrap()]));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("ringback import recording"), "{err}");
    let out = folder.path().join("out");
    let growing = growing.to_str().unwrap();
    let command = ["import", "recording", growing, "--out", out.to_str().unwrap()];
    let (code, told, err) = run(ringback().args(command));
    assert_eq!(code, 2, "{told}{err}");
    assert!(err.contains("it is not whole"), "{err}");
    assert!(told.contains("infocu5 get_agents: 3"), "{told}");
    replays(&out);
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.toml");
    fs::write(&file, "mine").unwrap();
    let (code, _, err) = run(ringback().args(["serve", "--record", file.to_str().unwrap()]));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is there already"), "{err}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let (code, _, err) = run(ringback().args(["serve", "--record", "/no/such/folder/x.toml"]));
    assert_eq!(code, 3, "{err}");
    let growing = folder.path().join("x.part");
    fs::write(&growing, "{}").unwrap();
    let command = ["import", "recording", growing.to_str().unwrap(), "--out", "/tmp"];
    let (code, _, err) = run(ringback().args(command));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is no recording that grew"), "{err}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to wait for a file; nothing is asserted of it"
)]
fn now() -> Instant {
    Instant::now()
}
