//! The engine's journal, in memory or in the world's file.

use std::sync::Arc;

use crate::base::limits::PAGE_ROWS_MAX;
use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::sim::journal::entry::Entry;
use crate::sim::journal::filter::Filter;
use crate::sim::journal::stretch::Stretch;
use crate::sim::journal::{ledger, row};
use crate::sim::world::engine::Engine;

impl Engine {
    /// A page of the journal, oldest first: so many of the entries that are asked for.
    pub(crate) fn page(
        &self,
        stretch: Stretch,
        filter: &Filter,
    ) -> Result<Vec<Arc<Entry>>, InternalError> {
        let Stretch { after, before, limit } = stretch;
        if !self.db.is_file() {
            let within = self.journal.within(after, before).filter(|entry| filter.keeps(entry));
            return Ok(stretch.pick(within.map(Arc::clone)));
        }
        match before {
            Some(before) => self.newest(after, before, limit, filter),
            None => self.oldest(after, limit, filter),
        }
    }

    fn oldest(
        &self,
        after: Seq,
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<Arc<Entry>>, InternalError> {
        let n_at_once = limit.clamp(1, PAGE_ROWS_MAX);
        let mut page = Vec::new();
        let mut from = after;
        while page.len() < limit {
            let entries = self.entries_after(from, n_at_once)?;
            let Some(last) = entries.last() else { break };
            from = last.seq;
            let is_last = entries.len() < n_at_once;
            let n_wanted = limit - page.len();
            page.extend(entries.into_iter().filter(|it| filter.keeps(it)).take(n_wanted));
            if is_last {
                break;
            }
        }
        Ok(page)
    }

    fn newest(
        &self,
        after: Seq,
        mut before: Seq,
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<Arc<Entry>>, InternalError> {
        let n_at_once = limit.clamp(1, PAGE_ROWS_MAX);
        let mut page = Vec::new();
        while page.len() < limit {
            let rows = ledger::before(self.db.connection(), after, before, n_at_once)?;
            for (seq, text) in &rows {
                let entry = self.read(*seq, text)?;
                before = *seq;
                if page.len() < limit && filter.keeps(&entry) {
                    page.push(entry);
                }
            }
            if rows.len() < n_at_once {
                break;
            }
        }
        page.reverse();
        Ok(page)
    }

    /// Entries after `after`, oldest first.
    pub(crate) fn entries_after(
        &self,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Arc<Entry>>, InternalError> {
        if !self.db.is_file() {
            return Ok(self.journal.after(after).take(limit).map(Arc::clone).collect());
        }
        let rows = ledger::after(self.db.connection(), after, limit)?;
        rows.iter().map(|(seq, text)| self.read(*seq, text)).collect()
    }

    pub(crate) fn entry(&self, seq: Seq) -> Result<Option<Arc<Entry>>, InternalError> {
        if !self.db.is_file() {
            return Ok(self.journal.get(seq).map(Arc::clone));
        }
        let text = ledger::get(self.db.connection(), seq)?;
        text.map(|text| self.read(seq, &text)).transpose()
    }

    fn read(&self, seq: Seq, text: &str) -> Result<Arc<Entry>, InternalError> {
        row::read(self.vendors, seq, text).map(Arc::new).map_err(InternalError::new)
    }

    pub(crate) fn clear_journal(&mut self) -> Result<(), InternalError> {
        if self.db.is_file() {
            self.room.clear(self.db.connection())?;
        }
        self.journal.clear();
        Ok(())
    }
}
