//! Where the CSV files of a scenario come from.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Reads the files that a scenario names. A path has been checked before: it is relative and has no
/// `..`.
pub trait Files: fmt::Debug + Send {
    /// # Errors
    /// Where there is no such file, or it is larger than `bytes_max`.
    fn read(&self, path: &str, bytes_max: u64) -> io::Result<Vec<u8>>;
}

/// The folder of a scenario file.
#[derive(Debug)]
pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn read(&self, path: &str, bytes_max: u64) -> io::Result<Vec<u8>> {
        let path = self.0.join(path);
        let is_here = self.0.as_os_str().is_empty();
        let folder = if is_here { Path::new(".") } else { &self.0 };
        // A link out of the folder would make a scenario from elsewhere read any file of this machine.
        if !path.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Err(io::Error::other("it is a link out of the scenario's folder"));
        }
        read_file(&path, bytes_max)
    }
}

/// The files of a scenario that is built in: name and content.
#[derive(Debug)]
pub struct Embedded(pub &'static [(&'static str, &'static str)]);

impl Files for Embedded {
    fn read(&self, path: &str, _bytes_max: u64) -> io::Result<Vec<u8>> {
        let file = self.0.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// No files at all: for what comes over the network.
#[derive(Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &str, _bytes_max: u64) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// Reads a regular file. Anything else, such as a pipe, could block for ever.
pub(crate) fn read_file(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    if about.len() > bytes_max {
        return Err(io::Error::other(format!("larger than {} MiB", bytes_max / (1024 * 1024))));
    }
    fs::read(path)
}

/// Whether a path stays in its folder: relative, and nowhere upwards.
pub(crate) fn stays_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Why a file could not be read, in words that are the same on every system where that matters.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "it may not be read".into(),
        _ => error.to_string(),
    }
}
