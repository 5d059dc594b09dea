//! What commands that talk to a running program have in common: its address, the world, the form of
//! the answer.
//!
//! Not here: what each asks for, a file per command.

use clap::Args;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::cli::failure::{Failure, print, runtime};
use crate::cli::token::token;
use crate::client::control::{ControlError, escaped};
use crate::client::plain::plain;
use crate::client::{FetchError, Target, address};
use crate::exit;
use crate::sim::worlds::name::DEFAULT;

/// What is said to clients of the control plane, and what does the same here.
const CALLS: &[(&str, &str)] = &[
    ("GET /v1/worlds lists", "`ringback world list` lists"),
    ("GET /v1/vendors lists", "`ringback routes` lists"),
    ("GET …/faults lists", "`ringback fault list` lists"),
    // What a command asks for is there, unless something stands before it.
    ("GET /openapi.json lists all", "expected an address that ends behind its port"),
];

/// A world that may be named without a flag, as those are that are made and deleted.
#[derive(Debug, Args)]
pub(crate) struct Naming {
    /// World that is meant, in place of --world
    #[arg(env = "RINGBACK_NAME")]
    name: Option<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

/// Where the running program is.
#[derive(Clone, Debug, Args)]
pub(crate) struct Running {
    /// Admin address of the running program
    #[arg(
        long,
        env = "RINGBACK_ADMIN_URL",
        default_value = "http://127.0.0.1:8081",
        value_parser = address::base
    )]
    admin: String,
}

/// The running program, and the form of its answer.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    #[command(flatten)]
    running: Running,
    /// As JSON, for programs: the answer of the control plane
    #[arg(long, env = "RINGBACK_JSON")]
    pub(crate) json: bool,
}

/// The running program, and one of its worlds.
#[derive(Debug, Args)]
pub(crate) struct AskingWorld {
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// World that is meant
    #[arg(long, env = "RINGBACK_WORLD", default_value = DEFAULT)]
    pub(crate) world: String,
}

impl Running {
    /// Where to ask.
    ///
    /// # Errors
    /// Where the token is one that no client could send.
    pub(crate) fn target(self) -> Result<Target, Failure> {
        Ok(Target::at(self.admin, token()?))
    }
}

impl Asking {
    /// Where to ask.
    ///
    /// # Errors
    /// Where the token is one that no client could send.
    pub(crate) fn target(&self) -> Result<Target, Failure> {
        self.running.clone().target()
    }

    /// Makes one call.
    ///
    /// # Errors
    /// Where nothing answers, or it refuses.
    pub(crate) fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value, Failure> {
        let target = self.target()?;
        Ok(runtime()?.block_on(target.call(method, path, body))?)
    }

    /// Prints an answer: as it is for programs, else in the lines that are made of it.
    ///
    /// # Errors
    /// Where stdout cannot be written.
    pub(crate) fn show(
        &self,
        answer: &Value,
        lines: impl FnOnce(&Value) -> Vec<String>,
    ) -> Result<(), Failure> {
        if self.json {
            return print(&answer.to_string());
        }
        let lines = lines(answer);
        lines.iter().try_for_each(|line| print(&plain(line)))
    }
}

impl Naming {
    /// The running program, and the world that was named.
    pub(crate) fn asking(self) -> AskingWorld {
        let Naming { name, asking } = self;
        let world = name.unwrap_or(asking.world);
        AskingWorld { world, ..asking }
    }
}

impl AskingWorld {
    /// The path of the world, or of something in it.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/worlds/{}{rest}", escaped(&self.world))
    }

    /// Makes one call about the world; `rest` is the path behind its name.
    ///
    /// # Errors
    /// As for [`Asking::ask`].
    pub(crate) fn ask(&self, method: Method, rest: &str, body: &Value) -> Result<Value, Failure> {
        self.asking.ask(method, &self.path(rest), body)
    }
}

/// A member that is text; nothing where it is none.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// A member that is a list.
pub(crate) fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A value in a table or a line: text without its quotes, nothing for what is not there.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let code = match &error {
            ControlError::Fetch(FetchError::Address(_)) => exit::BAD_INPUT,
            ControlError::Refused { status, .. } if is_of_asker(*status) => exit::BAD_INPUT,
            _ => exit::NO_RESOURCE,
        };
        Failure { text: in_commands(error.to_string()), code }
    }
}

/// What the control plane says, in the words of the command line.
pub(crate) fn in_commands(text: String) -> String {
    CALLS.iter().fold(text, |text, (call, command)| text.replace(call, command))
}

/// Whether it is what was asked for that is wrong, and not who asks or the server's own state.
fn is_of_asker(status: StatusCode) -> bool {
    status.is_client_error() && ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status)
}
