//! Every command through the real program, on a terminal and in a pipe: what it prints there stands in
//! `printed/`, a file per command.
//!
//! `UPDATE_COMMANDS=1` has the files rewritten; read the difference before it is committed. What is other on
//! each machine and at each time is replaced by the rules of `steady`. The terminal is `script`'s.

mod loopback;
mod rows;
mod steady;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use self::rows::{FILES, ROWS, SENT};
use self::steady::Steady;
use super::terminal::{ESCAPE, on_terminal};
use crate::support::program::{Running, ringback, run, serve};

/// Lines of one form that are kept of one command.
const LINES_MAX: usize = 24;

const COLUMNS: u16 = 100;

/// What a line has that is a program which serves until its stdin ends.
const HELD: &str = "--until-stdin-closes";

/// What such a program prints: for programs, and last for a person at a terminal.
const READY: &str = "{\"ready\":";
const GREETED: &str = "Ctrl+C";

/// How a terminal is made known that shows colours.
const TERM: (&str, &str) = ("TERM", "xterm-256color");

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/commands/each/printed")
}

fn is_update() -> bool {
    std::env::var_os("UPDATE_COMMANDS").is_some_and(|value| value == "1")
}

/// A running program of one's own, and a folder with the files that the commands are given.
struct Place {
    running: Running,
    folder: tempfile::TempDir,
    steady: Steady,
}

/// What a command printed, and its exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Printed {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        let running = serve(&["--clock", "frozen@2026-03-02T09:00:00Z"]);
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            fs::write(folder.path().join(name), text).unwrap();
        }
        for request in SENT {
            running.raw("listen", request.replace('\n', "\r\n").as_bytes());
        }
        let steady = Steady::new(folder.path(), env!("CARGO_BIN_EXE_ringback"));
        Place { running, folder, steady }
    }

    fn settle(&self, command: &mut Command) {
        command.current_dir(self.folder.path());
        command.env("PATH", "/usr/bin:/bin").env("PAGER", "cat");
        // Nobody has what they would keep there.
        command.env("HOME", self.folder.path());
        let (admin, listen) = (self.running.address("admin"), self.running.address("listen"));
        command.env("RINGBACK_ADMIN_URL", format!("http://{admin}"));
        command.env("ADMIN", admin).env("LISTEN", listen);
        // Several of these tests run at once.
        command.env("RINGBACK_ADMIN", "127.0.0.1:0").env("RINGBACK_LISTEN", "127.0.0.1:0");
    }

    fn in_pipe(&self, line: &str, env: &[(&str, &str)]) -> Printed {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &spelled(line)]).env_clear().envs(env.iter().copied());
        command.stdin(Stdio::null());
        self.settle(&mut command);
        self.ran(&mut command, line, &[READY])
    }

    /// Both streams are one on a terminal.
    fn on_terminal(&self, line: &str, env: &[(&str, &str)]) -> Option<Printed> {
        let mut command = on_terminal(&spelled(line), COLUMNS)?;
        command.envs(env.iter().copied());
        self.settle(&mut command);
        Some(self.ran(&mut command, line, &[READY, GREETED]))
    }

    /// `up` is what a program prints that is up; it has a stdin that is open until then.
    fn ran(&self, command: &mut Command, line: &str, up: &[&str]) -> Printed {
        let (code, stdout, stderr) =
            if line.contains(HELD) { held(command, up) } else { run(command) };
        Printed { code, stdout: self.steady.of(&stdout), stderr: self.steady.of(&stderr) }
    }
}

/// Runs a command that ends with its stdin, which is closed once it has printed all of `up`.
fn held(command: &mut Command, up: &[&str]) -> (i32, String, String) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stdin = child.stdin.take();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while !up.iter().all(|part| text.contains(part)) {
        assert!(stdout.read_line(&mut text).unwrap() > 0, "it ended: {text}");
    }
    drop(stdin);
    stdout.read_to_string(&mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), text, String::from_utf8(output.stderr).unwrap())
}

