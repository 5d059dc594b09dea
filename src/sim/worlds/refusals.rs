//! What the requests of all worlds were refused for since somebody last looked.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::base::limits::PAGE_ROWS_DEFAULT;
use crate::base::seq::Seq;
use crate::contract::reply::Outcome;
use crate::sim::journal::filter::Filter;
use crate::sim::journal::stretch::Stretch;
use crate::sim::world::World;
use crate::sim::world::journal::Page;
use crate::sim::worlds::by_name::Worlds;

/// How far the journals were looked at.
#[derive(Clone, Debug, Default)]
pub struct RefusalsSeen {
    /// The last number, by the world's name.
    worlds: BTreeMap<String, Seq>,
    /// The last number of what nobody took.
    strays: Seq,
}

impl Worlds {
    /// Passes over what is there already.
    pub fn refusals_so_far(&self) -> RefusalsSeen {
        let inputs = self.all().into_iter().map(|it| (it.name().to_owned(), it.facts().last_seq));
        RefusalsSeen { worlds: inputs.collect(), strays: Seq::NONE }
    }

    /// What was refused since: the world's name, empty where no world took it, and the entry as it
    /// may be shown. A page of each world at the most; the rest comes with the next look.
    pub fn refusals(&self, seen: &mut RefusalsSeen, show_secrets: bool) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        let worlds = self.all();
        seen.worlds.retain(|name, _| worlds.iter().any(|world| world.name() == name));
        for world in worlds {
            let last = seen.worlds.entry(world.name().to_owned()).or_default();
            found.extend(of_world(&world, last, show_secrets));
        }
        let next = Stretch { after: seen.strays, before: None, limit: PAGE_ROWS_DEFAULT };
        let strays = self.strays(next);
        seen.strays = strays.entries.last().map_or(seen.strays, |entry| entry.seq);
        found.extend(strays.shown().map(|entry| (String::new(), entry.to_json())));
        found
    }
}

fn of_world(world: &World, last: &mut Seq, show_secrets: bool) -> Vec<(String, Value)> {
    let facts = world.facts();
    // A busy world is asked later.
    if facts.is_busy || facts.last_seq == *last {
        return Vec::new();
    }
    if facts.last_seq < *last {
        // Another world of the same name.
        *last = Seq::NONE;
    }
    let filter = Filter { outcome: Some(Outcome::Refused), ..Filter::default() };
    let (after, limit) = (*last, PAGE_ROWS_DEFAULT);
    let page = Page { after, limit, filter, show_secrets, ..Page::default() };
    let page = match world.journal_page(&page) {
        Ok(page) => page,
        Err(error) => {
            tracing::debug!(world = world.name(), %error, "its refusals are not told");
            return Vec::new();
        }
    };
    *last = match page.entries.last() {
        Some(entry) if page.entries.len() == PAGE_ROWS_DEFAULT => entry.seq,
        _ => page.last_seq,
    };
    page.shown().map(|entry| (world.name().to_owned(), entry.to_json())).collect()
}
