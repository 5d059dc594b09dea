//! A lock without an owner that a second client takes as its own, and gives back: the first one's lock
//! is gone with it. Clients are told apart by what they say of themselves, so two that send the same
//! are one here, and nothing is said of them.
//!
//! Not here: what is dialled although it is locked (`watch`).

use std::collections::BTreeMap;

use crate::base::seq::Seq;
use crate::sim::judge::findings::found::Findings;
use crate::sim::judge::findings::own::{Own, REMEMBERED_MAX, Watch, named};
use crate::sim::judge::verify::seen::Seen;
use crate::web::mask::masker::Masker;

/// Patterns of effects of a lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patterns {
    pub(super) locked: &'static str,
    pub(super) again: &'static str,
    pub(super) unlocked: &'static str,
}

/// Who holds a lock.
struct Held {
    first: Seq,
    client: Vec<String>,
    /// The other client that locked it once more, and its entry.
    second: Option<(Seq, Vec<String>)>,
}

pub(super) struct Taken {
    own: Own,
    patterns: Patterns,
    held: BTreeMap<String, Held>,
}

impl Taken {
    pub(super) fn new(own: Own, patterns: Patterns) -> Self {
        Taken { own, patterns, held: BTreeMap::new() }
    }
}

/// What a client says of itself; a masked credential still differs from another.
fn client(seen: &Seen<'_>) -> Vec<String> {
    let Some(asked) = seen.asked() else { return Vec::new() };
    let said = ["authorization", "user-agent"].map(|name| asked.message.header(name));
    said.map(|value| value.unwrap_or_default().to_owned()).to_vec()
}

impl Watch for Taken {
    fn forget(&mut self) {
        self.held.clear();
    }

    fn take(&mut self, seen: &Seen<'_>, _: &Masker, found: &mut Findings) {
        if !self.own.is_ok(seen) {
            return;
        }
        for effect in seen.effects() {
            if let Some(name) = named(self.patterns.locked, effect) {
                if self.held.len() < REMEMBERED_MAX {
                    let held = Held { first: seen.seq(), client: client(seen), second: None };
                    self.held.insert(name.to_owned(), held);
                }
            } else if let Some(name) = named(self.patterns.again, effect)
                && let Some(held) = self.held.get_mut(name)
            {
                let client = client(seen);
                if client != held.client {
                    held.second = Some((seen.seq(), client));
                }
            } else if let Some(name) = named(self.patterns.unlocked, effect)
                && let Some(held) = self.held.remove(name)
                && let Some((second, who)) = held.second
                && who == client(seen)
            {
                let (first, last) = (held.first, seen.seq());
                let what = format!(
                    "{name} was locked by entry {first}, locked once more by another client in entry \
                     {second}, and unlocked by that one in entry {last}: the first client's lock is gone"
                );
                found.add(self.own.finding(what, &[first, second, last]));
            }
        }
    }
}
