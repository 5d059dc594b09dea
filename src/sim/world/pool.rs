//! Open connections are bounded: a world that rests costs little more than its pages, an open one
//! half a megabyte, and three descriptors where it is kept in a file.
//!
//! When one more is opened than there is room for, the one that was used the longest ago is closed,
//! and opened again when it is needed, in about half a millisecond.

use std::collections::BTreeMap;

use crate::base::limits::{OPEN_FILES_MAX, OPEN_WORLDS_MAX};
use crate::base::lock;
use crate::base::sync::{AtomicU64, Mutex, Ordering, Weak};

/// A number that no other world of the process has had. It is not its name: that may go to another
/// world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WorldId(u64);

/// What has a connection that can be closed until it is needed again.
pub(crate) trait Rests: std::fmt::Debug {
    /// When it was last used, as the pool counts.
    fn last_used(&self) -> u64;

    /// Closes the connection; `false` where it is in use.
    fn rest(&self) -> bool;
}

/// The open worlds of a process.
#[derive(Debug)]
pub struct Pool {
    /// Counts uses, to tell which world was used last.
    uses: AtomicU64,
    next_id: AtomicU64,
    in_memory: Shelf,
    in_files: Shelf,
}

impl Default for Pool {
    fn default() -> Self {
        Pool {
            uses: AtomicU64::new(0),
            next_id: AtomicU64::new(0),
            in_memory: Shelf::new(OPEN_WORLDS_MAX),
            in_files: Shelf::new(OPEN_FILES_MAX),
        }
    }
}

impl Pool {
    /// A number for a world that is about to be made.
    pub(crate) fn id(&self) -> WorldId {
        WorldId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// Counts one use.
    pub(crate) fn tick(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes that a world was opened, and lets another rest where there are too many. A world that
    /// is in use just then is passed over.
    pub(crate) fn opened(&self, id: WorldId, world: Weak<dyn Rests + Send + Sync>, in_file: bool) {
        let kind = if in_file { &self.in_files } else { &self.in_memory };
        kind.opened(id, world);
    }
}

/// Open worlds of one kind.
#[derive(Debug)]
struct Shelf {
    most: usize,
    open: Mutex<BTreeMap<WorldId, Weak<dyn Rests + Send + Sync>>>,
}

impl Shelf {
    fn new(most: usize) -> Self {
        Shelf { most, open: Mutex::default() }
    }

    fn opened(&self, id: WorldId, world: Weak<dyn Rests + Send + Sync>) {
        let mut open = lock::lock(&self.open);
        open.insert(id, world);
        if open.len() <= self.most {
            return;
        }
        open.retain(|_, world| world.strong_count() > 0);
        let mut by_use: Vec<_> = open
            .iter()
            .filter(|(other, _)| **other != id)
            .filter_map(|(other, world)| Some((world.upgrade()?.last_used(), *other)))
            .collect();
        by_use.sort_unstable();
        for (_, other) in by_use {
            if open.len() <= self.most {
                return;
            }
            let rests = open.get(&other).and_then(Weak::upgrade).is_none_or(|world| world.rest());
            if rests {
                open.remove(&other);
            }
        }
    }
}
