//! Calls, callers, and local time in the vendor's zone. Pure: no SQL, no bytes.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::base::time::Instant;
use crate::base::zone::Tz;

/// A caller who opted in, with the call: one row of a list. A value that is missing is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'r> {
    /// Addresses, separated by commas.
    pub(crate) customer_emails: &'r str,
    pub(crate) call_name: &'r str,
    pub(crate) call_start: Instant,
    /// Addresses, separated by commas.
    pub(crate) conference_emails: &'r str,
    pub(crate) call_uid: &'r str,
    pub(crate) uid: &'r str,
    pub(crate) ani: &'r str,
    pub(crate) name: &'r str,
    pub(crate) email: &'r str,
    pub(crate) affiliate: &'r str,
    /// When the terms were agreed to, which may be to come.
    pub(crate) opted_in: Instant,
}

/// What is known of a call besides its callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallFacts {
    pub(crate) id: i64,
    pub(crate) uid: String,
    pub(crate) start: Instant,
    /// `None` while it is running.
    pub(crate) end: Option<Instant>,
    pub(crate) n_callers: i64,
}

/// A call to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewCall<'a> {
    pub(crate) uid: &'a str,
    pub(crate) name: &'a str,
    pub(crate) start: Instant,
    pub(crate) end: Option<Instant>,
    pub(crate) customer_emails: &'a str,
    pub(crate) conference_emails: &'a str,
    pub(crate) affiliate: &'a str,
}

/// A caller to be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewCaller<'a> {
    pub(crate) uid: &'a str,
    pub(crate) call_id: i64,
    pub(crate) joined: Instant,
    pub(crate) ani: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
}

/// Which instants a local time can be. What lies outside the years 1970 to 9999, where no call is,
/// becomes their first instant or their last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instants {
    Once(Instant),
    /// Clocks were put back: it was twice.
    Doubled {
        earlier: Instant,
        later: Instant,
    },
    /// Clocks were put forward: it never was.
    Skipped {
        /// The first instant behind the gap.
        gap_end: Instant,
        /// As if clocks had not been put forward: as far behind the gap as the time lies in it.
        moved: Instant,
    },
}

/// The instants of a local time in a zone.
pub(crate) fn instants(zone: Tz, local: NaiveDateTime) -> Instants {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => Instants::Once(nearest(&at)),
        MappedLocalTime::Ambiguous(earlier, later) => {
            Instants::Doubled { earlier: nearest(&earlier), later: nearest(&later) }
        }
        MappedLocalTime::None => skipped(zone, local),
    }
}

/// The instant of a calendar value, or the end of the calendar that is nearer to it.
fn nearest<Z: TimeZone>(at: &DateTime<Z>) -> Instant {
    Instant::clamped_from_millis(at.timestamp_millis())
}

fn skipped(zone: Tz, local: NaiveDateTime) -> Instants {
    // How far the zone is ahead of UTC, at a time in UTC.
    let offset = |at: NaiveDateTime| {
        TimeDelta::seconds(zone.offset_from_utc_datetime(&at).fix().local_minus_utc().into())
    };
    // A day before lies before the gap in any zone: no offset is as large as a day.
    let before = offset(local - TimeDelta::days(1));
    let moved = local - before;
    // The clocks are put forward between these two; halving finds the second.
    let (mut low, mut high) = (local - offset(moved), moved);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if offset(middle) == before { low = middle } else { high = middle }
    }
    Instants::Skipped { gap_end: nearest(&high.and_utc()), moved: nearest(&moved.and_utc()) }
}

/// `2015-09-14 17:00:02`, in the zone.
pub(crate) fn sql_time(zone: Tz, at: Instant) -> String {
    at.in_zone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// `Mon Sep 14 17:00:02 PDT 2015`, in the zone: how Java prints a date.
pub(crate) fn java_date(zone: Tz, at: Instant) -> String {
    at.in_zone(&zone).format("%a %b %d %H:%M:%S %Z %Y").to_string()
}

/// Length of a drawn UID. Observed: most have 16 (maestro 3).
pub(crate) const UID_CHARS: usize = 16;

/// Longest UID that is taken. The longest seen has half of it (maestro 3).
const UID_CHARS_MAX: usize = 32;

/// Longest token that is taken. The sibling API's keys have 32 characters.
const TOKEN_CHARS_MAX: usize = 128;

/// A UID of capitals and digits.
pub(crate) fn draw_uid(mut random: ChaCha8Rng) -> String {
    const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    (0..UID_CHARS).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])).collect()
}

/// A token of 32 lower-case hexadecimal digits.
pub(crate) fn draw_token(mut random: ChaCha8Rng) -> String {
    format!("{:032x}", random.random::<u128>())
}

