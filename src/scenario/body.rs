//! Checks a JSON body, such as an event's, against a table of fields: the same checks and the same
//! words as for a scenario.
//!
//! Not here: references. They would lead into a live world, and only its vendor can follow them.

use serde_json::Value as Json;

use crate::contract::fields::{Field, OwnedRow};
use crate::contract::secret_fields::SecretFields;
use crate::scenario::checker::{Alone, Path};
use crate::scenario::json_tree;
use crate::scenario::mistake::{Mistakes, Problem};
use crate::scenario::place::Main;
use crate::scenario::tree::Value;

/// Reads a JSON object as a row. `what` names it in messages: "the event dial".
///
/// # Errors
/// Everything that is wrong with it, with JSON pointers.
pub fn fields_from_json(
    fields: &'static [Field],
    what: &str,
    value: &Json,
) -> Result<OwnedRow, Mistakes> {
    vendor_fields_from_json(fields, SecretFields::NONE, what, value)
}

/// As [`fields_from_json`], for fields of a vendor's: those of them that hold secrets are told masked.
///
/// # Errors
/// Everything that is wrong with it, with JSON pointers.
pub(crate) fn vendor_fields_from_json(
    fields: &'static [Field],
    secrets: SecretFields,
    what: &str,
    value: &Json,
) -> Result<OwnedRow, Mistakes> {
    let (root, too_deep) = json_tree::build(value);
    let main = Main { name: what.to_owned(), root, text: None };
    let mut alone = Alone::default();
    for at in too_deep {
        alone.ledger.add(|| (main.place(at), Problem::too_deep()));
    }
    let mut checker = alone.checker(&main, secrets);
    let row = match &main.root.value {
        Value::Table(table) => {
            Some(checker.table(&Path::root(what), fields, 0, table).into_owned())
        }
        other => {
            let found = format!("the body is {}", other.describe());
            checker.mistake(0, || Problem::new(found, "a table"));
            None
        }
    };
    match (row, alone.ledger.into_mistakes()) {
        (_, Some(mistakes)) => Err(mistakes),
        (row, None) => Ok(row.expect("what is no table was recorded as a mistake")),
    }
}
