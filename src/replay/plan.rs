//! What is to be replayed: the scenarios of files and folders, read and checked before the first
//! request goes out.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::base::nearest::nearest;
use crate::contract::reply::InternalError;
use crate::contract::secret_fields::SecretFields;
use crate::contract::vendor::Vendors;
use crate::replay::secrets::Secrets;
use crate::replay::then;
use crate::scenario::built_in::{BUILT_IN, built_in_text};
use crate::scenario::capsule::{Capsule, CapsuleError, Kept, is_capsule};
use crate::scenario::library::{Library, Opened};
use crate::scenario::mistake;
use crate::scenario::named::{NamedError, is_file_name};
use crate::scenario::step::{Action, Mark, Step};
use crate::scenario::{Mistakes, ScenarioError, vendor_fields_from_json};
use crate::sim::judge::verify::condition::Condition;
use crate::sim::judge::verify::parse::Mistake;
use crate::sim::loading::scenario::LoadError;
use crate::sim::worlds::{MakeError, Worlds};

/// Deepest folder below the one that was named; a loop of links ends there.
const FOLDERS_MAX: usize = 16;

/// One scenario that is ready to be replayed.
#[derive(Debug)]
pub(crate) struct Plan {
    pub file: String,
    pub title: Option<String>,
    /// What was refused when it was kept.
    pub(crate) then: Vec<String>,
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

/// A file or folder that is not there, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatherError {
    #[error("{} cannot be read: {error}", .path.display())]
    Read { path: PathBuf, error: io::Error },
    /// It looks like the name of a built-in one.
    #[error(transparent)]
    Unknown(#[from] NamedError),
}

/// Why a scenario cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanError {
    /// No world can be made, for another reason than its mistakes.
    #[error(transparent)]
    World(MakeError),
    #[error(transparent)]
    Capsule(#[from] CapsuleError),
    /// It cannot be given to a server elsewhere.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Its secrets cannot be read.
    #[error(transparent)]
    Secrets(#[from] InternalError),
    #[error("{file}: there are no steps; expected [[step]] at least once")]
    NoSteps { file: String },
    /// Its mistakes, those of its steps' actions among them, as `Mistakes` has them in JSON.
    #[error("{}", mistake::lines(.file, .told).join("\n"))]
    Mistakes { file: String, told: Json },
}

/// What is wrong with the event or the condition of a step.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionError {
    #[error("{at}: there is no vendor called {name:?}; expected one of {}{}",
        .known.join(", "), meant(.name, .known))]
    Vendor { at: Mark, name: String, known: Vec<&'static str> },
    #[error("{at}: there is no event of {vendor} called {name:?}; expected one of {}{}",
        .known.join(", "), meant(.name, .known))]
    Event { at: Mark, vendor: &'static str, name: String, known: Vec<&'static str> },
    #[error("{}", lines(.at, &.mistakes.kept))]
    Members { at: Mark, mistakes: Mistakes },
    /// Never empty.
    #[error("{}", lines(.at, .mistakes))]
    Condition { at: Mark, mistakes: Vec<Mistake> },
}

impl ActionError {
    pub(crate) fn at(&self) -> &Mark {
        match self {
            ActionError::Vendor { at, .. }
            | ActionError::Event { at, .. }
            | ActionError::Members { at, .. }
            | ActionError::Condition { at, .. } => at,
        }
    }

    /// As those of the scenario itself are told.
    pub(crate) fn to_json(&self) -> Json {
        let at = self.at();
        let number = |number: u32| if number == 0 { Json::Null } else { number.into() };
        json!({
            "file": *at.file,
            "line": number(at.line),
            "column": number(at.column),
            "pointer": at.pointer,
            "message": self.to_string(),
        })
    }
}

/// The files that are named, and the TOML files and capsules of the folders that are, in the order of
/// names.
///
/// # Errors
/// Where there is no such file or folder.
pub(crate) fn gather(named: &[PathBuf]) -> Result<Vec<Found>, GatherError> {
    let mut found = Vec::new();
    for path in named {
        let cannot = |error| GatherError::Read { path: path.clone(), error };
        // A folder of a vendor's name is more likely meant than the scenario, which has no steps.
        if path.is_dir() {
            walk(path, 0, &mut found).map_err(cannot)?;
        } else {
            if path.to_str().and_then(built_in_text).is_none() {
                match fs::metadata(path) {
                    Err(_) if !is_file_name(path) => {
                        return Err(NamedError::unknown(path, BUILT_IN).into());
                    }
                    known => known.map_err(cannot)?,
                };
            }
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
        } else if path.extension().is_some_and(|end| end == "toml") || is_capsule(&path) {
            found.push(Found { path, is_named: false });
        }
    }
    Ok(())
}

/// A scenario that is open, with what reports call it.
#[derive(Debug)]
pub(crate) struct OpenedAs {
    pub(crate) file: String,
    pub(crate) opened: Opened,
    /// What was refused when it was kept.
    pub(crate) then: Vec<String>,
}

