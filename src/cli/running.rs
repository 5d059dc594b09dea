//! Commands that talk to a running Ringback, or tell of the program itself.

use std::time::Duration;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::Value;

use super::{Cli, Failure, bad_input, print, runtime, token};
use crate::app;
use crate::base::duration;
use crate::client::wait::{self, WaitError};
use crate::client::{FetchError, Target};
use crate::exit;
use crate::sim::worlds::name::DEFAULT;

#[derive(Debug, Args)]
pub(super) struct WaitArgs {
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
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
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
    /// Longest to wait for an answer, in real time
    #[arg(long, env = "RINGBACK_TIMEOUT", default_value = "5s", value_parser = length)]
    timeout: Duration,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell to complete for
    #[arg(env = "RINGBACK_SHELL")]
    shell: Shell,
}

/// A length of time as scenarios write it.
fn length(text: &str) -> Result<Duration, String> {
    let ms = duration::parse_ms(text).and_then(|ms| u64::try_from(ms).ok());
    let ms = ms.ok_or_else(|| "expected a length of time such as 30s, 90m or 1h30m".to_owned())?;
    Ok(Duration::from_millis(ms))
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

impl WaitArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let condition = self.condition.as_deref().map(|text| {
            serde_json::from_str::<Value>(text)
                .map_err(|error| bad_input(format!("--for is not JSON: {error}")))
        });
        let condition = condition.transpose()?;
        let target = Target { base: self.admin, token: token()? };
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
        let target = Target { base: self.admin, token: token()? };
        match runtime()?.block_on(wait::ready(&target, self.timeout)) {
            Ok(()) => print("ready"),
            Err(WaitError::Fetch(error)) => Err(bad_input(error.to_string())),
            Err(error) => Err(Failure { text: error.to_string(), code: exit::DIFFERED }),
        }
    }
}

impl CompletionsArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "ringback", &mut script);
        print(String::from_utf8_lossy(&script).trim_end())
    }
}

/// Prints what a scenario may hold.
pub(super) fn schema() -> Result<(), Failure> {
    print(&format!("{:#}", app::schema()))
}
