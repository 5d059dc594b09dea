//! What is to be replayed: the scenarios of files and folders, read and checked before the first
//! request goes out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::base::nearest::nearest;
use crate::contract::vendor::Vendors;
use crate::replay::secrets::Secrets;
use crate::scenario::fields_from_json;
use crate::scenario::library::{Library, Opened};
use crate::scenario::step::{Action, Mark, Step};
use crate::sim::judge::verify::condition::Condition;
use crate::sim::worlds::Worlds;

/// Deepest folder below the one that was named; a loop of links ends there.
const FOLDERS_MAX: usize = 16;

/// One scenario that is ready to be replayed.
#[derive(Debug)]
pub(crate) struct Plan {
    pub file: String,
    pub title: Option<String>,
    pub steps: Vec<Step>,
    /// The scenario as JSON, for a server elsewhere to make the world of.
    pub scenario: Json,
    /// The world that was made for it here.
    pub world: Option<String>,
    /// What reports must not show.
    pub(crate) secrets: Secrets,
}

impl Plan {
    /// Whether the steps ask for more than a vendor's own API.
    pub(crate) fn needs_control(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step.action, Action::Send(_)))
    }
}

/// A file to read, and whether it was named as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub path: PathBuf,
    pub is_named: bool,
}

/// The files that are named, and the TOML files of the folders that are, in the order of names.
///
/// # Errors
/// Where there is no such file or folder.
pub(crate) fn gather(named: &[PathBuf]) -> Result<Vec<Found>, String> {
    let mut found = Vec::new();
    for path in named {
        let cannot = |error: io::Error| format!("{} cannot be read: {error}", path.display());
        if fs::metadata(path).map_err(cannot)?.is_dir() {
            walk(path, 0, &mut found).map_err(cannot)?;
        } else {
            found.push(Found { path: path.clone(), is_named: true });
        }
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<Found>) -> io::Result<()> {
    let mut paths = Vec::new();
    for file in fs::read_dir(folder)? {
        paths.push(file?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth < FOLDERS_MAX {
                walk(&path, depth + 1, found)?;
            }
        } else if path.extension().is_some_and(|end| end == "toml") {
            found.push(Found { path, is_named: false });
        }
    }
    Ok(())
}

/// Reads a scenario and makes its world, which shows all of its mistakes. `None` where it lies in a
/// folder and has no steps: it seeds others.
///
/// # Errors
/// All mistakes, one a line.
pub(crate) fn read(
    library: &Library,
    worlds: &Worlds,
    found: &Found,
    world: &str,
    seed: Option<u64>,
) -> Result<Option<Plan>, String> {
    // As a user would write it, not as the walk through the folders made it.
    let path = found.path.strip_prefix(".").unwrap_or(&found.path);
    let mut opened: Opened = library.open_file(path);
    opened.replace_seed(seed);
    let file = path.display().to_string();
    let steps = opened.steps().to_vec();
    let title = opened.title().map(str::to_owned);
    let scenario = opened.to_json();
    let made = worlds.make(world, &mut opened).map_err(|error| error.to_string())?;
    let secrets = Secrets::of(worlds.vendors(), &made).map_err(|error| error.to_string())?;
    let scenario = scenario.map_err(|error| error.to_string())?;
    let plan = Plan { file, title, steps, scenario, world: Some(world.to_owned()), secrets };
    if plan.steps.is_empty() {
        if found.is_named {
            let file = &plan.file;
            return Err(format!("{file}: there are no steps; expected [[step]] at least once"));
        }
        return Ok(None);
    }
    let mistakes = actions(&plan.steps, worlds.vendors());
    if mistakes.is_empty() { Ok(Some(plan)) } else { Err(mistakes.join("\n")) }
}

/// What is wrong with the events and conditions that steps name.
fn actions(steps: &[Step], vendors: Vendors) -> Vec<String> {
    let actions = steps.iter().filter_map(|step| match &step.action {
        Action::Event { vendor, name, with } => {
            event(vendors, vendor, name, with, &step.action_at).err()
        }
        // What a variable stands for is known when it is captured.
        Action::Verify(condition) if condition.to_string().contains("{{") => None,
        Action::Verify(condition) => {
            let mistakes = Condition::from_json(vendors, condition).err()?;
            let mistakes = mistakes.iter().map(|it| format!("{}: {it}", step.action_at));
            Some(mistakes.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    });
    actions.collect()
}

fn event(vendors: Vendors, vendor: &str, name: &str, with: &Json, at: &Mark) -> Result<(), String> {
    if vendor.contains("{{") || name.contains("{{") {
        return Ok(());
    }
    let found = vendors.find(vendor).ok_or_else(|| {
        let known: Vec<&str> = vendors.0.iter().map(|vendor| vendor.surface.vendor).collect();
        unknown(at, "vendor", vendor, &known)
    })?;
    let surface = found.surface;
    let event = surface.event(name).ok_or_else(|| {
        let known: Vec<&str> = surface.events.iter().map(|event| event.name).collect();
        unknown(at, &format!("event of {vendor}"), name, &known)
    })?;
    if with.to_string().contains("{{") {
        return Ok(());
    }
    let fields = fields_from_json(event.fields, &format!("the event {name}"), with);
    fields.map(drop).map_err(|mistakes| {
        let lines = mistakes.kept.iter().map(|mistake| format!("{at}: {mistake}"));
        lines.collect::<Vec<_>>().join("\n")
    })
}

fn unknown(at: &Mark, what: &str, name: &str, known: &[&str]) -> String {
    let near = nearest(name, known.iter().copied());
    let meant = near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
    format!("{at}: there is no {what} called {name:?}; expected one of {}{meant}", known.join(", "))
}
