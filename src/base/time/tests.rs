//! Instants and lengths over the whole calendar, as text, in sums and in columns.

use std::time::Duration;

use chrono::FixedOffset;
use proptest::prelude::*;
use rusqlite::Connection;

use crate::base::time::*;

fn instants() -> impl Strategy<Value = Instant> {
    prop_oneof![
        2 => (0..=Instant::MAX.as_millis()).prop_map(Instant::clamped_from_millis),
        1 => (0..5_000_i64).prop_map(Instant::clamped_from_millis),
        1 => (0..5_000_i64)
            .prop_map(|ms| Instant::clamped_from_millis(Instant::MAX.as_millis() - ms)),
    ]
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        1 => (0..=Span::MAX.as_millis()).prop_map(Span::clamped_from_millis),
        1 => (0..100_000_000_i64).prop_map(Span::clamped_from_millis),
        1 => (0..5_000_i64).prop_map(|ms| Span::clamped_from_millis(Span::MAX.as_millis() - ms)),
    ]
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn an_instant_reads_back_from_its_text(at in instants(), offset_min in -1439..=1439_i32) {
        prop_assert_eq!(at.to_string().parse(), Ok(at));
        prop_assert_eq!(at.to_string().to_lowercase().parse(), Ok(at));
        let zone = FixedOffset::east_opt(offset_min * 60).unwrap();
        let there = at.in_zone(&zone);
        prop_assert_eq!(Instant::try_from_calendar(&there), Ok(at));
        // A year of five digits is no RFC 3339.
        if (1..=9999).contains(&chrono::Datelike::year(&there)) {
            prop_assert_eq!(there.to_rfc3339().parse(), Ok(at));
        }
    }

    #[test]
    fn a_length_reads_back_from_its_text(span in spans()) {
        prop_assert_eq!(span.to_string().parse(), Ok(span));
        prop_assert_eq!(Span::try_from(Duration::from(span)), Ok(span));
    }

    #[test]
    fn sums_keep_to_the_calendar(at in instants(), span in spans(), other in spans()) {
        if let Some(later) = at.checked_add(span) {
            prop_assert!(later >= at);
            prop_assert_eq!(at.saturating_add(span), later);
            prop_assert_eq!(later.checked_since(at), Some(span));
            prop_assert_eq!(later.saturating_since(at), span);
            prop_assert_eq!(later.checked_sub(span), Some(at));
            prop_assert_eq!(at.signed_millis_since(later), -span.as_millis());
            prop_assert_eq!(at.checked_since(later).is_some(), span.is_zero());
        } else {
            prop_assert_eq!(at.saturating_add(span), Instant::MAX);
        }
        if at.checked_sub(span).is_none() {
            prop_assert_eq!(at.saturating_sub(span), Instant::MIN);
        }
        // Longer is never earlier.
        let longer = span + other;
        prop_assert!(longer >= span && longer >= other);
        prop_assert!(at.saturating_add(longer) >= at.saturating_add(span));
        prop_assert!(longer == Span::MAX || longer.saturating_sub(other) == span);
        prop_assert_eq!([span, other].into_iter().sum::<Span>(), longer);
    }

    #[test]
    fn counts_of_any_size_are_taken_or_refused(ms in any::<i64>(), at in instants(), n in any::<u32>()) {
        let is_instant = (0..=Instant::MAX.as_millis()).contains(&ms);
        prop_assert_eq!(Instant::try_from_millis(ms).is_ok(), is_instant);
        prop_assert_eq!(Span::try_from_millis(ms).is_ok(), is_instant);
        prop_assert_eq!(Instant::clamped_from_millis(ms).as_millis() == ms, is_instant);
        prop_assert_eq!(Instant::try_from_secs(ms).ok(), ms.checked_mul(1000)
            .and_then(|ms| Instant::try_from_millis(ms).ok()));
        let _ = (Instant::clamped_from_secs(ms), Span::clamped_from_secs(ms));
        let span = Span::clamped_from_millis(ms);
        let _ = (span * n, span.scaled(f64::from(n)), span.scaled(f64::NAN), span.as_secs_begun());
        let _ = (Instant::of_period(ms, span), at.local(&chrono_tz::Pacific::Kiritimati));
        prop_assert_eq!(span.count_of(Span::ZERO), None);
    }

    #[test]
    fn an_instant_lies_in_its_period(at in instants(), length in spans()) {
        let length = length.max(Span::MILLISECOND);
        let start = at.period_start(length);
        prop_assert!(start <= at && at.into_period(length) < length);
        prop_assert_eq!(Instant::of_period(at.period(length), length), Some(start));
        prop_assert_eq!(start.checked_add(at.into_period(length)), Some(at));
    }

    #[test]
    fn order_is_that_of_milliseconds(one in instants(), other in instants()) {
        prop_assert_eq!(one.cmp(&other), one.as_millis().cmp(&other.as_millis()));
        prop_assert_eq!(one < other, one.utc() < other.utc());
    }

    #[test]
    fn nothing_that_is_read_panics(text in "[0-9TtZz:.+ −-]{0,40}", any in ".{0,40}") {
        for text in [text, any] {
            if let Err(unfit) = text.parse::<Instant>() {
                prop_assert!(unfit.to_string().starts_with("expected a time of the years"));
            }
            if let Err(unfit) = text.parse::<Span>() {
                prop_assert!(unfit.to_string().starts_with("expected a length of time"));
            }
        }
    }

    #[test]
    fn a_column_gives_back_what_it_was_given(at in instants(), span in spans()) {
        let db = Connection::open_in_memory().unwrap();
        let wall = Wall::clamped_from_millis(at.as_millis());
        let row: (Instant, Span, Wall, Option<Instant>, i64) = db
            .query_row(
                "SELECT :at_ms, :span_ms, :wall_ms, NULL, :at_ms",
                rusqlite::named_params! { ":at_ms": at, ":span_ms": span, ":wall_ms": wall },
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
            )
            .unwrap();
        prop_assert_eq!(row, (at, span, wall, None, at.as_millis()));
    }
}

