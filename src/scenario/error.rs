//! Why a scenario cannot be used.
//!
//! Not here: the mistakes themselves, each with its place (`mistake`).

use crate::scenario::limits::EXTENDS_DEPTH_MAX;
use serde_json::Value;

use crate::base::nearest::nearest;
use crate::sim::loading::scenario::Mistaken;

/// Why a scenario cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// There is none of this name.
    #[error(
        "there is no scenario called {name:?}; {}{}{}",
        there_is(.known), beside(.name, *.is_beside), meant(.name, .known)
    )]
    Unknown {
        name: String,
        /// The names that there are.
        known: Vec<String>,
        /// Whether it could have been a file beside the one that names it.
        is_beside: bool,
    },
    /// What a scenario extends leads back to itself, or through too many others.
    #[error("{name:?} extends itself, or through more than {EXTENDS_DEPTH_MAX} others")]
    ExtendsItself { name: String },
    /// Its file cannot be read.
    #[error("the scenario {file} cannot be read: {reason}")]
    File { file: String, reason: String },
    /// A CSV file of it cannot be read.
    #[error("{file}: {reason}")]
    Sheet { file: String, reason: String },
    /// It has mistakes.
    #[error("{lines}")]
    Mistakes {
        /// For people: each on a line of its own.
        lines: String,
        /// For a program: `{"mistakes": […], "more": 0}`.
        told: Value,
    },
}

impl From<&dyn Mistaken> for ScenarioError {
    fn from(mistakes: &dyn Mistaken) -> Self {
        ScenarioError::Mistakes { lines: mistakes.to_string(), told: mistakes.to_json() }
    }
}

fn there_is(known: &[String]) -> String {
    if known.is_empty() {
        return "none is built in for these vendors; expected a file's path, or a scenario itself as \
                TOML"
            .to_owned();
    }
    format!("expected one of {}", known.join(", "))
}

fn meant(name: &str, known: &[String]) -> String {
    let near = nearest(name, known.iter().map(String::as_str));
    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

fn beside(name: &str, is_beside: bool) -> &'static str {
    let is_toml = name.len() > 5 && name[name.len() - 5..].eq_ignore_ascii_case(".toml");
    match (is_beside, is_toml) {
        (true, _) => ", or a file beside this one, such as \"floor.toml\"",
        (false, true) => "; a file is sent as the body itself, with Content-Type: application/toml",
        (false, false) => "",
    }
}
