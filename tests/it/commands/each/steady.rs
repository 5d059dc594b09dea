//! What is other on each machine and at each time, replaced by a word that is always the same.

use std::path::Path;

use regex::Regex;

/// A rule: its name, what it finds, and what it puts there.
const RULES: &[(&str, &str, &str)] = &[
    // How far long work is, shown and gone again, as often as the machine was slow.
    ("progress", "[^\r\n]*\r\u{1b}\\[2K", ""),
    ("line ends of a terminal", "\r\n", "\n"),
    // A terminal shows the end of what is typed.
    ("end of typing", "\\^D\u{8}\u{8}", ""),
    ("port", r"(127\.0\.0\.1|localhost|\[::1\]):[0-9]{4,5}", "$1:PORT"),
    ("port apart", r#"(Port=|"port\\?":)[0-9]{4,5}"#, "${1}PORT"),
    ("process", r#""pid":[0-9]+"#, r#""pid":PID"#),
    ("fingerprint", "(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", "FINGERPRINT"),
    (
        "certificate",
        "(?s)(-----BEGIN CERTIFICATE-----\n).*?(-----END CERTIFICATE-----)",
        "${1}CERTIFICATE\n$2",
    ),
    ("real time taken", r#"time="[0-9.]+""#, r#"time="SECONDS""#),
    ("real time taken, in words", r"\b[0-9]+(\.[0-9]+)? ?(ms|s) (of real time)", "TIME $3"),
];

/// The start of a ready line.
const READY: &str = "{\"ready\":";

pub(super) struct Steady {
    rules: Vec<(Regex, String)>,
}

impl Steady {
    /// For a program at a path, run in a folder.
    pub(super) fn new(folder: &Path, program: &str) -> Self {
        let mut rules = Vec::new();
        let mut exactly = |what: &str, word: &str| {
            rules.push((Regex::new(&regex::escape(what)).unwrap(), word.to_owned()));
        };
        exactly(&folder.canonicalize().unwrap().display().to_string(), "FOLDER");
        exactly(&folder.display().to_string(), "FOLDER");
        exactly(program, "PROGRAM");
        exactly(env!("CARGO_PKG_VERSION"), "VERSION");
        rules.extend(
            RULES.iter().map(|(_, what, word)| (Regex::new(what).unwrap(), (*word).to_owned())),
        );
        Steady { rules }
    }

    pub(super) fn of(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (what, word) in &self.rules {
            text = what.replace_all(&text, word.as_str()).into_owned();
        }
        ready_first(&text)
    }
}

/// On a terminal the ready line comes before, behind or between what a person is told.
fn ready_first(text: &str) -> String {
    let Some(ready) = text.lines().find(|line| line.starts_with(READY)) else {
        return text.to_owned();
    };
    let rest = text.lines().filter(|line| *line != ready);
    let lines: Vec<&str> = [ready].into_iter().chain(rest).collect();
    format!("{}\n", lines.join("\n"))
}

#[test]
fn only_what_changes_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let steady = Steady::new(folder.path(), "/opt/ringback");
    for (text, expected) in [
        ("asked 1 of 2\r\u{1b}[2Kasked 2 of 2\r\u{1b}[2Kfine\r\n", "fine\n"),
        ("http://127.0.0.1:40123/x and 127.0.0.1:1", "http://127.0.0.1:PORT/x and 127.0.0.1:1"),
        ("2026-03-02T09:00:00Z infocu5 8080", "2026-03-02T09:00:00Z infocu5 8080"),
        ("up\n{\"ready\":true}\nstop\n", "{\"ready\":true}\nup\nstop\n"),
    ] {
        assert_eq!(steady.of(text), expected);
    }
}
