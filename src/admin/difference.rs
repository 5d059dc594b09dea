//! What differs between a world and its seed, a checkpoint of it, or another world.

use http::Method;
use serde_json::json;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::parameters::LIMIT;
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always, maybe};
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::fields::{Field, Kind};
use crate::sim::world::difference::Against;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[Endpoint {
    name: "show_differences",
    method: Method::GET,
    path: "/v1/worlds/{world}/diff",
    text: "which rows of the vendors' tables differ between a world and its seed, a checkpoint of it, \
           or another world",
    query: &[FROM, LIMIT],
    body: Body::None,
    replies: &[Told::json(200, "what differs, by table", &DIFFERENCES)],
    serve: Serve::Later(|admin, asked| Box::pin(admin.show_differences(asked))),
}];

const FROM: Field = Field::optional(
    "from",
    Kind::Text,
    "what it is held against: `seed`, `checkpoint:NAME` or `world:NAME`; its seed where left out",
);

static DIFFERENCES: Shape = Shape::Object(&[
    always("from", Shape::Text, "what the world is held against"),
    always("same", Shape::Bool, "whether no row differs"),
    always("added", Shape::Integer, "rows that the world has and the other has not"),
    always("removed", Shape::Integer, "rows that the other has and the world has not"),
    always("changed", Shape::Integer, "rows that both have, with other values"),
    always("shown", Shape::Integer, "how many of them are shown"),
    always("tables", Shape::List(&TABLE), "the tables in which rows differ"),
]);

static TABLE: Shape = Shape::Object(&[
    always("vendor", Shape::Text, "whose table it is"),
    always("table", Shape::Text, "its name, as in paths"),
    always("added", Shape::Integer, "rows that came"),
    always("removed", Shape::Integer, "rows that went"),
    always("changed", Shape::Integer, "rows that have other values"),
    always("rows", Shape::List(&ROW), "the first of them"),
]);

static ROW: Shape = Shape::Object(&[
    always("how", Shape::OneOf(&["added", "removed", "changed"]), "how it differs"),
    always("row", Shape::Map(&Shape::Any), "the row; of a changed one what tells which it is"),
    maybe("fields", Shape::Map(&VALUES), "of a changed one the fields that differ"),
]);

static VALUES: Shape = Shape::Object(&[
    always("from", Shape::Any, "the value there"),
    always("to", Shape::Any, "the value in the world"),
]);

impl Admin {
    pub(crate) async fn show_differences(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let from = asked.query("from").unwrap_or("seed");
        let against = self.against(from)?;
        let mut told = world.differences(&against, asked.limit(), self.show_secrets).await?;
        told["from"] = json!(from);
        Ok(ok(&told))
    }

    fn against(&self, from: &str) -> Result<Against, Problem> {
        match from.split_once(':') {
            None if from == "seed" => Ok(Against::Seed),
            Some(("checkpoint", name)) => Ok(Against::Checkpoint(name.to_owned())),
            Some(("world", name)) => Ok(Against::World(self.world_of(name)?)),
            _ => {
                let found = excerpt(from, EXCERPT_CHARS_MAX);
                Err(Problem::bad_request(format!(
                    "from is {found}; expected seed, checkpoint:NAME or world:NAME"
                )))
            }
        }
    }
}
