//! US Pacific time, by the rule since 2007.

use chrono::{DateTime, Datelike, NaiveDate};

use super::HOUR_S;

/// Seconds since 1970 of a civil time.
pub(super) fn civil(date: NaiveDate, hour: u32) -> i64 {
    date.and_hms_opt(hour, 0, 0).map_or(0, |it| it.and_utc().timestamp())
}

/// The n-th Sunday of a month of the year of that second.
pub(super) fn sunday(at_s: i64, month: u32, nth: u32) -> NaiveDate {
    let year = DateTime::from_timestamp(at_s, 0).map_or(1970, |it| it.year());
    let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
    let away = (7 - first.weekday().num_days_from_sunday()) % 7;
    NaiveDate::from_ymd_opt(year, month, 1 + away + 7 * (nth - 1)).unwrap_or_default()
}

/// When summer time begins and ends, by the clocks before each change: the second Sunday of March
/// and the first of November, at two.
pub(super) fn changes(at_s: i64) -> (i64, i64) {
    (civil(sunday(at_s, 3, 2), 2), civil(sunday(at_s, 11, 1), 2))
}

/// US Pacific time of an instant, as seconds since 1970 by its clocks.
pub(super) fn to_local(at_s: i64) -> i64 {
    let (spring, autumn) = changes(at_s - 8 * HOUR_S);
    let is_summer = (spring + 8 * HOUR_S..autumn + 7 * HOUR_S).contains(&at_s);
    at_s - if is_summer { 7 } else { 8 } * HOUR_S
}

/// The instant of a time by those clocks. In the hour that is there twice it is the earlier one; one in the
/// hour that is left out is that hour's end.
pub(super) fn from_local(local_s: i64) -> i64 {
    let (spring, autumn) = changes(local_s);
    if (spring..spring + HOUR_S).contains(&local_s) {
        return spring + 8 * HOUR_S;
    }
    let is_summer = (spring..autumn).contains(&local_s);
    local_s + if is_summer { 7 } else { 8 } * HOUR_S
}

pub(super) fn sql(local_s: i64) -> String {
    let at = DateTime::from_timestamp(local_s, 0).unwrap_or_default();
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

pub(super) fn instant(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()
}

pub(super) fn precise(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
