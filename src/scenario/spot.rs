//! Where a row stands: in the scenario itself or in a CSV text.

use crate::contract::fields::Row;
use crate::scenario::keys::Origin;
use crate::scenario::place::{Main, Place};
use crate::scenario::sheet::Sheet;
use crate::scenario::tree::Node;

/// The row that is being checked: a table of the scenario, or a record of a CSV text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spot<'s> {
    Inline {
        main: &'s Main,
        node: &'s Node,
    },
    Record {
        sheet: &'s Sheet,
        /// The sheet's number among those of the collection, from 1.
        number: u32,
        at: u32,
        /// For each column of the sheet its field.
        columns: &'s [Option<usize>],
    },
}

impl Spot<'_> {
    /// The place of the row.
    pub(crate) fn place(&self) -> Place {
        match *self {
            Spot::Inline { main, node } => main.place(node.at),
            Spot::Record { sheet, at, .. } => sheet.place(at),
        }
    }

    /// The place of a field's value, or of the row where it has none.
    pub(crate) fn place_of(&self, row: &Row<'_>, field_idx: usize) -> Place {
        let name = row.fields()[field_idx].name;
        match *self {
            Spot::Inline { main, node } => {
                let entry = node.as_table().and_then(|table| table.get(name));
                main.place(entry.map_or(node.at, |entry| entry.node.at))
            }
            Spot::Record { sheet, at, columns, .. } => {
                let column = columns.iter().position(|column| *column == Some(field_idx));
                sheet.place(column.map_or(at, |column| sheet.cell_at(at, column)))
            }
        }
    }

    /// The place of the row, small enough to be kept for each.
    pub(crate) fn origin(&self) -> Origin {
        match *self {
            Spot::Inline { node, .. } => Origin { sheet: 0, at: node.at },
            Spot::Record { number, at, .. } => Origin { sheet: number, at },
        }
    }
}
