//! Every call on the file system that the folder of worlds makes, so that a test can stop between
//! any two of them, or have any one fail.
//!
//! No call follows a link at the end of its path, and none replaces what is there, but for
//! [`Files::rename`] of a file.
//!
//! Not here: what the calls are for, and SQLite's own calls on an open database.

use std::fmt::{self, Debug};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::database::Sync;
use crate::store::folder::own::{FOLDER_MODE, create_new};
use crate::store::folder::trouble::StorageTrouble;

/// Kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Look,
    List,
    Read,
    CreateFolder,
    Create,
    /// Follows a [`Call::Create`]: the file is there, and empty or half written.
    Fill,
    Sync,
    Rename,
    Remove,
    OpenDatabase,
    CloseDatabase,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Call::Look => "look at",
            Call::List => "list",
            Call::Read => "read",
            Call::CreateFolder => "make the folder",
            Call::Create => "make",
            Call::Fill => "write",
            Call::Sync => "sync",
            Call::Rename => "rename",
            Call::Remove => "remove",
            Call::OpenDatabase => "open",
            Call::CloseDatabase => "close",
        })
    }
}

/// Is asked before each call, and can have it fail.
pub trait Gate: Debug + Send + std::marker::Sync {
    /// # Errors
    /// What the call is to fail with.
    fn pass(&self, call: Call, path: &Path) -> io::Result<()>;
}

/// A call that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {call} {path}: {source}")]
pub struct FileError {
    pub call: Call,
    pub path: PathBuf,
    pub source: io::Error,
}

impl FileError {
    /// What it says of the storage.
    pub fn trouble(&self) -> StorageTrouble {
        StorageTrouble::of_io(&self.source)
            .unwrap_or_else(|| StorageTrouble::Failing(self.to_string()))
    }
}

/// What a name in a folder stands for. A link is never followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    Link,
    /// A socket, a pipe, a device.
    Other,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::File => "a file",
            Kind::Folder => "a folder",
            Kind::Link => "a symbolic link, which is not followed",
            Kind::Other => "neither file nor folder",
        })
    }
}

/// The file system, as the folder of worlds uses it.
#[derive(Clone, Debug)]
pub struct Files {
    sync: Sync,
    gate: Option<Arc<dyn Gate>>,
}

impl Files {
    pub fn new(sync: Sync) -> Self {
        Files { sync, gate: None }
    }

    /// Files whose calls a test stops, fails or counts.
    pub fn gated(sync: Sync, gate: Arc<dyn Gate>) -> Self {
        Files { sync, gate: Some(gate) }
    }

    /// When a commit is safe.
    pub fn sync(&self) -> Sync {
        self.sync
    }

    /// Runs one call, unless the gate has it fail.
    ///
    /// # Errors
    /// Where the gate or the call says so.
    pub fn call<T>(
        &self,
        call: Call,
        path: &Path,
        work: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, FileError> {
        let passed = self.gate.as_ref().map_or(Ok(()), |gate| gate.pass(call, path));
        passed.and_then(|()| work()).map_err(|source| FileError {
            call,
            path: path.to_owned(),
            source,
        })
    }

    /// What is there; `None` where nothing is.
    ///
    /// # Errors
    /// Where the file system does not say.
    pub fn kind(&self, path: &Path) -> Result<Option<Kind>, FileError> {
        self.call(Call::Look, path, || match fs::symlink_metadata(path) {
            Ok(about) if about.is_symlink() => Ok(Some(Kind::Link)),
            Ok(about) if about.is_dir() => Ok(Some(Kind::Folder)),
            Ok(about) if about.is_file() => Ok(Some(Kind::File)),
            Ok(_) => Ok(Some(Kind::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// The names in a folder, sorted. One that is no text is shown with its odd bytes replaced, and
    /// is the name of nothing of ours.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn list(&self, folder: &Path) -> Result<Vec<String>, FileError> {
        self.call(Call::List, folder, || {
            let names = fs::read_dir(folder)?
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
            let mut names = names.collect::<io::Result<Vec<String>>>()?;
            names.sort();
            Ok(names)
        })
    }

    /// The first bytes of a file; all, where it is shorter.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn head(&self, path: &Path, n_bytes: u64) -> Result<Vec<u8>, FileError> {
        self.call(Call::Read, path, || {
            let mut head = Vec::new();
            File::open(path)?.take(n_bytes).read_to_end(&mut head)?;
            Ok(head)
        })
    }

    /// # Errors
    /// Where it cannot be read.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        self.call(Call::Read, path, || fs::read(path))
    }

    /// # Errors
    /// Where it cannot be made, or something is there.
    pub fn create_folder(&self, path: &Path) -> Result<(), FileError> {
        self.call(Call::CreateFolder, path, || fs::DirBuilder::new().mode(FOLDER_MODE).create(path))
    }

    /// Makes a file and fills it.
    ///
    /// # Errors
    /// Where it cannot be written, or something is there.
    pub fn write(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<(), FileError> {
        let mut fresh = self.call(Call::Create, path, || create_new(path))?;
        self.call(Call::Fill, path, || fill(&mut fresh))
    }

    /// Copies a file to a name where nothing is.
    ///
    /// # Errors
    /// Where one cannot be read, the other not be written, or something is there.
    pub fn copy(&self, from: &Path, to: &Path) -> Result<(), FileError> {
        let (mut source, n_bytes) = self.call(Call::Read, from, || {
            let file = File::open(from)?;
            let n_bytes = file.metadata()?.len();
            Ok((file, n_bytes))
        })?;
        let mut copy = self.call(Call::Create, to, || {
            let mut copy = create_new(to)?;
            io::copy(&mut Read::by_ref(&mut source).take(n_bytes / 2), &mut copy)?;
            Ok(copy)
        })?;
        self.call(Call::Fill, to, || io::copy(&mut source, &mut copy).map(drop))
    }

    /// Makes a file's bytes safe, where commits are to survive the loss of power.
    ///
    /// # Errors
    /// Where the file system cannot promise it.
    pub fn sync_file(&self, path: &Path) -> Result<(), FileError> {
        match self.sync {
            Sync::Normal => Ok(()),
            Sync::Full => self.call(Call::Sync, path, || File::open(path)?.sync_all()),
        }
    }

    /// Makes the names in a folder safe, where commits are to survive the loss of power.
    ///
    /// # Errors
    /// Where the file system cannot promise it.
    pub fn sync_folder(&self, path: &Path) -> Result<(), FileError> {
        self.sync_file(path)
    }

    /// Gives something another name. A file that has the name is replaced; a folder is not, unless
    /// it is empty.
    ///
    /// # Errors
    /// Where the file system refuses.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<(), FileError> {
        self.call(Call::Rename, to, || fs::rename(from, to))
    }

    /// # Errors
    /// Where it is there and cannot be removed.
    pub fn remove_file(&self, path: &Path) -> Result<(), FileError> {
        self.call(Call::Remove, path, || match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        })
    }

    /// Removes what is there, with all that is in it; of a link, the link alone.
    ///
    /// # Errors
    /// Where something cannot be removed; what was before it in order is gone then.
    pub fn remove_tree(&self, path: &Path) -> Result<(), FileError> {
        match self.kind(path)? {
            None => Ok(()),
            Some(Kind::Folder) => {
                for name in self.list(path)? {
                    self.remove_tree(&path.join(name))?;
                }
                self.call(Call::Remove, path, || fs::remove_dir(path))
            }
            Some(_) => self.remove_file(path),
        }
    }
}
