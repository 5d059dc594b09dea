//! Parameters of paths and queries that several routes share.

use crate::admin::endpoint::Body;
use crate::base::limits::PAGE_ROWS_MAX;
use crate::contract::fields::{Field, Kind};

/// Parameters in paths, with what they name.
pub(super) const PATH_PARAMETERS: &[Field] = &[
    Field::required("world", Kind::Text, "name of a world; `default` always exists"),
    Field::required("seq", Kind::Integer { min: 1, max: i64::MAX }, "number of a journal entry"),
    Field::required("vendor", Kind::Text, "name of a vendor; GET /v1/vendors lists them"),
    Field::required("table", Kind::Text, "name of a table; GET …/state/{vendor} lists them"),
    Field::required("fault", Kind::Integer { min: 1, max: i64::MAX }, "id of a rule for faults"),
    Field::required("event", Kind::Text, "name of an event; GET …/events/{vendor} lists them"),
    Field::required("phone", Kind::Text, "a telephone number, written in any way"),
    Field::required(
        "rule",
        Kind::Text,
        "name of a rule by which requests are refused, as in `why`",
    ),
    Field::required("chapter", Kind::Text, "name of a chapter; GET /v1/manual lists them"),
];

/// Where a page of rows begins.
pub(super) const OFFSET: Field = Field::optional(
    "offset",
    Kind::Integer { min: 0, max: i64::MAX },
    "how many rows to leave out",
);

/// Where a page of entries begins.
pub(super) const AFTER: Field = Field::optional(
    "after",
    Kind::Integer { min: 0, max: i64::MAX },
    "only entries with a greater sequence number",
);

/// Where a page of entries ends.
pub(super) const BEFORE: Field = Field::optional(
    "before",
    Kind::Integer { min: 1, max: i64::MAX },
    "only entries with a smaller sequence number, the newest of them",
);

/// How long a page is that ends with the newest entry.
#[expect(clippy::cast_possible_wrap, reason = "a small constant")]
pub(super) const LAST: Field = Field::optional(
    "last",
    Kind::Integer { min: 1, max: PAGE_ROWS_MAX as i64 },
    "so many of the newest, and no more than limit",
);

/// How long a page is.
#[expect(clippy::cast_possible_wrap, reason = "a small constant")]
pub(super) const LIMIT: Field = Field::optional(
    "limit",
    Kind::Integer { min: 0, max: PAGE_ROWS_MAX as i64 },
    "how many to show at the most",
);

/// The body of a write that needs no words: nothing, or an empty object.
pub(super) const NO_FIELDS: Body = Body::Fields(&[]);

/// The body of a call that names a world or a checkpoint.
pub(super) const NAMED: &[Field] =
    &[Field::required("name", Kind::Text, "the name of a world or checkpoint")];
