//! A length of time.
//!
//! Not here: lengths as text (`text_of_span`), real waits (`std::time::Duration`, to and from which
//! a length converts).

use std::iter::Sum;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign, Mul};
use std::time::Duration;

use crate::base::unfit::Unfit;

/// A length of time in whole milliseconds: never negative, and never longer than the calendar.
///
/// Sums and products stop at [`Span::MAX`]. Nothing is lost by it: from any instant but the very
/// first, a length of the whole calendar leads behind the end of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    pub const ZERO: Span = Span(0);
    pub const MILLISECOND: Span = Span(1);
    pub const SECOND: Span = Span(1000);
    pub const MINUTE: Span = Span(60 * Span::SECOND.0);
    pub const HOUR: Span = Span(60 * Span::MINUTE.0);
    pub const DAY: Span = Span(24 * Span::HOUR.0);

    /// The calendar from its first millisecond to its last: the days of the years 1970 to 9999,
    /// less the last millisecond.
    pub const MAX: Span = Span(2_932_897 * Span::DAY.0 - 1);

    /// So many milliseconds.
    pub const fn millis(number: u32) -> Span {
        Span::MILLISECOND.times(number)
    }

    /// So many seconds.
    pub const fn secs(number: u32) -> Span {
        Span::SECOND.times(number)
    }

    /// So many minutes.
    pub const fn mins(number: u32) -> Span {
        Span::MINUTE.times(number)
    }

    /// So many hours; [`Span::MAX`] where that is longer than the calendar.
    pub const fn hours(number: u32) -> Span {
        Span::HOUR.times(number)
    }

    /// So many days; [`Span::MAX`] where that is longer than the calendar.
    pub const fn days(number: u32) -> Span {
        Span::DAY.times(number)
    }

    /// A count of milliseconds from outside: a column, a computed draw.
    ///
    /// # Errors
    /// Where it is negative or longer than the calendar.
    pub fn try_from_millis(ms: i64) -> Result<Span, Unfit> {
        if (0..=Span::MAX.0).contains(&ms) {
            return Ok(Span(ms));
        }
        let expected = format!("a length of time from 0 to {} milliseconds", Span::MAX.0);
        Err(Unfit::new(expected, ms.to_string()))
    }

    /// The nearest length to a count of milliseconds: none for a negative one.
    pub const fn clamped_from_millis(ms: i64) -> Span {
        if ms < 0 {
            Span::ZERO
        } else if ms > Span::MAX.0 {
            Span::MAX
        } else {
            Span(ms)
        }
    }

    /// The nearest length to a count of seconds: none for a negative one.
    pub const fn clamped_from_secs(secs: i64) -> Span {
        Span::clamped_from_millis(secs.saturating_mul(Span::SECOND.0))
    }

    /// In milliseconds, as columns hold it.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// In whole seconds; a second that has only begun does not count.
    pub const fn as_secs(self) -> i64 {
        self.0 / Span::SECOND.0
    }

    /// In seconds; one that has begun counts whole, as it is billed.
    pub const fn as_secs_begun(self) -> i64 {
        (self.0 + Span::SECOND.0 - 1) / Span::SECOND.0
    }

    /// In minutes, whole ones.
    pub const fn as_mins(self) -> i64 {
        self.0 / Span::MINUTE.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Without the fraction of a second.
    #[must_use]
    pub const fn whole_secs(self) -> Span {
        Span(self.0 - self.0 % Span::SECOND.0)
    }

    /// The milliseconds above the last whole second, 0 to 999.
    pub const fn subsec_millis(self) -> i64 {
        self.0 % Span::SECOND.0
    }

    /// What is left of it after `other`: none where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Span) -> Span {
        Span::clamped_from_millis(self.0 - other.0)
    }

    /// One of `parts` equal parts, without the fraction of a millisecond.
    #[must_use]
    pub fn part(self, parts: NonZeroU32) -> Span {
        Span(self.0 / i64::from(parts.get()))
    }

    /// How often a whole `other` fits in; `None` where `other` is zero.
    pub const fn count_of(self, other: Span) -> Option<i64> {
        self.0.checked_div(other.0)
    }

    /// It times a factor, without the fraction of a millisecond: 0 for a negative factor and for
    /// one that is no number.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a length is below 2^53, so a double holds it exactly, and `as` saturates"
    )]
    pub fn scaled(self, factor: f64) -> Span {
        Span::clamped_from_millis((self.0 as f64 * factor) as i64)
    }

    const fn times(self, number: u32) -> Span {
        // The widening is lossless; `i64::from` is not const.
        Span::clamped_from_millis(self.0.saturating_mul(number as i64))
    }
}

impl Add for Span {
    type Output = Span;

    fn add(self, other: Span) -> Span {
        Span::clamped_from_millis(self.0 + other.0)
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Mul<u32> for Span {
    type Output = Span;

    fn mul(self, number: u32) -> Span {
        self.times(number)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        spans.fold(Span::ZERO, Add::add)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Duration {
        Duration::from_millis(span.0.unsigned_abs())
    }
}

impl TryFrom<Duration> for Span {
    type Error = Unfit;

    /// Without the fraction of a millisecond.
    fn try_from(duration: Duration) -> Result<Span, Unfit> {
        Span::try_from_millis(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }
}
