//! What a terminal is given, and files and pipes are not. The terminal is `script`'s.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use ringback::inside::base::clock::Stopwatch;
use serde_json::Value;

use super::told;
use crate::support::http::http;
use crate::support::program::{AGENTS, Running, ringback, run, serve};

pub(super) const ESCAPE: char = '\u{1b}';

/// The program with arguments, on a terminal of its own, so wide; `None` where there is no `script`, which is
/// told.
fn program_on_terminal(arguments: &str, columns: u16) -> Option<Command> {
    on_terminal(&format!("exec '{}' {arguments}", env!("CARGO_BIN_EXE_ringback")), columns)
}

/// A line for the shell, on such a terminal.
pub(super) fn on_terminal(line: &str, columns: u16) -> Option<Command> {
    let probe = Command::new("script").arg("--version").stdout(Stdio::null()).status();
    if probe.is_err() {
        assert!(std::env::var_os("RINGBACK_CI").is_none(), "there is no script on this machine");
        eprintln!("skipped: there is no script on this machine");
        return None;
    }
    let mut command = Command::new("script");
    let line = format!("stty cols {columns}; {line}");
    command.args(["-q", "-e", "-c", &line, "/dev/null"]);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("SHELL", "/bin/sh");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Some(command)
}

/// Whoever types it has no protocol to speak.
#[test]
fn who_types_what_an_assistant_starts_is_told() {
    let Some(mut command) = program_on_terminal("mcp", 200) else { return };
    let (code, text, _) = run(&mut command);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("an assistant starts it") && text.contains("manual assistants"),
        "{text}"
    );
}

fn refused() -> Running {
    let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
    running.post("/dialer/", "{");
    running
}

#[test]
fn a_terminal_has_colours_and_lines_that_fit_and_a_pipe_has_neither() {
    let running = refused();
    let admin = running.address("admin");
    let piped = told(&running, &["tail", "--no-follow"]);
    assert!(!piped.contains(ESCAPE) && piped.lines().count() == 1, "{piped}");
    let line = format!("tail --no-follow --admin {admin}");
    let Some(mut command) = program_on_terminal(&line, 60) else { return };
    let (code, text, _) = run(&mut command);
    assert_eq!(code, 0, "{text}");
    let mut lines = text.lines();
    let first = lines.next().unwrap();
    assert!(first.contains("-> \u{1b}[33m200 refused\u{1b}[0m"), "{text:?}");
    let rest: Vec<&str> = lines.collect();
    assert!(
        rest.len() > 1 && rest.iter().all(|line| line.contains("\u{1b}[33m      ")),
        "{text:?}"
    );
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (_, text, _) = run(program_on_terminal(&line, 60).unwrap().env(name, value));
        assert!(!text.contains(ESCAPE) && text.lines().count() > 2, "{name}: {text:?}");
    }
    let mut forced = ringback();
    forced.args(["tail", "--no-follow", "--admin", &admin]).env("CLICOLOR_FORCE", "1");
    let (_, text, _) = run(&mut forced);
    assert!(text.contains("\u{1b}[33m200 refused") && text.lines().count() == 1, "{text:?}");
}

/// A `serve` on a terminal, stopped when dropped.
struct OnTerminal {
    child: Child,
    pid: Option<u64>,
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        if let Some(pid) = self.pid {
            let _ = Command::new("kill").args(["-TERM", &pid.to_string()]).status();
        } else {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

#[test]
fn a_person_is_told_what_is_up_and_what_is_refused() {
    let line = "serve --clock frozen@2026-03-02T09:00:00Z --listen 127.0.0.1:0 --admin 127.0.0.1:0";
    let Some(mut command) = program_on_terminal(line, 200) else { return };
    let mut child = command.env("NO_COLOR", "1").spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut serving = OnTerminal { child, pid: None };
    let (mut ready, mut said) = (Value::Null, Vec::new());
    // Both streams are one terminal, in any order.
    while ready.is_null() || !said.iter().any(|line: &String| line.contains("Ctrl+C")) {
        let line = lines.next().expect("it ended");
        match serde_json::from_str(&line) {
            Ok(it) => ready = it,
            Err(_) => said.push(line),
        }
    }
    serving.pid = ready["pid"].as_u64();
    let text = said.join("\n");
    let listen = ready["listen"].as_str().unwrap();
    for part in [
        "demo",
        "seed",
        "clock frozen at 2026-03-02T09:00:00Z",
        "try first",
        "ringback tail",
        listen,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let running = Asked(listen.trim_start_matches("http://").to_owned());
    running.post("/dialer/", AGENTS);
    running.post("/dialer/", "{");
    let line = lines.next().unwrap();
    assert!(
        line.contains("    2 2026-03-02T09:00:00Z infocu5 ") && line.contains("refused"),
        "{line}"
    );
    let line = lines.next().unwrap();
    assert!(line.starts_with("      infocu5."), "the reason stands below: {line}");
}

/// Where a program listens that is not ours to stop.
struct Asked(String);

impl Asked {
    fn post(&self, path: &str, body: &str) {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(&self.0).unwrap();
        stream.write_all(http("POST", path, &[], body).as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
    }
}

#[test]
fn a_file_is_told_nothing_and_has_no_escapes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stderr");
    let mut command = ringback();
    command.args(["serve", "--log", "debug", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    let mut child = command.stderr(File::create(&path).unwrap()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut running = Running { child, ready: serde_json::from_str(&line).unwrap() };
    running.post("/dialer/", "{");
    assert_eq!(running.stop(), 0);
    let said = fs::read_to_string(&path).unwrap();
    assert!(said.contains("stopping"), "{said}");
    assert!(
        !said.contains(ESCAPE) && !said.contains("try first") && !said.contains("refused"),
        "{said}"
    );
}

#[test]
fn long_work_says_on_a_terminal_how_far_it_is() {
    let line = "generate jtel-contacts --count 200000 >/dev/null";
    let Some(mut command) = program_on_terminal(line, 80) else { return };
    let (code, text, _) = run(command.env("TERM", "xterm"));
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("made up ") && text.contains(" of 200,000"), "{text:?}");
    // No colour, and the line is gone at the end.
    assert!(!text.contains("\u{1b}[3"), "{text:?}");
    assert!(text.trim_end_matches('\r').ends_with("\u{1b}[2K"), "{text:?}");
    let (code, text, _) = run(program_on_terminal(line, 80).unwrap().env("TERM", "dumb"));
    assert_eq!((code, text.as_str()), (0, ""));
    let (code, text, said) = run(ringback().args(["generate", "jtel-contacts", "--count", "3"]));
    assert_eq!((code, said.as_str(), text.lines().count()), (0, "", 4));
    // What is done at once shows nothing; on a busy machine nothing is.
    let watch = Stopwatch::start();
    let (code, text, _) = run(program_on_terminal("check empty", 80).unwrap().env("TERM", "xterm"));
    let is_at_once = watch.elapsed_ns() < 250_000_000;
    assert!(code == 0 && !(is_at_once && text.contains(ESCAPE)), "{text:?}");
}