/// Checks a UID.
pub(crate) fn check_uid(text: &str) -> Result<(), String> {
    let letters = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if letters && (1..=UID_CHARS_MAX).contains(&text.len()) {
        Ok(())
    } else {
        Err(format!("a UID: 1 to {UID_CHARS_MAX} of A to Z and 0 to 9"))
    }
}

/// Checks an `offer_id`.
pub(crate) fn check_offer_id(text: &str) -> Result<(), String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("an offer_id: digits".into());
    }
    Ok(())
}

/// Checks an `offer_token`.
pub(crate) fn check_token(text: &str) -> Result<(), String> {
    if (1..=TOKEN_CHARS_MAX).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(format!("an offer_token: 1 to {TOKEN_CHARS_MAX} visible ASCII characters"))
    }
}

/// Checks one address of a list; what separates addresses cannot stand in one.
pub(crate) fn check_address(text: &str) -> Result<(), String> {
    let separates = |it: char| it == ',' || it == ';' || it.is_whitespace() || it.is_control();
    if text.is_empty() || text.contains(separates) {
        return Err("one e-mail address, without blanks, commas and semicolons".into());
    }
    Ok(())
}

/// Checks a text that goes out in XML, which cannot carry all characters. Anything else may stand in
/// it: what callers type is not the vendor's to tidy.
pub(crate) fn check_text(text: &str) -> Result<(), String> {
    let barred = |it: char| {
        it < ' ' && !matches!(it, '\t' | '\n' | '\r') || matches!(it, '\u{FFFE}' | '\u{FFFF}')
    };
    if text.contains(barred) {
        return Err("text without control characters, which XML cannot carry".into());
    }
    Ok(())
}

/// Checks the name of a call, which is never missing.
pub(crate) fn check_name(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("a name".into()) } else { check_text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::maestro::dates::parse_date;

    const LA: Tz = Tz::LOS_ANGELES;

    fn at(zone: Tz, text: &str) -> Instants {
        instants(zone, parse_date(text).unwrap())
    }

    fn utc(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_doubled_hour_is_two_instants() {
        assert_eq!(
            at(LA, "2015-11-01 01:30:00"),
            Instants::Doubled {
                earlier: utc("2015-11-01T08:30:00Z"),
                later: utc("2015-11-01T09:30:00Z"),
            }
        );
        assert_eq!(at(LA, "2015-11-01 02:00:00"), Instants::Once(utc("2015-11-01T10:00:00Z")));
    }

    #[test]
    fn a_skipped_hour_moves_forward() {
        assert_eq!(
            at(LA, "2015-03-08 02:30:00"),
            Instants::Skipped {
                gap_end: utc("2015-03-08T10:00:00Z"),
                moved: utc("2015-03-08T10:30:00Z"),
            }
        );
        let Instants::Skipped { gap_end, moved } = at(LA, "2015-03-08 02:00:00") else {
            panic!("the gap begins here")
        };
        assert_eq!((gap_end, moved), (moved, gap_end));
        // The largest gap there ever was: Samoa left out a day.
        assert_eq!(
            at("Pacific/Apia".parse().unwrap(), "2011-12-30 12:00:00"),
            Instants::Skipped {
                gap_end: utc("2011-12-30T10:00:00Z"),
                moved: utc("2011-12-30T22:00:00Z"),
            }
        );
    }

    #[test]
    fn years_at_both_ends_are_read() {
        for text in ["0000-01-01 00:00:00", "9999-12-31 23:59:59"] {
            assert!(matches!(at(LA, text), Instants::Once(_)), "{text}");
        }
        assert_eq!(at(LA, "1969-12-31 15:59:59"), Instants::Once(Instant::MIN));
        assert_eq!(at(LA, "9999-12-31 16:00:00"), Instants::Once(Instant::MAX));
    }

    #[test]
    fn prints_times_in_the_zone() {
        let at = utc("2015-09-15T00:00:02.999Z");
        assert_eq!(sql_time(LA, at), "2015-09-14 17:00:02");
        assert_eq!(java_date(LA, at), "Mon Sep 14 17:00:02 PDT 2015");
        assert_eq!(java_date(Tz::UTC, at), "Tue Sep 15 00:00:02 UTC 2015");
        assert_eq!(java_date(LA, utc("2015-12-01T08:00:00Z")), "Tue Dec 01 00:00:00 PST 2015");
    }

    #[test]
    fn checks_what_is_seeded() {
        assert!(check_uid("K7Q2ZP0XN4V8T1RB").is_ok());
        assert!(check_uid("k7q2").is_err());
        assert!(check_uid(&"A".repeat(33)).is_err());
        assert!(check_offer_id("4711").is_ok());
        assert!(check_offer_id("47a").is_err());
        assert!(check_token("a b").is_err());
        assert!(check_address("a@example.org,b@example.org").is_err());
        assert!(check_text("=1+1\r\n\"x\"").is_ok());
        assert!(check_text("bell \u{7}").is_err());
    }
}
