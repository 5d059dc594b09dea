//! What the control plane holds: the worlds, the library of scenarios, the doors of worlds.

use crate::admin::answer::guarded;
use crate::admin::asked::Asked;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::endpoint::Endpoint;
use crate::admin::problem::{Problem, json_response};
use crate::contract::surface::Surface;
use crate::scenario::library::Library;
use crate::sim::world::World;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::own::Doors;
use crate::web::answer::{Answer, Answered};
use crate::web::message::{Request, Response};
use crate::web::route::Table;

/// The control plane.
#[derive(Debug)]
pub struct Admin {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) library: Library,
    /// What opens listeners for worlds.
    pub(crate) doors: Arc<dyn Doors>,
    pub(crate) token: Option<String>,
    /// Whether credentials are shown as they came.
    pub(crate) show_secrets: bool,
    pub(crate) ready: AtomicBool,
    pub(crate) routes: Table<&'static Endpoint>,
}

pub(crate) fn ok(value: &Value) -> Response {
    json_response(StatusCode::OK, value)
}

impl Admin {
    /// From now on `readyz` says so.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// What is to be said of each vendor.
    pub(crate) fn each_vendor(&self, name: &str, say: fn(&Surface) -> Value) -> Value {
        let said = self.worlds.vendors().0.iter().map(|vendor| say(vendor.surface));
        json!({ name: said.collect::<Value>() })
    }

    /// The world that the path names.
    pub(crate) fn world(&self, asked: &Asked) -> Result<Arc<World>, Problem> {
        let name = asked.segment("world");
        let world = self.worlds.get(name).ok_or_else(|| {
            let detail = format!("there is no world called {name:?}; GET /v1/worlds lists them");
            Problem::not_found("no-such-world", detail)
        })?;
        // Who asks for a world still needs it.
        world.touch();
        Ok(world)
    }
}

impl Answer for Admin {
    async fn answer(&self, request: Request) -> Answered {
        let answered = self.respond(&request).await;
        let answered = answered.unwrap_or_else(|problem| problem.into_response().into());
        Answered { response: guarded(answered.response), ..answered }
    }

    fn refuse(&self, _request: Request, status: StatusCode, reason: String) -> Response {
        guarded(Problem::new(status, "limit", reason).into_response())
    }
}
