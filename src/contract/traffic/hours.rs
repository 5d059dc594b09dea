//! The hours of the week in which traffic happens, by a clock in a named time zone.

use chrono::{Datelike, Timelike};

use crate::base::time::{Instant, Span};
use crate::base::zone::Tz;

/// When traffic happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    zone: Tz,
    /// From the one minute of the day to before the other; none for all day.
    ranges: Vec<(i64, i64)>,
    /// A bit for each day from Monday.
    days: u8,
}

impl Hours {
    /// From texts that were checked; what is not given does not narrow.
    pub(crate) fn new<'t>(
        zone: Option<&str>,
        ranges: impl Iterator<Item = &'t str>,
        days: impl Iterator<Item = &'t str>,
    ) -> Self {
        let bits = days.filter_map(|day| DAYS.iter().position(|known| *known == day));
        let days = bits.fold(0, |bits, idx| bits | 1 << idx);
        Hours {
            zone: zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC),
            ranges: ranges.filter_map(parse_range).collect(),
            days: if days == 0 { 0x7f } else { days },
        }
    }

    /// Whether traffic happens at an instant.
    pub fn is_open(&self, at: Instant) -> bool {
        let local = at.local(&self.zone);
        let minute = i64::from(local.hour() * 60 + local.minute());
        let is_day = self.days >> local.weekday().num_days_from_monday() & 1 == 1;
        let in_range = |(from, to): &(i64, i64)| (*from..*to).contains(&minute);
        is_day && (self.ranges.is_empty() || self.ranges.iter().any(in_range))
    }

    /// The instants in `from..to` at which it opens (`true`) or closes. Where it is open in the
    /// beginning, `from` is one where `begins` is set.
    pub(crate) fn edges(&self, from: Instant, to: Instant, begins: bool) -> Vec<(Instant, bool)> {
        let mut is_open = !begins && self.is_open(from.saturating_sub(Span::MILLISECOND));
        let mut edges = Vec::new();
        // Zones, hours and days all change at whole minutes.
        let first = from.period_start(Span::MINUTE);
        let minutes = std::iter::successors(Some(first), |at| at.checked_add(Span::MINUTE));
        for at in minutes.take_while(|at| *at < to) {
            let at = at.max(from);
            if self.is_open(at) != is_open {
                is_open = !is_open;
                edges.push((at, is_open));
            }
        }
        edges
    }
}

/// Reads `09:00-17:30` as minutes of the day; `24:00` is the end of it.
fn parse_range(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (parse_minute(from)?, parse_minute(to)?);
    (from < to).then_some((from, to))
}

fn parse_minute(text: &str) -> Option<i64> {
    let is_form = text.len() == 5 && text.as_bytes()[2] == b':';
    let number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
    };
    let (hour, minute) = (is_form.then(|| number(text.get(..2)?))??, number(text.get(3..)?)?);
    (minute < 60 && hour * 60 + minute <= DAY_MIN).then_some(hour * 60 + minute)
}

/// Checks a stretch of a day.
pub(crate) fn check_range(text: &str) -> Result<(), String> {
    let expected =
        "hours of one day such as 09:00-17:30, or 22:00-24:00 and 00:00-06:00 for a night";
    parse_range(text).map(drop).ok_or_else(|| expected.into())
}

/// Checks a zone's name.
pub(crate) fn check_zone(text: &str) -> Result<(), String> {
    let expected = "a time zone such as Europe/Berlin, or UTC";
    text.parse::<Tz>().map(drop).map_err(|_| expected.into())
}

/// Days as a scenario names them.
pub(crate) const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a day.
const DAY_MIN: i64 = 24 * 60;

/// An hour that is to be planned.
#[derive(Clone, Copy, Debug)]
pub struct Hour {
    /// A full hour in UTC.
    pub start: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn opens_by_the_clock_of_its_zone() {
        let hours = Hours::new(
            Some("America/Los_Angeles"),
            ["09:00-12:00", "13:00-17:30"].into_iter(),
            ["mon", "fri"].into_iter(),
        );
        // Monday, the week after the clocks went forward.
        assert!(!hours.is_open(at("2026-03-09T08:59:59-07:00")));
        assert!(hours.is_open(at("2026-03-09T09:00:00-07:00")));
        assert!(!hours.is_open(at("2026-03-09T12:00:00-07:00")));
        assert!(hours.is_open(at("2026-03-09T17:29:59-07:00")));
        assert!(!hours.is_open(at("2026-03-10T10:00:00-07:00")));
        let edges = hours.edges(at("2026-03-09T12:00:00Z"), at("2026-03-10T12:00:00Z"), true);
        let edges: Vec<_> = edges.iter().map(|(at, open)| (at.to_string(), *open)).collect();
        let shown = |text: &str, open| (text.to_owned(), open);
        assert_eq!(
            edges,
            [
                shown("2026-03-09T16:00:00Z", true),
                shown("2026-03-09T19:00:00Z", false),
                shown("2026-03-09T20:00:00Z", true),
                shown("2026-03-10T00:30:00Z", false),
            ]
        );
    }

    #[test]
    fn a_world_that_begins_within_hours_begins_open() {
        let hours = Hours::new(None, ["09:00-12:00"].into_iter(), std::iter::empty());
        let (from, to) = (at("2026-03-02T09:20:30Z"), at("2026-03-02T10:00:00Z"));
        assert_eq!(hours.edges(from, to, true), [(from, true)]);
        assert_eq!(hours.edges(from, to, false), []);
        assert_eq!(hours.edges(at("2026-03-02T09:00:00Z"), to, false).len(), 1);
    }

    #[test]
    fn refuses_what_is_no_range() {
        for wrong in
            ["", "9-17", "17:00-09:00", "09:00-09:00", "09:00-24:01", "0a:00-10:00", "é9:00-10:00"]
        {
            assert!(check_range(wrong).is_err(), "{wrong}");
        }
        assert!(check_range("00:00-24:00").is_ok());
        assert!(check_zone("Europe/Nowhere").is_err());
    }
}
