//! `lineage`, `wait`, `healthcheck`: looking at a running program.
//!
//! Not here: its journal (`tail`, `journal`).

use std::time::Duration;

use clap::Args;
use http::Method;
use serde_json::Value;

use crate::base::time::Span;
use crate::cli::asking::{Running, in_commands};
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::words;
use crate::client::FetchError;
use crate::client::control::escaped;
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
    /// `operation=lock_contact_by_id at_least=2`, or one JSON object
    #[arg(long = "for", id = "condition", env = "RINGBACK_FOR", value_name = "CONDITION")]
    condition: Option<String>,
    /// World whose journal the condition is about; it has to be there also without one
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

/// A condition in one word: the words that `verify` takes, or JSON.
fn condition(text: &str) -> Result<Value, Failure> {
    let words: Vec<String> = match text.trim_start() {
        json if json.starts_with('{') => vec![json.to_owned()],
        words => words.split_whitespace().map(str::to_owned).collect(),
    };
    let body = words::body(&words, &[], "operation=lock_contact_by_id");
    body.map_err(|Failure { text, code }| Failure { text: format!("--for: {text}"), code })
}

impl WaitArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let condition = self.condition.as_deref().map(condition).transpose()?;
        let target = self.running.target()?;
        runtime()?.block_on(async {
            wait::until_ready(&target, self.timeout).await?;
            let Some(condition) = condition else {
                // The default one is always there.
                if self.world != DEFAULT {
                    let path = format!("/v1/worlds/{}", escaped(&self.world));
                    target.call(Method::GET, &path, &Value::Null).await?;
                }
                return Ok(());
            };
            let met = wait::until_met(&target, &self.world, condition, self.timeout).await?;
            print(&met.told.to_string())?;
            met.unmet().map_or(Ok(()), |text| Err(Failure { text, code: exit::DIFFERED }))
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
        Failure { text: in_commands(error.to_string()), code }
    }
}
