//! What an operation has learnt of the time.

use std::cell::Cell;

use crate::base::time::{Instant, Span};

/// The times at which a clock would have answered alike all that was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    from: Instant,
    /// `None` for no end.
    until: Option<Instant>,
}

impl Validity {
    /// Nothing was asked.
    pub(crate) const ALL: Validity = Validity { from: Instant::MIN, until: None };

    /// Whether a reading at this time would have been answered alike.
    pub(crate) fn holds(self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    fn and(self, other: Validity) -> Validity {
        let until = match (self.until, other.until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Validity { from: self.from.max(other.from), until }
    }
}

/// One reading of a clock, and a note of what was asked of it.
#[derive(Debug)]
pub(crate) struct Reading {
    now: Instant,
    asked: Cell<Validity>,
}

impl Reading {
    /// A reading of which nothing was asked yet.
    pub(crate) fn new(now: Instant) -> Self {
        Reading { now, asked: Cell::new(Validity::ALL) }
    }

    /// The time itself: another reading would be another answer.
    pub(crate) fn now(&self) -> Instant {
        self.note(Validity { from: self.now, until: self.now.checked_add(Span::MILLISECOND) });
        self.now
    }

    /// The time, where the answer does not depend on it.
    pub(crate) fn unasked(&self) -> Instant {
        self.now
    }

    /// Whether a moment has come: every reading on the same side of it is the same answer.
    pub(crate) fn has_come(&self, at: Instant) -> bool {
        let has_come = at <= self.now;
        self.note(if has_come {
            Validity { from: at, until: None }
        } else {
            Validity { from: Instant::MIN, until: Some(at) }
        });
        has_come
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Validity {
        self.asked.get()
    }

    fn note(&self, validity: Validity) {
        self.asked.set(self.asked.get().and(validity));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Instant {
        Instant::clamped_from_millis(ms)
    }

    fn holds(reading: &Reading, times: [Instant; 4]) -> [bool; 4] {
        times.map(|now| reading.asked().holds(now))
    }

    #[test]
    fn an_answer_holds_as_long_as_the_questions_allow() {
        let times = [Instant::MIN, at(99), at(100), Instant::MAX];
        let reading = Reading::new(at(99));
        assert_eq!(reading.unasked(), at(99));
        assert_eq!(holds(&reading, times), [true; 4]);
        assert!(!reading.has_come(at(100)));
        assert_eq!(holds(&reading, times), [true, true, false, false]);
        assert!(reading.has_come(at(99)) && reading.has_come(at(5)));
        assert_eq!(holds(&reading, times), [false, true, false, false]);
        let reading = Reading::new(at(100));
        assert!(reading.has_come(at(100)));
        assert_eq!(holds(&reading, times), [false, false, true, true]);
        assert_eq!(reading.now(), at(100));
        let near = [at(99), at(100), at(101), Instant::MAX];
        assert_eq!(holds(&reading, near), [false, true, false, false]);
    }
}
