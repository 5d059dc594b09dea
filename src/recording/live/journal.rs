//! The file of a recording while it grows. A line is in it once it was taken, so that a program that is
//! killed loses nothing but what it was about to write. Where the disk is full, what is to be written waits
//! in memory, and the file ends with a whole line.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::recording::live::line::HEAD;

/// A file that grows.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    /// Up to where it is whole.
    length: u64,
    waiting: Vec<u8>,
    /// Whether the last write failed.
    is_full: bool,
}

/// What writing came to, where that has changed.
#[derive(Debug)]
pub(crate) enum Turn {
    Fails(io::Error),
    Works,
}

impl Journal {
    /// Begins a file that is not there yet, for its owner alone.
    ///
    /// # Errors
    /// Where it is there, or cannot be written.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path)?;
        let path = path.to_owned();
        let mut journal = Journal { file, path, length: 0, waiting: Vec::new(), is_full: false };
        match journal.add(&format!("{HEAD}\n")) {
            Some(Turn::Fails(error)) => {
                let _ = std::fs::remove_file(&journal.path);
                Err(error)
            }
            _ => Ok(journal),
        }
    }

    /// Over a file that is there, as a disk that is full.
    ///
    /// # Errors
    /// Where it cannot be opened.
    #[cfg(test)]
    pub(crate) fn over(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).open(path)?;
        let path = path.to_owned();
        Ok(Journal { file, path, length: 0, waiting: Vec::new(), is_full: false })
    }

    /// Goes on in another file, as on a disk that has room again.
    ///
    /// # Errors
    /// Where it cannot be made.
    #[cfg(test)]
    pub(crate) fn move_to(&mut self, path: &Path) -> io::Result<()> {
        self.file = File::create_new(path)?;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether all that was added is in the file.
    pub(crate) fn is_whole(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds a line; tells where writing begins to fail, or works again.
    pub(crate) fn add(&mut self, line: &str) -> Option<Turn> {
        self.waiting.extend_from_slice(line.as_bytes());
        let written = self.file.seek(SeekFrom::Start(self.length));
        let written = written.and_then(|_| self.file.write_all(&self.waiting));
        match written {
            Ok(()) => {
                self.length += self.waiting.len() as u64;
                self.waiting.clear();
                std::mem::take(&mut self.is_full).then_some(Turn::Works)
            }
            Err(error) => {
                // Half a line is none.
                let _ = self.file.set_len(self.length);
                (!std::mem::replace(&mut self.is_full, true)).then_some(Turn::Fails(error))
            }
        }
    }
}
