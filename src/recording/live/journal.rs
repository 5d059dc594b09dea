//! The file of a recording while it grows. A line is in it once it was taken, so that a program that is
//! killed loses nothing but what it was about to write. Where the disk is full, what is to be written waits
//! in memory, up to a limit, and the file ends with a whole line.
//!
//! It is locked for as long as it grows, so that nobody else takes it for one that was cut off.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::base::limits::RECORDED_UNWRITTEN_BYTES_MAX;
use crate::recording::live::line::HEAD;

/// A file that grows.
#[derive(Debug)]
pub(crate) struct Journal {
    /// `None` where nothing is written down.
    file: Option<File>,
    path: PathBuf,
    /// Up to where it is whole.
    length: u64,
    waiting: Vec<u8>,
    /// Whether the last write failed.
    is_full: bool,
    /// Whether lines were given up, for want of room.
    is_lossy: bool,
}

/// Why no file can begin to grow.
#[derive(Debug)]
pub(crate) enum NoJournal {
    /// Another process records into it.
    Busy,
    /// It holds what was recorded before.
    Held,
    Failed(io::Error),
}

impl From<io::Error> for NoJournal {
    fn from(error: io::Error) -> Self {
        NoJournal::Failed(error)
    }
}

/// What writing came to, where that has changed.
#[derive(Debug)]
pub(crate) enum Turn {
    Fails(io::Error),
    Works,
}

impl Journal {
    /// Begins a file, for its owner alone. One that is there already is taken over where nothing but the
    /// head stands in it: of a recording that nothing came to.
    ///
    /// # Errors
    /// Where it holds more, is another's, or cannot be written.
    pub(crate) fn begin(path: &Path) -> Result<Self, NoJournal> {
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        let file = match options.clone().create_new(true).mode(0o600).open(path) {
            Ok(file) => {
                lock(&file)?;
                file
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => taken_over(path, &options)?,
            Err(error) => return Err(error.into()),
        };
        let mut journal = Journal::of(file, path);
        match journal.add(&format!("{HEAD}\n")) {
            Some(Turn::Fails(error)) => {
                journal.remove();
                Err(error.into())
            }
            _ => Ok(journal),
        }
    }

    fn of(file: File, path: &Path) -> Self {
        Journal { file: Some(file), path: path.to_owned(), ..Journal::nowhere() }
    }

    /// Of a recording that is held in memory alone.
    pub(crate) fn nowhere() -> Self {
        let (path, waiting) = Default::default();
        Journal { file: None, path, length: 0, waiting, is_full: false, is_lossy: false }
    }

    /// Whether what is added is written down.
    pub(crate) fn is_written(&self) -> bool {
        self.file.is_some()
    }

    /// Over a file that is there, as a disk that is full.
    ///
    /// # Errors
    /// Where it cannot be opened.
    #[cfg(test)]
    pub(crate) fn over(path: &Path) -> io::Result<Self> {
        Ok(Journal::of(OpenOptions::new().write(true).open(path)?, path))
    }

    /// Goes on in another file, as on a disk that has room again.
    ///
    /// # Errors
    /// Where it cannot be made.
    #[cfg(test)]
    pub(crate) fn move_to(&mut self, path: &Path) -> io::Result<()> {
        self.file = Some(File::create_new(path)?);
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether all that was added is in the file.
    pub(crate) fn is_whole(&self) -> bool {
        self.waiting.is_empty() && !self.is_lossy
    }

    /// Takes the file away. It is this recording's as long as the lock is held, and that is until then.
    pub(crate) fn remove(self) {
        if self.is_written() {
            // One that cannot be taken away is told at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }

    /// Adds a line; tells where writing begins to fail, or works again.
    pub(crate) fn add(&mut self, line: &str) -> Option<Turn> {
        let file = self.file.as_mut()?;
        if self.is_full && self.waiting.len() + line.len() > RECORDED_UNWRITTEN_BYTES_MAX {
            self.is_lossy = true;
        } else {
            self.waiting.extend_from_slice(line.as_bytes());
        }
        let written = file.seek(SeekFrom::Start(self.length));
        let written = written.and_then(|_| file.write_all(&self.waiting));
        match written {
            Ok(()) => {
                self.length += self.waiting.len() as u64;
                self.waiting.clear();
                std::mem::take(&mut self.is_full).then_some(Turn::Works)
            }
            Err(error) => {
                // Half a line is none.
                let _ = file.set_len(self.length);
                (!std::mem::replace(&mut self.is_full, true)).then_some(Turn::Fails(error))
            }
        }
    }
}

/// Locks a file, where its file system has locks.
fn lock(file: &File) -> Result<(), NoJournal> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(NoJournal::Busy),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Whether another process holds a file that grows.
pub(crate) fn is_growing(file: &File) -> bool {
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Opens a file that is there, and empties it where nothing but a head stands in it.
fn taken_over(path: &Path, options: &OpenOptions) -> Result<File, NoJournal> {
    // A link may lead to anything.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is there, and is no file").into());
    }
    let mut file = options.open(path)?;
    lock(&file)?;
    let (it, there) = (file.metadata()?, fs::symlink_metadata(path)?);
    // Whoever had it took it away meanwhile, and perhaps another stands there.
    if (it.dev(), it.ino()) != (there.dev(), there.ino()) {
        return Err(NoJournal::Busy);
    }
    let head = format!("{HEAD}\n");
    let mut found = Vec::new();
    Read::by_ref(&mut file).take(head.len() as u64 + 1).read_to_end(&mut found)?;
    if !head.as_bytes().starts_with(&found) {
        return Err(NoJournal::Held);
    }
    file.set_len(0)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}
