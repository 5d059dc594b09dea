//! Of the floor below, what the parts use, with locks of the model.

#[path = "../../../src/base/lock.rs"]
pub(crate) mod lock;

pub(crate) mod limits {
    pub(crate) const OPEN_FILES_MAX: usize = 1;
    pub(crate) const OPEN_WORLDS_MAX: usize = 2;
}

pub(crate) mod sync {
    pub(crate) use shuttle::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
    pub(crate) use shuttle::sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        TryLockError, Weak,
    };
}
