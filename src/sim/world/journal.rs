//! Reading a world's journal: pages, waiting for more, the stream of it.

use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value;
use tokio::sync::futures::Notified;
use tokio::time::timeout_at;

use crate::base::limits::{DUE_PAUSE, JOURNAL_HEARTBEAT, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};
use crate::base::seq::Seq;
use crate::base::time::Span;
use crate::contract::reply::InternalError;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::filter::Filter;
use crate::sim::journal::ring::Lost;
use crate::sim::journal::shown::Shown;
use crate::sim::journal::stretch::Stretch;
use crate::sim::journal::walk::Walk;
use crate::sim::world::World;
use crate::web::mask::masker::Masker;
use crate::web::stream::{self, Chunks};

/// Which entries of a journal to show, and how.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Entries with a greater sequence number than this.
    pub after: Seq,
    /// The newest of those with a smaller one than this; where it is `None`, the oldest of all.
    pub before: Option<Seq>,
    pub limit: usize,
    pub filter: Filter,
    pub show_secrets: bool,
}

/// A page of a journal. Its JSON is made where it leaves, outside the world's lock.
#[derive(Clone, Debug)]
pub struct Journaled {
    pub entries: Vec<Arc<Entry>>,
    /// The number of the world's last input, whether its entry is on the page or not.
    pub last_seq: Seq,
    /// Entries that had to go to make room.
    pub evicted: u64,
    /// Up to which entry the journal was cleared, by a client, since the world was opened.
    cleared: Seq,
    world: String,
    masker: Masker,
}

impl Journaled {
    /// A page of what no world took.
    pub(crate) fn of_nobody(entries: Vec<Arc<Entry>>, masker: Masker) -> Self {
        let last_seq = entries.last().map_or(Seq::NONE, |entry| entry.seq);
        let (evicted, cleared) = (0, Seq::NONE);
        Journaled { entries, last_seq, evicted, cleared, world: String::new(), masker }
    }

    /// The name of its world; empty where no world took it.
    pub(crate) fn world(&self) -> &str {
        &self.world
    }

    /// The page with nothing masked, for who measures what masking costs.
    #[must_use]
    pub fn unmasked(self) -> Self {
        Journaled { masker: Masker::default(), ..self }
    }

    /// The entries as they may be shown.
    pub fn shown(&self) -> impl Iterator<Item = Shown<'_>> {
        self.entries.iter().map(|entry| Shown::new(entry, &self.world, &self.masker))
    }

    /// The entries as values.
    pub fn to_json(&self) -> Vec<Value> {
        self.shown().map(Shown::to_json).collect()
    }

    /// Whether a reader who has entries up to `held` has to learn that some were cleared, where `told`
    /// is what it knows of that.
    fn was_cleared(&self, told: Seq, held: Seq) -> bool {
        self.cleared > told && self.cleared >= held && held > Seq::NONE
    }
}

/// The entries of a page, one after the other.
struct Entries<'p>(&'p Journaled);

impl Serialize for Entries<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.shown())
    }
}

impl Serialize for Journaled {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("entries", &Entries(self))?;
        shown.serialize_entry("last_seq", &self.last_seq)?;
        shown.serialize_entry("evicted", &self.evicted)?;
        shown.end()
    }
}

