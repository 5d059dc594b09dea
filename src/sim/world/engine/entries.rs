//! The engine's journal, in memory or in the world's file.

use std::sync::Arc;

use serde_json::Value;

use crate::contract::reply::InternalError;
use crate::sim::journal::ledger;
use crate::sim::journal::record::Record;
use crate::sim::world::engine::Engine;

impl Engine {
    /// A page of the journal as it may be shown, oldest first.
    pub(crate) fn page(
        &self,
        after: u64,
        limit: usize,
        show_secrets: bool,
        keep: &dyn Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, InternalError> {
        if !self.db.is_file() {
            let shown = self.journal.after(after).map(|it| it.render(&self.name, show_secrets));
            return Ok(shown.filter(|entry| keep(entry)).take(limit).collect());
        }
        let mut page = Vec::new();
        let mut from = after;
        loop {
            let texts = ledger::after(self.db.connection(), from, limit.max(1))?;
            let is_last = texts.len() < limit.max(1);
            for text in texts {
                let entry: Value = serde_json::from_str(&text)?;
                from = entry["seq"].as_u64().unwrap_or(from);
                if keep(&entry) {
                    page.push(entry);
                }
                if page.len() == limit {
                    return Ok(page);
                }
            }
            if is_last {
                return Ok(page);
            }
        }
    }

    /// Entries after `after` as they are kept, oldest first.
    pub(crate) fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, InternalError> {
        if !self.db.is_file() {
            let kept = self.journal.after(after).take(limit);
            return Ok(kept.map(|entry| Record::Kept(Arc::clone(entry))).collect());
        }
        let texts = ledger::after(self.db.connection(), after, limit)?;
        let entries = texts.iter().map(|text| serde_json::from_str(text).map(Record::Written));
        Ok(entries.collect::<Result<_, _>>()?)
    }

    pub(crate) fn entry(
        &self,
        seq: u64,
        show_secrets: bool,
    ) -> Result<Option<Value>, InternalError> {
        if !self.db.is_file() {
            let found = self.journal.get(seq).map(Arc::clone);
            return Ok(found.map(|entry| entry.render(&self.name, show_secrets)));
        }
        let text = ledger::get(self.db.connection(), seq)?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    pub(crate) fn clear_journal(&mut self) -> Result<(), InternalError> {
        if self.db.is_file() {
            self.room.clear(self.db.connection())?;
        }
        self.journal.clear();
        Ok(())
    }
}
