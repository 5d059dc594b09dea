//! `ringback replay` as its user sees it: verdicts, differences, reports, bad input.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use ringback::Ringback;
use serde_json::Value;

mod capsules;
mod coverage;
mod reports;
mod scenarios;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> PathBuf {
    root().join("fixtures/replay")
}

/// Runs `ringback replay` in a folder.
fn replay_in(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    command.env_clear().stdin(Stdio::null()).current_dir(folder).arg("replay").args(args);
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Compares a text with a kept one; `UPDATE_FIXTURES=1` writes it anew.
#[track_caller]
fn check_kept(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, text).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, kept, "{}", path.display());
}

/// A server that takes requests and never answers.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut rest = Vec::new();
                // Until the client gives up.
                let _ = stream.unwrap().read_to_end(&mut rest);
            });
        }
    });
    format!("http://{address}")
}

/// Each kind of failing step, as text and as JSON.
#[test]
fn a_step_of_each_kind_fails_readably() {
    let silent = silent();
    let mut n_cases = 0;
    let mut files: Vec<PathBuf> =
        fs::read_dir(cases()).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "toml")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut args = vec![name];
        if name == "late.toml" {
            args.extend(["--against", &silent]);
        }
        for (report, end) in [("text", "txt"), ("json", "json")] {
            let output = replay_in(&cases(), &[args.as_slice(), &["--report", report]].concat());
            assert_eq!(output.status.code(), Some(1), "{name}: {}", stderr(&output));
            check_kept(&file.with_extension(end), &stdout(&output));
        }
        n_cases += 1;
    }
    assert!(n_cases >= 12, "the cases were not found");
}

#[track_caller]
fn check_refused(folder: &Path, args: &[&str], told: &str) {
    let output = replay_in(folder, args);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    // The lists of what is known are long, and others' to decide.
    assert!(said.starts_with(told), "{args:?}:\n{said}\nexpected\n{told}");
    assert_eq!(stdout(&output), "", "{args:?}");
}

#[test]
fn bad_input_is_told_with_its_place_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("unreadable.toml", "[[step]]\nname = \"a\"\nsend = \"hello\"\n");
    write("variable.toml", "[[step]]\nname = \"a\"\nsend = \"GET /{{id}}\"\n");
    write("none.toml", "extends = \"demo\"\n");
    write(
        "event.toml",
        "extends = \"demo\"\n[[step]]\nname = \"a\"\nevent = { vendor = \"jtel\", name = \"dial\" }\n",
    );
    write(
        "fields.toml",
        "extends = \"demo\"\n[[step]]\nname = \"a\"\nevent = { vendor = \"jtel\", name = \"dial_contact\", with = { contcat = 5 } }\n",
    );
    write(
        "verify.toml",
        "extends = \"demo\"\n[[step]]\nname = \"a\"\nverify = { vendr = \"jtel\" }\n",
    );
    write("fine.toml", "extends = \"demo\"\n[[step]]\nname = \"a\"\nadvance = \"1h\"\n");
    fs::create_dir(folder.path().join("empty")).unwrap();
    let check = |args: &[&str], told: &str| check_refused(folder.path(), args, told);
    let check_mistake = |args: &[&str], told: &str| {
        check(args, &format!("ringback: the scenarios have mistakes:\n{told}"));
    };
    check_mistake(
        &["fine.toml", "unreadable.toml", "variable.toml"],
        "unreadable.toml:3:8: the request line is \"hello\"; expected a method, a space and a target, such as GET /path?query\n\
         unreadable.toml: more may show once these are mended: what is mistaken was not read to its end\n\
         variable.toml:3:8: step \"a\" uses {{id}}, which no step before it captures; expected one of round",
    );
    check_mistake(&["none.toml"], "none.toml: there are no steps; expected [[step]] at least once");
    check_mistake(
        &["event.toml"],
        "event.toml:4:9: there is no event of jtel called \"dial\"; expected one of start_campaign, stop_campaign, dial_contact, record_result, incoming_call, rotate_token, add_token, remove_token",
    );
    check_mistake(
        &["fields.toml"],
        "fields.toml:4:9: the event dial_contact: \"contact\" is missing in the event dial_contact; expected an integer from 1 to 9007199254740991\n\
         fields.toml:4:9: the event dial_contact#/contcat: unknown key \"contcat\" in the event dial_contact; expected one of contact, number, user; did you mean \"contact\"?",
    );
    check(
        &["empty"],
        "ringback: there is no scenario with steps to replay; expected [[step]] in one at least",
    );
    check(
        &["fine.toml", "--filter", "xyz"],
        "ringback: there is no scenario with steps to replay; no file or title has \"xyz\" in it",
    );
    check(
        &["lost.toml"],
        "ringback: lost.toml cannot be read: No such file or directory (os error 2)",
    );
    for against in ["127.0.0.1:1", "http://127.0.0.1:1"] {
        let output = replay_in(folder.path(), &["fine.toml", "--against", against]);
        let told = "nothing answers at http://127.0.0.1:1: Connection refused (os error 111)";
        assert_eq!(
            (output.status.code(), stderr(&output)),
            (Some(3), format!("ringback: {told}\n"))
        );
    }
    check(
        &[
            "fine.toml",
            "--against",
            "127.0.0.1:1",
            "--admin",
            "127.0.0.1:2",
            "--compare-with",
            "127.0.0.1:3",
        ],
        "ringback: --admin makes worlds at the server after --against alone",
    );
    check(
        &["fine.toml", "--report", "pdf"],
        "ringback: --report \"pdf\": expected one of text, json, junit, tap, github, html, or \
         KIND=FILE",
    );
    check(
        &["fine.toml", "--report", "text,json"],
        "ringback: --report \"json\" goes to stdout like the one before; give it a file",
    );
    check_mistake(
        &["verify.toml"],
        "verify.toml:4:10: the condition#/vendr: unknown member \"vendr\"; expected one of vendor",
    );
    check(
        &["fine.toml", "--variants", "jtel.pik=x"],
        "ringback: --variants \"jtel.pik=x\": unknown switch \"pik\"",
    );
}

#[test]
fn verdicts_are_the_same_against_another_ringback() {
    let other = Ringback::start().serve().unwrap();
    let (target, admin) = (other.listen_url(), other.admin_url());
    for folder in [cases(), root().join("scenarios")] {
        let here = replay_in(&folder, &[".", "--report", "json"]);
        let there =
            replay_in(&folder, &[".", "--report", "json", "--against", &target, "--admin", &admin]);
        assert_eq!(here.status.code(), there.status.code(), "{}", stderr(&there));
        let (here, there) = (stdout(&here), stdout(&there));
        assert!(here.contains("\"verdict\""), "{here}");
        assert_eq!(here, there);
    }
    assert_eq!(other.world_names(), ["default"], "what was made there is gone again");
}

#[test]
fn a_vendor_without_a_control_plane_is_only_sent_to() {
    let other = Ringback::start().serve().unwrap();
    let output = replay_in(
        &cases(),
        &["status.toml", "event.toml", "--against", &other.listen_url(), "--report", "json"],
    );
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["differed"], &report["not_run"]), (&1.into(), &1.into()));
    assert_eq!(report["scenarios"][0]["steps"][0]["why"], Value::Null);
    let reason = &report["scenarios"][1]["steps"][0]["reason"];
    assert_eq!(reason, "its steps need a control plane, and none was given with --admin");
    let output = replay_in(&cases(), &["event.toml", "--against", &other.listen_url()]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output).trim_end(),
        "ringback: nothing was replayed: its steps need a control plane, and none was given with --admin"
    );
}
