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

use rusqlite::Connection;

use super::cx::Cx;

/// One world's kept values, one of each type.
#[derive(Debug, Default)]
pub(super) struct Kept(RefCell<BTreeMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Kept {
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let found = self.0.borrow().get(&TypeId::of::<T>()).map(Arc::clone);
        found.and_then(|value| value.downcast().ok())
    }

    fn put<T: Any + Send + Sync>(&self, value: T) -> Arc<T> {
        let value = Arc::new(value);
        self.0.borrow_mut().insert(TypeId::of::<T>(), Arc::<T>::clone(&value));
        value
    }

    fn take<T: Any>(&self) {
        self.0.borrow_mut().remove(&TypeId::of::<T>());
    }
}

impl Cx<'_> {
    /// The kept value of a type; `read` gets it from the rows where there is none.
    ///
    /// # Errors
    /// Where SQLite fails.
    ///
    /// # Panics
    /// In debug builds, where the rows were changed and the value was not forgotten.
    pub fn kept<T: Any + Send + Sync + PartialEq + Debug>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Arc<T>> {
        let Some(found) = self.kept.get::<T>() else {
            return Ok(self.kept.put(read(self.db)?));
        };
        if cfg!(debug_assertions) {
            assert_eq!(
                *found,
                read(self.db)?,
                "rows were changed, and what was kept of them was not forgotten"
            );
        }
        Ok(found)
    }

    /// Forgets the kept value of a type, because its rows change.
    pub fn forget<T: Any>(&self) {
        self.kept.take::<T>();
    }
}
