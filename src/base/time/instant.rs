//! A moment of world time, and the calendar's ends.
//!
//! Not here: reading a clock (`base::clock`), the system's time (`wall`), moments as text
//! (`rfc3339`), the vendors' own date forms (their `wire` files).

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};

use crate::base::time::span::Span;
use crate::base::unfit::Unfit;

/// A moment of world time in whole milliseconds, from the beginning of 1970 to the end of 9999 in
/// UTC: what every vendor's form of a date can show and every client can read.
///
/// There is no `+`: at the end of the calendar it must be said what is meant.
/// - [`Instant::checked_add`] for what is to happen then: a timer, a step of the clock. `None` is a
///   moment that never comes. A timer is then not set; one that was set to the last moment instead
///   would fire there, and one that sets itself again would do so without end.
/// - [`Instant::saturating_add`] for how long something holds: an expiry, the end of a window. It
///   holds to the end of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Instant = Instant(0);

    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Instant = Instant(Span::MAX.as_millis());

    /// A count of milliseconds since 1970 from outside, such as a column.
    ///
    /// # Errors
    /// Where it lies outside the years 1970 to 9999.
    pub fn try_from_millis(ms: i64) -> Result<Instant, Unfit> {
        if (Instant::MIN.0..=Instant::MAX.0).contains(&ms) {
            return Ok(Instant(ms));
        }
        let (first, last) = (Instant::MIN.0, Instant::MAX.0);
        let expected =
            format!("milliseconds since 1970, from {first} to {last} (the end of the year 9999)");
        Err(Unfit::new(expected, ms.to_string()))
    }

    /// The nearest instant to a count of milliseconds since 1970.
    pub const fn clamped_from_millis(ms: i64) -> Instant {
        if ms < Instant::MIN.0 {
            Instant::MIN
        } else if ms > Instant::MAX.0 {
            Instant::MAX
        } else {
            Instant(ms)
        }
    }

    /// A count of seconds since 1970 from outside.
    ///
    /// # Errors
    /// Where it lies outside the years 1970 to 9999.
    pub fn try_from_secs(secs: i64) -> Result<Instant, Unfit> {
        Instant::try_from_millis(secs.saturating_mul(1000)).map_err(|_| {
            let (first, last) = (Instant::MIN.as_secs(), Instant::MAX.as_secs());
            let expected =
                format!("seconds since 1970, from {first} to {last} (the end of the year 9999)");
            Unfit::new(expected, secs.to_string())
        })
    }

    /// The nearest instant to a count of seconds since 1970.
    pub const fn clamped_from_secs(secs: i64) -> Instant {
        Instant::clamped_from_millis(secs.saturating_mul(1000))
    }

    /// A calendar value of any zone; fractions of a millisecond are dropped.
    ///
    /// # Errors
    /// Where it lies outside the years 1970 to 9999 in UTC.
    pub fn try_from_calendar<Z: TimeZone>(at: &DateTime<Z>) -> Result<Instant, Unfit> {
        Instant::try_from_millis(at.timestamp_millis())
    }

    /// In milliseconds since 1970, as columns hold it.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// In seconds since 1970, without the fraction.
    pub const fn as_secs(self) -> i64 {
        self.0 / 1000
    }

    /// The milliseconds above the last whole second, 0 to 999.
    pub const fn subsec_millis(self) -> i64 {
        self.0 % 1000
    }

    /// Later by a length of time; `None` behind the end of the calendar, where it never comes.
    pub fn checked_add(self, by: Span) -> Option<Instant> {
        // Neither is above 2^48, so the sum fits.
        Instant::try_from_millis(self.0 + by.as_millis()).ok()
    }

    /// Earlier by a length of time; `None` before the calendar begins.
    pub fn checked_sub(self, by: Span) -> Option<Instant> {
        Instant::try_from_millis(self.0 - by.as_millis()).ok()
    }

    /// Later by a length of time, but no later than [`Instant::MAX`].
    #[must_use]
    pub const fn saturating_add(self, by: Span) -> Instant {
        Instant::clamped_from_millis(self.0 + by.as_millis())
    }

    /// Earlier by a length of time, but no earlier than [`Instant::MIN`].
    #[must_use]
    pub const fn saturating_sub(self, by: Span) -> Instant {
        Instant::clamped_from_millis(self.0 - by.as_millis())
    }

    /// The time from `earlier` to this; `None` where `earlier` is later.
    pub fn checked_since(self, earlier: Instant) -> Option<Span> {
        Span::try_from_millis(self.0 - earlier.0).ok()
    }

    /// The time from `earlier` to this; none where `earlier` is later.
    #[must_use]
    pub const fn saturating_since(self, earlier: Instant) -> Span {
        Span::clamped_from_millis(self.0 - earlier.0)
    }

    /// Milliseconds from `other` to this, below zero where `other` is later.
    pub const fn signed_millis_since(self, other: Instant) -> i64 {
        self.0 - other.0
    }

    /// The number of the period in which it lies, where periods of this length follow one another
    /// from 1970 on: the hour or the day of a plan. A length of zero counts as a millisecond.
    pub fn period(self, length: Span) -> i64 {
        self.0 / length.max(Span::MILLISECOND).as_millis()
    }

    /// When the period in which it lies began.
    #[must_use]
    pub fn period_start(self, length: Span) -> Instant {
        Instant(self.0 - self.into_period(length).as_millis())
    }

    /// The time since the period in which it lies began.
    #[must_use]
    pub fn into_period(self, length: Span) -> Span {
        Span::clamped_from_millis(self.0 % length.max(Span::MILLISECOND).as_millis())
    }

    /// When a period of this number begins; `None` where it does so outside the calendar.
    pub fn of_period(number: i64, length: Span) -> Option<Instant> {
        let ms = number.checked_mul(length.max(Span::MILLISECOND).as_millis())?;
        Instant::try_from_millis(ms).ok()
    }

    /// As a calendar value in UTC.
    pub fn utc(self) -> DateTime<Utc> {
        // chrono's calendar reaches 262,000 years either way, so every instant has its value.
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// What a clock in the zone shows. In the first and last hours of the calendar that may be 1969
    /// or 10000.
    pub fn local<Z: TimeZone>(self, zone: &Z) -> NaiveDateTime {
        self.in_zone(zone).naive_local()
    }

    /// As a calendar value in a zone.
    pub fn in_zone<Z: TimeZone>(self, zone: &Z) -> DateTime<Z> {
        self.utc().with_timezone(zone)
    }
}
