//! The running program that is asked, and what is said where it does not answer as it should.

use http::{Method, StatusCode};
use serde_json::Value;

use crate::base::nearest::did_you_mean;
use crate::cli::asking::{list, text};
use crate::client::Target;
use crate::client::control::{ControlError, escaped};

/// Whom the tools ask, and what they may.
#[derive(Debug)]
pub(super) struct Session {
    target: Target,
    /// The world that is meant where a call names none.
    world: String,
    writes: bool,
}

/// What is said of calls and commands, and the tool that does the same.
const CALLS: &[(&str, &str)] = &[
    ("`ringback explain` lists", "explain without a rule lists"),
    (
        "`ringback manual` lists them, `ringback manual --search TEXT` looks in all",
        "read_manual without a chapter lists them",
    ),
    ("GET /v1/worlds lists", "list_worlds lists"),
    ("GET /v1/vendors lists", "list_vendors lists"),
    ("GET …/state/{vendor} lists", "read_state without a table lists"),
    ("GET …/events/{vendor} lists", "list_events lists"),
    ("GET …/faults lists", "list_faults lists"),
];

impl Session {
    pub(super) fn new(target: Target, world: String, writes: bool) -> Self {
        Session { target, world, writes }
    }

    /// Whether tools that change worlds are there.
    pub(super) fn writes(&self) -> bool {
        self.writes
    }

    /// The world that is meant where a call names none.
    pub(super) fn world(&self) -> &str {
        &self.world
    }

    /// Where the program is asked.
    pub(super) fn address(&self) -> &str {
        &self.target.base
    }

    /// Makes one call.
    ///
    /// # Errors
    /// Where nothing answers or it refuses, in words for whoever called the tool.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value, String> {
        self.target.call(method, path, body).await.map_err(|error| told(&error))
    }

    /// Reads.
    ///
    /// # Errors
    /// As for [`Session::ask`].
    pub(super) async fn read(&self, path: &str) -> Result<Value, String> {
        self.ask(Method::GET, path, &Value::Null).await
    }

    /// Makes one call about a world; `rest` is the path behind its name.
    ///
    /// # Errors
    /// As for [`Session::ask`]; a world that is not there is told with the nearest that is.
    pub(super) async fn ask_world(
        &self,
        world: &str,
        method: Method,
        rest: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let path = format!("/v1/worlds/{}{rest}", escaped(world));
        let error = match self.target.call(method, &path, body).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match &error {
            ControlError::Refused { status: StatusCode::NOT_FOUND, text, .. }
                if text.starts_with("there is no world called") =>
            {
                Err(self.no_such_world(world).await)
            }
            _ => Err(told(&error)),
        }
    }

    /// Reads something of a world.
    ///
    /// # Errors
    /// As for [`Session::ask_world`].
    pub(super) async fn read_world(&self, world: &str, rest: &str) -> Result<Value, String> {
        self.ask_world(world, Method::GET, rest, &Value::Null).await
    }

    /// Lists the worlds, of several processes behind a balancer too.
    ///
    /// # Errors
    /// As for [`Session::read`].
    pub(super) async fn worlds(&self) -> Result<Value, String> {
        let listed = self.target.worlds().await.map_err(|error| told(&error))?;
        Ok(listed.answer)
    }

    async fn no_such_world(&self, world: &str) -> String {
        let worlds = self.worlds().await.unwrap_or_default();
        let names = list(&worlds, "worlds").iter().map(|it| text(it, "name"));
        let near = did_you_mean(world, names);
        format!("there is no world called {world:?}{near}; list_worlds lists them")
    }
}

/// An error in the words of the tools.
fn told(error: &ControlError) -> String {
    match error {
        ControlError::Fetch(error) => format!(
            "{error}; start a Ringback with `ringback serve`, or lead `ringback mcp` to one that runs \
             by --admin or RINGBACK_ADMIN_URL"
        ),
        ControlError::Refused { status: StatusCode::UNAUTHORIZED, .. } => {
            "this Ringback wants a token, and the one that was sent is none or another; set \
             RINGBACK_ADMIN_TOKEN in the environment of `ringback mcp` to the one that it was started \
             with"
                .to_owned()
        }
        ControlError::Refused { text, .. } => text.clone(),
        ControlError::NotRingback(_) => format!(
            "{error}; lead `ringback mcp` to one by --admin or RINGBACK_ADMIN_URL: the address is \
             `admin` in the line that `ringback serve` prints"
        ),
    }
}

/// A sentence that names no call of the control plane and no command where a tool does the same.
pub(super) fn by_tools(told: &str) -> String {
    CALLS.iter().fold(told.to_owned(), |told, (call, tool)| told.replace(call, tool))
}
