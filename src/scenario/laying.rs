//! Scenarios on top of each other: which rows take the place of which, and what is wrong with those.
//!
//! Not here: finding the scenarios (`library`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::fields::{Kind, OwnedRow, Rows};
use crate::contract::secret_fields::SecretFields;
use crate::scenario::checker::{Alone, Path};
use crate::scenario::document::Document;
use crate::scenario::keys::Key;
use crate::scenario::mistake::Problem;
use crate::scenario::replacing::{Id, Outcome, REPLACE, Replacement};
use crate::scenario::tree::{Table, Value, quoted};

/// Hands each scenario the rows of those on top of it that take the place of its own. The last of two
/// counts.
pub(crate) fn lay(layers: &mut [Document]) {
    for layer in 1..layers.len() {
        let found = layers[layer].replacements(layer);
        for under in &mut layers[..layer] {
            under.replaced.0.extend(found.iter().cloned());
        }
    }
}

/// Records in their own scenarios what is wrong with the rows that were to take another's place.
pub(crate) fn tell(layers: &mut [Document]) {
    let sound: Vec<bool> = layers.iter().map(Document::is_sound).collect();
    let mut came_to: BTreeMap<(usize, u32), (Id, Replacement)> = BTreeMap::new();
    for under in layers.iter_mut() {
        for (id, replacement) in std::mem::take(&mut under.replaced.0) {
            let place = (replacement.layer, replacement.at);
            // Met in one of them.
            if replacement.outcome.is_some() || !came_to.contains_key(&place) {
                came_to.insert(place, (id, replacement));
            }
        }
    }
    for ((section, collection, key), replacement) in came_to.into_values() {
        let section = if section.is_empty() { "" } else { &format!("{section} ") };
        let (at, problem) = match replacement.outcome {
            Some(Outcome::Taken) => continue,
            Some(Outcome::Refused { field, problem }) => {
                let known = replacement.ats.iter().find(|(name, _)| field == Some(name.as_str()));
                (known.map_or(replacement.at, |(_, at)| *at), Problem::new(problem, ""))
            }
            // Where something could not be read, it may well be there.
            None if !sound[..replacement.layer].iter().all(|is_sound| *is_sound) => continue,
            None => {
                let found =
                    format!("{} is true, and there is no {}", quoted(REPLACE), quoted(&key));
                let expected = format!("one of the {section}{collection} of what this one extends");
                (replacement.at, Problem::new(found, expected))
            }
        };
        let Document { main, ledger, .. } = &mut layers[replacement.layer];
        ledger.add(|| (main.place(at), problem));
    }
}

impl Document {
    /// The rows that are to take the place of others. Those with mistakes are left out; they are told
    /// when their own scenario is read.
    fn replacements(&self, layer: usize) -> Vec<(Id, Replacement)> {
        let mut found = Vec::new();
        for section in &self.sections {
            let Some((_, table)) = section.find(&self.main) else { continue };
            for field in section.fields {
                let (Kind::Rows(rows), Some(entry)) = (field.kind, table.get(field.name)) else {
                    continue;
                };
                let Value::List(items) = &entry.node.value else { continue };
                for item in items {
                    let Some(table) = item.as_table().filter(|it| is_replacement(it)) else {
                        continue;
                    };
                    let Some(row) = self.read_alone(rows, item.at, table) else { continue };
                    let unique = rows.fields.iter().position(|field| field.unique);
                    let Some(key) = unique.and_then(|idx| Key::of(row.cell(idx))) else { continue };
                    let id = (section.name, field.name, key.text().into_owned());
                    let ats = table.entries.iter();
                    let ats = ats.map(|entry| (entry.key.clone(), entry.node.at)).collect();
                    let (row, outcome) = (Arc::new(row), None);
                    found.push((id, Replacement { row, layer, at: item.at, ats, outcome }));
                }
            }
        }
        found
    }

    /// A row without what stands around it; `None` where it has mistakes.
    fn read_alone(&self, rows: &'static Rows, at: u32, table: &Table) -> Option<OwnedRow> {
        let mut alone = Alone::default();
        // Its mistakes are counted and not told.
        let mut checker = alone.checker(&self.main, SecretFields::NONE);
        let row = checker.table_but(&Path::root(""), rows.fields, at, table, REPLACE).into_owned();
        (alone.ledger.n_seen() == 0).then_some(row)
    }
}

fn is_replacement(table: &Table) -> bool {
    table.get(REPLACE).is_some_and(|entry| matches!(entry.node.value, Value::Bool(true)))
}
