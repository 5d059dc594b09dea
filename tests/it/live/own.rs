//! `serve --record`.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::live::assert_clean;
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, ringback, run, serve, serve_with_stderr};

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
    assert!(err.contains("ringback import recording") && err.contains("then remove it"), "{err}");
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

#[test]
fn a_file_that_holds_nothing_is_taken_over_and_one_that_grows_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let growing = folder.path().join("day.toml.part");
    // As a program left it that was killed before anybody asked it.
    fs::write(&growing, "{\"ringback_recording\":1}\n").unwrap();
    let mut running = record(folder.path(), &[]);
    let file = folder.path().join("day.toml");
    let (code, _, err) = run(ringback().args(["serve", "--record", file.to_str().unwrap()]));
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("another process records there"), "{err}");
    assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    // What it wrote by then can be looked at, and is not for removal.
    let until = now() + Duration::from_secs(20);
    while fs::read_to_string(&growing).unwrap().lines().count() < 3 {
        assert!(now() < until, "{}", fs::read_to_string(&growing).unwrap());
        std::thread::yield_now();
    }
    let out = folder.path().join("out");
    let command = ["import", "recording", growing.to_str().unwrap(), "--out"];
    let (code, told, err) = run(ringback().args(command).arg(&out));
    assert_eq!(code, 0, "{told}{err}");
    assert!(told.contains("a process records into") && !told.contains("remove it"), "{told}");
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    let other = folder.path().join("other");
    let (code, told, err) = run(ringback().args(command).arg(&other));
    assert_eq!(code, 0, "{told}{err}");
    assert!(told.lines().last().unwrap().contains("remove it"), "{told}");
    replays(&other);
}

#[test]
fn two_worlds_do_not_come_to_one_file_and_one_that_fails_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    let ask = |running: &Running, world: &str| {
        let headers = [BEARER, ("X-Ringback-World", world)];
        let reply = running.raw("listen", http("GET", CONTACT, &headers, "").as_bytes());
        assert_eq!(status_of(&reply), 200, "{reply}");
    };
    for world in ["a", "w", "w-2"] {
        let body = format!("{{\"name\":\"{world}\",\"scenario\":\"demo\"}}");
        assert_eq!(running.admin("POST", "/v1/worlds", &body).0, 201);
        ask(&running, world);
    }
    assert_eq!(running.admin("POST", "/v1/worlds/w/reset", "{}").0, 200);
    ask(&running, "w");
    fs::write(folder.path().join("day.a.toml"), "mine").unwrap();
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("day.a.toml is there already"), "{said}");
    assert!(said.contains("ringback import recording"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("day.a.toml")).unwrap(), "mine");
    for name in ["day.w.toml", "day.w.2.toml", "day.w-2.toml"] {
        replays(&folder.path().join(name));
    }
    assert!(folder.path().join("day.toml.part").exists());
}

#[test]
fn what_was_left_out_is_told_where_nothing_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    let request = http("POST", "/dialer/", &[], "??");
    let bytes = [request.trim_end_matches('?').as_bytes(), b"\xff\xfe"].concat();
    assert!(!running.raw("listen", &bytes).is_empty());
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("nothing was recorded: the one request is left out"), "{said}");
    assert!(said.contains("request 1: a body that is no text"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_stderr_that_nobody_reads_does_not_hold_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (unread, mut stderr) = io::pipe().unwrap();
    rustix::io::ioctl_fionbio(&stderr, true).unwrap();
    // Until it takes no more.
    while stderr.write(&[b'x'; 512]).is_ok() {}
    rustix::io::ioctl_fionbio(&stderr, false).unwrap();
    let file = folder.path().join("day.toml");
    let mut running = serve_with_stderr(stderr, &["--record", file.to_str().unwrap()]);
    assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    running.signal();
    assert_eq!(ended(&mut running), Some(0));
    replays(&file);
    assert!(!file.with_extension("toml.part").exists());
    drop(unread);
}

#[test]
fn a_signal_ends_the_program_while_scenarios_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = record(folder.path(), &[]);
    for _ in 0..1_500 {
        assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    }
    let mut said = BufReader::new(running.child.stderr.take().unwrap());
    running.signal();
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.contains("stopping now leaves") && line.contains("day.toml.part"), "{line}");
    running.signal();
    assert_eq!(ended(&mut running), Some(3));
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("ringback import recording"), "{rest}");
    assert!(folder.path().join("day.toml.part").exists());
    assert!(!folder.path().join("day.toml").exists());
}

/// How it ends, before anybody loses patience.
fn ended(running: &mut Running) -> Option<i32> {
    let until = now() + Duration::from_secs(20);
    loop {
        if let Some(status) = running.child.try_wait().unwrap() {
            return status.code();
        }
        assert!(now() < until, "it does not end");
        std::thread::yield_now();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to wait for a file; nothing is asserted of it"
)]
fn now() -> Instant {
    Instant::now()
}
