//! `lineage`, `wait`, `healthcheck`: looking at a running program.
//!
//! Not here: its journal (`tail`, `journal`).

use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::base::time::Span;
use crate::cli::asking::Running;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::client::FetchError;
use crate::client::lineage::{Lineage, LineageError};
use crate::client::wait::{self, WaitError};
use crate::exit;
use crate::sim::worlds::name::DEFAULT;

#[derive(Debug, Args)]
pub(crate) struct LineageArgs {
    /// The person's telephone number, written in any way
    #[arg(env = "RINGBACK_PHONE")]
    phone: String,
    #[command(flatten)]
    running: Running,
    /// World to look at
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
}

impl LineageArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let target = self.running.target()?;
        let lineage = Lineage { target, world: self.world, phone: self.phone };
        let lines = runtime()?.block_on(lineage.lines())?;
        print(&lines.join("\n"))
    }
}

#[derive(Debug, Args)]
pub(super) struct WaitArgs {
    #[command(flatten)]
    running: Running,
    /// Waits for this as well: a condition as `verify` takes it, such as
    /// `{"operation":"lock_contact_by_id","at_least":1}`
    #[arg(long = "for", id = "condition", env = "RINGBACK_FOR", value_name = "CONDITION")]
    condition: Option<String>,
    /// World whose journal the condition is about
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
    /// Longest to wait, in real time
    #[arg(long, env = "RINGBACK_TIMEOUT", default_value = "30s", value_parser = length)]
    timeout: Duration,
}

#[derive(Debug, Args)]
pub(super) struct HealthcheckArgs {
    #[command(flatten)]
    running: Running,
    /// Longest to wait for an answer, in real time
    #[arg(long, env = "RINGBACK_TIMEOUT", default_value = "5s", value_parser = length)]
    timeout: Duration,
}

/// A length of time as scenarios write it.
fn length(text: &str) -> Result<Duration, String> {
    text.parse::<Span>().map(Duration::from).map_err(|unfit| unfit.to_string())
}

impl WaitArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let condition = self.condition.as_deref().map(|text| {
            serde_json::from_str::<Value>(text)
                .map_err(|error| bad_input(format!("--for is not JSON: {error}")))
        });
        let condition = condition.transpose()?;
        let target = self.running.target()?;
        runtime()?.block_on(async {
            wait::until_ready(&target, self.timeout).await?;
            let Some(condition) = condition else { return Ok(()) };
            let told = wait::until_met(&target, &self.world, condition, self.timeout).await?;
            print(&told.to_string())?;
            if told["verdict"] == "pass" {
                return Ok(());
            }
            let text = told["reason"].as_str().unwrap_or("the condition does not hold").to_owned();
            Err(Failure { text, code: exit::DIFFERED })
        })
    }
}

impl HealthcheckArgs {
    /// Container runtimes know two answers: 0 for healthy, 1 for not.
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = self.running.target()?;
        match runtime()?.block_on(wait::ready(&target, self.timeout)) {
            Ok(()) => print("ready"),
            Err(WaitError::Fetch(error)) => Err(bad_input(error.to_string())),
            Err(error) => Err(Failure { text: error.to_string(), code: exit::DIFFERED }),
        }
    }
}

impl From<LineageError> for Failure {
    fn from(error: LineageError) -> Self {
        match error {
            LineageError::Control(error) => error.into(),
            LineageError::Phone { .. } => bad_input(error.to_string()),
        }
    }
}

impl From<WaitError> for Failure {
    fn from(error: WaitError) -> Self {
        let code = match error {
            WaitError::Refused(_) | WaitError::Fetch(FetchError::Address(_)) => exit::BAD_INPUT,
            _ => exit::NO_RESOURCE,
        };
        Failure { text: error.to_string(), code }
    }
}
