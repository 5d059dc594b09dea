//! All open connections of a program, and who of them makes room when they are short.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::base::lock::lock;
use crate::base::planted::{self, Fault as Planted};
use crate::base::tally;
use crate::net::standing::Standing;

/// All open connections.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    all: Mutex<BTreeMap<u64, Arc<Standing>>>,
    next: AtomicU64,
    /// Rings when one has left.
    pub(crate) left: Notify,
}

/// A connection's place among them; given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    id: u64,
    pub(crate) standing: Arc<Standing>,
}

impl Crowd {
    /// Takes a new connection in.
    pub(crate) fn enter(self: &Arc<Self>, listener: u64) -> Place {
        let standing = Arc::new(Standing::new(listener));
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.all).insert(id, Arc::clone(&standing));
        tally::CONNECTIONS.add(1);
        tally::CONNECTIONS_OPEN.add(1);
        Place { crowd: Arc::clone(self), id, standing }
    }

    /// Asks one to make room, of all or of one listener's; `false` where nobody can.
    pub(crate) fn ask_one_to_leave(&self, listener: Option<u64>) -> bool {
        if planted::is(Planted::NobodyMakesRoom) {
            return false;
        }
        let now = Instant::now();
        let all = lock(&self.all);
        let asked = all.values().filter(|it| listener.is_none_or(|wanted| it.listener == wanted));
        let first = asked.filter_map(|it| Some((it.rank(now)?, it))).min_by_key(|(rank, _)| *rank);
        first.is_some_and(|(_, standing)| {
            standing.ask_to_leave();
            true
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.crowd.all).remove(&self.id);
        tally::CONNECTIONS_OPEN.take_one();
        self.crowd.left.notify_waiters();
    }
}
