//! What a client takes for granted, in one line: told from what it broke on.

use crate::calibrate::features::{Part, shown};
use crate::explore::touched::Change;

/// The assumption that a change refutes.
pub(super) fn assumption(change: &Change) -> String {
    let (before, after) = (shown(change.before.as_ref()), shown(change.after.as_ref()));
    let place = change.key.words();
    match (&change.key.part, &change.before, &change.after) {
        (Part::Status, ..) => format!("it takes the status to be {before}; here it is {after}"),
        (Part::Header(name), Some(_), Some(_)) => {
            format!("it takes the header {name} to be {before}; here it is {after}")
        }
        (Part::Header(name), Some(_), None) => format!("it needs the header {name}"),
        (Part::Header(name), None, _) => {
            format!("it does not expect the header {name}, which is {after}")
        }
        (Part::Form, ..) => format!("it takes the body to be {before}; here it is {after}"),
        (Part::Writing(what), ..) => {
            format!("it takes the {what} to be {before}; here it is {after}")
        }
        (Part::Order, ..) => format!("it relies on the {place}"),
        (Part::Shape, ..) => format!("it takes the {place} to be {before}; here it is {after}"),
        (Part::Place, Some(_), None) => format!("it needs {place}, which is not there"),
        (Part::Place, None, _) => format!("it does not expect {place}, which is {after}"),
        (Part::Place, ..) => format!("it takes {place} to be {before}; here it is {after}"),
    }
}

/// The change that a client most likely broke on: in the last exchange that it made, or else before; of
/// several in one exchange, what weighs most.
pub(super) fn culprit(changes: &[Change], last: usize) -> Option<&Change> {
    let near = changes.iter().filter(|it| it.exchange <= last).map(|it| it.exchange).max();
    let at = near.or_else(|| changes.first().map(|it| it.exchange))?;
    changes.iter().filter(|it| it.exchange == at).min_by_key(|it| weight(it))
}

/// What a client rather breaks on comes first.
fn weight(change: &Change) -> u8 {
    match (&change.key.part, &change.before) {
        (Part::Status, _) => 0,
        (Part::Form, _) => 1,
        (Part::Place, Some(_)) => 2,
        (Part::Shape, _) => 3,
        (Part::Writing(_), _) => 4,
        (Part::Place, None) => 5,
        (Part::Header(_), _) => 6,
        (Part::Order, _) => 7,
    }
}
