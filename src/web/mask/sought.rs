//! What is looked for in a text, and how the text is to be taken.

use std::ops::Range;

use super::names::{Names, Spot};
use super::tag;

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A body, a dump, a log: anything.
    Any,
    /// An address or a query: parameters end at `&` alone.
    Query,
    /// The value of a header.
    Header,
    /// A sentence of ours. It names secrets as words, so only what is clearly a value counts.
    Sentence,
    /// A text that has to stay of use, in which what stands plainly was replaced before: only known
    /// values in other spellings are looked for, and cards in such.
    Values,
}

/// A secret by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) value: Range<usize>,
    /// Masked even where secrets are shown.
    pub(crate) always: bool,
}

/// Words for "name" beside words for "value": `{"name": "token", "value": "…"}`.
const LABELS: &[&str] = &["name", "key", "field", "header", "parameter", "param"];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'m> {
    pub(crate) names: &'m Names,
    /// Whether secrets are shown, but for those that are always masked.
    pub(crate) show: bool,
    pub(crate) manner: Manner,
    /// How many hex digits a credential has that is told by them.
    pub(crate) digits: Option<usize>,
}

impl Sought<'_> {
    /// Whether a value under this name is to be masked, and then whether it is so always.
    pub(crate) fn always(&self, name: &[u8], spot: Spot) -> Option<bool> {
        let hit = self.names.find(name, spot)?;
        (hit.always || !self.show).then_some(hit.always)
    }

    pub(crate) fn is_label(name: &[u8]) -> bool {
        LABELS.iter().any(|it| name.eq_ignore_ascii_case(it.as_bytes()))
    }
}

/// Notes a value, if there is one and it is not masked already.
pub(crate) fn note(text: &[u8], value: Range<usize>, always: bool, found: &mut Vec<Found>) {
    if value.start < value.end && value.end <= text.len() && !tag::is_tag(&text[value.clone()]) {
        found.push(Found { value, always });
    }
}
