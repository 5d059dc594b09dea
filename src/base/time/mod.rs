//! World time, lengths of time and the system's time, each a type of its own, with the ends of the
//! calendar in one place.
//!
//! The functions at the end of this file serve callers that still count milliseconds since 1970 in
//! an `i64`.
//!
//! Not here: reading a clock (`base::clock`), and the vendors' own date forms (their `wire` files).

mod instant;
pub mod rfc3339;
mod span;
pub mod span_text;
mod sql;
mod stored;
#[cfg(test)]
mod tests;
mod wall;

use chrono::{DateTime, SecondsFormat, Utc};

pub use instant::Instant;
pub use span::Span;
pub use wall::Wall;

/// The instant as a calendar value, for formatting. What lies outside chrono's calendar (more than
/// 262,000 years away) reads as 1970.
pub fn utc(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}

/// `2026-03-02T09:00:07Z`, with milliseconds only where there are any.
pub fn rfc3339(at_ms: i64) -> String {
    let form =
        if at_ms.rem_euclid(1000) == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    utc(at_ms).to_rfc3339_opts(form, true)
}

/// `Mon, 02 Mar 2026 09:00:07 GMT`, the form of the `Date` header (RFC 9110, 5.6.7).
pub fn http_date(at_ms: i64) -> String {
    utc(at_ms).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads an RFC 3339 instant with its offset; `None` where it is anything else.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
}
