//! Calls, callers, and local time in the vendor's zone. Pure: no SQL, no bytes.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::base::time::Instant;
use crate::web::diagnosis::disguise::unfilled;

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

/// Why a date cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadDate {
    /// In the form, but on no calendar or clock.
    Impossible,
    /// In the form, with the hour 24.
    Hour24,
    /// In the form, with a month above 12.
    Month,
    /// A placeholder, or a language's word for nothing.
    Unfilled,
    /// `today` and its like.
    Word,
    /// Slashes, year first.
    Slashes,
    /// `09/14/2015`.
    DayLast,
    /// `14.09.2015`.
    DayFirst,
    /// Another dash than the hyphen.
    Dashes,
    /// Another blank than the blank, or an underscore.
    OddBlank,
    /// Quotes around it.
    Quotes,
    /// One digit for a month, a day or an hour, or two for a year.
    Digits,
    /// `AM` or `PM` behind it.
    HalfDay,
    /// A zone's name behind it.
    ZoneName,
    /// An hour alone.
    NoMinutes,
    /// A `T` where the blank belongs.
    T,
    /// A date alone.
    NoTime,
    NoSeconds,
    /// Still holds percent signs.
    EncodedTwice,
    /// A plus sign where the blank belongs: it was sent as `%2B`.
    Plus,
    /// An offset behind it; its plus sign may have become a blank.
    Offset,
    /// Fractions of a second.
    Fraction,
    /// The dots of the sibling API's parameters.
    Dots,
    /// The form of the sibling API's answers.
    JavaDate,
    /// A count of seconds or milliseconds.
    Number,
    /// Blanks around it, or within the date.
    Blanks,
    Other,
}