impl World {
    /// A page of the journal as it may be shown, oldest first.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn journal_page(&self, page: &Page) -> Result<Journaled, InternalError> {
        let engine = self.look()?;
        let stretch = Stretch { after: page.after, before: page.before, limit: page.limit };
        let (entries, last_seq) = (engine.page(stretch, &page.filter)?, engine.last_seq());
        let (evicted, cleared) = (engine.gone()?.evicted, self.cleared());
        drop(engine);
        Ok(Journaled {
            // A reader who waits for news keeps a world awake only where there is some.
            masker: if entries.is_empty() {
                Masker::default()
            } else {
                self.masker_now(page.show_secrets)?
            },
            entries,
            last_seq,
            evicted,
            cleared,
            world: self.name().to_owned(),
        })
    }

    /// A page of the journal; waits up to `patience` for an entry where there is none yet.
    ///
    /// # Errors
    /// As for [`World::journal_page`].
    pub async fn journal_wait(
        &self,
        page: &Page,
        patience: Duration,
    ) -> Result<Journaled, InternalError> {
        self.page_with(page, patience, |found| !found.entries.is_empty()).await
    }

    /// A page of the journal; waits up to `patience` for one with news.
    async fn page_with(
        &self,
        page: &Page,
        patience: Duration,
        is_news: impl Fn(&Journaled) -> bool,
    ) -> Result<Journaled, InternalError> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let mut grown = std::pin::pin!(self.news.notified());
            // Enlisted before the look, so that an entry in between is not missed.
            grown.as_mut().enable();
            // Not while a long input has the world: this thread is needed for others.
            let open = self.gate.read().await;
            let found = self.journal_page(page)?;
            drop(open);
            if is_news(&found) || self.stop.told().is_some() {
                return Ok(found);
            }
            if !self.is_told(grown, deadline).await {
                return Ok(found);
            }
        }
    }

    /// Waits until a deadline for the news that `grown` is enlisted for; `false` where there was none.
    /// On a clock that runs by itself, what becomes due meanwhile is done.
    pub(super) async fn is_told(
        &self,
        mut grown: Pin<&mut Notified<'_>>,
        deadline: tokio::time::Instant,
    ) -> bool {
        let mut is_stuck = false;
        loop {
            let open = self.gate.read().await;
            let left = self.peek().until_due().filter(|_| !is_stuck);
            drop(open);
            let left = left.map(|left| Duration::from(left).max(DUE_PAUSE));
            let due = left.map(|left| tokio::time::Instant::now() + left);
            let until = due.filter(|due| *due < deadline);
            if timeout_at(until.unwrap_or(deadline), grown.as_mut()).await.is_ok() {
                return true;
            }
            if until.is_none() {
                return false;
            }
            let _open = self.gate.read().await;
            // What cannot be done, as on a disk that is full, is tried again with the next news.
            let engine = self.lock_as_of_now();
            is_stuck = engine.map_or(true, |mut it| it.until_due() == Some(Span::ZERO));
        }
    }

    /// The journal as it grows, as server-sent events: each entry with its number as the event's
    /// id, what the reader may hold and was cleared, and a comment now and then, by which a
    /// connection is known to be alive. Ends when the reader goes away, the world is deleted, or the
    /// program stops.
    pub fn journal_stream(self: &Arc<Self>, page: &Page) -> Chunks {
        let (drip, chunks) = stream::drip();
        let world = Arc::downgrade(self);
        let mut page = Page { limit: PAGE_ROWS_DEFAULT, ..page.clone() };
        // Of what was cleared before it came, a reader holds only what it says it has.
        let mut told = Seq::NONE;
        let mut held = page.after;
        tokio::spawn(async move {
            while let Some(world) = world.upgrade() {
                let is_news =
                    |found: &Journaled| !found.entries.is_empty() || found.was_cleared(told, held);
                let wait = world.page_with(&page, JOURNAL_HEARTBEAT, is_news);
                let found = tokio::select! {
                    found = wait => found,
                    () = drip.gone() => return,
                };
                let Ok(found) = found else { return };
                if world.stop.told().is_some() {
                    return;
                }
                let was_cleared = found.was_cleared(told, held);
                let Ok(events) = events(&found, was_cleared) else { return };
                told = found.cleared;
                held = found.entries.last().map_or(held, |entry| entry.seq);
                page.after = match found.entries.last() {
                    Some(entry) => entry.seq,
                    // All up to here were looked at, and none was asked for.
                    None => page.after.max(found.last_seq),
                };
                if drip.send(events).await.is_err() {
                    return;
                }
            }
        });
        chunks
    }

    /// One entry of the journal.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub async fn journal_entry(&self, seq: Seq) -> Result<Option<Arc<Entry>>, InternalError> {
        let _open = self.gate.read().await;
        self.look()?.entry(seq)
    }

    /// Shows the entries that it has not seen.
    pub(crate) fn feed(&self, walk: &mut impl Walk) -> Result<(), InternalError> {
        loop {
            let (entries, lost) = self.entries_after(walk.last_seq())?;
            walk.lost(lost);
            if entries.is_empty() {
                return Ok(());
            }
            for entry in &entries {
                walk.take(entry);
            }
        }
    }

    /// Some entries after `seq`, oldest first, and what went to make room. The lock is not held
    /// while they are looked at.
    pub(crate) fn entries_after(&self, seq: Seq) -> Result<(Vec<Arc<Entry>>, Lost), InternalError> {
        let engine = self.look()?;
        Ok((engine.entries_after(seq, PAGE_ROWS_MAX)?, engine.gone()?.lost))
    }

    /// Forgets all entries. Sequence numbers go on.
    ///
    /// # Errors
    /// Where a persistent journal cannot be written.
    pub async fn clear_journal(&self) -> Result<(), InternalError> {
        let _open = self.gate.read().await;
        let mut engine = self.look()?;
        engine.clear_journal()?;
        self.note_cleared(engine.last_seq());
        drop(engine);
        self.news.notify_waiters();
        Ok(())
    }
}

/// The events of a page: what was cleared before its entries, and those; a comment where it has neither.
fn events(found: &Journaled, was_cleared: bool) -> serde_json::Result<String> {
    let mut events = String::new();
    if was_cleared {
        // Without an id, so that a reader goes on from the last entry that it has.
        let _ = write!(events, "event: cleared\ndata: {{\"up_to\":{}}}\n\n", found.cleared);
    } else if found.entries.is_empty() {
        return Ok(": alive\n\n".to_owned());
    }
    for (entry, shown) in found.entries.iter().zip(found.shown()) {
        // JSON has no line end in it.
        let data = serde_json::to_string(&shown)?;
        // Writing to a text cannot fail.
        let _ = write!(events, "id: {}\nevent: entry\ndata: {data}\n\n", entry.seq);
    }
    Ok(events)
}
