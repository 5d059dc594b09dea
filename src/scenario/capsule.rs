//! A capsule: in one file all that a run needs to be done again, with what it has shown.
//!
//! It is JSON: scenarios with their steps, which stand by themselves, then the report and the journals,
//! for who looks into it. What a client sent has pseudonyms for credentials before it comes here; scenarios
//! that are replayed stand in it as they are written.
//!
//! Not here: doing it again (`replay`), and what a run takes down (`recording`).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// How the name of such a file ends.
const ENDING: &str = "capsule";

/// The form that is written. One that is read by no name of its own counts up.
const FORM: u32 = 1;

/// Largest file that is read: twice what a recording holds at the most.
const BYTES_MAX: u64 = 512 << 20;

/// All that a run needs to be done again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Capsule {
    #[serde(rename = "ringback_capsule")]
    form: u32,
    /// The program that wrote it, with its version.
    made_by: String,
    pub(crate) scenarios: Vec<Kept>,
    /// What the run came to.
    #[serde(default)]
    pub(crate) report: Json,
    /// What its worlds and nobody's journal have.
    #[serde(default)]
    pub(crate) journal: Json,
}

/// A scenario of it, with its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// What tells it from the others.
    pub(crate) name: String,
    pub(crate) scenario: Json,
}

/// Why a file is no capsule, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CapsuleError {
    #[error("{} cannot be read: {error}", .path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} has {bytes} bytes; expected {BYTES_MAX} at the most", .path.display())]
    TooLarge { path: PathBuf, bytes: u64 },
    #[error(
        "{} is no capsule: {error}; expected what run --capsule or replay --capsule writes",
        .path.display()
    )]
    Unfit { path: PathBuf, error: serde_json::Error },
    #[error(
        "{} is a capsule of form {form}, written by {made_by}; expected form {FORM}, which this program knows",
        .path.display()
    )]
    Newer { path: PathBuf, form: u32, made_by: String },
}

/// Reads the name of a file that is to be one: `replay` knows it by its end.
///
/// # Errors
/// Where it ends otherwise.
pub(crate) fn named(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if is_capsule(&path) {
        return Ok(path);
    }
    Err(format!("expected a name that ends in .{ENDING}, by which replay knows it"))
}

/// Whether a file goes by the name of a capsule.
pub(crate) fn is_capsule(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ENDING))
}

impl Capsule {
    pub(crate) fn new(scenarios: Vec<Kept>, report: Json, journal: Json) -> Self {
        let made_by = concat!("ringback ", env!("CARGO_PKG_VERSION")).to_owned();
        Capsule { form: FORM, made_by, scenarios, report, journal }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Where there is none, or it is no capsule that this program knows.
    pub(crate) fn read(path: &Path) -> Result<Self, CapsuleError> {
        let (read, path) = (|error| CapsuleError::Read { path: path.to_owned(), error }, path);
        let bytes = fs::metadata(path).map_err(read)?.len();
        if bytes > BYTES_MAX {
            return Err(CapsuleError::TooLarge { path: path.to_owned(), bytes });
        }
        let bytes = fs::read(path).map_err(read)?;
        let unfit = |error| CapsuleError::Unfit { path: path.to_owned(), error };
        // The form first: another one may lack what this one has.
        let Head { form, made_by } = serde_json::from_slice(&bytes).map_err(unfit)?;
        if form != FORM {
            return Err(CapsuleError::Newer { path: path.to_owned(), form, made_by });
        }
        serde_json::from_slice(&bytes).map_err(unfit)
    }

    /// The text of its file, a line for each part, so that two can be held against each other.
    pub(crate) fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

/// What every form has.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "ringback_capsule")]
    form: u32,
    #[serde(default)]
    made_by: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(text: &str) -> String {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        Capsule::read(file.path()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read() {
        let kept = Kept { name: "default".to_owned(), scenario: json!({ "step": [] }) };
        let capsule = Capsule::new(vec![kept], json!({ "verdict": "fail" }), json!({}));
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), capsule.to_text().unwrap()).unwrap();
        assert_eq!(Capsule::read(file.path()).unwrap(), capsule);
    }

    #[test]
    fn what_is_none_is_told_with_what_is_expected() {
        assert!(said("title = 'x'").contains("is no capsule"), "{}", said("title = 'x'"));
        assert!(said("{}").contains("missing field `ringback_capsule`"), "{}", said("{}"));
        let later = said(r#"{"ringback_capsule": 2, "made_by": "ringback 9.0", "worlds": []}"#);
        assert!(later.contains("form 2, written by ringback 9.0; expected form 1"), "{later}");
        assert!(Capsule::read(Path::new("/nowhere/x.capsule")).is_err());
    }
}
