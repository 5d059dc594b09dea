//! Makes scenarios of a recording that was cut off, from the file in which it grew.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::recording::import::Imported;
use crate::recording::live::files::named;
use crate::recording::live::finish::finish;
use crate::recording::live::journal::is_growing;
use crate::recording::live::line::{self, HEAD, Line};
use crate::recording::live::part::{Part, of_world};

/// What such a file holds.
#[derive(Debug)]
pub(crate) struct Resumed {
    /// Scenarios with their files, which are named after `file`.
    pub(crate) scenarios: Vec<(PathBuf, Imported)>,
    /// What is in no scenario of those that were made, and why.
    pub(crate) left_out: Vec<String>,
    /// Lines that cannot be read, and parts of which no scenario could be made.
    pub(crate) failed: Vec<String>,
    /// Whether a process records there still.
    pub(crate) is_growing: bool,
}

/// Reads it, and makes the scenarios.
///
/// # Errors
/// Where it is no such file, or cannot be read.
pub(crate) fn resume(growing: &Path, file: &Path) -> Result<Resumed, String> {
    let shown = growing.display();
    let cannot = |error: io::Error| format!("{shown} cannot be read: {error}");
    let opened = File::open(growing).map_err(cannot)?;
    let is_growing = is_growing(&opened);
    let mut lines = BufReader::new(&opened).split(b'\n');
    let first = lines.next().transpose().map_err(cannot)?.unwrap_or_default();
    if first != HEAD.as_bytes() {
        let found = excerpt(&String::from_utf8_lossy(&first), EXCERPT_CHARS_MAX);
        return Err(format!("{shown} is no recording that grew; expected {HEAD}, found {found}"));
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let mut failed = Vec::new();
    for (idx, text) in lines.enumerate() {
        let text = text.map_err(cannot)?;
        let Some((part, line)) = std::str::from_utf8(&text).ok().and_then(line::read) else {
            if !text.is_empty() {
                failed.push(format!("line {}: it is not whole", idx + 2));
            }
            continue;
        };
        let part = parts.entry(part).or_default();
        match line {
            // The last counts: more was known by then.
            Line::Begins { world, start } => (part.world, part.start) = (world, start),
            Line::Input(input) => part.inputs.push(input),
            Line::LeftOut(text) => part.left_out.push(text),
        }
    }
    let (mut scenarios, mut left_out) = (Vec::new(), Vec::new());
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for part in parts.into_values() {
        if part.n_exchanges() == 0 {
            left_out.extend(of_world(&part));
            continue;
        }
        let number = numbers.entry(part.world.clone()).or_default();
        *number += 1;
        let path = named(file, &part.world, *number);
        match finish(part) {
            Ok(imported) => scenarios.push((path, imported)),
            Err(reason) => failed.push(format!("{}: {reason}", path.display())),
        }
    }
    Ok(Resumed { scenarios, left_out, failed, is_growing })
}
