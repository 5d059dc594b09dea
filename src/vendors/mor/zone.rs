//! Users' time zones, and times as the vendor reads and shows them.
//!
//! Not here: world time itself (`base::time`).

use std::fmt::{self, Write};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Timelike};

use crate::base::time::{Instant, Span};
use crate::base::zone::Tz;
use crate::vendors::mor::model::is_number;

/// Unix time in whole seconds, as clients send and hash it: of any size, before 1970 too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnixTime(i64);

impl UnixTime {
    /// The first that is shown, in the year 1: before, the calendar has no year of four digits.
    const SHOWN_FIRST: UnixTime = UnixTime(-62_135_596_800);

    /// The last that is shown, a day before the end of 9999, so that no zone leads behind it.
    const SHOWN_LAST: UnixTime = UnixTime(253_402_214_400);

    /// Reads a parameter; `None` where it is anything else, which counts as not sent (mor 4.11).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        is_number(digits.as_bytes()).then(|| text.parse().ok()).flatten().map(UnixTime)
    }

    /// Whether it lies in the years that are shown.
    pub(crate) fn is_shown(self) -> bool {
        (UnixTime::SHOWN_FIRST..=UnixTime::SHOWN_LAST).contains(&self)
    }

    /// Where its second begins, or the nearest end of the calendar of worlds.
    pub(crate) fn begins(self) -> Instant {
        Instant::clamped_from_secs(self.0)
    }

    /// The last moment of its second, or the nearest end of the calendar of worlds.
    pub(crate) fn ends(self) -> Instant {
        self.begins().saturating_add(Span::SECOND.saturating_sub(Span::MILLISECOND))
    }
}

impl From<Instant> for UnixTime {
    fn from(at: Instant) -> Self {
        UnixTime(at.as_secs())
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A user's time zone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Zone {
    Fixed(FixedOffset),
    Named(Tz),
}

impl Zone {
    /// `UTC`, `+03:00`, or a name such as `Europe/Vilnius`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.starts_with(['+', '-']) {
            return text.parse().ok().map(Zone::Fixed);
        }
        text.parse().ok().map(Zone::Named)
    }

    /// A zone as it is kept: one that was checked, or empty.
    pub(crate) fn kept(text: &str) -> Self {
        Zone::parse(text).unwrap_or(Zone::Named(Tz::UTC))
    }

    /// What a clock in the zone shows, in whole seconds.
    pub(crate) fn local(self, at: impl Into<UnixTime>) -> NaiveDateTime {
        let UnixTime(secs) = at.into().clamp(UnixTime::SHOWN_FIRST, UnixTime::SHOWN_LAST);
        // chrono's calendar holds all of what is shown.
        let utc = DateTime::from_timestamp(secs, 0).unwrap_or_default();
        match self {
            Zone::Fixed(offset) => utc.with_timezone(&offset).naive_local(),
            Zone::Named(zone) => utc.with_timezone(&zone).naive_local(),
        }
    }

    /// When a clock in the zone shows this; the earlier of two, and where the clock skips it the
    /// reading of UTC.
    fn unix_time(self, local: NaiveDateTime) -> UnixTime {
        let found = match self {
            Zone::Fixed(offset) => {
                offset.from_local_datetime(&local).earliest().map(|at| at.timestamp())
            }
            Zone::Named(zone) => {
                zone.from_local_datetime(&local).earliest().map(|at| at.timestamp())
            }
        };
        UnixTime(found.unwrap_or_else(|| local.and_utc().timestamp()))
    }

    /// When a date or a date and time, as people write them, is in the zone; a date alone means that
    /// time of its day.
    pub(crate) fn read(self, text: &str, of_day: (u32, u32, u32)) -> Option<UnixTime> {
        let text = text.strip_suffix('Z').unwrap_or(text).replace('T', " ");
        let with_time = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
        let (hour, minute, second) = of_day;
        let of_date = || {
            let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
            date.and_hms_opt(hour, minute, second)
        };
        with_time.or_else(of_date).map(|local| self.unix_time(local))
    }

    /// A time of the day on which a moment lies.
    pub(crate) fn of_day(self, at: Instant, hour: u32, minute: u32, second: u32) -> UnixTime {
        let day = self.local(at).date();
        self.unix_time(day.and_hms_opt(hour, minute, second).unwrap_or_default())
    }

    /// The time of day that a clock in the zone shows, as the time after midnight.
    pub(crate) fn time_of_day(self, at: Instant) -> Span {
        Span::secs(self.local(at).num_seconds_from_midnight())
    }
}

pub(crate) fn check_zone(text: &str) -> Result<(), String> {
    let expected = || "UTC, an offset such as +03:00, or a zone such as Europe/Vilnius".into();
    Zone::parse(text).map(drop).ok_or_else(expected)
}

/// Reads `HH:MM` or `HH:MM:SS` as the time after midnight.
pub(crate) fn time_of_day(text: &str) -> Option<Span> {
    let parts: Vec<&str> = text.split(':').collect();
    let mut numbers = parts.iter().map(|part| {
        let is_pair = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_pair)
    });
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = if parts.len() == 3 { numbers.next()?? } else { 0 };
    let fits = parts.len() <= 3 && hour < 24 && minute < 60 && second < 60;
    fits.then(|| Span::hours(hour) + Span::mins(minute) + Span::secs(second))
}

