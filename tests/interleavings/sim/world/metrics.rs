//! Counts of what was worked out.

use crate::base::lock::lock;
use crate::base::sync::Mutex;

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    worked: Mutex<Vec<usize>>,
    n_counted: Mutex<usize>,
}

impl Metrics {
    pub(crate) fn work(&self, seq: usize) {
        let mut worked = lock(&self.worked);
        assert!(!worked.contains(&seq), "read {seq} was worked out twice");
        worked.push(seq);
    }

    pub(crate) fn count(&self, _surface: (), _operation: (), _outcome: (), held_ns: u64) {
        assert_eq!(held_ns, 2, "the time of its turn and its own");
        *lock(&self.n_counted) += 1;
    }

    pub(crate) fn n_counted(&self) -> usize {
        *lock(&self.n_counted)
    }
}