/// Opens what a file holds: a scenario, or those of a capsule.
///
/// # Errors
/// Where it is a capsule that cannot be read, or no file at all.
pub(crate) fn open(library: &Library, found: &Found) -> Result<Vec<OpenedAs>, PlanError> {
    // As a user would write it, not as the walk through the folders made it.
    let path = found.path.strip_prefix(".").unwrap_or(&found.path);
    let file = path.display().to_string();
    if !is_capsule(path) {
        let (opened, then) = (library.open_named(path)?, Vec::new());
        return Ok(vec![OpenedAs { file, opened, then }]);
    }
    let capsule = Capsule::read(path)?;
    let kept = &capsule.scenarios;
    let is_one = kept.len() == 1;
    let open = |Kept { name, scenario }: &Kept| OpenedAs {
        file: if is_one { file.clone() } else { format!("{file} ({name})") },
        opened: library.read_json(scenario),
        then: then::told(&capsule, name),
    };
    Ok(kept.iter().map(open).collect())
}

/// Reads the scenarios of a file and makes their worlds, which shows all of their mistakes. None where it
/// lies in a folder and has no steps: it seeds others.
///
/// # Errors
/// All mistakes of the first that has some.
pub(crate) fn read(
    library: &Library,
    worlds: &Worlds,
    found: &Found,
    world: &str,
    seed: Option<u64>,
) -> Result<Vec<Plan>, PlanError> {
    let mut plans = Vec::new();
    for (number, opened) in open(library, found)?.into_iter().enumerate() {
        let world = if number > 0 { format!("{world}-{number}") } else { world.to_owned() };
        plans.extend(plan(worlds, opened, found.is_named, &world, seed)?);
    }
    Ok(plans)
}

/// Makes the world of a scenario, which shows all of its mistakes.
///
/// # Errors
/// All mistakes; where it has no steps and was named, that too.
pub(crate) fn plan(
    worlds: &Worlds,
    opened: OpenedAs,
    is_named: bool,
    world: &str,
    seed: Option<u64>,
) -> Result<Option<Plan>, PlanError> {
    let OpenedAs { file, mut opened, then } = opened;
    opened.replace_seed(seed);
    let steps = opened.steps().to_vec();
    let title = opened.title().map(str::to_owned);
    let scenario = opened.to_json();
    let wrong = actions(&steps, worlds.vendors());
    let made = match worlds.make(world, &mut opened) {
        Err(MakeError::Load(LoadError::Mistakes(mistakes))) => {
            return Err(mistaken(file, mistakes.to_json(), &wrong));
        }
        made => made.map_err(PlanError::World)?,
    };
    let secrets = Secrets::of(worlds.vendors(), &made, &steps);
    let world = Some(world.to_owned());
    let plan = Plan { file, title, then, steps, scenario: scenario?, world, secrets };
    if plan.steps.is_empty() {
        if is_named {
            return Err(PlanError::NoSteps { file: plan.file });
        }
        return Ok(None);
    }
    if wrong.is_empty() {
        return Ok(Some(plan));
    }
    Err(mistaken(plan.file, json!({ "mistakes": [], "more": 0, "partial": false }), &wrong))
}

/// A scenario with mistakes of its own, and those of its steps' actions.
fn mistaken(file: String, mut told: Json, wrong: &[ActionError]) -> PlanError {
    if let Some(kept) = told["mistakes"].as_array_mut() {
        kept.extend(wrong.iter().map(ActionError::to_json));
    }
    PlanError::Mistakes { file, told }
}

/// What is wrong with the events and conditions that steps name.
pub(crate) fn actions(steps: &[Step], vendors: Vendors) -> Vec<ActionError> {
    let actions = steps.iter().filter_map(|step| match &step.action {
        Action::Event { vendor, name, with } => {
            event(vendors, vendor, name, with, &step.action_at).err()
        }
        // What a variable stands for is known when it is captured.
        Action::Verify(condition) if condition.to_string().contains("{{") => None,
        Action::Verify(condition) => {
            let mistakes = Condition::from_json(vendors, condition).err()?;
            Some(ActionError::Condition { at: step.action_at.clone(), mistakes })
        }
        _ => None,
    });
    actions.collect()
}

fn event(
    vendors: Vendors,
    vendor: &str,
    name: &str,
    with: &Json,
    at: &Mark,
) -> Result<(), ActionError> {
    if vendor.contains("{{") || name.contains("{{") {
        return Ok(());
    }
    let found = vendors.find(vendor).ok_or_else(|| {
        let known = vendors.0.iter().map(|vendor| vendor.surface.vendor).collect();
        ActionError::Vendor { at: at.clone(), name: vendor.to_owned(), known }
    })?;
    let surface = found.surface;
    let event = surface.event(name).ok_or_else(|| {
        let known = surface.events.iter().map(|event| event.name).collect();
        ActionError::Event { at: at.clone(), vendor: surface.vendor, name: name.to_owned(), known }
    })?;
    if with.to_string().contains("{{") {
        return Ok(());
    }
    let (secrets, what) = (SecretFields::of(surface), format!("the event {name}"));
    let fields = vendor_fields_from_json(event.fields, secrets, &what, with);
    let members = |mistakes: Mistakes| ActionError::Members { at: at.clone(), mistakes };
    fields.map(drop).map_err(members)
}

/// Each on a line of its own, with the place of the step.
fn lines(at: &Mark, mistakes: &[impl Display]) -> String {
    mistakes.iter().map(|mistake| format!("{at}: {mistake}")).collect::<Vec<_>>().join("\n")
}

fn meant(name: &str, known: &[&str]) -> String {
    let near = nearest(name, known.iter().copied());
    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}
