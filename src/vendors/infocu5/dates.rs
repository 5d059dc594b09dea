//! Why a text is no date of a request, and the date that is meant where the text tells it.
//!
//! Not here: reading dates that are right (`model`).

use chrono::{DateTime, NaiveDate};

use crate::vendors::infocu5::model::parse_date;
use crate::web::diagnosis::disguise::unfilled;

/// What to do about a text that is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) hint: String,
    /// The date in the vendor's form, where it is exact.
    pub(crate) mended: Option<String>,
}

/// What is wrong with a text that [`parse_date`] does not read.
pub(crate) fn slip(text: &str) -> Slip {
    if text.is_empty() {
        return words("the text is empty");
    }
    if text.len() > DATE_BYTES_MAX {
        return words("no date is as long; write it as ISO 8601 with a numeric offset");
    }
    if let Some(unfilled) = unfilled(text) {
        return words(unfilled.cure());
    }
    mended(text)
        .or_else(|| offset(text))
        .or_else(|| zoned(text))
        .or_else(|| other(text))
        .unwrap_or_else(|| words("write it as ISO 8601 with a numeric offset"))
}

/// Longest text whose mistake is looked for; no date in any form is longer.
const DATE_BYTES_MAX: usize = 80;

fn words(hint: &str) -> Slip {
    Slip { hint: hint.to_owned(), mended: None }
}

/// A date that is right but for how one thing in it is written.
fn mended(text: &str) -> Option<Slip> {
    let trimmed = text.trim();
    let try_as = |date: String, what: &str| {
        parse_date(&date).map(|_| Slip { hint: format!("{what}: {date}"), mended: Some(date) })
    };
    let bare = trimmed.trim_matches(['"', '\'', '<', '>', '[', ']']);
    let dashes = trimmed.replace(['\u{2212}', '\u{2013}', '\u{2014}', '\u{2010}', '\u{2011}'], "-");
    let decoded = percent_encoding::percent_decode_str(trimmed).decode_utf8_lossy();
    // A blank before an offset was its plus sign.
    let plus = trimmed.rsplit_once(' ').map(|(head, tail)| format!("{head}+{tail}"));
    let (head, tail) = trimmed.split_at_checked(trimmed.len().saturating_sub(2))?;
    let hours = trimmed.get(trimmed.len().saturating_sub(3)..).unwrap_or_default();
    let is_hours = hours.starts_with(['+', '-']);
    try_as(trimmed.into(), "take the blanks away")
        .or_else(|| try_as(bare.into(), "take the quotes away"))
        .or_else(|| try_as(dashes, "the minus sign is the hyphen of the keyboard (U+002D)"))
        .or_else(|| {
            try_as(decoded.into(), "it was percent-encoded, and JSON is not; send it as it is")
        })
        .or_else(|| try_as(plus?, "a + that became a blank in a form; the offset has a sign"))
        .or_else(|| try_as(trimmed.replacen('t', "T", 1), "the T is a capital"))
        .or_else(|| {
            try_as(trimmed.replacen(' ', "T", 1), "date and time are joined by a T, not by a blank")
        })
        .or_else(|| try_as(format!("{head}:{tail}"), "the offset is written with a colon"))
        .or_else(|| {
            let date = is_hours.then(|| format!("{trimmed}:00"))?;
            try_as(date, "the offset has minutes too")
        })
        .or_else(|| try_as(with_seconds(trimmed)?, "the seconds are missing"))
        .or_else(|| try_as(of_basic_form(trimmed)?, "write the date with hyphens and colons"))
        .or_else(|| {
            let at = DateTime::parse_from_rfc2822(trimmed).ok()?;
            try_as(at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(), "that is the form of e-mail")
        })
        .or_else(|| {
            let script = trimmed.split(" (").next()?;
            let at = DateTime::parse_from_str(script, "%a %b %d %Y %H:%M:%S GMT%z").ok()?;
            let what = "that is how JavaScript prints a date; toISOString has the form";
            try_as(at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(), what)
        })
        .or_else(|| epoch(trimmed))
}

/// A count of seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Slip> {
    let count: i64 = text.parse().ok()?;
    let (seconds, unit) = match text.len() {
        9..=10 => (count, "seconds"),
        12..=13 => (count / 1000, "milliseconds"),
        _ => return None,
    };
    let date = DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let hint = format!("a date, not {unit} since 1970: {date}");
    Some(Slip { hint, mended: Some(date) })
}

/// `2022-03-04T05:00+00:00` with its seconds.
fn with_seconds(text: &str) -> Option<String> {
    const MINUTES: usize = "2022-03-04T05:00".len();
    let (head, tail) = text.split_at_checked(MINUTES)?;
    (head.matches(':').count() == 1).then(|| format!("{head}:00{tail}"))
}

/// `20220304T050000Z` with what joins its parts.
fn of_basic_form(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (time, offset) = rest.split_at_checked("050000".len())?;
    (date.len() == 8 && digits(date) && digits(time)).then(|| {
        format!(
            "{}-{}-{}T{}:{}:{}{offset}",
            &date[..4],
            &date[4..6],
            &date[6..],
            &time[..2],
            &time[2..4],
            &time[4..]
        )
    })
}

