//! Rows that take the place of a row in a scenario which theirs extends: `replace = true` stands at
//! them. They are handed over where the other row would be, so that what refers to it leads to them.
//!
//! Not here: finding them and telling what is wrong with them (`laying`), handing them over (`taking`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::fields::{OwnedRow, Row};
use crate::scenario::keys::Key;

/// The key by which a row says so.
pub(crate) const REPLACE: &str = "replace";

/// Which row is replaced: section, collection, and the value of the collection's first unique field.
pub(crate) type Id = (&'static str, &'static str, String);

/// A row that takes another's place.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    pub(crate) row: Arc<OwnedRow>,
    /// The layer of its scenario, and where it and its fields stand there.
    pub(crate) layer: usize,
    pub(crate) at: u32,
    pub(crate) ats: Vec<(String, u32)>,
    /// What came of it; `None` where the row to replace was not met.
    pub(crate) outcome: Option<Outcome>,
}

/// What came of a replacement.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Taken,
    /// What is wrong with it, at a field or as a whole.
    Refused {
        field: Option<&'static str>,
        problem: String,
    },
}

/// The rows of a scenario that others take the place of.
#[derive(Debug, Default)]
pub(crate) struct Replaced(pub(crate) BTreeMap<Id, Replacement>);

/// What a walk over a section knows of replacing.
#[derive(Debug)]
pub(crate) struct Replacing<'d> {
    pub(crate) section: &'static str,
    pub(crate) replaced: &'d mut Replaced,
    /// Whether the scenario extends one, so that its rows may replace others.
    pub(crate) may_replace: bool,
}

impl Replaced {
    /// The row that takes the place of this one.
    pub(crate) fn of(
        &self,
        section: &'static str,
        collection: &'static str,
        row: &Row<'_>,
    ) -> Option<(Id, Arc<OwnedRow>)> {
        if self.0.is_empty() {
            return None;
        }
        let idx = row.fields().iter().position(|field| field.unique)?;
        let id = (section, collection, Key::of(row.cell(idx))?.text().into_owned());
        let row = Arc::clone(&self.0.get(&id)?.row);
        Some((id, row))
    }

    pub(crate) fn came_to(&mut self, id: &Id, outcome: Outcome) {
        if let Some(replacement) = self.0.get_mut(id) {
            replacement.outcome = Some(outcome);
        }
    }
}
