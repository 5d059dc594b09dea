//! Where the folder of a run lies: where the user's temporary files do, if every lever can write that down.
//!
//! A folder stands in variables and files of a dozen programs, each with signs of its own: `:` parts the
//! folders of `PYTHONPATH`, a quote ends an option of Node's or Java's, `$` begins a variable in PHP's
//! settings. Blanks can be quoted in all of them. And the guard's socket has a name of some hundred bytes.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Where it lies else.
const ELSEWHERE: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// Signs that some lever cannot write.
const UNFIT: [char; 5] = [':', '"', '\'', '\\', '$'];

/// Bytes that the name of a socket has at most, its end among them: the least of the systems that we run on.
const SOCKET_BYTES: usize = 104;

/// Bytes that the longest name of a folder in it and a socket in that may take.
const NAME_BYTES: usize = "/ringback-run-4194304-1000/guard".len() + 1;

/// A place for a folder.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Why it is not another, in words.
    pub(super) instead_of: Option<String>,
    /// Which setting names it.
    pub(super) setting: &'static str,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    #[error("cannot make the folder of the run in {folder}, where {setting} leads: {error}")]
    System { folder: String, setting: &'static str, error: io::Error },
    #[error("{why}; {setting} has to name another folder")]
    Unfit { why: String, setting: &'static str },
}

impl Place {
    /// The folder that the user names; it is made.
    pub(super) fn named(path: &Path) -> Result<Self, PlaceError> {
        let setting = "--folder";
        let of = |folder: PathBuf| Place { folder, instead_of: None, setting };
        let whole = std::path::absolute(path).map_err(|error| of(path.into()).failed(error))?;
        // Before anything is made.
        if let Some(why) = unfit(&whole) {
            return Err(PlaceError::Unfit { why, setting });
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&whole);
        let folder = made.and_then(|()| fs::canonicalize(&whole));
        let folder = folder.map_err(|error| of(whole).failed(error))?;
        match unfit(&folder) {
            Some(why) => Err(PlaceError::Unfit { why, setting }),
            None => Ok(of(folder)),
        }
    }

    pub(super) fn failed(&self, error: io::Error) -> PlaceError {
        let folder = self.folder.display().to_string();
        PlaceError::System { folder, setting: self.setting, error }
    }
}

/// Where the user's temporary files lie, or else where others do.
pub(super) fn found() -> Result<Place, PlaceError> {
    let setting = "TMPDIR";
    let wanted = std::env::temp_dir();
    // The client may be in another folder.
    let wanted = std::path::absolute(&wanted).unwrap_or(wanted);
    let Some(why) = unfit(&wanted).or_else(|| too_long(&wanted)) else {
        return Ok(Place { folder: wanted, instead_of: None, setting });
    };
    let why = format!("{why} ({setting})");
    let mut others = ELSEWHERE.iter().map(PathBuf::from);
    match others.find(|it| it.is_dir()) {
        Some(folder) => Ok(Place { folder, instead_of: Some(why), setting }),
        None => Err(PlaceError::Unfit { why, setting }),
    }
}

/// Why a lever cannot write a folder down, in words.
fn unfit(folder: &Path) -> Option<String> {
    let shown = folder.display();
    let Some(text) = folder.to_str() else {
        return Some(format!("{shown} is no UTF-8"));
    };
    let sign = text.chars().find(|it| UNFIT.contains(it) || it.is_control())?;
    Some(format!("{text:?} has {sign:?} in it, which not all levers can write"))
}

/// Why a socket in it has no name, in words.
fn too_long(folder: &Path) -> Option<String> {
    let n_bytes = folder.as_os_str().len();
    (n_bytes + NAME_BYTES > SOCKET_BYTES)
        .then(|| format!("a socket in a folder with a name of {n_bytes} bytes has none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_fit_and_what_parts_or_quotes_is_not() {
        assert_eq!(unfit(Path::new("/my files/é")), None);
        for path in ["/a:b", "/it's", "/a\"b", "/a\nb", "/a$b", "/a\\b"] {
            assert!(unfit(Path::new(path)).is_some(), "{path:?}");
        }
        assert!(too_long(Path::new(&format!("/{}", "a".repeat(90)))).is_some());
        assert_eq!(too_long(Path::new("/tmp")), None);
    }
}
