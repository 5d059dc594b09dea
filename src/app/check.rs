//! Scenarios that are read without being served.
//!
//! Not here: what their steps do (`replay`), and how mistakes are told (`cli`).

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::error::AppError;
use crate::app::{library, vendors};
use crate::scenario::built_in::built_in_text;
use crate::scenario::counted::{Counted, RowsTold};
use crate::scenario::library::{Library, Opened};
use crate::scenario::named;
use crate::scenario::step::Step;
use crate::sim::loading::scenario::LoadError;
use crate::sim::loading::settings::ClockSpec;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::{MakeError, Worlds};

/// What stands for stdin in the place of a file.
const STDIN: &str = "-";

/// What reports call it.
const STDIN_NAME: &str = "stdin";

/// Largest scenario that stdin brings: as large as a file may be.
const STDIN_BYTES_MAX: u64 = crate::scenario::TOML_BYTES_MAX;

/// A scenario that was read.
#[derive(Debug)]
pub(crate) struct Checked {
    /// As reports name it.
    pub(crate) file: String,
    pub(crate) found: Found,
    /// Those that have no mistakes.
    pub(crate) steps: Vec<Step>,
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Found {
    Fine {
        title: String,
        seed: u64,
        is_empty: bool,
    },
    /// As JSON: `{"mistakes": […], "more": 0, "partial": false}`.
    Mistakes(Value),
}

/// Reads scenarios: files, all of a folder, built-in ones, and stdin as `-`. The demo where nothing is
/// named. `told` is told of their rows as they are read.
///
/// # Errors
/// Where something that is named is not there, or the program itself fails.
pub(crate) fn check(named: &[PathBuf], told: &RowsTold) -> Result<Vec<Checked>, AppError> {
    let library = library(None, ClockSpec::Real);
    let mut all = Vec::new();
    if named.is_empty() {
        let first = library.names()[0].to_owned();
        all.push((first, library.open_first()?));
    }
    for path in named {
        if path.as_os_str() == STDIN {
            all.push((STDIN_NAME.to_owned(), from_stdin(&library)?));
            continue;
        }
        let is_built_in = path.to_str().is_some_and(|name| built_in_text(name).is_some());
        let is_folder = !is_built_in && path.is_dir();
        let files = if is_folder { named::in_folder(path, true)? } else { vec![path.clone()] };
        for file in files {
            // As a user would write it.
            let file = file.strip_prefix(".").map(Path::to_path_buf).unwrap_or(file);
            let opened = library.open_named(&file)?;
            all.push((file.display().to_string(), opened));
        }
    }
    let worlds = Worlds::new(vendors(), Keep::Memory).map_err(MakeError::from)?;
    let all = all.into_iter().enumerate();
    all.map(|(number, (file, opened))| one(&worlds, number, file, opened, told)).collect()
}

fn from_stdin(library: &Library) -> Result<Opened, AppError> {
    let mut text = String::new();
    let read = io::stdin().lock().take(STDIN_BYTES_MAX).read_to_string(&mut text);
    read.map_err(|source| AppError::System { what: "read a scenario from stdin", source })?;
    Ok(library.read_text(STDIN_NAME, &text))
}

/// Makes a world of one, which shows what is wrong, and lets the world go again.
fn one(
    worlds: &Worlds,
    number: usize,
    file: String,
    opened: Opened,
    told: &RowsTold,
) -> Result<Checked, AppError> {
    let (steps, is_empty) = (opened.steps().to_vec(), opened.is_empty());
    let name = format!("check-{number}");
    let mut counted = Counted { scenario: opened, told: Some(told.clone()) };
    let found = match worlds.make(&name, &mut counted) {
        Ok(world) => {
            let facts = world.facts();
            Found::Fine { title: facts.title, seed: facts.seed, is_empty }
        }
        Err(MakeError::Load(LoadError::Mistakes(mistakes))) => Found::Mistakes(mistakes.to_json()),
        Err(error) => return Err(error.into()),
    };
    // Nothing listens for it, so there is nothing to wait for.
    drop(worlds.delete(&name)?);
    Ok(Checked { file, found, steps })
}

impl Checked {
    /// Adds what is wrong with its steps: the places with what is to be said of them.
    pub(crate) fn add(&mut self, mistakes: Vec<Value>) {
        if mistakes.is_empty() {
            return;
        }
        if let Found::Fine { .. } = self.found {
            self.found = Found::Mistakes(json!({ "mistakes": [], "more": 0, "partial": false }));
        }
        if let Found::Mistakes(told) = &mut self.found
            && let Some(list) = told["mistakes"].as_array_mut()
        {
            list.extend(mistakes);
        }
    }
}
