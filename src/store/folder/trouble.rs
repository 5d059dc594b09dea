//! Trouble with the disk, told apart from mistakes of ours: it is nobody's fault here, it ends, and
//! meanwhile what is kept can be read.

use std::io;

use rusqlite::ErrorCode;

/// What is the matter with the storage. The text is for whoever runs the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageTrouble {
    #[error("the disk is full; writes are refused until there is room")]
    Full,
    #[error("the data folder is read-only; writes are refused until it can be written")]
    ReadOnly,
    #[error(
        "no more files can be opened; raise the limit of open files (ulimit -n) or have fewer \
         worlds and connections in use at once"
    )]
    TooManyFiles,
    #[error("the disk does not read or write as it should ({0}); see the system's log")]
    Failing(String),
    /// SQLite does not say why; mostly it is one of the above.
    #[error("a file of the data folder cannot be opened ({0})")]
    CannotOpen(String),
}

impl StorageTrouble {
    /// What an error of SQLite's says of the storage; `None` where it is about something else.
    pub fn of(error: &rusqlite::Error) -> Option<Self> {
        match error.sqlite_error_code()? {
            ErrorCode::DiskFull => Some(StorageTrouble::Full),
            ErrorCode::ReadOnly => Some(StorageTrouble::ReadOnly),
            ErrorCode::SystemIoFailure => Some(StorageTrouble::Failing(error.to_string())),
            ErrorCode::CannotOpen => Some(StorageTrouble::CannotOpen(error.to_string())),
            _ => None,
        }
    }

    /// What an error of the file system says.
    pub fn of_io(error: &io::Error) -> Option<Self> {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Some(StorageTrouble::Full),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Some(StorageTrouble::ReadOnly)
            }
            _ if error.raw_os_error().is_some_and(is_too_many) => {
                Some(StorageTrouble::TooManyFiles)
            }
            _ if error.raw_os_error().is_some() => Some(StorageTrouble::Failing(error.to_string())),
            _ => None,
        }
    }
}

/// EMFILE of the process and ENFILE of the machine, the same on Linux, macOS and the BSDs.
fn is_too_many(errno: i32) -> bool {
    matches!(errno, 23 | 24)
}
