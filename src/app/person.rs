//! What somebody at a terminal is told while the program serves: once that it is up, and then each
//! request that was refused or that nobody took.
//!
//! Not here: the words (`cli::greeting`).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::scenario::counted::RowsTold;
use crate::sim::blocking::blocking;
use crate::sim::worlds::Worlds;

/// Between two looks. Short for a person, and nothing to a machine: a world without news costs one
/// comparison.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Takes a refused request: the world's name, empty where none took it, and the journal's entry.
pub(crate) type Refused = dyn Fn(&str, &Value) + Send + Sync;

/// Takes the ready line, and the facts of the default world, null where there is none.
pub(crate) type IsUp = dyn Fn(&Value, &Value) + Send + Sync;

/// Somebody at a terminal.
pub(crate) struct Person {
    pub(crate) is_up: Box<IsUp>,
    /// Told of the rows of the default world while they are read, before it is up.
    pub(crate) rows: RowsTold,
    /// `None` where refusals are not to be told.
    pub(crate) refused: Option<Arc<Refused>>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// Tells what is refused from now on, until the program stops.
pub(super) async fn tell_refusals(
    worlds: Arc<Worlds>,
    refused: Arc<Refused>,
    show_secrets: bool,
    mut stop: watch::Receiver<bool>,
) {
    let mut seen = worlds.refusals_so_far();
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        let worlds = Arc::clone(&worlds);
        // A journal that is kept in a file is read from it.
        let looked = blocking(move || {
            let found = worlds.refusals(&mut seen, show_secrets);
            (seen, found)
        });
        match looked.await {
            Ok((now_seen, found)) => {
                seen = now_seen;
                for (world, entry) in found {
                    refused(&world, &entry);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "refusals are told no more");
                // Without an end: this task is one of those that serve.
                let _ = stop.wait_for(|stop| *stop).await;
                return;
            }
        }
    }
}
