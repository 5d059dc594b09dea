//! What is read from rows again and again and hardly ever changes: the rules of the line, a vendor's
//! settings. It is read once and kept, until whoever changes the rows forgets it.
//!
//! Where the rows go back (a transaction that fails, a reset, a rollback), all is forgotten. Debug
//! builds read each time and compare, so that a change which forgets to forget fails its test.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

/// What one world has kept, one of each type.
#[derive(Debug, Default)]
pub(crate) struct Cache(RefCell<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Cache {
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    pub(crate) fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let found = self.0.borrow().get(&TypeId::of::<T>()).map(Arc::clone);
        found.and_then(|value| value.downcast().ok())
    }

    pub(crate) fn put<T: Any + Send + Sync>(&self, value: T) -> Arc<T> {
        let value = Arc::new(value);
        self.0.borrow_mut().insert(TypeId::of::<T>(), Arc::<T>::clone(&value));
        value
    }

    pub(crate) fn take<T: Any>(&self) {
        self.0.borrow_mut().remove(&TypeId::of::<T>());
    }
}
