//! Making, listing, resetting and deleting worlds.

use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Admin, Asked, ok};
use super::journal::internal;
use super::problem::{Problem, json_response};
use crate::sim::fields::{Field, Kind};
use crate::sim::load::LoadError;
use crate::sim::world::CheckpointError;
use crate::sim::worlds::{DEFAULT, MakeError};
use crate::web::message::Response;

impl Admin {
    pub(super) fn list_worlds(&self) -> Value {
        let worlds = self.worlds.all();
        json!({ "worlds": worlds.iter().map(|world| world.facts().to_json()).collect::<Value>() })
    }

    /// `{"name": "a", "scenario": "demo"}`, or the scenario itself as an object; `seed` replaces
    /// the scenario's own.
    pub(super) async fn make_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let body = asked.body();
        let known = ["name", "scenario", "seed"];
        let members = body.as_object().ok_or_else(|| {
            Problem::bad_request(
                "expected an object such as {\"name\":\"a\",\"scenario\":\"demo\"}",
            )
        })?;
        if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
            let detail =
                format!("unknown member {unknown:?}; expected one of {}", known.join(", "));
            return Err(Problem::bad_request(detail));
        }
        let name = body["name"].as_str().ok_or_else(|| {
            Problem::bad_request("name: expected a text, the name of the new world")
        })?;
        let seed = match &body["seed"] {
            Value::Null => None,
            value => Some(value.as_u64().filter(|seed| i64::try_from(*seed).is_ok()).ok_or_else(
                || {
                    Problem::bad_request(format!(
                        "seed is {value}; expected a whole number, 0 or more"
                    ))
                },
            )?),
        };
        let mut document = match &body["scenario"] {
            Value::String(wanted) => self.library.open(wanted).map_err(Problem::bad_request)?,
            Value::Object(_) => self.library.read_json(&body["scenario"]),
            other => {
                let detail = format!(
                    "scenario is {other}; expected the name of a scenario ({}) or a scenario as an object",
                    self.library.names().join(", "),
                );
                return Err(Problem::bad_request(detail));
            }
        };
        document.replace_seed(seed);
        let worlds = std::sync::Arc::clone(&self.worlds);
        let wanted = name.to_owned();
        let made = crate::sim::world::blocking(move || worlds.make(&wanted, &mut document)).await;
        match made.map_err(internal)? {
            Ok(world) => Ok(json_response(StatusCode::CREATED, &world.facts().to_json())),
            Err(error) => Err(not_made(error)),
        }
    }

    pub(super) fn delete_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let name = self.world(asked)?.name().to_owned();
        if name == DEFAULT {
            let detail = "the default world always exists; reset it instead";
            return Err(Problem::new(StatusCode::CONFLICT, "default-world", detail));
        }
        self.worlds.delete(&name).map_err(internal)?;
        Ok(ok(&json!({ "deleted": name })))
    }

    pub(super) async fn reset_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.reset().await.map_err(internal)?;
        Ok(ok(&json!({ "seq": seq, "world": world.facts().to_json() })))
    }

    /// `{"name": "b"}`: a new world that begins where this one is now.
    pub(super) async fn fork_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name");
        let fork = self.worlds.fork(&world, name).await.map_err(not_made)?;
        Ok(json_response(StatusCode::CREATED, &fork.facts().to_json()))
    }

    /// `{"name": "before"}`: keeps the state as it is now.
    pub(super) async fn keep_checkpoint(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name");
        let path = self.worlds.checkpoint_path(world.name(), name).map_err(not_made)?;
        let seq = world.checkpoint(name, path).await.map_err(no_checkpoint)?;
        Ok(json_response(StatusCode::CREATED, &json!({ "seq": seq, "checkpoint": name })))
    }

    /// `{"name": "before"}`: puts the state back.
    pub(super) async fn roll_back(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.rollback(asked.row().text("name")).await.map_err(no_checkpoint)?;
        Ok(ok(&json!({ "seq": seq, "world": world.facts().to_json() })))
    }
}

/// Body of `fork`, `checkpoint` and `rollback`.
pub(super) const NAMED: &[Field] =
    &[Field::required("name", Kind::Text, "the name of a world or checkpoint")];

fn no_checkpoint(error: CheckpointError) -> Problem {
    match error {
        CheckpointError::Unknown(..) => Problem::not_found("no-such-checkpoint", error.to_string()),
        CheckpointError::TooMany => {
            Problem::new(StatusCode::CONFLICT, "too-many-checkpoints", error.to_string())
        }
        CheckpointError::Internal(error) => internal(error),
    }
}

fn not_made(error: MakeError) -> Problem {
    match error {
        MakeError::Taken(_) => {
            Problem::new(StatusCode::CONFLICT, "world-exists", error.to_string())
        }
        MakeError::TooMany => {
            Problem::new(StatusCode::CONFLICT, "too-many-worlds", error.to_string())
        }
        MakeError::Name(_) => Problem::bad_request(error.to_string()),
        MakeError::Load(LoadError::Mistakes(mistakes)) => {
            let detail = "the scenario has mistakes; nothing was made";
            Problem::bad_request(detail).with("mistakes", mistakes.to_json())
        }
        other => internal(other),
    }
}