/// A date that is right but for its offset: a blank before it, a comma for the point, one digit for the
/// hour, brackets round a zone, or AM and PM.
fn offset(text: &str) -> Option<Slip> {
    const TIME: usize = "2022-03-04T05:00:00".len();
    let text = text.trim();
    let try_as = |date: String, what: &str| {
        parse_date(&date).map(|_| Slip { hint: format!("{what}: {date}"), mended: Some(date) })
    };
    let (time, rest) = text.split_at_checked(TIME)?;
    let is_time = parse_date(&format!("{}Z", time.replacen(' ', "T", 1))).is_some();
    if !is_time {
        return None;
    }
    let time = time.replacen(' ', "T", 1);
    let half = rest.trim().to_ascii_lowercase();
    if half.starts_with("am") || half.starts_with("pm") {
        return Some(words(
            "hours count from 00 to 23; write no AM or PM, and the offset behind it",
        ));
    }
    let (fraction, behind) = match rest.strip_prefix([',', '.']) {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            (rest.get(..digits).filter(|it| !it.is_empty())?, &rest[digits..])
        }
        None => ("", rest),
    };
    let point = if fraction.is_empty() { String::new() } else { format!(".{fraction}") };
    let (behind, zone) = match behind.split_once('[') {
        Some((behind, zone)) => (behind, Some(zone)),
        None => (behind, None),
    };
    if behind.trim().is_empty() {
        return zone.is_some().then(|| {
            words("write the offset in numbers, such as -05:00, not a zone's name in brackets")
        });
    }
    let bare = behind.trim();
    let padded = match bare.as_bytes() {
        [sign @ (b'+' | b'-'), hour, b':', ..] if hour.is_ascii_digit() => {
            format!("{}0{}", char::from(*sign), &bare[1..])
        }
        _ => bare.to_owned(),
    };
    let what = if zone.is_some() {
        "the offset is enough; take the zone in brackets away"
    } else if rest.starts_with(',') {
        "fractions stand behind a point, not a comma"
    } else if padded != bare {
        "the hour of the offset has two digits"
    } else {
        "no blank stands before the offset"
    };
    try_as(format!("{time}{point}{padded}"), what)
}

/// A date that lacks its offset or has a zone's name for it: nobody knows which one is meant.
fn zoned(text: &str) -> Option<Slip> {
    let reads = |text: &str| parse_date(text).is_some();
    if reads(&format!("{text}+00:00")) {
        return Some(words("the offset is missing; append +00:00, or the one of your zone"));
    }
    if reads(&format!("{text}T00:00:00+00:00")) {
        let hint = format!(
            "the time and its offset are missing: {text}T00:00:00+00:00 where the day begins, \
             {text}T23:59:59+00:00 where it ends"
        );
        return Some(Slip { hint, mended: None });
    }
    if reads(&format!("{}+00:00", text.replacen(' ', "T", 1))) {
        let hint = "date and time are joined by a T, not by a blank, and the offset is missing";
        return Some(words(hint));
    }
    let head = text.trim_end_matches(|it: char| it.is_ascii_alphabetic() || "/_ ".contains(it));
    let named = head.len() < text.len() && reads(&format!("{head}+00:00"));
    named.then(|| words("write the offset in numbers, such as -05:00, not a zone's name"))
}

/// What no calendar, clock or zone has of a date in the form.
fn impossible(text: &str) -> &'static str {
    let part = |at: std::ops::Range<usize>| text.get(at).and_then(|it| it.parse::<u32>().ok());
    let is_day = text.get(..10).is_some_and(|it| NaiveDate::parse_from_str(it, "%Y-%m-%d").is_ok());
    match (part(5..7), part(11..13)) {
        (Some(0 | 13..), _) => {
            "it has the form, but there is no such month; the order is year, month, day"
        }
        _ if !is_day => "it has the form, but no calendar has the day",
        (_, Some(24)) => {
            "it has the form, but no clock has the hour 24; a day ends with 00:00:00 of the next"
        }
        (_, Some(24..)) => "it has the form, but no clock has the hour",
        _ if part(14..16).is_some_and(|it| it > 59) || part(17..19).is_some_and(|it| it > 59) => {
            "it has the form, but no clock has the time"
        }
        _ => "it has the form, but no zone has the offset behind it, or something stands there",
    }
}