#[test]
fn the_calendar_ends_where_it_says() {
    assert_eq!(at("1970-01-01T00:00:00Z"), Instant::MIN);
    assert_eq!(at("9999-12-31T23:59:59.999Z"), Instant::MAX);
    assert_eq!(Instant::MAX.saturating_since(Instant::MIN), Span::MAX);
    assert_eq!(Instant::MAX.checked_add(Span::MILLISECOND), None);
    assert_eq!(Instant::MIN.checked_sub(Span::MILLISECOND), None);
    assert_eq!(
        (Instant::MIN.to_string(), Instant::MAX.to_string()),
        ("1970-01-01T00:00:00Z".to_owned(), "9999-12-31T23:59:59.999Z".to_owned())
    );
    // An offset may lead over the end and back again.
    assert_eq!(at("9999-12-31T23:59:59.999+00:01"), Instant::MAX.saturating_sub(Span::MINUTE));
    assert_eq!(at("1969-12-31T23:00:00-01:00"), Instant::MIN);
}

#[test]
fn reads_the_forms_of_an_instant() {
    for (text, ms) in [
        ("2026-03-02T10:00:07+01:00", 1_772_442_007_000),
        ("2026-03-02t09:00:07z", 1_772_442_007_000),
        ("2026-03-02 09:00:07Z", 1_772_442_007_000),
        ("2026-03-02T09:00:07-00:00", 1_772_442_007_000),
        ("2026-03-02T09:00:07.1Z", 1_772_442_007_100),
        ("2026-03-02T09:00:07.1209999999999999999Z", 1_772_442_007_120),
        // The minus sign of typography, which ISO 8601 prefers; in an offset alone.
        ("2026-03-02T08:00:07\u{2212}01:00", 1_772_442_007_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2016-12-31T23:59:60.5Z", 1_483_228_800_500),
        ("2024-02-29T23:59:59.999+23:59", 1_709_164_859_999),
    ] {
        assert_eq!(text.parse().map(Instant::as_millis), Ok(ms), "{text}");
    }
}

#[test]
fn says_what_is_wrong_with_an_instant() {
    for (text, hint) in [
        ("", ""),
        ("soon", ""),
        ("1772442007", ""),
        ("2026-03-02T09:00:07", "the offset is missing; append Z for UTC"),
        ("2026-03-02 09:00:07", "the offset is missing; append Z for UTC"),
        ("2026-03-02", "time of day and offset are missing; append T00:00:00Z for midnight UTC"),
        ("2026-03-02T09:00Z", "the seconds are missing; write :00 for none"),
        (
            "2026-03-02T09:00",
            "seconds and offset are missing; append :00Z for a whole minute in UTC",
        ),
        (" 2026-03-02T09:00:07Z", "there are blanks around it"),
        ("2026-03-02T09:00:07+0100", "write the offset as +01:00"),
        ("2026-03-02T09:00:07.5-01", "write the offset as -01:00"),
        ("2026\u{2010}03-02T09:00:07Z", "character 5 is U+2010, which looks like '-'"),
        ("2026\u{2212}03-02T09:00:07Z", "character 5 is U+2212, which looks like '-'"),
        ("2026-03-02\u{422}09:00:07Z", "character 11 is U+0422, which looks like 'T'"),
        ("2026-03-02\u{a0}09:00:07Z", "character 11 is U+00A0, which looks like ' '"),
        ("2026-03-02T09\u{ff1a}00:07Z", "character 14 is U+FF1A, which looks like ':'"),
        ("2O26-03-02T09:00:07Z", "character 2 is U+004F, which looks like '0'"),
        ("\u{ff12}026-03-02T09:00:07", "character 1 is U+FF12, which looks like '2'"),
        ("2026-02-29T09:00:07Z", "no calendar has 2026-02-29"),
        ("2026-13-01T09:00:07Z", "no calendar has 2026-13-01"),
        ("2026-03-02T24:00:00Z", "no day has 24:00:00"),
        ("2026-03-02T09:60:00Z", "no day has 09:60:00"),
        ("2026-03-02_09:00:07Z", "date and time are joined by a T"),
        ("1969-12-31T23:59:59.999Z", "it lies before 1970-01-01T00:00:00Z"),
        ("1970-01-01T00:00:00+00:01", "it lies before 1970-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59-23:59", "it lies after 9999-12-31T23:59:59.999Z"),
        ("9999-12-31T23:59:60Z", "it lies after 9999-12-31T23:59:59.999Z"),
        ("2026-03-02T09:00:07+24:00", ""),
        ("12026-03-02T09:00:07Z", ""),
    ] {
        let unfit = text.parse::<Instant>().unwrap_err();
        assert_eq!(unfit.hint().unwrap_or_default(), hint, "{text}");
    }
    let long = format!("2026-03-02T09:00:07{}", "x".repeat(20_461));
    assert_eq!(
        long.parse::<Instant>().unwrap_err().to_string(),
        format!(
            "expected a time of the years 1970 to 9999 with its offset, such as \
             2026-03-02T09:00:00Z; found \"2026-03-02T09:00:07{}…\" (20,480 bytes)",
            "x".repeat(61)
        )
    );
}

#[test]
fn says_what_is_wrong_with_a_length() {
    for (text, hint) in [
        ("", ""),
        ("s", ""),
        ("30", "the unit is missing: d, h, m, s or ms"),
        ("1h30", "the unit is missing: d, h, m, s or ms"),
        ("30 s", "write it without blanks"),
        ("-5s", "a length of time has no sign"),
        ("\u{2212}5s", "a length of time has no sign"),
        ("1.5h", "write a fraction with the next smaller unit, 1h30m for 1.5h"),
        ("30m1h", "each unit stands once, longer ones first"),
        ("5s5s", "each unit stands once, longer ones first"),
        ("5S", "the units are d, h, m, s and ms"),
        ("2w", "the units are d, h, m, s and ms"),
        ("2932897d", "it is longer than the calendar"),
        ("2300000000h", "it is longer than the calendar"),
        ("9999999999999999d", "it is longer than the calendar"),
        ("99999999999999999999ms", "it is longer than the calendar"),
        ("PT30S", ""),
    ] {
        let unfit = text.parse::<Span>().unwrap_err();
        assert_eq!(unfit.hint().unwrap_or_default(), hint, "{text}");
    }
    assert_eq!("2932896d23h59m59s999ms".parse(), Ok(Span::MAX));
    assert_eq!(
        "2932897d".parse::<Span>().unwrap_err().to_string(),
        "expected a length of time such as 30s, 90m or 1h30m, shorter than 2932897d (the years \
         1970 to 9999); found \"2932897d\" (it is longer than the calendar)"
    );
}

#[test]
fn a_column_with_no_time_is_refused() {
    let db = Connection::open_in_memory().unwrap();
    let read = |sql: &str| db.query_row(sql, [], |row| row.get::<_, Instant>(0)).unwrap_err();
    assert_eq!(
        read("SELECT -1 AS due_ms").to_string(),
        "Conversion error from type Integer at index: 0, expected milliseconds since 1970, from 0 \
         to 253402300799999 (the end of the year 9999); found -1"
    );
    for sql in ["SELECT 253402300800000", "SELECT 1.5", "SELECT 'noon'", "SELECT NULL"] {
        read(sql);
    }
    let length = db.query_row("SELECT -5", [], |row| row.get::<_, Span>(0)).unwrap_err();
    assert!(length.to_string().contains("expected a length of time from 0 to"), "{length}");
}

#[test]
fn lengths_count_in_their_units() {
    assert_eq!(Span::hours(1), Span::mins(60));
    assert_eq!(Span::days(u32::MAX), Span::MAX);
    assert_eq!(Span::SECOND * 90, Span::secs(90));
    assert_eq!(Span::millis(1001).as_secs_begun(), 2);
    assert_eq!((Span::millis(1999).as_secs(), Span::millis(1999).subsec_millis()), (1, 999));
    assert_eq!(Span::millis(1999).whole_secs(), Span::SECOND);
    assert_eq!(Span::HOUR.part(7.try_into().unwrap()), Span::millis(514_285));
    assert_eq!(Span::DAY.count_of(Span::HOUR), Some(24));
    assert_eq!(Span::secs(1).scaled(-1.0), Span::ZERO);
    assert_eq!(Span::secs(1).scaled(f64::INFINITY), Span::MAX);
    assert_eq!(format!("{} {}", Span::ZERO, Span::mins(90)), "0s 1h30m");
}

#[test]
fn prints_milliseconds_only_where_there_are_any() {
    let printed = |ms| Instant::clamped_from_millis(ms).to_string();
    assert_eq!(printed(1_772_442_007_000), "2026-03-02T09:00:07Z");
    assert_eq!(printed(1_772_442_007_120), "2026-03-02T09:00:07.120Z");
}
