//! The reports that `replay` and `drift` are asked for.

use std::path::PathBuf;

use clap::Args;

use crate::base::nearest::did_you_mean;
use crate::cli::failure::{Failure, bad_input};
use crate::replay::report::Kind;

#[derive(Clone, Debug, Args)]
pub(super) struct ReportArgs {
    /// What to say: text, json, junit, tap, github or html, to stdout or to a file; may be given more than
    /// once
    #[arg(
        long,
        env = "RINGBACK_REPORT",
        value_name = "KIND[=FILE]",
        default_value = "text",
        value_delimiter = ','
    )]
    report: Vec<String>,
}

impl ReportArgs {
    /// Whether one is asked for beside the text to stdout.
    pub(super) fn is_given(&self) -> bool {
        self.report != ["text"]
    }

    /// The kinds of report, each with its file; one of them may go to stdout.
    ///
    /// # Errors
    /// Where there is no such kind, or two go to stdout.
    pub(super) fn read(&self) -> Result<Vec<(Kind, Option<PathBuf>)>, Failure> {
        let mut reports: Vec<(Kind, Option<PathBuf>)> = Vec::new();
        for text in &self.report {
            let (word, file) = match text.split_once('=') {
                Some((word, file)) => (word, Some(PathBuf::from(file))),
                None => (text.as_str(), None),
            };
            let kind = Kind::parse(word).ok_or_else(|| {
                let known = Kind::ALL.map(|(word, _)| word);
                let near = did_you_mean(word, known);
                let known = known.join(", ");
                bad_input(format!("--report {text:?}: expected one of {known}, or KIND=FILE{near}"))
            })?;
            if file.is_none() && reports.iter().any(|(_, file)| file.is_none()) {
                let text =
                    format!("--report {text:?} goes to stdout like the one before; give it a file");
                return Err(bad_input(text));
            }
            reports.push((kind, file));
        }
        Ok(reports)
    }
}
