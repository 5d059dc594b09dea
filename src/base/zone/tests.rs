//! Zones against another reader of the same data, which has tables of its own.

use chrono::{DateTime, TimeDelta};

use super::*;

/// What IANA's data says otherwise since that reader's edition: British Columbia keeps its summer
/// time, Moldova changes with the Union, Baja California's years from 1970 to 1975.
const NEWER: [&str; 8] = [
    "America/Ensenada",
    "America/Santa_Isabel",
    "America/Tijuana",
    "America/Vancouver",
    "Canada/Pacific",
    "Europe/Chisinau",
    "Europe/Tiraspol",
    "Mexico/BajaNorte",
];

/// Prime to days, weeks and years, so that all hours of all seasons are met.
const STEP: TimeDelta = TimeDelta::minutes(17 * 24 * 60 + 431);

fn day(text: &str) -> NaiveDateTime {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap().and_time(NaiveTime::MIN)
}

fn moments(from: &str, to: &str, step: TimeDelta) -> impl Iterator<Item = NaiveDateTime> {
    let to = day(to);
    std::iter::successors(Some(day(from)), move |at| at.checked_add_signed(step))
        .take_while(move |at| *at < to)
}

#[test]
fn every_zone_shows_what_it_shows_elsewhere() {
    for other in chrono_tz::TZ_VARIANTS {
        let zone: Tz = other.name().parse().unwrap();
        let is_other = moments("1970-01-01", "2100-01-01", STEP).any(|at| {
            let (ours, theirs) =
                (zone.offset_from_utc_datetime(&at), other.offset_from_utc_datetime(&at));
            (ours.fix(), ours.to_string()) != (theirs.fix(), theirs.to_string())
        });
        assert_eq!(is_other, NEWER.contains(&other.name()), "{zone}");
    }
}

#[test]
fn clocks_that_are_changed_show_times_twice_or_never() {
    for name in ["America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia"] {
        let (zone, other): (Tz, chrono_tz::Tz) = (name.parse().unwrap(), name.parse().unwrap());
        for local in moments("2011-01-01", "2012-03-01", TimeDelta::minutes(10)) {
            let ours = zone.from_local_datetime(&local).map(|it| it.to_utc());
            let theirs = other.from_local_datetime(&local).map(|it| it.to_utc());
            assert_eq!(ours, theirs, "{zone} {local}");
        }
    }
}

#[test]
fn a_name_is_read_as_it_is_written() {
    for known in ["UTC", "America/Los_Angeles", "Europe/London", "Etc/GMT+5", "EST5EDT"] {
        assert_eq!(known.parse::<Tz>().unwrap().to_string(), known);
    }
    assert_eq!("Europe/London".parse(), Ok(Tz::LONDON));
    for wrong in ["", "utc", "Europe/london", "Europe", "London", "Europe/London ", "+03:00"] {
        assert_eq!(wrong.parse::<Tz>(), Err(NoZone), "{wrong}");
    }
    for known in TZ_NAMES {
        assert!(known.parse::<Tz>().is_ok(), "{known}");
    }
}

#[test]
fn the_far_ends_of_the_calendar_have_a_time() {
    for at in [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC] {
        let _ = Tz::LOS_ANGELES.offset_from_utc_datetime(&at.naive_utc());
        let _ = Tz::LOS_ANGELES.offset_from_local_datetime(&at.naive_utc());
    }
}

/// A moment is found by what holds a day before and a day behind it.
#[test]
fn changes_of_a_zone_are_two_days_apart_in_all_of_its_past() {
    for name in TZ_NAMES {
        let zone: Tz = name.parse().unwrap();
        for pair in zone.rules.transitions().windows(2) {
            let [one, next] = pair else { unreachable!() };
            let apart_s = next.unix_leap_time() - one.unix_leap_time();
            assert!(apart_s >= 2 * DAY_S, "{zone}: {} and {apart_s} s", one.unix_leap_time());
        }
    }
}

#[test]
fn a_local_time_before_1970_is_the_moment_that_shows_it() {
    for name in TZ_NAMES {
        let zone: Tz = name.parse().unwrap();
        for at in moments("1840-01-01", "1970-01-01", STEP * 3) {
            let at = zone.from_utc_datetime(&at);
            let found = zone.from_local_datetime(&at.naive_local());
            let (one, other) = (found.earliest().unwrap(), found.latest().unwrap());
            assert!(one == at || other == at, "{at:?}: {one:?} {other:?}");
        }
    }
}

#[test]
fn the_past_is_that_of_another_reader_where_both_keep_a_zone_apart() {
    let names = [
        "America/Los_Angeles",
        "America/New_York",
        "Asia/Kolkata",
        "Asia/Manila",
        "Australia/Sydney",
        "Europe/Berlin",
        "Europe/London",
        "Europe/Vilnius",
    ];
    for name in names {
        let (zone, other): (Tz, chrono_tz::Tz) = (name.parse().unwrap(), name.parse().unwrap());
        for local in moments("1840-01-01", "1970-01-01", TimeDelta::minutes(31 * 60 + 7)) {
            let ours = zone.from_local_datetime(&local).map(|it| it.to_utc());
            let theirs = other.from_local_datetime(&local).map(|it| it.to_utc());
            assert_eq!(ours, theirs, "{zone} {local}");
            let (ours, theirs) = (zone.from_utc_datetime(&local), other.from_utc_datetime(&local));
            assert_eq!(ours.naive_local(), theirs.naive_local(), "{zone} {local}");
            assert_eq!(
                ours.format("%Z").to_string(),
                theirs.format("%Z").to_string(),
                "{zone} {local}"
            );
        }
    }
}

/// IANA has one table for places that agree since 1970, and keeps what was before apart from it.
#[test]
fn a_zone_has_its_own_past() {
    let ahead = |name: &str, at: &str| {
        let zone: Tz = name.parse().unwrap();
        zone.offset_from_utc_datetime(&day(at)).fix().to_string()
    };
    assert_eq!(ahead("Europe/Amsterdam", "1930-01-01"), "+00:19:32");
    assert_eq!(ahead("Europe/Brussels", "1930-01-01"), "+00:00");
    assert_eq!(ahead("Europe/Amsterdam", "1971-01-01"), ahead("Europe/Brussels", "1971-01-01"));
    assert_eq!(ahead("Europe/London", "1969-01-01"), "+01:00", "British Standard Time");
    assert_eq!(
        ahead("Asia/Manila", "1844-12-30"),
        "-15:56:08",
        "east of the line before that year's end"
    );
}
