//! Capsules, which do a run again elsewhere, and the shortest run that still fails.

use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::{replay_in, stderr, stdout};
use crate::support::http::{http, status_of};
use crate::support::program::{AGENTS, Running, ringback, serve, serve_by};
use crate::support::tool::tool;

const TOKEN: &str = "SIMTOKEN-7A";
const PATH: &str = "/rest/v1.0/7/dialler";

/// Four hundred inputs, of which the deletion alone is why the last one finds nothing.
fn long(status: u16) -> String {
    let headers = format!("headers = {{ Authorization = \"Bearer {TOKEN}\" }}");
    let send = |method: &str, path: &str| {
        format!("send = {{ method = \"{method}\", path = \"{PATH}{path}\", {headers} }}")
    };
    format!(
        r#"
extends = "demo"
clock = {{ mode = "frozen", at = "2026-03-02T09:00:00Z" }}

[[step]]
name = "campaigns"
{campaigns}
repeat = 340
expect = {{ status = 200 }}

[[step]]
name = "the clock moves"
advance = "1m"

[[step]]
name = "it is deleted"
{delete}
expect = {{ status = 200 }}

[[step]]
name = "others"
{others}
each = {{ csv = "others.csv" }}
expect = {{ status = 200 }}

[[step]]
name = "it is looked for"
{look}
expect = {{ status = {status} }}
"#,
        campaigns = send("GET", "/campaigns"),
        delete = send("DELETE", "/contacts/contact/301501"),
        others = send("GET", "/contacts/{{id}}"),
        look = send("GET", "/contacts/301501"),
    )
}

fn write_long(folder: &Path, status: u16) {
    fs::write(folder.join("long.toml"), long(status)).unwrap();
    let rows: String = (0..57).map(|_| "301502\n").collect();
    fs::write(folder.join("others.csv"), format!("id\n{rows}")).unwrap();
}

#[test]
fn of_many_inputs_those_are_left_that_the_difference_needs() {
    let folder = tempfile::tempdir().unwrap();
    write_long(folder.path(), 200);
    let ended = replay_in(folder.path(), &["long.toml", "--shrink", "short.toml"]);
    assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
    let told = stdout(&ended);
    assert!(told.contains("shows: status: expected 200, found 404"), "{told}");
    assert!(told.contains("inputs: 2 of 400"), "{told}");
    // It differs as before, wherever it is.
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(folder.path().join("short.toml"), elsewhere.path().join("short.toml")).unwrap();
    let again = replay_in(elsewhere.path(), &["short.toml"]);
    assert_eq!(again.status.code(), Some(1), "{}", stdout(&again));
    assert!(stdout(&again).contains("found    404"), "{}", stdout(&again));
}

