//! Making worlds, and merging a piece of scenario into one.
//!
//! Not here: reading what is asked for (`order`).

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::order::{NAMED_QUERY, NAMED_WORLD, Order, UNNAMED_QUERY, UNNAMED_WORLD};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{created, ok};
use crate::admin::shape::{Shape, always};
use crate::admin::shapes::WORLD;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::sim::blocking::blocking;
use crate::sim::loading::scenario::Scenario;
use crate::sim::world::{StopWhenGone, World};
use crate::sim::worlds::MakeError;
use crate::sim::worlds::extras::Extras;
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "make_world",
        method: Method::POST,
        path: "/v1/worlds",
        text: "makes a world from a scenario, by name or inline",
        query: NAMED_QUERY,
        body: Body::Scenario(&NAMED_WORLD),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(
                409,
                "the name, a claim, a host or the address is another's, or there are too many of them",
            ),
            Told::problem(422, "the machine does not have the address to listen on"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.make_world(asked))),
    },
    Endpoint {
        name: "ensure_world",
        method: Method::PUT,
        path: "/v1/worlds/{world}",
        text: "makes a world of this name where there is none; where it is there and was made of the \
               same, nothing is done",
        query: UNNAMED_QUERY,
        body: Body::Scenario(&UNNAMED_WORLD),
        replies: &[
            Told::json(200, "it was there, made of the same; it is as it has become", &WORLD),
            Told::json(201, "the new world", &WORLD),
            Told::problem(
                409,
                "the world that is there was made of something else, a claim, a host or the address is \
                 another's, or there are too many",
            ),
            Told::problem(422, "the machine does not have the address to listen on"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.ensure_world(asked))),
    },
    Endpoint {
        name: "seed_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/seed",
        text: "takes a piece of scenario into a world as it is, all or nothing; a reset goes back \
               to the seed without it",
        query: &[],
        body: Body::Scenario(&PIECE),
        replies: &[Told::json(200, "it is there", &MERGED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.seed_world(asked))),
    },
];

/// A scenario without what the world has already: title, seed, clock, switches, steps. The schema of
/// a scenario says the rest.
static PIECE: Shape = Shape::Map(&Shape::Any);

static MERGED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always(
        "added",
        Shape::Map(&Shape::Map(&Shape::Integer)),
        "rows of the piece by vendor and collection; `world` for what is no vendor's",
    ),
    always("world", WORLD, "as it is now"),
]);

impl Admin {
    /// `{"name": "a", "scenario": "demo"}`, or the scenario itself as an object; `seed` replaces
    /// the scenario's own, and so do `variants`, `strict` and `expect`. `claims`, `listen` and `ttl`
    /// are the world's beside its state.
    pub(crate) async fn make_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.make(self.order(asked, None)?).await?;
        Ok(created(&self.facts(&world)))
    }

    /// A world of the name in the path, made where it is not there. Where it is, nothing is done: it
    /// is one of the same recipe, or that is a mistake.
    pub(crate) async fn ensure_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let name = asked.segment("world");
        loop {
            // Whoever else makes it at this moment makes what is wanted, most often.
            self.worlds.settled(name).await;
            let order = self.order(asked, Some(name))?;
            if let Some(world) = self.worlds.get(name) {
                self.check_same(&order)?;
                world.touch();
                return Ok(ok(&self.facts(&world)));
            }
            match self.make(order).await {
                Err(NotMade::World(MakeError::Taken(_))) => {}
                made => return Ok(created(&self.facts(&*made?))),
            }
        }
    }

    async fn make(&self, order: Order) -> Result<Arc<World>, NotMade> {
        let Order { name, mut scenario, claims, ttl, listen } = order;
        // The last, so that no mistake elsewhere takes a port even for a moment.
        let listener = listen.map(|address| self.doors.bind(address)).transpose();
        let listener = listener.map_err(|error| NotMade::Other(error.into()))?;
        let own = Extras { claims, ttl, listener, made_of: None };
        let worlds = Arc::clone(&self.worlds);
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let made = blocking(move || worlds.make_with(&name, &mut scenario, own, &call));
        let made = made.await.map_err(|error| NotMade::Other(error.into()))?;
        let world = made.map_err(NotMade::World)?;
        self.tell_unsigned(&world);
        Ok(world)
    }

    /// Whether the world that is there is the one that is asked for.
    fn check_same(&self, order: &Order) -> Result<(), Problem> {
        let name = &order.name;
        let wanted = order.scenario.recipe(self.worlds.vendors().0);
        let (Some(there), Some(wanted)) = (self.worlds.made_of(name), wanted) else {
            let detail = format!(
                "there is a world {name:?} already, a copy of another world; expected one that was \
                 made of a scenario, or another name"
            );
            return Err(Problem::conflict("world-differs", detail));
        };
        let parts = there.differs(&wanted);
        let own = self.worlds.own_differs(name, &order.extras());
        if parts.is_empty() && own.is_empty() {
            return Ok(());
        }
        let told = |text: &Option<String>| match text {
            Some(text) if text.len() <= EXCERPT_CHARS_MAX => text.clone(),
            Some(text) => excerpt(text, EXCERPT_CHARS_MAX),
            None => "as the scenario says".to_owned(),
        };
        let words = parts
            .iter()
            .map(|it| format!("{} is {}, not {}", it.part, told(&it.there), told(&it.wanted)));
        let words = words.chain(own.iter().map(|name| format!("{name} is another")));
        let detail = format!(
            "there is a world {name:?} already, and not the one that is asked for: {}; delete it \
             first, or choose another name",
            words.collect::<Vec<_>>().join("; ")
        );
        let names = parts.iter().map(|it| it.part.as_str()).chain(own);
        Err(Problem::conflict("world-differs", detail).with("differs", names.collect::<Value>()))
    }

    /// The piece of scenario is the body.
    pub(crate) async fn seed_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let piece = match asked.toml() {
            Some(text) => self.library.read_toml_piece(text),
            None => self.library.read_piece(asked.body()),
        };
        let detail = "the piece has mistakes; nothing was changed";
        let merged = world.merge(piece).await;
        let merged = merged.map_err(|error| Problem::not_loaded(error, detail))?;
        let (seq, added) = (merged.seq, merged.added_json());
        Ok(ok(&json!({ "seq": seq, "added": added, "world": self.facts(&world) })))
    }
}

/// Why a world was not made.
enum NotMade {
    World(MakeError),
    Other(Problem),
}

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        match error {
            NotMade::World(error) => error.into(),
            NotMade::Other(problem) => problem,
        }
    }
}