/// Forms of other languages, and days that are on no calendar.
fn other(text: &str) -> Option<Slip> {
    let form: String =
        text.trim().chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    if form.starts_with("0000-00-00T00:00:00") {
        return Some(words(impossible(text.trim())));
    }
    let begins = |forms: &[&str]| forms.iter().any(|it| form.starts_with(it));
    if begins(&["00/00/0000", "0/0/0000", "0/00/0000", "00/0/0000", "0000/00/00"]) {
        return Some(words(
            "write year, month and day with hyphens, as in 2022-01-01T00:00:00+00:00",
        ));
    }
    if begins(&["00.00.0000", "0.0.0000", "0.00.0000", "00.0.0000", "0000.00.00"]) {
        return Some(words(
            "write year, month and day with hyphens, as in 2022-01-01T00:00:00+00:00",
        ));
    }
    if begins(&["0000-0-0", "0000-00-0T", "0000-0-00"]) {
        return Some(words("month and day have two digits"));
    }
    if form.starts_with("0000-W") {
        return Some(words("write month and day, not the week"));
    }
    let signed = form.strip_prefix(['+', '-']).unwrap_or_default().trim_start_matches('0');
    if signed.starts_with("-00-00") {
        return Some(words("the year has four digits and no sign"));
    }
    let word = text.trim().to_ascii_lowercase();
    let is_word = ["today", "now", "yesterday", "tomorrow", "midnight"].contains(&word.as_str())
        || word.starts_with('-')
        || word.starts_with('+');
    is_word.then(|| words("the vendor knows no words for dates; write the date itself"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_is_plain_is_mended() {
        for (text, date) in [
            ("2022-03-04T05:00:00+00:00 ", "2022-03-04T05:00:00+00:00"),
            ("\"2022-03-04T05:00:00Z\"", "2022-03-04T05:00:00Z"),
            ("2022-03-04T05:00:00\u{2212}05:00", "2022-03-04T05:00:00-05:00"),
            ("2022\u{2013}03\u{2013}04T05:00:00Z", "2022-03-04T05:00:00Z"),
            ("2022-03-04T05%3A00%3A00%2B00:00", "2022-03-04T05:00:00+00:00"),
            ("2022-03-04T05:00:00 00:00", "2022-03-04T05:00:00+00:00"),
            ("2022-03-04t05:00:00Z", "2022-03-04T05:00:00Z"),
            ("2022-03-04 05:00:00+00:00", "2022-03-04T05:00:00+00:00"),
            ("2022-03-04T05:00:00+0000", "2022-03-04T05:00:00+00:00"),
            ("2022-03-04T05:00:00+01", "2022-03-04T05:00:00+01:00"),
            ("2022-03-04T05:00+01:00", "2022-03-04T05:00:00+01:00"),
            ("20220304T050000Z", "2022-03-04T05:00:00Z"),
            ("Fri, 04 Mar 2022 05:00:00 +0000", "2022-03-04T05:00:00+00:00"),
            ("Fri Mar 04 2022 05:00:00 GMT+0100 (CET)", "2022-03-04T05:00:00+01:00"),
            ("2022-03-04T05:00:00 +00:00", "2022-03-04T05:00:00+00:00"),
            ("2022-03-04T05:00:00,000+00:00", "2022-03-04T05:00:00.000+00:00"),
            ("2022-03-04T05:00:00+5:30", "2022-03-04T05:00:00+05:30"),
            ("2022-03-04T05:00:00+01:00[Europe/Berlin]", "2022-03-04T05:00:00+01:00"),
            ("2022-03-04T05:00:00Z[UTC]", "2022-03-04T05:00:00Z"),
            ("1646352000", "2022-03-04T00:00:00+00:00"),
            ("1646352000000", "2022-03-04T00:00:00+00:00"),
        ] {
            let found = slip(text);
            assert_eq!(found.mended.as_deref(), Some(date), "{text}: {}", found.hint);
        }
    }

    #[test]
    fn a_date_that_is_not_plain_is_told() {
        for (text, hint) in [
            ("", "empty"),
            ("2022-03-04T05:00:00", "offset is missing"),
            ("2022-03-04", "2022-03-04T23:59:59+00:00 where it ends"),
            ("2022-03-04T05:00:00[UTC]", "not a zone's name in brackets"),
            ("2022-03-04T12:00:00 AM", "no AM or PM"),
            ("+002022-03-04T05:00:00Z", "four digits and no sign"),
            ("2022-03-04 05:00:00", "joined by a T"),
            ("2022-03-04T05:00:00 UTC", "in numbers"),
            ("2022-03-04T05:00:00EST", "in numbers"),
            ("2022-13-04T05:00:00+00:00", "no such month"),
            ("2022-03-04T24:00:00Z", "no clock has the hour 24"),
            ("2022-03-04T25:00:00Z", "no clock has the hour"),
            ("2022-03-04T05:61:00Z", "no clock has the time"),
            ("2022-03-04T05:00:00+25:00", "no zone has the offset"),
            ("2022-02-30T05:00:00+00:00", "no calendar"),
            ("03/04/2022", "hyphens"),
            ("04.03.2022 00:00:00", "hyphens"),
            ("2022-3-4T00:00:00+00:00", "two digits"),
            ("2022-W09-5T00:00:00+00:00", "not the week"),
            ("today", "no words for dates"),
            ("{{start}}", "nobody filled it in"),
            ("ééééééé", "ISO 8601"),
        ] {
            let found = slip(text);
            assert!(found.hint.contains(hint), "{text}: {}", found.hint);
            assert_eq!(found.mended, None, "{text}");
        }
    }
}
