//! Opening once more what could not be read at the start: a disk that was full may have room again.
//!
//! It is done when somebody asks for the world, and not more often than is good for the disk.
//!
//! Not here: the start, and which worlds those are (`make`, `by_name`).

use std::sync::Arc;

use crate::base::clock::Stopwatch;
use crate::base::limits::REOPEN_PAUSE;
use crate::base::lock;
use crate::sim::blocking::blocking;
use crate::sim::worlds::by_name::Worlds;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::tables::components;
use crate::store::database::Database;
use crate::store::folder::data_folder::State;

impl Worlds {
    /// Opens a world that could not be read, if it can be by now. Answers whether it is there.
    pub(crate) async fn reopen(self: &Arc<Self>, name: &str) -> bool {
        if self.unreadable(name).is_none() {
            return false;
        }
        let (worlds, name) = (Arc::clone(self), name.to_owned());
        blocking(move || worlds.reopen_now(&name)).await.unwrap_or(false)
    }

    fn reopen_now(&self, name: &str) -> bool {
        // One after the other: who waited here finds what the one before has done.
        let mut tried = lock::lock(&self.reopened);
        if self.unreadable(name).is_none() {
            return self.get(name).is_some();
        }
        let is_soon = |last: &Stopwatch| u128::from(last.elapsed_ns()) < REOPEN_PAUSE.as_nanos();
        if tried.get(name).is_some_and(is_soon) {
            return false;
        }
        let opened = self.open_again(name);
        match opened {
            Ok(()) => {
                tried.remove(name);
                self.unreadable_mut().remove(name);
                tracing::info!(world = name, "this world can be read again and is served");
                true
            }
            Err(reason) => {
                tried.insert(name.to_owned(), Stopwatch::start());
                self.unreadable_mut().insert(name.to_owned(), reason);
                false
            }
        }
    }

    fn open_again(&self, name: &str) -> Result<(), String> {
        let Keep::Folder(folder) = &self.keep else { return Err("there is no folder".to_owned()) };
        let components = components(self.vendors(), true);
        let fresh = Database::empty_image(&components).map_err(|error| error.to_string())?;
        match folder.find(name, &components, &fresh).map_err(|error| error.to_string())? {
            State::Whole(home) => self.open_found(folder, home),
            State::Unreadable(reason) => Err(reason),
        }
    }
}
