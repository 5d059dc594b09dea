//! What the control plane holds: the worlds, the library of scenarios, the doors of worlds.
//!
//! Not here: its routes and who serves them (`answer`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value, json};

use crate::admin::asked::Asked;
use crate::admin::problem::Problem;
use crate::base::health::Health;
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
    /// The hosts of each vendor, where some were given beside their own.
    hosts: Option<BTreeMap<&'static str, Vec<String>>>,
    /// Where each vendor is served.
    addresses: BTreeMap<&'static str, String>,
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
        let (hosts, addresses) = Default::default();
        Admin {
            worlds,
            library,
            doors,
            token,
            show_secrets,
            ready,
            health,
            authority,
            hosts,
            addresses,
        }
    }

    /// Has `livez` and `readyz` tell of what is said here.
    #[must_use]
    pub(crate) fn with_health(self, health: Arc<Health>) -> Self {
        Admin { health, ..self }
    }

    /// Has the list of vendors tell these hosts.
    #[must_use]
    pub(crate) fn with_hosts(self, hosts: BTreeMap<&'static str, Vec<String>>) -> Self {
        Admin { hosts: Some(hosts), ..self }
    }

    /// Has the list of vendors tell where they are served.
    #[must_use]
    pub(crate) fn with_addresses(self, addresses: BTreeMap<&'static str, String>) -> Self {
        Admin { addresses, ..self }
    }

    /// Where a vendor is served: host, port and the first of its paths.
    pub(crate) fn address(&self, surface: &Surface) -> Option<&str> {
        self.addresses.get(surface.vendor).map(String::as_str)
    }

    /// The hosts of a vendor.
    pub(crate) fn hosts(&self, surface: &Surface) -> Vec<String> {
        let given = self.hosts.as_ref().and_then(|hosts| hosts.get(surface.vendor));
        let own = || surface.hosts.iter().map(ToString::to_string).collect();
        given.cloned().unwrap_or_else(own)
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
            let detail = format!("there is no world called {name:?}; GET /v1/worlds lists them");
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
