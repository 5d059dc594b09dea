//! Rules for faults in a live world.

use http::Method;
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{created, ok};
use crate::admin::shape::{Shape, always};
use crate::sim::fault::declare;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "list_faults",
        method: Method::GET,
        path: "/v1/worlds/{world}/faults",
        text: "a world's rules for faults, with what has come of them",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the rules, in the order in which they are asked", &FAULTS)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.list_faults(asked))),
    },
    Endpoint {
        name: "add_fault",
        method: Method::POST,
        path: "/v1/worlds/{world}/faults",
        text: "lets requests go wrong, from the next on; a rule as in a scenario's [[fault]]",
        query: &[],
        body: Body::Fields(declare::FAULT),
        replies: &[
            Told::json(201, "the rules have these ids", &FAULT_IDS),
            Told::problem(409, "the name is taken, or there are too many"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.add_fault(asked))),
    },
    Endpoint {
        name: "clear_faults",
        method: Method::DELETE,
        path: "/v1/worlds/{world}/faults",
        text: "takes all rules for faults away",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "they are gone", &REMOVED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.clear_faults(asked))),
    },
    Endpoint {
        name: "remove_fault",
        method: Method::DELETE,
        path: "/v1/worlds/{world}/faults/{fault}",
        text: "takes one rule for faults away",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "it is gone", &REMOVED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.remove_fault(asked))),
    },
];

static FAULTS: Shape = Shape::Object(&[always(
    "faults",
    // What a rule says beside these depends on its kind.
    Shape::List(&Shape::Map(&Shape::Any)),
    "each with id, name, then, on, work (done or not), added, matched, fired and active",
)]);

static FAULT_IDS: Shape =
    Shape::Object(&[always("ids", Shape::List(&Shape::Integer), "of the new rules, in order")]);

static REMOVED: Shape =
    Shape::Object(&[always("removed", Shape::Integer, "how many rules are gone")]);

impl Admin {
    pub(crate) async fn list_faults(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let faults = world.masker(self.show_secrets).await?.json(world.faults().await);
        Ok(ok(&json!({ "faults": faults })))
    }

    /// One rule, as in a scenario's `[[fault]]`; the rules of a preset are all added.
    pub(crate) async fn add_fault(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let rules = declare::rules(asked.row(), self.worlds.vendors()).map_err(|mistake| {
            Problem::bad_request(mistake.message).with("field", mistake.field)
        })?;
        let ids = world.add_faults(rules, asked.body().clone()).await?;
        Ok(created(&json!({ "ids": ids })))
    }

    pub(crate) async fn clear_faults(&self, asked: &Asked) -> Result<Response, Problem> {
        let n_gone = self.world(asked)?.remove_faults(None).await?;
        Ok(ok(&json!({ "removed": n_gone })))
    }

    pub(crate) async fn remove_fault(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let text = asked.segment("fault");
        let id = text.parse().map_err(|_| {
            Problem::bad_request(format!("{text:?} is no fault's id; expected a number"))
        })?;
        match world.remove_faults(Some(id)).await? {
            0 => {
                let detail = format!("there is no fault {id}; GET …/faults lists them");
                Err(Problem::not_found("no-such-fault", detail))
            }
            n_gone => Ok(ok(&json!({ "removed": n_gone }))),
        }
    }
}
