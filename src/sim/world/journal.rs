//! Reading a world's journal: pages, waiting for more, the stream of it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::base::limits::{JOURNAL_HEARTBEAT, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};
use crate::contract::reply::InternalError;
use crate::sim::journal::record::{Record, Walk};
use crate::sim::journal::ring::Lost;
use crate::sim::world::World;
use crate::web::stream::{self, Chunks};

/// Which entries of a journal to show.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    /// Entries with a greater sequence number than this.
    pub after: u64,
    pub limit: usize,
    pub vendor: Option<&'a str>,
    pub operation: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub show_secrets: bool,
}

/// A page of a journal.
#[derive(Clone, Debug)]
pub struct Journaled {
    pub entries: Vec<Value>,
    /// The number of the world's last input, whether its entry is on the page or not.
    pub last_seq: u64,
    /// Entries that had to go to make room.
    pub evicted: u64,
}

impl World {
    /// A page of the journal as it may be shown, oldest first.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub fn journal_page(&self, page: &Page<'_>) -> Result<Journaled, InternalError> {
        let keep = |entry: &Value| page.keeps(entry);
        let ordered = self.look()?;
        let entries = ordered.page(page.after, page.limit, page.show_secrets, &keep)?;
        let evicted = ordered.gone()?.evicted;
        Ok(Journaled { entries, last_seq: ordered.last_seq(), evicted })
    }

    /// The same, but waits up to `patience` for an entry where there is none yet.
    ///
    /// # Errors
    /// As for [`World::journal_page`].
    pub async fn journal_wait(
        &self,
        page: &Page<'_>,
        patience: Duration,
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
            if !found.entries.is_empty() || self.stop.told().is_some() {
                return Ok(found);
            }
            if tokio::time::timeout_at(deadline, grown).await.is_err() {
                return Ok(found);
            }
        }
    }

    /// The journal as it grows, as server-sent events: each entry with its number as the event's
    /// id, and a comment now and then, by which a connection is known to be alive. Ends when the
    /// reader goes away, the world is deleted, or the program stops.
    pub fn journal_stream(self: &Arc<Self>, page: &Page<'_>) -> Chunks {
        let (drip, chunks) = stream::drip();
        let world = Arc::downgrade(self);
        let own = |text: Option<&str>| text.map(str::to_owned);
        let filter = (own(page.vendor), own(page.operation), own(page.outcome));
        let (mut after, show_secrets) = (page.after, page.show_secrets);
        tokio::spawn(async move {
            while let Some(world) = world.upgrade() {
                let (vendor, operation, outcome) = &filter;
                let page = Page {
                    after,
                    limit: PAGE_ROWS_DEFAULT,
                    vendor: vendor.as_deref(),
                    operation: operation.as_deref(),
                    outcome: outcome.as_deref(),
                    show_secrets,
                };
                let wait = world.journal_wait(&page, JOURNAL_HEARTBEAT);
                let found = tokio::select! {
                    found = wait => found,
                    () = drip.gone() => return,
                };
                let Ok(Journaled { entries, last_seq, .. }) = found else { return };
                if world.stop.told().is_some() {
                    return;
                }
                let mut events = String::new();
                for entry in &entries {
                    after = entry["seq"].as_u64().unwrap_or(after);
                    // JSON has no line end in it.
                    let _ = write!(events, "id: {after}\nevent: entry\ndata: {entry}\n\n");
                }
                if entries.is_empty() {
                    // All up to here were looked at, and none was asked for.
                    after = after.max(last_seq);
                    events.push_str(": alive\n\n");
                }
                if drip.send(events).await.is_err() {
                    return;
                }
            }
        });
        chunks
    }

    /// One entry of the journal as it may be shown.
    ///
    /// # Errors
    /// Where a persistent journal cannot be read.
    pub async fn journal_entry(
        &self,
        seq: u64,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        let _open = self.gate.read().await;
        self.look()?.entry(seq, show_secrets)
    }

    /// Shows the entries that it has not seen.
    pub(crate) fn feed(&self, walk: &mut impl Walk) -> Result<(), InternalError> {
        loop {
            let (records, lost) = self.records(walk.last_seq())?;
            walk.lost(lost);
            if records.is_empty() {
                return Ok(());
            }
            for record in &records {
                walk.take(self.name(), record);
            }
        }
    }

    /// Some entries after `seq`, oldest first, and what went to make room. The lock is not held
    /// while they are looked at.
    pub(crate) fn records(&self, seq: u64) -> Result<(Vec<Record>, Lost), InternalError> {
        let ordered = self.look()?;
        Ok((ordered.records(seq, PAGE_ROWS_MAX)?, ordered.gone()?.lost))
    }

    /// Forgets all entries. Sequence numbers go on.
    ///
    /// # Errors
    /// Where a persistent journal cannot be written.
    pub async fn clear_journal(&self) -> Result<(), InternalError> {
        let _open = self.gate.read().await;
        self.look()?.clear_journal()
    }
}

impl Page<'_> {
    fn keeps(&self, entry: &Value) -> bool {
        let is = |wanted: Option<&str>, name: &str| {
            wanted.is_none_or(|wanted| entry[name].as_str() == Some(wanted))
        };
        is(self.vendor, "vendor") && is(self.operation, "operation") && is(self.outcome, "outcome")
    }
}
