//! Deleting worlds, by name or because their time to live is over.

use std::sync::Arc;

use crate::base::lock;
use crate::base::planted::{self, Fault as Planted};
use crate::base::time::Span;
use crate::contract::reply::InternalError;
use crate::sim::world::basis::Kept;
use crate::sim::world::pool::Rests;
use crate::sim::world::{Halt, World};
use crate::sim::worlds::by_name::{Reserved, Worlds};
use crate::sim::worlds::extras::{Closing, Slot};
use crate::sim::worlds::name::DEFAULT;

/// A world that lives for a while only.
#[derive(Debug)]
pub(crate) struct Expiring {
    pub(crate) world: Arc<World>,
    pub(crate) ttl: Span,
}

/// A world whose time to live is over, unless it was used since.
#[derive(Debug)]
pub struct Expired {
    pub(crate) world: Arc<World>,
    pub(crate) last_used: u64,
}

impl Expired {
    pub fn name(&self) -> &str {
        self.world.name()
    }
}

impl Worlds {
    /// Worlds that live for a while only. The default world is none of them.
    pub(crate) fn mortal(&self) -> Vec<Expiring> {
        let worlds = lock::read(&self.by_name);
        let mortal = worlds.values().filter(|held| held.world.name() != DEFAULT);
        let mortal = mortal.filter_map(|held| {
            let ttl = held.ttl?;
            Some(Expiring { world: Arc::clone(&held.world), ttl })
        });
        mortal.collect()
    }

    /// Removes a world and what is kept of it, and frees what it claimed. `None` where there is none
    /// of that name. The answer is ready when the world's own listener is closed.
    ///
    /// # Errors
    /// Where its folder cannot be moved away; the world is there as before.
    pub fn delete(&self, name: &str) -> Result<Option<Closing>, InternalError> {
        self.delete_if(name, |_| true)
    }

    /// Removes a world whose time to live is over. `None` where it has been used since.
    ///
    /// # Errors
    /// Where its folder cannot be moved away; the world is there as before.
    pub fn delete_expired(&self, expired: &Expired) -> Result<Option<Closing>, InternalError> {
        let Expired { world, last_used } = expired;
        self.delete_if(world.name(), |held| {
            Arc::ptr_eq(&held.world, world) && world.last_used() == *last_used && !world.is_busy()
        })
    }

    fn delete_if(
        &self,
        name: &str,
        wanted: impl FnOnce(&Slot) -> bool,
    ) -> Result<Option<Closing>, InternalError> {
        // The name stays taken until the files are gone, so that no new world finds them.
        let (held, mut reserved) = {
            let mut being_made = lock::lock(&self.being_made);
            let mut worlds = self.by_name_mut();
            if !worlds.get(name).is_some_and(wanted) {
                return Ok(None);
            }
            let Some(held) = worlds.remove(name) else { return Ok(None) };
            being_made.insert(name.to_owned());
            let (claims, frees_hosts) = (held.claims.clone(), true);
            (held, Reserved { worlds: self, name: name.to_owned(), claims, frees_hosts })
        };
        if let Some(Kept { folder, home }) = held.world.kept()
            && let Err(error) = folder.delete(home)
        {
            // It is there as before, with all that it claimed.
            reserved.claims.clear();
            reserved.frees_hosts = false;
            self.by_name_mut().insert(name.to_owned(), held);
            return Err(InternalError::new(error));
        }
        self.farewell.look(&held.world);
        held.world.end(&Halt::Deleted);
        if planted::is(Planted::DeletedWorldIsHeld) {
            std::mem::forget(Arc::clone(&held.world));
        }
        if let Some(tap) = &self.shared.tap {
            tap.ends(name);
        }
        let closing = held.listening.map(crate::sim::worlds::extras::Listening::close);
        Ok(Some(closing.unwrap_or_else(|| Box::pin(std::future::ready(())))))
    }
}
