//! Listing, resetting, forking and deleting worlds.

use std::sync::Arc;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::clock::{CLOCK_BODY, clock_change};
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::parameters::{NAMED, NO_FIELDS};
use crate::admin::plane::{Admin, BUSY};
use crate::admin::problem::Problem;
use crate::admin::reply::{created, ok};
use crate::admin::shape::{Shape, always};
use crate::admin::shapes::WORLD;
use crate::contract::fields::{Field, Kind};
use crate::sim::blocking::{blocking, to_its_end};
use crate::sim::world::StopWhenGone;
use crate::sim::worlds::name::DEFAULT;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "list_worlds",
        method: Method::GET,
        path: "/v1/worlds",
        text: "the worlds",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the worlds", &WORLDS)],
        serve: Serve::Now(|admin, _| Ok(ok(&admin.list_worlds()))),
    },
    Endpoint {
        name: "show_world",
        method: Method::GET,
        path: "/v1/worlds/{world}",
        text: "one world",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the world", &WORLD)],
        serve: Serve::Now(|admin, asked| {
            let world = admin.world(asked)?;
            Ok(ok(&admin.facts(&world)))
        }),
    },
    Endpoint {
        name: "delete_world",
        method: Method::DELETE,
        path: "/v1/worlds/{world}",
        text: "deletes a world with its journal and checkpoints",
        query: &[],
        body: Body::None,
        replies: &[
            Told::json(200, "it is gone", &DELETED),
            Told::problem(409, "the default world always exists"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.delete_world(asked))),
    },
    Endpoint {
        name: "reset_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/reset",
        text: "puts a world back to its seed; journal and checkpoints stay",
        query: &[],
        body: NO_FIELDS,
        replies: &[Told::json(200, "it is as it was made", &MARKED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.reset_world(asked))),
    },
    Endpoint {
        name: "fork_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/fork",
        text: "makes a new world that begins where this one is now",
        query: &[],
        body: Body::Fields(FORK),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(
                409,
                "there is a world of this name, there are too many, or time would have to go back",
            ),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.fork_world(asked))),
    },
    Endpoint {
        name: "keep_checkpoint",
        method: Method::POST,
        path: "/v1/worlds/{world}/checkpoint",
        text: "keeps the state as it is now under a name",
        query: &[],
        body: Body::Fields(NAMED),
        replies: &[
            Told::json(201, "it is kept", &KEPT),
            Told::problem(409, "there are too many checkpoints"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.keep_checkpoint(asked))),
    },
    Endpoint {
        name: "roll_back",
        method: Method::POST,
        path: "/v1/worlds/{world}/rollback",
        text: "puts the state back to a checkpoint",
        query: &[],
        body: Body::Fields(NAMED),
        replies: &[Told::json(200, "it is as it was", &MARKED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.roll_back(asked))),
    },
];

/// Body of `POST …/fork`.
const FORK: &[Field] = &[
    Field::required("name", Kind::Text, "of the new world"),
    Field::optional(
        "clock",
        Kind::Table(CLOCK_BODY),
        "its clock, where it is not to go on as here",
    ),
];

static NOT_OPEN: Shape = Shape::Object(&[
    always("name", Shape::Text, "of the world, or of what stands in its place"),
    always(
        "state",
        Shape::OneOf(&["busy", "unreadable"]),
        "`busy` while it is being made or deleted; what is `unreadable` is left as it is",
    ),
    always("why", Shape::Text, "why it does not serve"),
]);

static WORLDS: Shape = Shape::Object(&[always(
    "worlds",
    Shape::List(&Shape::Either(&[WORLD, NOT_OPEN])),
    "by name; those that do not serve come last",
)]);

static DELETED: Shape = Shape::Object(&[always("deleted", Shape::Text, "its name")]);

static MARKED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's marker entry"),
    always("world", WORLD, "as it is now"),
]);

static KEPT: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always("checkpoint", Shape::Text, "its name"),
]);

impl Admin {
    pub(crate) fn list_worlds(&self) -> Value {
        let open = self.worlds.all();
        let open = open.iter().map(|world| self.facts(world));
        let busy = self.worlds.in_hand().into_iter();
        let busy = busy.map(|name| json!({ "name": name, "state": "busy", "why": BUSY }));
        let unreadable = self.worlds.all_unreadable().into_iter();
        let unreadable = unreadable
            .map(|(name, why)| json!({ "name": name, "state": "unreadable", "why": why }));
        json!({ "worlds": open.chain(busy).chain(unreadable).collect::<Value>() })
    }

    /// Whether requests are served and worlds can be written.
    pub(crate) async fn show_ready(&self) -> Result<Response, Problem> {
        let not_ready =
            |why: String| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", why);
        if let Some(why) = self.complaints() {
            return Err(not_ready(why));
        }
        let worlds = Arc::clone(&self.worlds);
        let probed = blocking(move || worlds.probe()).await?;
        probed.map_err(|trouble| not_ready(trouble.to_string()))?;
        Ok(ok(&json!({ "status": "ready" })))
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
        if let Some(closing) = blocking(move || worlds.delete(&gone)).await?? {
            closing.await;
        }
        Ok(ok(&json!({ "deleted": name })))
    }

    pub(crate) async fn reset_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.reset().await?;
        Ok(ok(&json!({ "seq": seq, "world": self.facts(&world) })))
    }

    /// `{"name": "b"}`: a new world that begins where this one is now. `clock` is as in `PUT …/clock`.
    pub(crate) async fn fork_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name").to_owned();
        let clock = asked.row().opt_table("clock").map(clock_change).transpose()?;
        let worlds = Arc::clone(&self.worlds);
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        // Where the client goes away, what was begun is taken back, or the fork is whole and listed.
        let forked = to_its_end(async move { worlds.fork(&world, &name, clock, &call).await });
        let fork = forked.await??;
        Ok(created(&self.facts(&fork)))
    }

    /// `{"name": "before"}`: keeps the state as it is now.
    pub(crate) async fn keep_checkpoint(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let name = asked.row().text("name");
        let seq = world.checkpoint(name).await?;
        Ok(created(&json!({ "seq": seq, "checkpoint": name })))
    }

    /// `{"name": "before"}`: puts the state back.
    pub(crate) async fn roll_back(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let seq = world.rollback(asked.row().text("name")).await?;
        Ok(ok(&json!({ "seq": seq, "world": self.facts(&world) })))
    }
}
