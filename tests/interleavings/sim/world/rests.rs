//! Open worlds are bounded: whoever opens one lets others rest, which are in use themselves meanwhile, and
//! are opened again. Nobody waits for another that waits for it.

use std::sync::{Arc, Weak};

use shuttle::thread;

use super::pool::{Pool, Rests, WorldId};
use crate::base::limits::OPEN_WORLDS_MAX;
use crate::base::lock::{lock, try_lock};
use crate::base::sync::{AtomicU64, Mutex, Ordering};

const WORLDS: usize = 4;
const USES: usize = 2;

#[derive(Debug)]
struct World {
    id: WorldId,
    pool: Arc<Pool>,
    used: AtomicU64,
    /// Whether its connection is open.
    is_open: Mutex<bool>,
    /// Whether it is noted each time that it is opened.
    is_noted: bool,
}

impl World {
    fn serve(self: &Arc<Self>) {
        let mut is_open = lock(&self.is_open);
        let used = self.used.swap(self.pool.tick(), Ordering::Relaxed);
        if !*is_open {
            *is_open = true;
            let world: Weak<dyn Rests + Send + Sync> = Arc::<Self>::downgrade(self);
            if self.is_noted || used == 0 {
                self.pool.opened(self.id, world, false);
            }
        }
        thread::yield_now();
        assert!(*is_open, "it was put to rest in use");
    }
}

impl Rests for World {
    fn last_used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn rest(&self) -> bool {
        try_lock(&self.is_open).map(|mut it| *it = false).is_some()
    }
}

fn run(is_noted: bool) {
    let pool = Arc::new(Pool::default());
    let worlds: Vec<_> = (0..WORLDS)
        .map(|_| {
            let (id, used, is_open) = (pool.id(), AtomicU64::new(0), Mutex::new(false));
            Arc::new(World { id, pool: Arc::clone(&pool), used, is_open, is_noted })
        })
        .collect();
    let users = worlds.iter().map(|world| {
        let world = Arc::clone(world);
        thread::spawn(move || {
            for _ in 0..USES {
                world.serve();
            }
        })
    });
    let users: Vec<_> = users.collect();
    for it in users {
        it.join().expect("nobody falls");
    }
    // With nobody at work there are no more than there may be once one more was opened.
    *lock(&worlds[0].is_open) = false;
    worlds[0].serve();
    let n_open = worlds.iter().filter(|it| *lock(&it.is_open)).count();
    assert!(n_open <= OPEN_WORLDS_MAX, "{n_open} are open");
}

pub(super) fn hold() {
    run(true);
}

pub(super) fn are_opened_unnoted() {
    run(false);
}
