//! Taking locks in a process that survives panics.
//!
//! A panic on a world's way is caught at the world's fence, and what was half done is rolled back
//! there; the process serves the other worlds on. A lock that was held at that moment is poisoned,
//! which would fail everybody who takes it afterwards. What these locks guard is changed in single
//! steps, each whole in itself, so what is found behind a panic is good to use.
//!
//! Not here: locks of tokio, which know no poison.

use crate::base::sync::{
    Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};

/// Takes a lock, waiting for it.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock if nobody holds it.
pub(crate) fn try_lock<T: ?Sized>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poison)) => Some(poison.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Takes a lock beside other readers.
pub(crate) fn read<T: ?Sized>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock alone.
pub(crate) fn write<T: ?Sized>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// What a lock guards, where nobody else can hold it.
pub(crate) fn get_mut<T: ?Sized>(mutex: &mut Mutex<T>) -> &mut T {
    mutex.get_mut().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_lock_that_a_panic_left_can_be_taken() {
        let mut mutex = Mutex::new(1);
        let rw = RwLock::new(2);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _held = (mutex.lock(), rw.write());
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(panicked.is_err() && mutex.is_poisoned() && rw.is_poisoned());
        assert_eq!(*lock(&mutex), 1);
        assert_eq!(try_lock(&mutex).map(|it| *it), Some(1));
        *write(&rw) += 1;
        assert_eq!(*read(&rw), 3);
        assert_eq!(*get_mut(&mut mutex), 1);
        let held = lock(&mutex);
        assert!(try_lock(&mutex).is_none());
        drop(held);
    }
}
