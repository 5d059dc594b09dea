//! Why a replay did not come to an end.
//!
//! Not here: what differs (`verdict`), and what is wrong with a scenario (`plan`).

use std::error::Error;

use crate::client::FetchError;
use crate::contract::reply::InternalError;
use crate::embed;
use crate::replay::control::RunError;
use crate::replay::plan::{GatherError, PlanError};
use crate::replay::switches::SwitchError;

/// Why nothing was replayed, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    #[error(transparent)]
    Start(#[from] embed::Error),
    #[error(transparent)]
    Switch(#[from] SwitchError),
    #[error(transparent)]
    Gather(#[from] GatherError),
    /// Never empty.
    #[error("the scenarios have mistakes:\n{}", lines(.0))]
    Mistakes(Vec<PlanError>),
    /// No scenario is wanted and has steps.
    #[error("there is no scenario with steps to replay; {}", why_none(.filter.as_deref()))]
    NoScenario { filter: Option<String> },
    /// A world that was made to check its scenario is not deleted.
    #[error(transparent)]
    Delete(#[from] InternalError),
    /// The server does not answer.
    #[error(transparent)]
    Server(#[from] FetchError),
    #[error(
        "--seed, --variants, --coverage and --capsule need the server's control plane: --admin"
    )]
    NeedsAdmin,
    #[error("the control plane at {base} cannot be used: {detail}")]
    Control { base: String, detail: String },
    #[error("{file}: {error}")]
    Run { file: String, error: RunError },
    /// A scenario ended by a panic, or was stopped.
    #[error(transparent)]
    Task(Box<dyn Error + Send + Sync>),
    #[error("nothing was replayed: {reason}")]
    NothingRun { reason: String },
}

impl ReplayError {
    /// Whether there is no server: one that does not answer, or one that the system does not let begin.
    pub(crate) fn is_unserved(&self) -> bool {
        matches!(
            self,
            ReplayError::Start(embed::Error::Start { .. })
                | ReplayError::Server(FetchError::NoAnswer { .. })
                | ReplayError::Run { error: RunError::Fetch(FetchError::NoAnswer { .. }), .. }
        )
    }
}

fn lines(mistakes: &[PlanError]) -> String {
    mistakes.iter().map(PlanError::to_string).collect::<Vec<_>>().join("\n")
}

fn why_none(filter: Option<&str>) -> String {
    filter.map_or_else(
        || "expected [[step]] in one at least".to_owned(),
        |filter| format!("no file or title has {filter:?} in it"),
    )
}