#[test]
fn where_nothing_differs_the_last_refusal_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    write_long(folder.path(), 404);
    let ended = replay_in(folder.path(), &["long.toml", "--shrink", "short.json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", stderr(&ended));
    assert!(stdout(&ended).contains("shows: refused: jtel.contact: "), "{}", stdout(&ended));
    assert!(stdout(&ended).contains("inputs: 2 of 400"), "{}", stdout(&ended));
    let again = replay_in(folder.path(), &["short.json"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
}

#[test]
fn what_does_not_fail_is_not_shrunk_and_no_input_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "extends = \"demo\"\n[[step]]\nname = \"a\"\n[step.send]\nmethod = \"GET\"\npath = \"{PATH}/campaigns\"\n\
         headers = {{ Authorization = \"Bearer {TOKEN}\" }}\n"
    );
    fs::write(folder.path().join("fine.toml"), &text).unwrap();
    let ended = replay_in(folder.path(), &["fine.toml", "--shrink", "short.toml"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(stderr(&ended).contains("nothing differs, and no request is refused"), "{ended:?}");
    assert!(!folder.path().join("short.toml").exists());
    let ended = replay_in(folder.path(), &["fine.toml", "--shrink", "fine.toml"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(stderr(&ended).contains("expected another file"), "{ended:?}");
    for of_one in ["--report=json", "--verbose"] {
        let ended = replay_in(folder.path(), &["fine.toml", "--shrink", "short.toml", of_one]);
        assert_eq!(ended.status.code(), Some(2));
        assert!(
            stderr(&ended).contains("is of one replay; expected it without --shrink"),
            "{ended:?}"
        );
    }
    assert_eq!(fs::read_to_string(folder.path().join("fine.toml")).unwrap(), text);
}

#[test]
fn a_capsule_of_a_replay_does_it_again_without_what_it_was_made_of() {
    let folder = tempfile::tempdir().unwrap();
    write_long(folder.path(), 200);
    let ended = replay_in(folder.path(), &["long.toml", "--capsule", "x.capsule"]);
    assert_eq!(ended.status.code(), Some(1));
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(folder.path().join("x.capsule"), elsewhere.path().join("x.capsule")).unwrap();
    let again = replay_in(elsewhere.path(), &["x.capsule", "--capsule", "y.capsule"]);
    assert_eq!(again.status.code(), Some(1), "{}", stderr(&again));
    assert!(stdout(&again).contains("found    404"), "{}", stdout(&again));
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(elsewhere.path().join(name)).unwrap()).unwrap()
    };
    let (first, second) = (read("x.capsule"), read("y.capsule"));
    assert_eq!(first["scenarios"][0]["scenario"], second["scenarios"][0]["scenario"]);
    // The same bytes were answered, in the same order, at the same time.
    let replies = |capsule: &Value, of: &str| -> Vec<Value> {
        let entries = capsule["journal"]["worlds"][of].as_array().unwrap().clone();
        entries.iter().map(|it| serde_json::json!([it["at"], it["response"]])).collect()
    };
    let (before, now) = (replies(&first, "long.toml"), replies(&second, "x.capsule"));
    assert!(before.len() > 110);
    assert_eq!(before, now);
    let shrunk = replay_in(elsewhere.path(), &["x.capsule", "--shrink", "short.toml"]);
    assert!(stdout(&shrunk).contains("inputs: 2 of 400"), "{}", stderr(&shrunk));
}

#[test]
fn a_capsule_that_cannot_take_its_place_leaves_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    write_long(folder.path(), 404);
    fs::create_dir(folder.path().join("x.capsule")).unwrap();
    let names = || {
        let all = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
        all.collect::<std::collections::BTreeSet<_>>()
    };
    let before = names();
    let ended = replay_in(folder.path(), &["long.toml", "--capsule", "x.capsule"]);
    assert_eq!(ended.status.code(), Some(3), "{}", stderr(&ended));
    assert!(stderr(&ended).contains("cannot write x.capsule"), "{}", stderr(&ended));
    assert_eq!(names(), before);
}

#[test]
fn a_program_that_serves_keeps_one_of_all_its_worlds_when_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.capsule");
    let mut running = serve(&["--capsule", file.to_str().unwrap()]);
    let ask = |running: &Running, world: &str| {
        let (path, token) = (format!("{world}{PATH}/contacts/301501"), format!("Bearer {TOKEN}"));
        running.raw("listen", http("GET", &path, &[("Authorization", &token)], "").as_bytes())
    };
    running.admin("PUT", "/v1/worlds/jobs", r#"{"scenario":"demo"}"#);
    for world in ["", "/w/jobs"] {
        assert_eq!(status_of(&ask(&running, world)), 200);
    }
    running.admin("DELETE", "/v1/worlds/jobs", "");
    let (code, said) = running.stop_and_listen();
    assert_eq!((code, said.as_str()), (0, ""));
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["x.capsule"]);
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(TOKEN));
    let capsule: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<_> =
        capsule["scenarios"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["default", "jobs"]);
    let again = replay_in(folder.path(), &["x.capsule"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    // One that nobody asked anything leaves nothing.
    fs::remove_file(&file).unwrap();
    let (code, said) = serve(&["--capsule", file.to_str().unwrap()]).stop_and_listen();
    assert_eq!((code, said.trim()), (0, "ringback: no capsule: nothing was done"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn where_the_disk_takes_no_more_it_is_told_that_a_part_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.capsule");
    // No file grows beyond 64 blocks of 512 or 1024 bytes, as systems count.
    let mut running = serve_by(
        r#"trap '' XFSZ; ulimit -f 64; exec "$@""#,
        &["--capsule", file.to_str().unwrap(), "--log", "off"],
    );
    let path = format!("{PATH}/contacts/301501?{}", "x".repeat(4_000));
    let token = format!("Bearer {TOKEN}");
    for _ in 0..40 {
        let request = http("GET", &path, &[("Authorization", &token)], "");
        assert_eq!(status_of(&running.raw("listen", request.as_bytes())), 200);
    }
    let (code, said) = running.stop_and_listen();
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("cannot write") && said.contains("x.capsule"), "{said}");
    let part = format!("{}.recording.part", file.display());
    assert!(said.contains(&format!("{part} holds a part of what was recorded")), "{said}");
    assert!(!file.exists());
    let kept = ringback()
        .current_dir(folder.path())
        .args(["import", "recording", &part, "--out", "kept"])
        .output()
        .unwrap();
    assert_eq!(kept.status.code(), Some(0), "{}", stderr(&kept));
}

#[test]
fn a_signal_ends_the_program_while_its_capsule_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.capsule");
    let mut running = serve(&["--capsule", file.to_str().unwrap()]);
    for _ in 0..1_500 {
        assert!(running.post("/dialer/", AGENTS).contains("Okafor"));
    }
    let status = loop {
        running.signal();
        if let Some(status) = running.child.try_wait().unwrap() {
            break status;
        }
        std::thread::yield_now();
    };
    let mut said = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(status.code(), Some(3), "{said}");
    assert!(said.contains("stopped: what was recorded is in"), "{said}");
    assert!(!file.exists());
    let part = format!("{}.recording.part", file.display());
    let kept = ringback()
        .current_dir(folder.path())
        .args(["import", "recording", &part, "--out", "kept"])
        .output()
        .unwrap();
    assert_eq!(kept.status.code(), Some(0), "{}", stderr(&kept));
    assert!(stdout(&kept).contains("infocu5 get_agents: 1500"), "{}", stdout(&kept));
}

#[test]
fn a_world_gives_its_capsule_while_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let running = serve(&["--capsules"]);
    running.admin("PUT", "/v1/worlds/jobs", r#"{"scenario":"demo"}"#);
    let capsule_of = |world: &str| {
        let path = format!("/v1/worlds/{world}/capsule");
        let reply = running.raw("admin", http("GET", &path, &[], "").as_bytes());
        (status_of(&reply), reply.split_once("\r\n\r\n").unwrap().1.to_owned())
    };
    let (status, told) = capsule_of("jobs");
    assert!(
        status == 409 && told.contains("no vendor was asked in the world jobs"),
        "{status} {told}"
    );
    let delete = || {
        let (path, token) =
            (format!("/w/jobs{PATH}/contacts/contact/301501"), format!("Bearer {TOKEN}"));
        let request = http("DELETE", &path, &[("Authorization", &token)], "");
        status_of(&running.raw("listen", request.as_bytes()))
    };
    assert_eq!((delete(), delete()), (200, 404));
    running.admin("POST", "/v1/worlds/jobs/reset", "{}");
    assert_eq!(delete(), 200);
    let (status, text) = capsule_of("jobs");
    assert_eq!(status, 200, "{text}");
    assert!(!text.contains(TOKEN), "{text}");
    let capsule: Value = serde_json::from_str(&text).unwrap();
    let scenarios = capsule["scenarios"].as_array().unwrap();
    let held: Vec<_> = scenarios
        .iter()
        .map(|it| {
            let steps = it["scenario"]["step"].as_array().unwrap();
            let n_sent = steps.iter().filter(|step| step["send"].is_object()).count();
            (it["name"].as_str().unwrap(), n_sent)
        })
        .collect();
    assert_eq!(held, [("jobs", 2), ("jobs 2", 1)]);
    let journal = capsule["journal"]["worlds"]["jobs"].as_array().unwrap();
    assert_eq!(journal.iter().filter(|it| it["operation"].is_string()).count(), 3);
    fs::write(folder.path().join("x.capsule"), &text).unwrap();
    let again = replay_in(folder.path(), &["x.capsule"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    // Another world of the name has done nothing yet.
    running.admin("DELETE", "/v1/worlds/jobs", "");
    running.admin("PUT", "/v1/worlds/jobs", r#"{"scenario":"demo"}"#);
    assert_eq!(capsule_of("jobs").0, 409);
    assert_eq!(capsule_of("nobody").0, 404);
    let plain = serve(&[]);
    let told = plain.raw("admin", http("GET", "/v1/worlds/default/capsule", &[], "").as_bytes());
    assert!(status_of(&told) == 409 && told.contains("started with --capsules"), "{told}");
}

#[test]
fn a_capsule_of_a_run_does_it_again_and_keeps_no_credential() {
    if tool("curl").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let one = |method: &str, path: &str| {
        format!(
            "curl -s -o /dev/null -H 'Authorization: Bearer {TOKEN}' -X {method} $RINGBACK_URL{PATH}{path}; "
        )
    };
    let client = [
        one("GET", "/campaigns"),
        one("GET", "/contacts/301502"),
        one("DELETE", "/contacts/contact/301501"),
        one("GET", "/contacts/301501"),
        "exit 3".to_owned(),
    ];
    let mut run = ringback();
    run.current_dir(folder.path()).args(["run", "--capsule", "x.capsule", "--", "sh", "-c"]);
    let ended = run.arg(client.concat()).output().unwrap();
    assert_eq!(ended.status.code(), Some(3), "{}", stderr(&ended));
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["x.capsule"]);
    let text = fs::read_to_string(folder.path().join("x.capsule")).unwrap();
    assert!(!text.contains(TOKEN));
    let capsule: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(capsule["scenarios"][0]["name"], "default");
    assert_eq!(capsule["report"]["client_code"], 3, "{}", capsule["report"]);
    assert!(capsule["journal"]["worlds"]["default"].as_array().unwrap().len() >= 4);
    let again = replay_in(folder.path(), &["x.capsule"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    let shrunk = replay_in(folder.path(), &["x.capsule", "--shrink", "short.toml"]);
    assert!(stdout(&shrunk).contains("inputs: 2 of "), "{} {}", stdout(&shrunk), stderr(&shrunk));
    let short = replay_in(folder.path(), &["short.toml"]);
    assert_eq!(short.status.code(), Some(0), "{}", stdout(&short));
}

#[test]
fn a_run_that_cannot_begin_leaves_nothing_of_its_capsule() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = ringback();
    run.current_dir(folder.path()).args(["run", "--capsule", "x.capsule", "--host", "nobody=x"]);
    let ended = run.args(["--", "true"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(2), "{}", stderr(&ended));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_no_capsule_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.capsule"), "title = \"x\"\n").unwrap();
    let ended = replay_in(folder.path(), &["x.capsule"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(stderr(&ended).contains("x.capsule is no capsule"), "{}", stderr(&ended));
    // Under another name nobody would know it again.
    let ended = replay_in(folder.path(), &["demo", "--capsule", "x.json"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(stderr(&ended).contains("ends in .capsule"), "{}", stderr(&ended));
    let later = r#"{"ringback_capsule": 7, "made_by": "ringback 9.1.0"}"#;
    fs::write(folder.path().join("x.capsule"), later).unwrap();
    let ended = replay_in(folder.path(), &["x.capsule"]);
    assert!(stderr(&ended).contains("form 7, written by ringback 9.1.0"), "{}", stderr(&ended));
}
