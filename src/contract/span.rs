//! What an operation has learnt of the time.

use std::cell::Cell;

impl Span {
    /// Nothing was asked.
    pub(crate) const ALL: Span = Span { from_ms: i64::MIN, until_ms: None };

    pub(crate) fn holds(self, now_ms: i64) -> bool {
        self.from_ms <= now_ms && self.until_ms.is_none_or(|until_ms| now_ms < until_ms)
    }

    fn and(self, other: Span) -> Span {
        let until_ms = match (self.until_ms, other.until_ms) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Span { from_ms: self.from_ms.max(other.from_ms), until_ms }
    }
}

/// One reading of a clock, and a note of what was asked of it.
#[derive(Debug)]
pub(crate) struct Reading {
    now_ms: i64,
    asked: Cell<Span>,
}

impl Reading {
    pub(crate) fn new(now_ms: i64) -> Self {
        Reading { now_ms, asked: Cell::new(Span::ALL) }
    }

    /// The time itself: another reading would be another answer.
    pub(crate) fn now_ms(&self) -> i64 {
        self.note(Span { from_ms: self.now_ms, until_ms: self.now_ms.checked_add(1) });
        self.now_ms
    }

    /// The time, where the answer does not depend on it.
    pub(crate) fn unasked_ms(&self) -> i64 {
        self.now_ms
    }

    /// Whether a moment has come: every reading on the same side of it is the same answer.
    pub(crate) fn has_come(&self, at_ms: i64) -> bool {
        let has_come = at_ms <= self.now_ms;
        self.note(if has_come {
            Span { from_ms: at_ms, until_ms: None }
        } else {
            Span { from_ms: i64::MIN, until_ms: Some(at_ms) }
        });
        has_come
    }

    pub(crate) fn asked(&self) -> Span {
        self.asked.get()
    }

    fn note(&self, span: Span) {
        self.asked.set(self.asked.get().and(span));
    }
}

/// The times at which a clock would have answered alike all that was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    from_ms: i64,
    /// `None` for no end.
    until_ms: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(reading: &Reading, times: [i64; 4]) -> [bool; 4] {
        times.map(|now_ms| reading.asked().holds(now_ms))
    }

    #[test]
    fn a_span_is_as_wide_as_the_questions_allow() {
        let times = [i64::MIN, 99, 100, i64::MAX];
        let reading = Reading::new(99);
        assert_eq!(reading.unasked_ms(), 99);
        assert_eq!(holds(&reading, times), [true; 4]);
        assert!(!reading.has_come(100));
        assert_eq!(holds(&reading, times), [true, true, false, false]);
        assert!(reading.has_come(99) && reading.has_come(5));
        assert_eq!(holds(&reading, times), [false, true, false, false]);
        let reading = Reading::new(100);
        assert!(reading.has_come(100));
        assert_eq!(holds(&reading, times), [false, false, true, true]);
        assert_eq!(reading.now_ms(), 100);
        assert_eq!(holds(&reading, [99, 100, 101, i64::MAX]), [false, true, false, false]);
    }
}
