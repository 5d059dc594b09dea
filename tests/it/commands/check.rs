//! Scenarios before they are served: `check`, and what may be named in the place of a file.

use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::support::program::{ringback, run, serve};

/// Checks one text; exit code and what was said on stderr.
fn checked(name: &str, text: &str) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    let (code, _, said) = run(ringback().args(["check", file.to_str().unwrap()]));
    (code, said)
}

/// A broken scenario, and what has to be said of it in one round.
const BROKEN: &[(&str, &[&str])] = &[
    // Syntax, and a key elsewhere.
    ("title = \n[jtel]\nclient = []\n", &[":1:", ":3:1: unknown key \"client\"", "more may show"]),
    // Three settings at the top.
    ("title = 1\nseed = -1\nclock = { mode = \"still\" }\n", &[":1:9:", ":2:8:", ":3:18:"]),
    // A reference, a double id and a missing field.
    (
        "[jtel]\nclients = [{ id = 7, tokens = [\"T\"] }, { id = 7, tokens = [\"U\"] }]\n\
         campaigns = [{ id = 1, client = 8, name = \"A\" }, { id = 2, client = 7 }]\n",
        &[":2:47:", ":3:33:", "\"name\" is missing"],
    ),
    // Two vendors at once.
    (
        "[jtel]\nclients = 1\n[mor]\nusers = [{ username = 5 }]\n",
        &[":2:11:", ":4:23:", "more may show"],
    ),
    // A switch, a fault and an expectation.
    (
        "strict = \"yes\"\nfault = [{ then = \"explode\" }]\n[jtel.variants]\npick = \"any\"\n",
        &[":1:10:", ":2:", ":4:8:"],
    ),
    // A CSV file that is not there.
    (
        "seed = 1.5\n[jtel]\ncontacts = { csv = \"none.csv\" }\n",
        &[":1:8:", "none.csv", "more may show"],
    ),
    // An event and a condition of steps, and a row.
    (
        "[jtel]\nclients = [{ id = \"x\", tokens = [] }]\n[[step]]\nname = \"a\"\nevent = { vendor = \"jtel\", name = \"no_event\" }\n\
         [[step]]\nname = \"b\"\nverify = { vendr = \"jtel\" }\n",
        &[":2:", "no_event", "vendr"],
    ),
    // What it extends.
    (
        "extends = \"dmeo\"\nsed = 1\n",
        &[":1:11:", "did you mean \"demo\"?", ":2:1:", "more may show"],
    ),
    // Rows on top of others: one that is there, one that cannot be replaced.
    (
        "extends = \"jtel\"\n[jtel]\nclients = [{ id = 7, tokens = [\"T\"] }, { id = 99, tokens = [\"U\"], replace = true }]\n",
        &[":3:19:", "replace = true at the row takes the place", ":3:40:", "there is no \"99\""],
    ),
    // `replace` where there is nothing to replace.
    (
        "titel = \"A\"\n[jtel]\nclients = [{ id = 7, tokens = [\"T\"], replace = true }]\n",
        &[":1:1:", "did you mean \"title\"?", "extends none"],
    ),
];

