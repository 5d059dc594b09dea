//! What the files of a recording are called.
//!
//! Each world's recording is a file of its own, and a reset begins another one: `day.toml` for the default
//! world, `day-2.toml` after its reset, `day.NAME.toml` for the world of a name, `day.NAME.2.toml` after its
//! reset. No world's name has a dot, so no two of them are one.

use std::path::{Path, PathBuf};

use crate::sim::worlds::name::DEFAULT;

/// What the file is called in which a recording stands while it grows: the name of what it becomes, and
/// this behind it.
const GROWING: &str = "part";

/// The file in which a recording stands while it grows.
pub(super) fn growing(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(GROWING);
    name.into()
}

/// The file of a world's recording, and of what came after each new beginning.
pub(crate) fn named(file: &Path, world: &str, number: usize) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    let is_named = !world.is_empty() && world != DEFAULT;
    if is_named {
        name.push(format!(".{world}"));
    }
    if number > 1 {
        let sign = if is_named { '.' } else { '-' };
        name.push(format!("{sign}{number}"));
    }
    if let Some(end) = file.extension() {
        name.push(".");
        name.push(end);
    }
    file.with_file_name(name)
}
