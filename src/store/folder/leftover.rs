//! Removes what an interruption left. What cannot be removed is told of and does no harm: nobody
//! reads it.

use std::path::Path;

use crate::store::folder::files::{FileError, Files, Kind};
use crate::store::folder::home::CHECKPOINTS;
use crate::store::folder::inspect::MAGIC;
use crate::store::folder::name::{TAKE, is_left_over, is_name};

/// Removes folders and files that were being prepared or removed, in every world.
pub(super) fn clean(files: &Files, worlds: &Path) -> Result<(), FileError> {
    for name in files.list(worlds)? {
        let path = worlds.join(&name);
        if is_left_over(&name) {
            remove(files, &path);
        } else if is_name(&name) && files.kind(&path)? == Some(Kind::Folder) {
            clean_within(files, &path)?;
            let checkpoints = path.join(CHECKPOINTS);
            if files.kind(&checkpoints)? == Some(Kind::Folder) {
                clean_within(files, &checkpoints)?;
            }
        }
    }
    Ok(())
}

fn clean_within(files: &Files, folder: &Path) -> Result<(), FileError> {
    for name in files.list(folder)?.iter().filter(|name| is_left_over(name)) {
        remove(files, &folder.join(name));
    }
    Ok(())
}

/// Removes what an older build left in the data folder: copies that did not come to their end, and
/// what belongs to a world of the flat layout that is not there any more.
pub(super) fn clean_flat(files: &Files, root: &Path, worlds: &Path) -> Result<(), FileError> {
    let names = files.list(root)?;
    let being_taken = files.list(worlds)?;
    let has_world = |world: &str| {
        names.contains(&format!("{world}.db")) || being_taken.contains(&format!("{TAKE}{world}"))
    };
    for name in &names {
        let Some((world, rest)) = name.split_once('.').filter(|(world, _)| is_name(world)) else {
            continue;
        };
        let is_orphan = is_of_world(rest) && !has_world(world);
        if (is_orphan || is_unfinished(rest)) && is_sqlite(files, &root.join(name), rest)? {
            remove(files, &root.join(name));
        }
    }
    Ok(())
}

/// `a.new`, `a.fork`, `a.part`, `a.seed.new`, `a.seed.part`, `a.export.12`, `a.checkpoint.x.part`.
fn is_unfinished(rest: &str) -> bool {
    let is_export = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    matches!(rest, "new" | "fork" | "part" | "seed.new" | "seed.part" | "export.part")
        || rest.strip_prefix("export.").is_some_and(is_export)
        || is_checkpoint(rest, ".part")
}

/// `a.db-wal` and its like, `a.seed.db`, `a.checkpoint.x.db`.
fn is_of_world(rest: &str) -> bool {
    matches!(rest, "db-wal" | "db-shm" | "db-journal" | "seed.db") || is_checkpoint(rest, ".db")
}

fn is_checkpoint(rest: &str, ending: &str) -> bool {
    let name = rest.strip_prefix("checkpoint.").and_then(|rest| rest.strip_suffix(ending));
    name.is_some_and(is_name)
}

/// Whether a file can be what its name says: not a person's text that happens to be called so.
fn is_sqlite(files: &Files, path: &Path, rest: &str) -> Result<bool, FileError> {
    if files.kind(path)? != Some(Kind::File) {
        return Ok(false);
    }
    if rest.starts_with("db-") {
        return Ok(true);
    }
    let head = files.head(path, MAGIC.len() as u64)?;
    Ok(MAGIC.starts_with(&head))
}

/// Removes one, or says why it stays.
pub(super) fn remove(files: &Files, path: &Path) {
    if let Err(error) = files.remove_tree(path) {
        tracing::warn!(path = %path.display(), %error, "something that nobody reads is left over");
    }
}