pub(crate) fn check_time_of_day(text: &str) -> Result<(), String> {
    time_of_day(text).map(drop).ok_or_else(|| "a time of day as HH:MM or HH:MM:SS".into())
}

/// How long it is from one time of day on to another, which may be tomorrow's: less than a day.
pub(crate) fn from_to(from: Span, to: Span) -> Span {
    if to >= from { to.saturating_sub(from) } else { (to + Span::DAY).saturating_sub(from) }
}

/// Appends `2026-01-05 10:00:07`.
pub(crate) fn push_stamp(text: &mut String, at: NaiveDateTime) {
    let (date, time) = (at.date(), at.time());
    // By hand: a poll prints thousands, and chrono's formatting is the most of their cost.
    let pair = |text: &mut String, number: u32, before: &str| {
        text.push_str(before);
        text.push(char::from_digit(number / 10 % 10, 10).unwrap_or('0'));
        text.push(char::from_digit(number % 10, 10).unwrap_or('0'));
    };
    let _ = write!(text, "{:04}", date.year());
    pair(text, date.month(), "-");
    pair(text, date.day(), "-");
    pair(text, time.hour(), " ");
    pair(text, time.minute(), ":");
    pair(text, time.second(), ":");
}

pub(crate) fn stamp(at: NaiveDateTime) -> String {
    let mut text = String::new();
    push_stamp(&mut text, at);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn reads_zones_and_shows_their_time() {
        let shown = |zone: &str, text| stamp(Zone::parse(zone).unwrap().local(at(text)));
        assert_eq!(shown("UTC", "2020-06-01T00:00:00Z"), "2020-06-01 00:00:00");
        assert_eq!(shown("+03:00", "2020-06-01T00:00:00Z"), "2020-06-01 03:00:00");
        assert_eq!(shown("Europe/Vilnius", "2020-06-01T00:00:00Z"), "2020-06-01 03:00:00");
        assert_eq!(shown("Europe/Vilnius", "2020-01-01T00:00:00Z"), "2020-01-01 02:00:00");
        assert_eq!(shown("-11:30", "1970-01-01T00:00:00Z"), "1969-12-31 12:30:00");
        assert!(check_zone("Vilnius").is_err());
        assert!(check_zone("+3").is_err());
    }

    #[test]
    fn every_number_of_seconds_is_shown_with_four_digits_of_a_year() {
        for secs in [i64::MIN, -62_135_596_801, -1, 0, 253_402_300_800, i64::MAX] {
            for zone in ["-11:30", "+14:00", "Pacific/Kiritimati", "America/Anchorage"] {
                let shown = stamp(Zone::parse(zone).unwrap().local(UnixTime(secs)));
                assert_eq!(shown.len(), "2020-06-01 00:00:00".len(), "{shown}");
            }
            assert!(UnixTime(secs).begins() <= UnixTime(secs).ends());
        }
    }

    #[test]
    fn before_1970_a_zone_shows_what_its_clocks_showed() {
        // British Standard Time, all year an hour ahead; New York's summer; Amsterdam's own time.
        for (name, secs, text) in [
            ("Europe/London", -1, "1970-01-01 00:59:59"),
            ("America/New_York", -14_182_940, "1969-07-20 16:17:40"),
            ("Europe/Amsterdam", -1_262_304_000, "1930-01-01 00:19:32"),
        ] {
            let zone = Zone::parse(name).unwrap();
            assert_eq!(stamp(zone.local(UnixTime(secs))), text, "{name}");
            assert_eq!(zone.read(text, (0, 0, 0)), Some(UnixTime(secs)), "{name}");
        }
    }

    #[test]
    fn finds_the_ends_of_a_day() {
        let zone = Zone::parse("Europe/Vilnius").unwrap();
        // June 1 there.
        let at = at("2020-05-31T23:30:00Z");
        assert_eq!(zone.of_day(at, 0, 0, 0), UnixTime(1_590_958_800));
        assert_eq!(zone.of_day(at, 23, 59, 0), UnixTime(1_590_958_800 + 86_340));
        assert_eq!(zone.time_of_day(at), Span::hours(2) + Span::mins(30));
        assert_eq!(zone.of_day(Instant::MIN, 0, 0, 0), UnixTime(-3 * 3600));
    }

    #[test]
    fn reads_seconds_and_times_of_day() {
        assert_eq!(UnixTime::parse("1767225600"), Some(UnixTime(1_767_225_600)));
        assert_eq!(UnixTime::parse("-1"), Some(UnixTime(-1)));
        for wrong in ["", "-", "+1", "1.0", " 1", "2026-01-01", "99999999999999999999"] {
            assert_eq!(UnixTime::parse(wrong), None, "{wrong}");
        }
        assert_eq!(time_of_day("09:30"), Some(Span::mins(9 * 60 + 30)));
        assert_eq!(time_of_day("23:59:59"), Some(Span::secs(86_399)));
        for wrong in ["", "9:30", "24:00", "09:60", "09:30:00:00", "09"] {
            assert_eq!(time_of_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_of_day_follow_one_another_over_midnight() {
        let hours = Span::hours;
        assert_eq!(from_to(hours(9), hours(17)), hours(8));
        assert_eq!(from_to(hours(22), hours(6)), hours(8));
        assert_eq!(from_to(hours(6), hours(6)), Span::ZERO);
    }
}
