//! One thing that is not as a step expects it.

use crate::scenario::step::Mark;

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// A word for programs: `status`, `header`, `json`, `field`, `xml`, `csv`, `body`, `reply`,
    /// `event`, `advance`, `verify`, `capture`, `strict`.
    pub kind: &'static str,
    /// Where it is expected.
    pub at: Mark,
    /// What it is about: `status`, `header content-type`, `/0/id`, `row 2, column name`.
    pub subject: String,
    pub expected: String,
    pub found: String,
}
