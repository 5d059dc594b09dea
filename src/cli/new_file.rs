//! A file of a person's that a command writes: never in place of another, and whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::base::shell;
use crate::cli::failure::{Failure, bad_input};
use crate::exit;

/// Writes a file that is not there yet.
///
/// # Errors
/// Where it is there, or cannot be written; nothing is left of it then.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, text, 0o666)
}

/// Writes a file that is not there yet, and that its owner alone can read: credentials are in it.
///
/// # Errors
/// As for [`write_new`].
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, text, 0o600)
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(mode).open(path);
    let mut file = opened.map_err(|error| cannot(path, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| {
        // Half of it would be taken for the whole.
        let _ = fs::remove_file(path);
        cannot(path, &error)
    })
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    let file = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        return is_taken(path);
    }
    Failure { text: format!("cannot write {file}: {error}"), code: exit::NO_RESOURCE }
}

/// What is said of a scenario that was written, with what to do next.
pub(crate) fn written(path: &Path) -> String {
    let word = shell::word(&path.to_string_lossy());
    format!("written: {}; try ringback replay {word}", path.display())
}

/// What is said of a file that is there already.
pub(crate) fn is_taken(path: &Path) -> Failure {
    bad_input(format!("{} is there already; expected a name that is not taken", path.display()))
}
