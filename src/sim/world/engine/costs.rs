//! What the reads of a world have cost, so that those that take long are worked out beside its lock.
//!
//! Which way a read goes changes nothing of what is answered, only who waits for it.

use std::ptr;

use crate::contract::operation::Operation;

/// From here on a read is worked out beside the lock. To go there and back costs under a microsecond, and
/// some 5 where something was written between; most reads of one thing take 10 in all.
const LONG_NS: u64 = 40_000;

/// A new figure counts one of so many parts.
const PARTS: u64 = 4;

/// No figure counts for more: neither the first, for which statements are prepared, nor one that was
/// interrupted decides alone.
const COUNTED_NS_MAX: u64 = 2 * LONG_NS;

/// What each operation that reads has taken of late.
#[derive(Debug, Default)]
pub(super) struct Costs(Vec<(&'static Operation, u64)>);

impl Costs {
    /// Takes note of a read that was worked out.
    pub(super) fn note(&mut self, operation: Option<&'static Operation>, took_ns: u64) {
        let Some(operation) = operation else { return };
        let part = took_ns.min(COUNTED_NS_MAX) / PARTS;
        match self.0.iter_mut().find(|it| ptr::eq(it.0, operation)) {
            Some((_, of_late)) => *of_late = *of_late - *of_late / PARTS + part,
            None => self.0.push((operation, part)),
        }
    }

    /// Whether a read of this kind takes long.
    pub(super) fn are_long(&self, operation: &'static Operation) -> bool {
        self.0.iter().any(|(it, of_late)| ptr::eq(*it, operation) && *of_late >= LONG_NS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::ALL;

    #[test]
    fn an_operation_is_long_by_what_it_took_of_late() {
        let mut operations = ALL.iter().flat_map(|vendor| vendor.surface.operations);
        let (one, other) = (operations.next().unwrap(), operations.next().unwrap());
        let mut costs = Costs::default();
        assert!(!costs.are_long(one));
        // The first is not like those that follow.
        costs.note(Some(one), 100 * LONG_NS);
        costs.note(Some(other), LONG_NS / 10);
        costs.note(None, 9 * LONG_NS);
        assert!(!costs.are_long(one));
        for _ in 0..3 {
            costs.note(Some(one), 2 * LONG_NS);
        }
        assert!(costs.are_long(one) && !costs.are_long(other));
        // Neither does one that was interrupted decide alone.
        costs.note(Some(other), 100 * LONG_NS);
        assert!(!costs.are_long(other));
        for _ in 0..2 * PARTS {
            costs.note(Some(one), LONG_NS / 10);
        }
        assert!(!costs.are_long(one));
    }
}
