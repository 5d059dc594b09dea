//! Finds worlds whose time to live is over. Nothing is written down when a world is used: a look now
//! and then sees whether it was used since the last look, so a request pays nothing for it.
//!
//! Not here: when to look, and the clock for it (`app`).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::sim::world::pool::Rests;
use crate::sim::world::pool::WorldId;
use crate::sim::worlds::by_name::Worlds;
use crate::sim::worlds::remove::Expired;

/// What was seen of the worlds that have a time to live.
#[derive(Debug, Default)]
pub(crate) struct Reaper {
    seen: BTreeMap<String, Seen>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    /// A name may have gone to another world.
    id: WorldId,
    last_used: u64,
    /// When this use was first seen.
    since: Duration,
}

impl Reaper {
    /// Looks at all worlds. `now` counts from any moment and never goes back. Answers those that
    /// have not been used for their time to live; who deletes them asks again whether that still
    /// holds.
    pub(crate) fn look(&mut self, worlds: &Worlds, now: Duration) -> Vec<Expired> {
        let mut seen = BTreeMap::new();
        let mut expired = Vec::new();
        for mortal in worlds.mortal() {
            let (id, last_used) = (mortal.world.id(), mortal.world.last_used());
            let before = self.seen.get(mortal.world.name());
            let is_idle = before.is_some_and(|it| it.id == id && it.last_used == last_used);
            let since = match before {
                Some(before) if is_idle && !mortal.world.is_busy() => before.since,
                _ => now,
            };
            if now.saturating_sub(since) >= Duration::from(mortal.ttl) {
                expired.push(Expired { world: mortal.world, last_used });
                continue;
            }
            seen.insert(mortal.world.name().to_owned(), Seen { id, last_used, since });
        }
        self.seen = seen;
        expired
    }
}
