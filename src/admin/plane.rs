//! What the control plane holds: the worlds, the library of scenarios, the doors of worlds.
//!
//! Not here: its routes and who serves them (`answer`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value, json};

use crate::admin::asked::Asked;
use crate::admin::problem::Problem;
use crate::base::health::Health;
use crate::base::nearest::did_you_mean;
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendor;
use crate::scenario::library::Library;
use crate::sim::world::World;
use crate::sim::worlds::extras::Doors;
use crate::sim::worlds::name::DEFAULT;
use crate::sim::worlds::{MakeError, Worlds};
use crate::web::certificate::Authority;
use crate::web::mask::masker::Masker;

/// Why a name is taken that leads to no world yet, or no longer.
pub(crate) const BUSY: &str = "it is being made or deleted";

/// The control plane: what its routes work on.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) library: Library,
    /// What opens listeners for worlds.
    pub(crate) doors: Arc<dyn Doors>,
    /// What a request has to bring along, where there is one.
    pub(crate) token: Option<String>,
    /// Whether credentials are shown as they came.
    pub(crate) show_secrets: bool,
    ready: AtomicBool,
    /// What the process cannot do at the moment.
    pub(crate) health: Arc<Health>,
    /// What signs the certificates that clients are shown.
    pub(crate) authority: Arc<dyn Authority>,
    /// The addresses that all vendors share.
    pub(crate) listen: Vec<String>,
    /// The base URL of each vendor that is served anywhere.
    urls: Map<String, Value>,
}

impl Admin {
    pub(crate) fn new(
        worlds: Arc<Worlds>,
        library: Library,
        doors: Arc<dyn Doors>,
        token: Option<String>,
        show_secrets: bool,
        authority: Arc<dyn Authority>,
    ) -> Self {
        let (ready, health) = Default::default();
        let (listen, urls) = Default::default();
        Admin {
            worlds,
            library,
            doors,
            token,
            show_secrets,
            ready,
            health,
            authority,
            listen,
            urls,
        }
    }

    /// Has `livez` and `readyz` tell of what is said here.
    #[must_use]
    pub(crate) fn with_health(self, health: Arc<Health>) -> Self {
        Admin { health, ..self }
    }

    /// The hosts of a vendor, with those that were given to it.
    pub(crate) fn hosts(&self, surface: &Surface) -> Vec<String> {
        let hosts = self.worlds.hosts().of_vendor(surface.vendor);
        hosts.iter().map(ToString::to_string).collect()
    }

    /// Has the list of vendors tell where they are served.
    #[must_use]
    pub(crate) fn with_urls(self, listen: Vec<String>, urls: Map<String, Value>) -> Self {
        Admin { listen, urls, ..self }
    }

    /// The base URL of a vendor, where it is served.
    pub(crate) fn url(&self, surface: &Surface) -> Option<&Value> {
        self.urls.get(surface.vendor)
    }

    /// Says which hosts of a new world clients will not take over TLS: the authority was made before.
    pub(crate) fn tell_unsigned(&self, world: &World) {
        let hosts = world.hosts();
        let hosts = hosts.iter().filter_map(|(vendor, host)| Some((vendor, host.parse().ok()?)));
        for (vendor, host) in hosts.filter(|(_, host)| !self.authority.signs_for(host)) {
            tracing::warn!(
                world = world.name(),
                "clients refuse {host} over TLS: the authority was made before this world; start with \
                 --host {vendor}={host}, or with --ca-unconstrained"
            );
        }
    }

    /// From now on `readyz` says that requests are served.
    pub(crate) fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    /// What keeps it from serving all requests; `None` where nothing does.
    pub(crate) fn complaints(&self) -> Option<String> {
        if self.ready.load(Ordering::Acquire) {
            return self.health.complaints();
        }
        Some("the worlds are still being loaded".to_owned())
    }

    /// What is to be said of each vendor.
    pub(crate) fn each_vendor(&self, name: &str, say: fn(&Surface) -> Value) -> Value {
        let said = self.worlds.vendors().0.iter().map(|vendor| say(vendor.surface));
        json!({ name: said.collect::<Value>() })
    }

    /// The world that the path names.
    pub(crate) fn world(&self, asked: &Asked) -> Result<Arc<World>, Problem> {
        self.world_of(asked.segment("world"))
    }

    /// The world of a name.
    pub(crate) fn world_of(&self, name: &str) -> Result<Arc<World>, Problem> {
        let world = self.worlds.get(name).ok_or_else(|| {
            if let Some(reason) = self.worlds.unreadable(name) {
                let error = MakeError::Unreadable { name: name.to_owned(), reason };
                return Problem::from(error);
            }
            if self.worlds.in_hand().contains(name) {
                return Problem::conflict("world-busy", format!("{name:?} does not serve: {BUSY}"));
            }
            let worlds = self.worlds.all();
            let near = did_you_mean(name, worlds.iter().map(|world| world.name()));
            let detail =
                format!("there is no world called {name:?}{near}; GET /v1/worlds lists them");
            Problem::not_found("no-such-world", detail)
        })?;
        // Who asks for a world still needs it.
        world.touch();
        Ok(world)
    }

    /// Masks what a problem quotes: the secrets of the world that the path names, or of the default
    /// one.
    pub(crate) fn masker_for(&self, path: &str) -> Masker {
        let named = path.strip_prefix("/v1/worlds/").and_then(|rest| rest.split('/').next());
        let world = named.and_then(|name| self.worlds.get(name));
        let world = world.or_else(|| self.worlds.get(DEFAULT));
        world.map(|it| it.masker_at_once(self.show_secrets)).unwrap_or_default()
    }

    /// The vendor that the path names.
    pub(crate) fn vendor(&self, asked: &Asked) -> Result<&'static Vendor, Problem> {
        let name = asked.segment("vendor");
        let vendors = self.worlds.vendors();
        vendors.find(name).ok_or_else(|| {
            let known = vendors.0.iter().map(|vendor| vendor.surface.vendor);
            Problem::unknown("vendor", name, known)
        })
    }

    /// A world as listings show it.
    pub(crate) fn facts(&self, world: &World) -> Value {
        let own = self.worlds.own_facts(world.name(), self.show_secrets);
        let mut facts = world.facts();
        facts.title = world.masker_so_far(self.show_secrets).text(&facts.title).into_owned();
        let mut facts = facts.to_json();
        let more = Map::from_iter([
            ("state".to_owned(), "open".into()),
            ("listen".to_owned(), own.listen.map(|address| format!("http://{address}")).into()),
            ("ttl".to_owned(), own.ttl.map(|ttl| ttl.to_string()).into()),
            ("claims".to_owned(), own.claims.into()),
        ]);
        if let Some(members) = facts.as_object_mut() {
            members.extend(more);
        }
        facts
    }
}
