//! `--coverage[=FILE]`: how much of what the vendors declare was shown, for people or in a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::cli::failure::Failure;
use crate::cli::run_report::write;
use crate::sim::judge::coverage::lines;

#[derive(Clone, Debug, Args)]
pub(super) struct CoverageArgs {
    /// Tells how much of what the vendors declare was shown: on stderr, or in a file as JSON
    #[arg(
        long,
        env = "RINGBACK_COVERAGE",
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true
    )]
    #[expect(clippy::option_option, reason = "the flag may stand without a file")]
    coverage: Option<Option<PathBuf>>,
}

impl CoverageArgs {
    /// Whether it was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.coverage.is_some()
    }

    /// The file that it goes into.
    pub(super) fn file(&self) -> Option<&Path> {
        self.coverage.as_ref()?.as_deref()
    }

    /// Tells it where it was asked for: into the file, or on stderr where there is none.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub(super) fn tell(&self, found: Option<&Value>) -> Result<(), Failure> {
        let (Some(file), Some(found)) = (&self.coverage, found) else { return Ok(()) };
        if let Some(path) = file {
            return write(path, &found.to_string());
        }
        for line in lines(found) {
            // Where stderr cannot be written, the exit code has to do.
            let _ = writeln!(io::stderr(), "ringback: {line}");
        }
        Ok(())
    }
}
