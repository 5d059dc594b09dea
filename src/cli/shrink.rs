//! `replay --shrink`: the shortest run of inputs that still shows the same failure.

use std::fs;
use std::path::Path;

use crate::base::text::counted;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::new_file::written;
use crate::cli::progress::{Progress, Unit};
use crate::cli::run_report::no_resource;
use crate::replay::all::Config;
use crate::replay::error::ReplayError;
use crate::replay::shrink::{ShrinkError, Shrunk, shrink};
use crate::scenario::to_toml;

/// Shrinks, and writes the scenario that is left.
///
/// # Errors
/// Where nothing fails, or the file cannot be written.
pub(super) fn shrunk(config: &Config, file: &Path) -> Result<(), Failure> {
    let is_same = |path: &Path| fs::canonicalize(path).ok() == fs::canonicalize(file).ok();
    if file.exists() && config.paths.iter().any(|path| is_same(path)) {
        let text =
            format!("--shrink {}: it is what is shrunk; expected another file", file.display());
        return Err(bad_input(text));
    }
    let progress = Progress::new("inputs tried", None, Unit::Things);
    let mut tell = |left: usize| {
        progress.say(format!("{} left", counted(left, "input is", "inputs are")));
        progress.add(1);
    };
    let shrunk = runtime()?.block_on(shrink(config, &mut tell));
    progress.end();
    let Shrunk { scenario, shows, n_before, n_after, n_tried } =
        shrunk.map_err(|error| match error {
            ShrinkError::Replay(error) => error.into(),
            ShrinkError::Plan(error) => ReplayError::Mistakes(vec![error]).into(),
            error => bad_input(error.to_string()),
        })?;
    let text = if file.extension().is_some_and(|end| end == "json") {
        format!("{scenario:#}\n")
    } else {
        to_toml(&scenario).map_err(|error| {
            bad_input(format!("{error}; expected a file whose name ends in .json for it"))
        })?
    };
    fs::write(file, text)
        .map_err(|error| no_resource(format!("cannot write {}: {error}", file.display())))?;
    print(&format!("shows: {shows}"))?;
    let tries = counted(n_tried, "try", "tries");
    print(&format!("inputs: {n_after} of {n_before}, found in {tries}"))?;
    print(&written(file))
}
