//! Rows that take another's place, where they are met: whether a row says so, and handing it over.

use crate::contract::fields::{Cell, Row, Rows};
use crate::contract::section::SeedError;
use crate::scenario::checker::{Checker, Each};
use crate::scenario::keys::{Key, Target};
use crate::scenario::mistake::Problem;
use crate::scenario::replacing::{Outcome, REPLACE};
use crate::scenario::spot::Spot;
use crate::scenario::tree::{Table, Value, quoted};

impl Checker<'_> {
    /// Whether a row says that it takes another's place; what it says otherwise is a mistake.
    pub(crate) fn says_replace(
        &mut self,
        table: &Table,
        rows: &'static Rows,
        may_replace: bool,
    ) -> bool {
        let Some(entry) = table.get(REPLACE) else { return false };
        let name = quoted(REPLACE);
        let problem = match entry.node.value {
            Value::Bool(false) => return false,
            Value::Bool(true) if !may_replace => {
                let found = format!("{name} is true in a scenario that extends none");
                Problem::new(found, "it at a row of a scenario that extends another")
            }
            Value::Bool(true) if !rows.fields.iter().any(|field| field.unique) => {
                let found = format!("{name} is true at a row that has no id");
                Problem::new(found, "it where an id tells which row is meant")
            }
            Value::Bool(true) => return true,
            ref other => Problem::new(format!("{name} is {}", other.describe()), "true or false"),
        };
        self.mistake(entry.node.at, || problem);
        false
    }

    /// Hands a sound row of a collection over, or the row that takes its place.
    pub(crate) fn hand_own(
        &mut self,
        collection_idx: usize,
        row: &Row<'_>,
        spot: &Spot<'_>,
        each: &mut Each<'_>,
    ) -> Result<bool, SeedError> {
        let own = self.replacing.as_ref().zip(self.keys.own_name(collection_idx));
        let replaced = own.and_then(|(it, name)| it.replaced.of(it.section, name, row));
        let Some((id, wanted)) = replaced else { return self.hand(row, spot, each) };
        let outcome = match self.unfit(collection_idx, &wanted, spot) {
            Some(outcome) => outcome,
            None => match each(&wanted) {
                Ok(()) => Outcome::Taken,
                Err(SeedError::Refused { field, message }) => {
                    Outcome::Refused { field, problem: message }
                }
                Err(internal) => return Err(internal),
            },
        };
        if let Some(replacing) = &mut self.replacing {
            replacing.replaced.came_to(&id, outcome);
        }
        Ok(true)
    }

    /// Why a row cannot take the place of one here: it refers to what is not there by then, or has a
    /// value that another row has.
    fn unfit(&mut self, idx: usize, wanted: &Row<'_>, spot: &Spot<'_>) -> Option<Outcome> {
        if let Some((field, word)) = self.dangling(wanted) {
            let problem = format!(
                "{} is {}, which is not among the rows that this row's scenario extends; a row that \
                 takes the place of another refers to those",
                quoted(field),
                quoted(&word)
            );
            return Some(Outcome::Refused { field: Some(field), problem });
        }
        for column in self.keys.columns(idx) {
            let Some(key) = Key::of(wanted.cell(column.field_idx)) else { continue };
            let word = key.text().into_owned();
            if column.claim(key, spot.origin()).is_err() {
                let (field, name) = (Some(column.name), quoted(column.name));
                let problem = format!("{name} is {}, which another row has", quoted(&word));
                return Some(Outcome::Refused { field, problem });
            }
        }
        None
    }

    /// The first reference of a row that leads nowhere, and its value.
    fn dangling(&self, row: &Row<'_>) -> Option<(&'static str, String)> {
        row.fields().iter().zip(row.cells()).find_map(|(field, cell)| {
            let cells =
                if let Cell::List(cells) = cell { cells } else { std::slice::from_ref(cell) };
            let lost = field.refers.and_then(|refers| {
                cells.iter().filter_map(Key::of).find(|key| {
                    let Target::Missing { collection, column } = self.keys.look_up(refers, key)
                    else {
                        return false;
                    };
                    !self.live.is_some_and(|(section, live)| {
                        live.has((section, collection, column.name), &key.text())
                    })
                })
            });
            match (lost, cell) {
                (Some(key), _) => Some((field.name, key.text().into_owned())),
                (None, Cell::Rows(rows)) => rows.iter().find_map(|row| self.dangling(row)),
                (None, Cell::Table(row)) => self.dangling(row),
                _ => None,
            }
        })
    }
}
