//! Telling who records how a world begins.

use crate::base::chain::Chain;
use crate::contract::reply::InternalError;
use crate::sim::journal::tap::Start;
use crate::sim::loading::read_back::{InMemoryState, read_back};
use crate::sim::world::engine::Engine;

impl Engine {
    /// Tells how the world is, where nobody was told since it last began anew.
    pub(crate) fn tell_start(&mut self) {
        if self.tapped.is_start_told {
            return;
        }
        let Some(tap) = self.tapped.tap.clone() else { return };
        self.tapped.is_start_told = true;
        match self.start() {
            Ok(start) => tap.begins(&self.name, start),
            Err(error) => {
                let error = Chain(&error);
                tracing::error!(world = self.name, %error, "its beginning cannot be recorded");
            }
        }
    }

    fn start(&mut self) -> Result<Start, InternalError> {
        let beside = InMemoryState {
            settings: self.settings.clone(),
            now: self.clock.now(),
            mode: self.clock.mode(),
            faults: self.faults.clone(),
            expectation: self.expectation.clone(),
        };
        let read = read_back(self.db.connection(), self.vendors.0, &beside)?;
        self.learn_secrets()?;
        let secrets = self.secrets.values();
        Ok(Start { at: beside.now, scenario: read.scenario, omitted: read.omitted, secrets })
    }
}
