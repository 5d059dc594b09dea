//! `--coverage[=FILE]`: how much of what the vendors declare was shown, for people or in a file.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::Value;

use crate::cli::failure::Failure;
use crate::cli::run_report::write;
use crate::sim::judge::coverage::lines;

/// Tells it where it was asked for: into the file, or on stderr where there is none.
///
/// # Errors
/// Where the file cannot be written.
pub(super) fn tell(wanted: Option<&Option<PathBuf>>, found: Option<&Value>) -> Result<(), Failure> {
    let (Some(file), Some(found)) = (wanted, found) else { return Ok(()) };
    if let Some(path) = file {
        return write(path, &found.to_string());
    }
    for line in lines(found) {
        // Where stderr cannot be written, the exit code has to do.
        let _ = writeln!(io::stderr(), "ringback: {line}");
    }
    Ok(())
}
