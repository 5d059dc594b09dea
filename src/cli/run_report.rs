//! The reports of a run: their kinds, and where each goes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_json::Value;

use crate::app::Told;
use crate::app::harvest::Journals;
use crate::base::nearest::did_you_mean;
use crate::cli::failure::Failure;
use crate::exit;
use crate::run::verdict::Verdict;
use crate::run::{html, points, summary};

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Json,
    Junit,
    Tap,
    Github,
    Html,
}

const KINDS: [(&str, Kind); 6] = [
    ("text", Kind::Text),
    ("json", Kind::Json),
    ("junit", Kind::Junit),
    ("tap", Kind::Tap),
    ("github", Kind::Github),
    ("html", Kind::Html),
];

/// A report, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Report {
    kind: Kind,
    file: Option<PathBuf>,
}

/// A run that is over.
#[derive(Clone, Copy)]
pub(super) struct Over<'o> {
    pub(super) told: &'o Told,
    pub(super) verdict: &'o Verdict,
    /// The exit code of the client.
    pub(super) client: u8,
    /// The one of the run.
    pub(super) ours: u8,
    /// Whether a run that shows nothing passes.
    pub(super) allows_doubt: bool,
}

impl FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, file) = match text.split_once('=') {
            Some((word, file)) => (word, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let known = KINDS.iter().find(|(known, _)| *known == word);
        let (_, kind) = known.ok_or_else(|| {
            let known = KINDS.map(|(word, _)| word);
            let near = did_you_mean(word, known);
            let known = known.join(", ");
            format!("{word:?} is no report; expected one of {known}, or KIND=FILE{near}")
        })?;
        if file.as_ref().is_some_and(|file| file.as_os_str().is_empty()) {
            return Err(format!("{text:?} names no file; expected such as {word}=report.{word}"));
        }
        if *kind == Kind::Html && file.is_none() {
            return Err("html is a page for a browser; expected html=FILE".to_owned());
        }
        Ok(Report { kind: *kind, file })
    }
}

impl Report {
    /// As text on stderr.
    pub(super) const TOLD: Report = Report { kind: Kind::Text, file: None };

    /// Whether it goes to stderr.
    pub(super) fn is_told(&self) -> bool {
        self.file.is_none()
    }

    /// Where it goes; `None` for stderr.
    pub(super) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether it shows every exchange.
    pub(super) fn wants_exchanges(&self) -> bool {
        self.kind == Kind::Html
    }

    /// Whether it can tell of many runs.
    pub(super) fn is_of_many(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Json)
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where its file cannot be written.
    pub(super) fn write(&self, over: Over<'_>) -> Result<(), Failure> {
        self.write_out(&text(self.kind, over)?)
    }

    /// Writes what there is as JSON, for programs, and as text, for all other kinds.
    ///
    /// # Errors
    /// Where its file cannot be written.
    pub(super) fn write_text(&self, text: impl Fn(bool) -> String) -> Result<(), Failure> {
        self.write_out(&text(self.kind == Kind::Json))
    }

    fn write_out(&self, text: &str) -> Result<(), Failure> {
        if let Some(path) = &self.file {
            return write(path, text.trim_end());
        }
        // Where stderr cannot be written, the exit code has to do.
        let _ = writeln!(io::stderr(), "{}", text.trim_end());
        Ok(())
    }
}

/// The report of a run, for programs.
pub(super) fn json(over: Over<'_>) -> Value {
    let Over { told, verdict, client, ours, .. } = over;
    summary::to_json(&told.facts, verdict, client, ours)
}

fn text(kind: Kind, over: Over<'_>) -> Result<String, Failure> {
    let Over { told, verdict, client, ours, allows_doubt } = over;
    let lines = || summary::lines(&told.facts, verdict, client, ours);
    Ok(match kind {
        Kind::Text => {
            let lines: Vec<String> =
                lines().iter().map(|line| format!("ringback: {line}")).collect();
            lines.join("\n")
        }
        Kind::Json => json(over).to_string(),
        Kind::Junit => points::junit(verdict, client, allows_doubt, &lines())
            .map_err(|error| no_resource(error.to_string()))?,
        Kind::Tap => points::tap(verdict, client, allows_doubt),
        Kind::Github => points::github(verdict, client, allows_doubt, &told.facts.refusals),
        Kind::Html => {
            let journals = told.journals.iter().flat_map(Journals::parts).collect();
            html::report(html::Over { facts: &told.facts, verdict, journals, client, ours })
        }
    })
}

/// Writes a file, with a line's end at its end.
///
/// # Errors
/// Where it cannot be written.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, format!("{text}\n"))
        .map_err(|error| no_resource(format!("cannot write {}: {error}", path.display())))
}

pub(super) fn no_resource(text: String) -> Failure {
    Failure { text, code: exit::NO_RESOURCE }
}
