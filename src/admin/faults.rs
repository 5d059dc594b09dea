//! Rules for faults in a live world.

use http::StatusCode;
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal, json_response};
use crate::sim::fault::declare;
use crate::sim::world::FaultError;
use crate::web::message::Response;

impl Admin {
    pub(crate) async fn list_faults(&self, asked: &Asked) -> Result<Response, Problem> {
        Ok(ok(&json!({ "faults": self.world(asked)?.faults().await })))
    }

    /// One rule, as in a scenario's `[[fault]]`; the rules of a preset are all added.
    pub(crate) async fn add_fault(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let rules = declare::rules(asked.row(), self.worlds.vendors()).map_err(|mistake| {
            Problem::bad_request(mistake.message).with("field", mistake.field)
        })?;
        let ids = world.add_faults(rules, asked.body().clone()).await.map_err(not_added)?;
        Ok(json_response(StatusCode::CREATED, &json!({ "ids": ids })))
    }

    pub(crate) async fn clear_faults(&self, asked: &Asked) -> Result<Response, Problem> {
        let n_gone = self.world(asked)?.remove_faults(None).await.map_err(internal)?;
        Ok(ok(&json!({ "removed": n_gone })))
    }

    pub(crate) async fn remove_fault(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let text = asked.segment("fault");
        let id = text.parse().map_err(|_| {
            Problem::bad_request(format!("{text:?} is no fault's id; expected a number"))
        })?;
        match world.remove_faults(Some(id)).await.map_err(internal)? {
            0 => {
                let detail = format!("there is no fault {id}; GET …/faults lists them");
                Err(Problem::not_found("no-such-fault", detail))
            }
            n_gone => Ok(ok(&json!({ "removed": n_gone }))),
        }
    }
}

fn not_added(error: FaultError) -> Problem {
    let kind = match error {
        FaultError::TooMany => "too-many-faults",
        FaultError::Taken(_) => "fault-exists",
        FaultError::Internal(error) => return internal(error),
    };
    Problem::new(StatusCode::CONFLICT, kind, error.to_string())
}