/// A line with the program's own path.
fn spelled(line: &str) -> String {
    let program = format!("'{}'", env!("CARGO_BIN_EXE_ringback"));
    let words = line.split(' ').map(|word| if word == "ringback" { &program } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The commands that the help of a command names.
fn named_in_help(command: &[&str]) -> Vec<String> {
    let (code, help, _) = run(ringback().args(command).arg("--help"));
    assert_eq!(code, 0, "{help}");
    let list = help.split_once("\nCommands:\n").map(|(_, rest)| rest).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// A new command needs a row, and one within a command a line of its own.
#[test]
fn every_command_of_the_help_has_a_row() {
    let named: BTreeSet<String> = named_in_help(&[]).into_iter().collect();
    assert!(named.len() > 30, "{named:?}");
    let rows: BTreeSet<String> = ROWS.iter().map(|(command, _)| (*command).to_owned()).collect();
    assert_eq!(named, rows);
    for (command, lines) in ROWS {
        for line in *lines {
            assert!(line.contains(&format!("ringback {command}")), "{command}: {line}");
        }
        if *command == "help" {
            continue;
        }
        for inner in named_in_help(&[command]).iter().filter(|inner| *inner != "help") {
            let wanted = format!("ringback {command} {inner}");
            assert!(lines.iter().any(|line| line.contains(&wanted)), "no line of {wanted}");
        }
    }
}

#[test]
fn every_command_prints_what_is_kept_on_a_terminal_and_in_a_pipe() {
    if on_terminal("", COLUMNS).is_none() {
        return;
    }
    // Each form has a program of its own, so that what a command changes is changed once.
    let (piped, shown) = thread::scope(|scope| {
        let piped = scope.spawn(|| {
            let place = Place::new();
            forms(|line| place.in_pipe(line, &[]))
        });
        let shown = scope.spawn(|| {
            let place = Place::new();
            forms(|line| place.on_terminal(line, &[TERM]).unwrap())
        });
        (piped.join().unwrap(), shown.join().unwrap())
    });
    let mut faults = coloured_only_as_asked(&shown);
    let mut kept = BTreeSet::new();
    let (mut piped, mut shown) = (piped.iter(), shown.iter());
    for (command, lines) in ROWS {
        let mut text = String::new();
        for line in *lines {
            let (piped, shown) = (piped.next().unwrap(), shown.next().unwrap());
            if piped.stdout.contains(ESCAPE) || piped.stderr.contains(ESCAPE) {
                faults.push(format!("{line}: escape codes in a pipe"));
            }
            put(&mut text, line, piped, shown);
        }
        let file = folder().join(format!("{command}.txt"));
        if is_update() {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let there = fs::read_to_string(&file).unwrap_or_default();
        faults.extend(difference(&there, &text).map(|it| format!("{command}.txt: {it}")));
        kept.insert(file);
    }
    for file in fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        if !kept.contains(&path) {
            faults.push(format!("{} is of no command", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}\nUPDATE_COMMANDS=1 writes them anew", faults.join("\n"));
}

/// What each line prints in one form, in their order.
fn forms(printed: impl FnMut(&str) -> Printed) -> Vec<Printed> {
    all_lines().map(printed).collect()
}

fn all_lines() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|(_, lines)| lines.iter().copied())
}

/// Those that are coloured on a terminal are it by force in a pipe as well, and not at all where the
/// environment or the terminal does not want it.
fn coloured_only_as_asked(shown: &[Printed]) -> Vec<String> {
    let place = Place::new();
    let coloured = all_lines().zip(shown).filter(|(_, shown)| shown.stdout.contains(ESCAPE));
    let mut faults = Vec::new();
    let mut n_forced = 0;
    for (line, _) in coloured {
        for env in [[TERM, ("NO_COLOR", "1")], [("TERM", "dumb"), ("NO_COLOR", "")]] {
            let printed = place.on_terminal(line, &env).unwrap();
            if printed.stdout.contains(ESCAPE) {
                faults.push(format!("{line}: escape codes with {env:?}: {:?}", printed.stdout));
            }
        }
        // What only a person at a terminal is told has no other form.
        if line.contains(HELD) {
            continue;
        }
        let forced = place.in_pipe(line, &[("CLICOLOR_FORCE", "1")]);
        n_forced += 1;
        if !forced.stdout.contains(ESCAPE) && !forced.stderr.contains(ESCAPE) {
            faults.push(format!("{line}: no colour with CLICOLOR_FORCE: {forced:?}"));
        }
    }
    assert!(n_forced > 2, "hardly anything is coloured");
    faults
}

/// Both forms of a line, as they are kept.
fn put(text: &mut String, line: &str, piped: &Printed, shown: &Printed) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "$ {line}");
    let _ = writeln!(text, "-- in a pipe, exit code {}", piped.code);
    text.push_str(&cut(&piped.stdout));
    if !piped.stderr.is_empty() {
        let _ = writeln!(text, "-- its stderr");
        text.push_str(&cut(&piped.stderr));
    }
    let both = format!("{}{}", piped.stdout, piped.stderr);
    if both == shown.stdout && piped.code == shown.code {
        let _ = writeln!(text, "-- on a terminal, the same");
    } else {
        let _ = writeln!(text, "-- on a terminal, exit code {}", shown.code);
        // So that a reader sees them.
        text.push_str(&cut(&shown.stdout).replace(ESCAPE, "␛"));
    }
    text.push('\n');
}

/// The first lines of a long text, each with an end.
fn cut(text: &str) -> String {
    let mut kept = String::new();
    for (idx, line) in text.lines().enumerate() {
        if idx == LINES_MAX {
            kept.push_str("…\n");
            break;
        }
        kept.push_str(line.trim_end());
        kept.push('\n');
    }
    kept
}

/// Where two texts first differ.
fn difference(there: &str, found: &str) -> Option<String> {
    let (mut there, mut found) = (there.lines(), found.lines());
    for number in 1.. {
        match (there.next(), found.next()) {
            (None, None) => return None,
            (there, found) if there == found => {}
            (there, found) => {
                let (there, found) = (there.unwrap_or_default(), found.unwrap_or_default());
                return Some(format!("line {number}\n  kept  {there}\n  found {found}"));
            }
        }
    }
    None
}
