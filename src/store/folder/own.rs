//! What is made in the data folder is its owner's alone: worlds hold people's data and credentials.
//!
//! Not here: what was there before, which stays as its owner has it.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What a new folder lets others do: nothing.
pub(super) const FOLDER_MODE: u32 = 0o700;

/// The same of a new file. SQLite gives what it keeps beside a database the mode of that.
pub(super) const FILE_MODE: u32 = 0o600;

/// Makes a file where nothing is.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).mode(FILE_MODE).open(path)
}
