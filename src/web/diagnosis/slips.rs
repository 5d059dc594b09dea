//! What a lenient reader has passed over: the first slip with its words, and the changes that
//! mend all of them.

use std::ops::Range;

use crate::web::diagnosis::report::Kind;

/// Slips that are mended; a body with more has a cause that a list of them does not show.
const CHANGES_MAX: usize = 10_000;

/// The first thing that the format does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) cure: String,
    pub(super) pointer: Option<String>,
}

/// What was passed over.
#[derive(Debug, Default)]
pub(super) struct Slips {
    pub(super) first: Option<Trouble>,
    changes: Vec<(Range<usize>, Vec<u8>)>,
    /// Whether a slip has no exact cure.
    is_open: bool,
}

impl Slips {
    /// Notes bytes that the format does not allow, and what belongs there instead, if that is certain. The
    /// words are made for the first slip alone.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        span: Range<usize>,
        instead: Option<Vec<u8>>,
        cure: impl FnOnce() -> String,
    ) {
        if self.first.is_none() {
            self.first = Some(Trouble { kind, at: span.start, cure: cure(), pointer: None });
        }
        match instead {
            Some(instead) if self.changes.len() < CHANGES_MAX => self.changes.push((span, instead)),
            _ => self.is_open = true,
        }
    }

    /// Notes what cannot be passed over.
    pub(super) fn halt(&mut self, kind: Kind, at: usize, cure: impl FnOnce() -> String) {
        self.add(kind, at..at, None, cure);
    }

    /// The bytes with all changes; `None` where a slip has no exact cure. Changes may have been noted
    /// out of order, but never overlap.
    pub(super) fn mended(mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.is_open || self.changes.is_empty() {
            return None;
        }
        self.changes.sort_by_key(|(span, _)| (span.start, span.end));
        let mut mended = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for (span, instead) in &self.changes {
            mended.extend_from_slice(bytes.get(from..span.start)?);
            mended.extend_from_slice(instead);
            from = span.end;
        }
        mended.extend_from_slice(&bytes[from..]);
        Some(mended)
    }
}