#[test]
fn replay_tells_the_mistakes_that_check_tells() {
    let folder = tempfile::tempdir().unwrap();
    for (number, (text, _)) in BROKEN.iter().enumerate() {
        let file = folder.path().join(format!("broken-{number}.toml"));
        fs::write(&file, text).unwrap();
        let told = |command: &str| {
            let (code, _, said) = run(ringback().args([command, file.to_str().unwrap()]));
            assert_eq!(code, 2, "{number}: {said}");
            said.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        let checked = told("check");
        assert!(!checked.is_empty());
        assert_eq!(told("replay"), checked, "{number}");
    }
}

#[test]
fn all_mistakes_of_a_scenario_are_told_in_one_round() {
    for (number, (text, all)) in BROKEN.iter().enumerate() {
        let (code, said) = checked("broken.toml", text);
        assert_eq!(code, 2, "{number}: {said}");
        for part in *all {
            assert!(said.contains(part), "{number}: {part} is missing in\n{said}");
        }
    }
}

#[test]
fn a_scenario_is_not_near_to_itself() {
    let (code, said) = checked("own.toml", "extends = \"own\"\n");
    assert_eq!(code, 2);
    assert!(said.contains("there is no scenario called \"own\"") && !said.contains("did you mean"));
}

#[test]
fn files_folders_names_and_stdin_are_checked_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(folder.path().join("more")).unwrap();
    fs::write(path("good.toml"), "title = \"Good\"\nextends = \"empty\"\n").unwrap();
    fs::write(path("more/own.toml"), "title = \"Own\"\nextends = \"mor\"\n").unwrap();
    fs::write(path("a.json"), r#"{ "title": "In JSON", "seed": 3 }"#).unwrap();
    fs::write(path("nothing.toml"), "# Nothing yet.\n").unwrap();
    let whole = folder.path().to_str().unwrap();
    let (code, told, said) = run(ringback().args(["check", whole, &path("a.json"), "jtel"]));
    assert_eq!((code, said.as_str()), (0, ""));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 5, "{told}");
    for (line, part) in lines.iter().zip([
        "good.toml: fine (Good, seed 0)",
        "own.toml: fine (Own, seed 7)",
        "nothing.toml: fine, but it says nothing",
        "a.json: fine (In JSON, seed 3)",
        "jtel: fine (jtel: a campaign",
    ]) {
        assert!(line.contains(part), "{part}: {line}");
    }
    fs::write(path("b.json"), r#"{ "title": 1, "jtel": { "clients": [{}] } }"#).unwrap();
    let (code, told, said) = run(ringback().args(["check", &path("b.json"), &path("good.toml")]));
    assert_eq!((code, told.lines().count()), (2, 1));
    assert!(said.starts_with("ringback: 1 of 2 scenarios have mistakes:\n"), "{said}");
    assert!(
        said.contains("b.json#/title: ") && said.contains("b.json#/jtel/clients/0: "),
        "{said}"
    );
    let (code, _, said) = run(ringback().args(["check", "dmeo"]));
    assert!(code == 2 && said.contains("did you mean \"demo\"?"), "{said}");
    let (code, _, said) = run(ringback().args(["check", &path("more/none.toml")]));
    assert!(code == 2 && said.contains("there is no such file"), "{said}");
}

fn piped(args: &[&str], text: &str) -> Output {
    let mut child = ringback().args(args).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn stdin_is_checked_and_reports_are_for_programs_too() {
    let output = piped(&["check", "-", "--report", "json"], "seed = 1\ntitel = \"A\"\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stderr, b"");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told[0]["file"], &told[0]["fine"]), (&json!("stdin"), &json!(false)));
    let mistake = &told[0]["mistakes"][0];
    assert_eq!((&mistake["line"], &mistake["column"]), (&json!(2), &json!(1)), "{told}");
    let output = piped(&["check", "-", "--report", "github"], r#"{ "titel": "A" }"#);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("::error file=stdin,line=1,col=1,title=scenario::"), "{told}");
    let output = piped(&["check", "-", "demo", "--report", "json"], "seed = 1\n");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told[0]["fine"], &told[1]["title"]), (&json!(true), &json!("Demo")));
}

#[test]
fn built_in_scenarios_are_served_by_their_names() {
    for name in ["empty", "jtel", "infocu5", "maestro", "maxcontact", "mor", "working-day"] {
        let running = serve(&[name]);
        assert_eq!(running.ready["scenario"], name);
        let body = json!({ "name": "a", "scenario": name }).to_string();
        assert_eq!(running.admin("POST", "/v1/worlds", &body).0, 201, "{name}");
    }
}

#[test]
fn several_files_or_a_folder_are_scenarios_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["busy", "default", "quiet"] {
        let text = format!("title = \"{name}!\"\nextends = \"empty\"\n");
        fs::write(path(&format!("{name}.toml")), text).unwrap();
    }
    let title = |args: &[&str], scenario: &str| {
        let running = serve(args);
        let body = json!({ "name": "a", "scenario": scenario }).to_string();
        let (status, made) = running.admin("POST", "/v1/worlds", &body);
        assert_eq!(status, 201, "{made}");
        (running.ready["scenario"].clone(), made["title"].clone())
    };
    let whole = folder.path().to_str().unwrap();
    assert_eq!(title(&[whole], "quiet"), (json!("default"), json!("quiet!")));
    let (quiet, busy) = (path("quiet.toml"), path("busy.toml"));
    assert_eq!(title(&[&quiet, &busy], "busy"), (json!("quiet"), json!("busy!")));
    assert_eq!(title(&["mor", &busy], "busy"), (json!("mor"), json!("busy!")));
    fs::remove_file(path("default.toml")).unwrap();
    assert_eq!(title(&[whole], "busy"), (json!("busy"), json!("busy!")));
    let free = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let fails = |args: &[&str], part: &str| {
        let (code, _, said) = run(ringback().arg("serve").args(args).args(free));
        assert!(code == 2 && said.contains(part), "{part}: {said}");
    };
    fails(&[&busy, whole], "go by one name");
    fails(&["dmeo"], "did you mean \"demo\"?");
    let bare = tempfile::tempdir().unwrap();
    fails(&[bare.path().to_str().unwrap()], "holds no scenario");
    fails(&["demo", "--watch"], "--watch");
}

#[test]
fn how_calls_go_on_is_settled_by_a_scenario_that_extends_another_and_by_no_piece() {
    let manual = "[maxcontact]\nsettings = { line = \"manual\" }\n";
    let (code, said) = checked("manual.toml", &format!("extends = [\"demo\"]\n{manual}"));
    assert_eq!(code, 0, "{said}");
    let running = serve(&[]);
    let piece = json!({ "maxcontact": { "settings": { "line": "manual" } } }).to_string();
    let refused = running.admin("POST", "/v1/worlds/default/seed", &piece).1.to_string();
    assert!(refused.contains("settled when a world is made"), "{refused}");
}

#[test]
fn a_slip_in_a_fault_a_clock_or_a_host_is_answered_with_what_to_write() {
    for (text, cure) in [
        ("fault = [{ then = \"lose_reply\", times = 1 }]", "it belongs in on = { … }"),
        ("fault = [{ then = \"delay\", delay = 200 }]", "such as \"200ms\" or \"200s\""),
        ("clock = \"frozen\"", "write { mode = \"frozen\", … }"),
        ("clock = \"scaled:60\"", "write { mode = \"scaled\", … }"),
    ] {
        let (code, said) = checked("slip.toml", text);
        assert_eq!(code, 2, "{text}: {said}");
        assert!(said.contains(cure), "{text}: {said}");
    }
    let (code, said) =
        checked("hash.toml", "fault = [{ then = \"refuse\", error = \"mor.hash\" }]");
    assert_eq!(code, 0, "the error names the vendor: {said}");
    for (given, cure) in [
        ("portal.example.test=jtel", "did you mean --host jtel=portal.example.test?"),
        ("jtell=portal.example.test", "did you mean \"jtel\"?"),
    ] {
        let (code, _, said) = run(ringback().args(["serve", "--host", given]));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(cure), "{said}");
    }
}

#[test]
fn what_is_looked_up_by_what_came_back_is_found() {
    for (asked, found) in [
        ("Incorrect hash", "it stands in what is sent by mor.hash"),
        ("mor.hsh", "did you mean \"mor.hash\"?"),
        ("two_call", "did you mean \"two_calls\"?"),
    ] {
        let (code, _, said) = run(ringback().args(["explain", asked]));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(found), "{said}");
    }
    let (code, told, said) = run(ringback().args(["events", "mor", "dial_number"]));
    assert_eq!(code, 0, "{said}");
    assert!(told.contains("answers.after") && !told.contains("start_campaign"), "{told}");
    let (code, _, said) = run(ringback().args(["events", "mor", "dial_number1"]));
    assert_eq!((code, said.contains("did you mean \"dial_number\"?")), (2, true), "{said}");
    let (code, _, said) = run(ringback().args(["tail", "--why", "jtel.tokn"]));
    assert_eq!((code, said.contains("did you mean \"jtel.token\"?")), (2, true), "{said}");
}
