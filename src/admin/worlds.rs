//! Listing, resetting, forking and deleting worlds.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::making::not_made;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal, json_response};
use crate::contract::fields::{Field, Kind};
use crate::sim::blocking::blocking;
use crate::sim::world::saved::CheckpointError;
use crate::sim::worlds::name::DEFAULT;
use crate::web::message::Response;

impl Admin {
    pub(crate) fn list_worlds(&self) -> Value {
        let worlds = self.worlds.all();
        json!({ "worlds": worlds.iter().map(|world| self.facts(world)).collect::<Value>() })
    }

    pub(crate) async fn delete_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let name = self.world(asked)?.name().to_owned();
        if name == DEFAULT {
            let detail = "the default world always exists; reset it instead";
            return Err(Problem::new(StatusCode::CONFLICT, "default-world", detail));
        }
        let worlds = Arc::clone(&self.worlds);
        let gone = name.clone();
        // Removing files may block.
        let deleted = blocking(move || worlds.delete(&gone)).await.map_err(internal)?;
        if let Some(closing) = deleted.map_err(internal)? {
            closing.await;
        }
        Ok(ok(&json!({ "deleted": name })))
    }

    pub(crate) async fn reset_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.reset().await.map_err(internal)?;
        Ok(ok(&json!({ "seq": seq, "world": self.facts(&world) })))
    }

    /// `{"name": "b"}`: a new world that begins where this one is now.
    pub(crate) async fn fork_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name");
        let fork = self.worlds.fork(&world, name).await.map_err(not_made)?;
        Ok(json_response(StatusCode::CREATED, &self.facts(&fork)))
    }

    /// `{"name": "before"}`: keeps the state as it is now.
    pub(crate) async fn keep_checkpoint(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name");
        let path = self.worlds.checkpoint_path(world.name(), name).map_err(not_made)?;
        let seq = world.checkpoint(name, path).await.map_err(no_checkpoint)?;
        Ok(json_response(StatusCode::CREATED, &json!({ "seq": seq, "checkpoint": name })))
    }

    /// `{"name": "before"}`: puts the state back.
    pub(crate) async fn roll_back(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.rollback(asked.row().text("name")).await.map_err(no_checkpoint)?;
        Ok(ok(&json!({ "seq": seq, "world": self.facts(&world) })))
    }
}

/// Body of `fork`, `checkpoint` and `rollback`.
pub(crate) const NAMED: &[Field] =
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
