//! The number of an entry in a journal.
//!
//! Not here: who gives them out (`sim::world::engine`).

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// The number of an entry: one up for each from 1, and never given out twice.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(u64);

impl Seq {
    /// Before the first entry.
    pub const NONE: Seq = Seq(0);

    /// Behind every entry.
    pub const END: Seq = Seq(u64::MAX);

    /// The number of an entry.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Seq(number)
    }

    /// As a bare number, to count with.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Of the entry that comes next.
    #[must_use]
    pub const fn next(self) -> Self {
        Seq(self.0.saturating_add(1))
    }

    /// Of the entry before, which may be none; nothing is before that.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Seq)
    }

    /// How many entries came after another one.
    #[must_use]
    pub const fn since(self, earlier: Seq) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seq {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Seq)
    }
}

/// A number that no table can hold is behind all that it does.
impl ToSql for Seq {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

impl FromSql for Seq {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(|number| Seq(number.cast_unsigned()))
    }
}