/// Reads a date of a request: `YYYY-MM-DD HH:MM:SS` and nothing else.
pub(crate) fn parse_date(text: &str) -> Result<NaiveDateTime, BadDate> {
    if !matches_form(text, "0000-00-00 00:00:00") {
        return Err(diagnose_date(text));
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap_or(u32::MAX);
    let year = i32::try_from(number(0, 4)).unwrap_or(i32::MAX);
    NaiveDate::from_ymd_opt(year, number(5, 7), number(8, 10))
        .and_then(|date| date.and_hms_opt(number(11, 13), number(14, 16), number(17, 19)))
        .ok_or_else(|| match (number(5, 7), number(11, 13)) {
            (13.., _) => BadDate::Month,
            (_, 24) => BadDate::Hour24,
            _ => BadDate::Impossible,
        })
}

/// Whether a text has digits where the form has `0`, and else the same characters.
fn matches_form(text: &str, form: &str) -> bool {
    let same = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(same)
}

/// Longest text whose mistake is looked for; no date in any form is longer.
const DATE_BYTES_MAX: usize = 64;

fn diagnose_date(text: &str) -> BadDate {
    const DATE: &str = "0000-00-00";
    const FULL: &str = "0000-00-00 00:00:00";
    if text.len() > DATE_BYTES_MAX {
        return BadDate::Other;
    }
    // The text up to the length of the form has the form, and a rest is left.
    let begins = |text: &str, form: &str| {
        text.len() > form.len() && text.get(..form.len()).is_some_and(|it| matches_form(it, form))
    };
    let rest = text.get(FULL.len()..).unwrap_or_default();
    let is = |form: &str| matches_form(text, form);
    let becomes = |other: &str| matches_form(other, FULL);
    let letters = rest.trim();
    if unfilled(text).is_some() {
        BadDate::Unfilled
    } else if ["today", "now", "yesterday", "tomorrow"]
        .contains(&text.trim().to_lowercase().as_str())
    {
        BadDate::Word
    } else if text.contains('%') {
        BadDate::EncodedTwice
    } else if is("0000-00-00T00:00:00") || begins(text, "0000-00-00T00:00") {
        BadDate::T
    } else if is("0000-00-00+00:00:00") {
        BadDate::Plus
    } else if is(DATE) {
        BadDate::NoTime
    } else if is("0000-00-00 00:00") {
        BadDate::NoSeconds
    } else if is("0000-00-00 00") {
        BadDate::NoMinutes
    } else if begins(text, FULL) && rest.starts_with('.') {
        BadDate::Fraction
    } else if begins(text, FULL) && ["am", "pm"].contains(&letters.to_lowercase().as_str()) {
        BadDate::HalfDay
    } else if begins(text, FULL) && letters.len() > 1 && letters.starts_with(char::is_alphabetic) {
        BadDate::ZoneName
    } else if begins(text, FULL) && !rest.trim().is_empty() {
        BadDate::Offset
    } else if is("0000.00.00 00:00:00") || is("0000.00.00") {
        BadDate::Dots
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        BadDate::Number
    } else if NaiveDateTime::parse_from_str(&without_zone(text), "%a %b %d %H:%M:%S %Y").is_ok() {
        BadDate::JavaDate
    } else if matches_form(&text.replace(' ', ""), "0000-00-0000:00:00") {
        BadDate::Blanks
    } else if becomes(&text.replace(['\u{2013}', '\u{2212}', '\u{2010}', '\u{2011}'], "-")) {
        BadDate::Dashes
    } else if becomes(&text.replace(['\u{a0}', '\u{202f}', '_', '\t'], " ")) {
        BadDate::OddBlank
    } else if becomes(text.trim_matches(['"', '\''])) {
        BadDate::Quotes
    } else {
        of_other_order(text)
    }
}

/// Dates whose parts are in another order or of another length.
fn of_other_order(text: &str) -> BadDate {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let signs: String = date.chars().filter(|it| !it.is_ascii_digit()).collect();
    let mut lengths = date.split(['-', '/', '.']).map(str::len);
    let lengths = (lengths.next(), lengths.next(), lengths.next(), lengths.next());
    match (signs.as_str(), lengths) {
        ("//", (Some(4), Some(1..=2), Some(1..=2), None)) => BadDate::Slashes,
        ("//", (Some(1..=2), Some(1..=2), Some(2 | 4), None)) => BadDate::DayLast,
        (".." | "--", (Some(1..=2), Some(1..=2), Some(4), None)) => BadDate::DayFirst,
        ("--", (Some(2 | 4), Some(1..=2), Some(1..=2), None)) => BadDate::Digits,
        _ => BadDate::Other,
    }
}

/// `Mon Sep 14 17:00:02 PDT 2015` without its fifth word.
fn without_zone(text: &str) -> String {
    let words = text.split(' ').enumerate().filter(|(idx, _)| *idx != 4);
    words.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
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
const UID_CHARS: usize = 16;

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

    const LA: Tz = Tz::America__Los_Angeles;

    fn at(zone: Tz, text: &str) -> Instants {
        instants(zone, parse_date(text).unwrap())
    }

    fn utc(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn reads_dates_in_one_form_only() {
        assert!(parse_date("2015-09-14 00:00:00").is_ok());
        for (text, why) in [
            ("2015-02-29 00:00:00", BadDate::Impossible),
            ("2015-09-14 24:00:00", BadDate::Hour24),
            ("2015-09-14 23:59:60", BadDate::Impossible),
            ("2015-09-14T00:00:00", BadDate::T),
            ("2015-09-14T00:00:00Z", BadDate::T),
            ("2015-09-14", BadDate::NoTime),
            ("2015-09-14 00:00", BadDate::NoSeconds),
            ("2015-09-14%2000:00:00", BadDate::EncodedTwice),
            ("2015-09-14+00:00:00", BadDate::Plus),
            ("2015-09-14 00:00:00 02:00", BadDate::Offset),
            ("2015-09-14 00:00:00-07:00", BadDate::Offset),
            ("2015-09-14 00:00:00Z", BadDate::Offset),
            ("2015-09-14 00:00:00.000", BadDate::Fraction),
            ("2015.09.14 00:00:00", BadDate::Dots),
            ("Mon Sep 14 17:00:02 PDT 2015", BadDate::JavaDate),
            ("1442188800", BadDate::Number),
            ("2015- 09-14 00:00:00", BadDate::Blanks),
            (" 2015-09-14 00:00:00", BadDate::Blanks),
            ("2015-09-14 00:00:00 ", BadDate::Blanks),
            ("09/14/2015", BadDate::DayLast),
            ("14.09.2015 00:00:00", BadDate::DayFirst),
            ("2015/09/14 00:00:00", BadDate::Slashes),
            ("2015-9-14 00:00:00", BadDate::Digits),
            ("2015-14-09 00:00:00", BadDate::Month),
            ("2015-09-14 12:00:00 AM", BadDate::HalfDay),
            ("2015-09-14 12:00:00 PDT", BadDate::ZoneName),
            ("2015–09–14 00:00:00", BadDate::Dashes),
            ("2015-09-14\u{a0}00:00:00", BadDate::OddBlank),
            ("\"2015-09-14 00:00:00\"", BadDate::Quotes),
            ("2015-09-14 00", BadDate::NoMinutes),
            ("undefined", BadDate::Unfilled),
            ("today", BadDate::Word),
            ("éééééééééé", BadDate::Other),
            ("２０１５-09-14 00:00:00", BadDate::Other),
            ("", BadDate::Other),
        ] {
            assert_eq!(parse_date(text), Err(why), "{text}");
        }
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
            at(Tz::Pacific__Apia, "2011-12-30 12:00:00"),
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
