//! Dates of requests: the one form that is taken, and why a text is not in it.
//!
//! Not here: local time and instants (`model`), and the words for each reason (`ops::by_date`).

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::web::diagnosis::disguise::unfilled;

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
    /// `20150914`, with or without a time: nothing between the parts.
    Basic,
    /// Dots between the parts of the time.
    TimeDots,
    /// Hyphens between the parts of the time.
    TimeHyphens,
    /// Blanks around it, or within the date.
    Blanks,
    /// A line end behind it.
    LineEnd,
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
    } else if begins(text, FULL) && rest.starts_with(['.', ',']) {
        BadDate::Fraction
    } else if begins(text, FULL) && ["am", "pm"].contains(&letters.to_lowercase().as_str()) {
        BadDate::HalfDay
    } else if begins(text, FULL)
        && letters.len() > 1
        && letters.starts_with(|it: char| it.is_alphabetic() || it == '[')
    {
        BadDate::ZoneName
    } else if begins(text, FULL) && !rest.trim().is_empty() {
        BadDate::Offset
    } else if is("0000.00.00 00:00:00") || is("0000.00.00") {
        BadDate::Dots
    } else if is_basic(text) {
        BadDate::Basic
    } else if is("0000-00-00 00.00.00") || is("0000-00-00 00.00") {
        BadDate::TimeDots
    } else if is("0000-00-00 00-00-00") {
        BadDate::TimeHyphens
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        BadDate::Number
    } else if NaiveDateTime::parse_from_str(&without_zone(text), "%a %b %d %H:%M:%S %Y").is_ok() {
        BadDate::JavaDate
    } else if text.ends_with(['\r', '\n']) && becomes(text.trim()) {
        BadDate::LineEnd
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

/// Whether a text is a date with nothing between its parts: a real day, so that a count of seconds is none.
fn is_basic(text: &str) -> bool {
    let digits: String = text.chars().filter(|it| !matches!(it, 'T' | ' ')).collect();
    let is_form =
        [8, 12, 14].contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    is_form
        && digits.get(..8).is_some_and(|date| {
            NaiveDate::parse_from_str(date, "%Y%m%d").is_ok_and(|date| YEARS.contains(&date.year()))
        })
}

/// Years that such a date is likely to mean.
const YEARS: std::ops::Range<i32> = 1970..2100;

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
        ("--", (Some(2 | 4), Some(1..=2), Some(1..=2), None)) if !has_digits(text) => {
            BadDate::Digits
        }
        _ => BadDate::Other,
    }
}

/// Whether each part of a date and a time has as many digits as the form has.
fn has_digits(text: &str) -> bool {
    let mut halves = text.splitn(2, [' ', 'T']).map(|half| half.split(['-', ':']));
    let lengths = |parts: Option<std::str::Split<'_, [char; 2]>>| -> Vec<usize> {
        parts.into_iter().flatten().map(str::len).collect()
    };
    let (date, time) = (lengths(halves.next()), lengths(halves.next()));
    date == [4, 2, 2] && (time.len() != 3 || time == [2, 2, 2])
}

/// `Mon Sep 14 17:00:02 PDT 2015` without its fifth word.
fn without_zone(text: &str) -> String {
    let words = text.split(' ').enumerate().filter(|(idx, _)| *idx != 4);
    words.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("2015-09-14 00:00:00,000", BadDate::Fraction),
            ("2015-09-14 00:00:00[America/Los_Angeles]", BadDate::ZoneName),
            ("20150914", BadDate::Basic),
            ("20150914T000000", BadDate::Basic),
            ("2015-09-14 00.00.00", BadDate::TimeDots),
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
            ("2015-09-14 00-00-00", BadDate::TimeHyphens),
            ("2015-09-14 00:00:00\n", BadDate::LineEnd),
            ("2015-09-14 0:00:00", BadDate::Digits),
            ("2015-09-14 00:00:00:00", BadDate::Offset),
            ("2015-09-14 00/00/00", BadDate::Other),
            ("undefined", BadDate::Unfilled),
            ("today", BadDate::Word),
            ("éééééééééé", BadDate::Other),
            ("２０１５-09-14 00:00:00", BadDate::Other),
            ("", BadDate::Other),
        ] {
            assert_eq!(parse_date(text), Err(why), "{text}");
        }
    }
}
