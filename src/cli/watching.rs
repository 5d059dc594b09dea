//! `tail`, `lineage`, `wait`, `healthcheck`: looking at a running program.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::base::time::Span;
use crate::cli::failure::{Failure, bad_input, print, runtime};
use crate::cli::token::token;
use crate::client::Target;
use crate::client::lineage::Lineage;
use crate::client::tail::{Tail, TailError};
use crate::client::wait::{self, WaitError};
use crate::exit;
use crate::sim::worlds::name::DEFAULT;

#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
    /// World to follow
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
    /// Begins after this sequence number instead of at the end; 0 for the whole journal
    #[arg(long, env = "RINGBACK_AFTER")]
    after: Option<u64>,
    /// Prints what there is, from the beginning where `--after` says nothing, and ends
    #[arg(long, env = "RINGBACK_NO_FOLLOW")]
    no_follow: bool,
    /// Below each exchange, prints a line for the shell that sends the request again
    #[arg(long, env = "RINGBACK_CURL")]
    curl: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LineageArgs {
    /// The person's telephone number, written in any way
    #[arg(env = "RINGBACK_PHONE")]
    phone: String,
    /// Admin address of the running program
    #[arg(long, env = "RINGBACK_ADMIN_URL", default_value = "http://127.0.0.1:8081")]
    admin: String,
    /// World to look at
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    world: String,
}

impl TailArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let target = Target { base: self.admin, token: token()? };
        let tail = Tail {
            target,
            world: self.world,
            after: self.after,
            follow: !self.no_follow,
            curl: self.curl,
        };
        let mut print = |line: &str| {
            let mut stdout = io::stdout().lock();
            writeln!(stdout, "{line}").and_then(|()| stdout.flush())
        };
        match runtime()?.block_on(tail.run(&mut print)) {
            // The reader of a pipe has seen enough.
            Err(TailError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Failure::from),
        }
    }
}

impl LineageArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let target = Target { base: self.admin, token: token()? };
        let lineage = Lineage { target, world: self.world, phone: self.phone };
        let lines = runtime()?.block_on(lineage.lines())?;
        print(&lines.join("\n"))
    }
}

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
