//! What a command line names: scenario files, folders of them, and names of built-in scenarios.
//!
//! A name of a built-in scenario goes before a file of that name, which `./` before it tells apart.
//!
//! Not here: opening them (`library`).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::nearest::nearest;
use crate::scenario::built_in::BuiltIn;
use crate::scenario::files::reason;

/// The file of a folder that its default world is made of.
const DEFAULT_STEM: &str = "default";

/// How many folders may lie in one another; a scenario lies one or two deep.
const FOLDERS_MAX: usize = 8;

/// The files that were named.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) files: Vec<PathBuf>,
    /// The name that comes first, where it is not that of the first file.
    pub(crate) first: Option<String>,
}

/// Why what was named is not to be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NamedError {
    #[error(
        "there is no {name:?}; expected a scenario file, a folder of them, or one of {}{}",
        .known.join(", "), meant(.name, .known)
    )]
    Unknown { name: String, known: Vec<&'static str> },
    #[error("{}: {}", .path.display(), reason(.error))]
    Folder { path: PathBuf, error: io::Error },
    #[error("{} holds no scenario; expected files whose names end in .toml", .0.display())]
    EmptyFolder(PathBuf),
    #[error("{} and {} go by one name; rename one of them", .0.display(), .1.display())]
    Twice(PathBuf, PathBuf),
}

impl NamedError {
    /// There is neither such a file nor such a built-in scenario.
    pub(crate) fn unknown(path: &Path, built_in: &[BuiltIn]) -> Self {
        let known = built_in.iter().map(|known| known.name).collect();
        NamedError::Unknown { name: path.display().to_string(), known }
    }
}

/// Whether something is named as files are: by a path, or with an ending.
pub(crate) fn is_file_name(named: &Path) -> bool {
    let end = named.extension().and_then(|end| end.to_str()).unwrap_or_default();
    named.components().count() > 1
        || named.to_str().is_none_or(|text| text.contains('/'))
        || ["toml", "json"].iter().any(|known| end.eq_ignore_ascii_case(known))
}

/// Gathers what is named, for worlds to be made of by name.
///
/// # Errors
/// Where something is not there, or two files go by one name.
pub(crate) fn gather(named: &[PathBuf], built_in: &[BuiltIn]) -> Result<Gathered, NamedError> {
    let mut gathered = Gathered::default();
    for (idx, path) in named.iter().enumerate() {
        let name = path.to_str().unwrap_or_default();
        if built_in.iter().any(|known| known.name == name) {
            if idx == 0 {
                gathered.first = Some(name.to_owned());
            }
            continue;
        }
        if path.is_dir() {
            let mut files = in_folder(path, false)?;
            files.sort_by_key(|file| file.file_stem().is_none_or(|stem| stem != DEFAULT_STEM));
            gathered.files.extend(files);
        } else if is_file_name(path) || path.exists() {
            // Where it is not there, whoever reads it says so.
            gathered.files.push(path.clone());
        } else {
            return Err(NamedError::unknown(path, built_in));
        }
    }
    for (idx, file) in gathered.files.iter().enumerate() {
        let earlier = &gathered.files[..idx];
        if let Some(other) = earlier.iter().find(|other| other.file_stem() == file.file_stem()) {
            return Err(NamedError::Twice(other.clone(), file.clone()));
        }
    }
    Ok(gathered)
}

/// The TOML files in a folder, by name; those of folders that lie in it too where `deep` says so.
///
/// # Errors
/// Where a folder cannot be read, or holds none.
pub(crate) fn in_folder(folder: &Path, deep: bool) -> Result<Vec<PathBuf>, NamedError> {
    let files = walk(folder, if deep { FOLDERS_MAX } else { 0 });
    let files = files.map_err(|error| NamedError::Folder { path: folder.to_owned(), error })?;
    if files.is_empty() { Err(NamedError::EmptyFolder(folder.to_owned())) } else { Ok(files) }
}

/// Goes so many folders deep.
fn walk(folder: &Path, depth: usize) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for file in fs::read_dir(folder)? {
        paths.push(file?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            if let Some(depth) = depth.checked_sub(1) {
                files.extend(walk(&path, depth)?);
            }
        } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml")) {
            files.push(path);
        }
    }
    Ok(files)
}

fn meant(name: &str, known: &[&str]) -> String {
    let near = nearest(name, known.iter().copied());
    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}
