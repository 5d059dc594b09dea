//! Sees that a scenario file has changed, or a file that it names: a CSV file, or the scenario that
//! it extends.
//!
//! Looks at length, time and number of the files, so it does not matter whether an editor writes a
//! file anew or puts another in its place. A change counts when two looks in a row have seen the
//! same, so that a file which is being written is not read.
//!
//! Not here: when to look, and what is done then (`app`).

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::scenario::files::{read_file, stays_inside};
use crate::scenario::limits::TOML_BYTES_MAX;

/// What is seen of a file; `None` where it is not there.
type Stamp = Option<(u64, i64, i64, u64)>;

/// A scenario file that is watched.
#[derive(Debug)]
pub(crate) struct Watched {
    path: PathBuf,
    /// The files as they were when they were last read.
    read: BTreeMap<PathBuf, Stamp>,
    /// What the last look saw, where that is something else.
    seen: Option<BTreeMap<PathBuf, Stamp>>,
}

impl Watched {
    /// Begins to watch a file that is about to be read.
    pub(crate) fn new(path: &Path) -> Self {
        Watched { path: path.to_owned(), read: stamps(path), seen: None }
    }

    /// Whether there is something to read again.
    pub(crate) fn look(&mut self) -> bool {
        // Which files it names can only change with one of them.
        if self.read.iter().all(|(path, before)| stamp(path) == *before) {
            self.seen = None;
            return false;
        }
        let now = stamps(&self.path);
        if self.seen.as_ref() == Some(&now) {
            self.read = now;
            self.seen = None;
            return true;
        }
        self.seen = Some(now);
        false
    }
}

fn stamps(path: &Path) -> BTreeMap<PathBuf, Stamp> {
    let mut files = vec![path.to_owned()];
    let folder = path.parent().unwrap_or(Path::new(""));
    // Whatever is wrong with the file is told by who reads it.
    let text = read_file(path, TOML_BYTES_MAX).ok().and_then(|it| String::from_utf8(it).ok());
    if let Some(table) = text.and_then(|text| text.parse::<toml::Table>().ok()) {
        named(&toml::Value::Table(table), &mut |name| {
            if stays_inside(name) {
                files.push(folder.join(name));
            }
        });
    }
    files.into_iter().map(|file| (file.clone(), stamp(&file))).collect()
}

/// Every file that a scenario names; a built-in scenario's name is none, and never there.
fn named(value: &toml::Value, each: &mut impl FnMut(&str)) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                match (key.as_str(), value) {
                    ("csv" | "extends", toml::Value::String(name)) => each(name),
                    ("extends", toml::Value::Array(names)) => {
                        names.iter().filter_map(toml::Value::as_str).for_each(&mut *each);
                    }
                    _ => named(value, each),
                }
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| named(item, each)),
        _ => {}
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.len(), about.mtime(), about.mtime_nsec(), about.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_when_it_has_settled() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        file("a.toml", "[jtel]\ncontacts = { csv = \"rows.csv\" }\n");
        let mut watched = Watched::new(&folder.path().join("a.toml"));
        let mut looks = |n: usize| (0..n).map(|_| watched.look()).collect::<Vec<_>>();
        assert_eq!(looks(2), [false, false]);
        // A file that it names comes about, changes, is replaced and goes.
        file("rows.csv", "id\n1\n");
        assert_eq!(looks(3), [false, true, false]);
        file("rows.csv", "id\n1\n2\n");
        assert_eq!(looks(1), [false]);
        file("rows.csv", "id\n1\n2\n3\n");
        assert_eq!(looks(3), [false, true, false]);
        file("rows.new", "id\n1\n2\n3\n");
        fs::rename(folder.path().join("rows.new"), folder.path().join("rows.csv")).unwrap();
        assert_eq!(looks(3), [false, true, false]);
        fs::remove_file(folder.path().join("rows.csv")).unwrap();
        assert_eq!(looks(3), [false, true, false]);
        // Neighbours are not its business; a file that it names from now on is.
        file("other.csv", "id\n");
        assert_eq!(looks(2), [false, false]);
        file("a.toml", "[jtel]\ncontacts = [{ csv = \"other.csv\" }]\n");
        assert_eq!(looks(3), [false, true, false]);
        file("other.csv", "id\n9\n");
        assert_eq!(looks(3), [false, true, false]);
    }
}
