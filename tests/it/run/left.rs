//! What is left of a run, whoever is killed: nothing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ringback::inside::base::clock::Stopwatch;

use super::{ended, run};
use crate::support::tool::tool;

/// Far more than an ending takes, and far less than a hang.
const GENEROUS_MS: u64 = 20_000;

/// Waits until something is so.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let watch = Stopwatch::start();
    while !is_so() {
        assert!(watch.elapsed_ns() / 1_000_000 < GENEROUS_MS, "{what}");
        std::thread::yield_now();
    }
}

fn is_alive(process: &str) -> bool {
    // One that is dead and not waited for has no command line.
    fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn kill(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, process]).status().unwrap().success());
}

/// Starts a run that says a line; answers the line.
fn started(folder: &Path, script: &str) -> (Child, String) {
    let mut command = run(&[], &["sh", "-c", script]);
    let mut child = command.env("TMPDIR", folder).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn what_a_client_leaves_is_ended_with_it_and_the_folder_goes() {
    let folder = tempfile::tempdir().unwrap();
    let script = "setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $!; exit 3";
    let mut command = run(&[], &["sh", "-c", script]);
    let (code, out, err) = ended(&command.env("TMPDIR", folder.path()).output().unwrap());
    assert_eq!(code, 3, "{err}");
    assert!(!is_alive(out.trim()), "{out}");
    assert!(is_empty(folder.path()));
    // What it is called depends on how far it has come.
    let told = err.lines().find(|line| line.contains("left behind by the client, and ended: "));
    assert!(told.is_some_and(|it| it.ends_with(&format!("(pid {})", out.trim()))), "{err}");
    // It may be what would have asked.
    assert!(err.contains("have the client wait for what it has started"), "{err}");
}

#[test]
fn a_run_that_is_killed_takes_its_client_along() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, client) = started(folder.path(), "echo $$; sleep 300; true");
    assert!(is_alive(&client));
    kill("-KILL", &child.id().to_string());
    child.wait().unwrap();
    until("the client ends", || !is_alive(&client));
    until("the folder goes", || is_empty(folder.path()));
}

#[test]
fn a_guard_that_is_killed_takes_the_client_along() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, both) = started(folder.path(), "echo $$ $PPID; sleep 300; true");
    let (client, guard) = both.split_once(' ').unwrap();
    kill("-KILL", guard);
    assert_eq!(child.wait().unwrap().code(), Some(137));
    assert!(!is_alive(client));
    assert!(is_empty(folder.path()));
}

#[test]
fn signals_are_passed_on() {
    for (signal, name, code) in [("-TERM", "TERM", 11), ("-INT", "INT", 12), ("-USR1", "USR1", 13)]
    {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("trap 'exit {code}' {name}; echo here; while :; do sleep 0.01; done");
        let (mut child, _) = started(folder.path(), &script);
        kill(signal, &child.id().to_string());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn a_client_that_has_stopped_itself_still_ends_with_its_run() {
    let Some(setsid) = tool("setsid") else { return };
    // Without a terminal, whoever runs the tests.
    let run = run(&[], &["sh", "-c", "echo $$; kill -STOP $$; sleep 300"]);
    let program = run.get_program().to_owned();
    let mut command = Command::new(setsid);
    command
        .arg(program)
        .args(run.get_args())
        .envs(run.get_envs().filter_map(|(k, v)| Some((k, v?))));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let stat = format!("/proc/{}/stat", line.trim());
    until("the client stops", || fs::read_to_string(&stat).is_ok_and(|it| it.contains(") T ")));
    kill("-TERM", &child.id().to_string());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}
