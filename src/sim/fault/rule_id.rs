//! The number of a rule for faults in its world.

use std::fmt;
use std::str::FromStr;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Counts the rules of a world up from 1; what is given out once stands for no other rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(i64);

impl RuleId {
    #[cfg(test)]
    pub(crate) const fn new(number: i64) -> RuleId {
        RuleId(number)
    }

    /// The id of the rule that is added next.
    #[must_use]
    pub(crate) fn next(self) -> RuleId {
        RuleId(self.0.saturating_add(1))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for RuleId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<RuleId, Self::Err> {
        text.parse().map(RuleId)
    }
}

impl ToSql for RuleId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for RuleId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<RuleId> {
        i64::column_result(value).map(RuleId)
    }
}
