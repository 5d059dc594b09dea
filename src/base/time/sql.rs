//! Times in columns: integers of milliseconds, in columns whose names end in `_ms`.
//!
//! A value that no instant or length can have is an error of its column, so that a file somebody
//! damaged or made by hand is refused where it is read.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use crate::base::time::instant::Instant;
use crate::base::time::span::Span;
use crate::base::time::wall::Wall;

macro_rules! milliseconds {
    ($($time:ty),+) => {
        $(
            impl ToSql for $time {
                fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                    Ok(self.as_millis().into())
                }
            }

            impl FromSql for $time {
                fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                    let ms = value.as_i64()?;
                    Self::try_from_millis(ms).map_err(|unfit| FromSqlError::Other(Box::new(unfit)))
                }
            }
        )+
    };
}

milliseconds!(Instant, Span, Wall);
