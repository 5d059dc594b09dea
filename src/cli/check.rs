//! `check`: reads scenarios without serving them, and reports all of their mistakes.
//!
//! Not here: what they may hold (`schema`).

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::app;
use crate::app::check::{Checked, Found, check};
use crate::base::annotation::{data, property};
use crate::cli::asking::{list, text};
use crate::cli::failure::{Failure, print};
use crate::cli::progress::{Progress, Unit};
use crate::exit;
use crate::replay::plan::{ActionError, actions};
use crate::scenario::mistake;

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Scenario files in TOML or JSON, folders of TOML files, names of built-in scenarios, `-` for
    /// stdin; the demo where left out
    #[arg(env = "RINGBACK_SCENARIO", value_delimiter = ',')]
    scenario: Vec<PathBuf>,
    /// How to say it: text, json, or github for annotations of a job; json and github go to stdout
    #[arg(
        long = "report",
        id = "check report",
        value_name = "KIND",
        env = "RINGBACK_CHECK_REPORT",
        default_value = "text"
    )]
    report: Report,
}

/// How mistakes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Report {
    Text,
    Json,
    Github,
}

impl CheckArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let progress = Progress::new("rows read", None, Unit::Things);
        let mut all = check(&self.scenario, &app::RowsTold(progress.told()))?;
        progress.end();
        for checked in &mut all {
            let wrong = actions(&checked.steps, app::vendors());
            checked.add(wrong.iter().map(ActionError::to_json).collect());
        }
        let is_fine = |it: &&Checked| matches!(it.found, Found::Fine { .. });
        let n_mistaken = all.len() - all.iter().filter(is_fine).count();
        match self.report {
            Report::Json => print(&all.iter().map(to_json).collect::<Value>().to_string())?,
            Report::Github => {
                for line in all.iter().flat_map(annotations) {
                    print(&line)?;
                }
            }
            Report::Text => {
                for checked in &all {
                    if let Found::Fine { title, seed, is_empty } = &checked.found {
                        print(&fine(&checked.file, title, *seed, *is_empty))?;
                    }
                }
            }
        }
        let text = match (n_mistaken, self.report) {
            (0, _) => return Ok(()),
            (_, Report::Json | Report::Github) => String::new(),
            (_, Report::Text) => {
                let lines: Vec<String> = all.iter().flat_map(lines).collect();
                let head = match all.len() {
                    1 => "the scenario has mistakes".to_owned(),
                    n => format!("{n_mistaken} of {n} scenarios have mistakes"),
                };
                format!("{head}:\n{}", lines.join("\n"))
            }
        };
        Err(Failure { text, code: exit::BAD_INPUT })
    }
}

fn fine(file: &str, title: &str, seed: u64, is_empty: bool) -> String {
    if is_empty {
        return format!("{file}: fine, but it says nothing: a world of it holds no rows");
    }
    let title = if title.is_empty() { String::new() } else { format!("{title}, ") };
    format!("{file}: fine ({title}seed {seed})")
}

/// The mistakes of a scenario, a line each, and what else there may be.
fn lines(checked: &Checked) -> Vec<String> {
    let Found::Mistakes(told) = &checked.found else { return Vec::new() };
    mistake::lines(&checked.file, told)
}

fn to_json(checked: &Checked) -> Value {
    let file = &checked.file;
    match &checked.found {
        Found::Fine { title, seed, is_empty } => json!({
            "file": file, "fine": true, "title": title, "seed": seed, "empty": is_empty,
            "mistakes": [], "more": 0, "partial": false,
        }),
        Found::Mistakes(told) => json!({
            "file": file, "fine": false, "mistakes": told["mistakes"], "more": told["more"],
            "partial": told["partial"],
        }),
    }
}

/// Annotations as GitHub Actions reads them from a job's output.
fn annotations(checked: &Checked) -> Vec<String> {
    let Found::Mistakes(told) = &checked.found else { return Vec::new() };
    let one = |mistake: &Value| {
        let number = |name: &str| mistake[name].as_u64().unwrap_or(1);
        format!(
            "::error file={},line={},col={},title=scenario::{}",
            property(text(mistake, "file")),
            number("line"),
            number("column"),
            data(text(mistake, "message"))
        )
    };
    list(told, "mistakes").iter().map(one).collect()
}
