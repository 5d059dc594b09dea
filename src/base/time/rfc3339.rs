//! Instants as text, after RFC 3339: `2026-03-02T09:00:07.120Z`.
//!
//! Not here: the vendors' own date forms (their `wire` files).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, SecondsFormat};

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::instant::Instant;
use crate::base::unfit::Unfit;

/// What is expected of an instant, as the end of a sentence.
pub(crate) const EXPECTED: &str =
    "a time of the years 1970 to 9999 with its offset, such as 2026-03-02T09:00:00Z";

/// Longest text that is looked at for what may have been meant. No time is as long.
const LOOKED_AT_BYTES_MAX: usize = 64;

/// Reads an instant with its offset. Read as well are a small `t` or `z`, a blank for the `T`, a minus
/// sign (U+2212) before an offset, any number of digits of a fraction (below the millisecond they are
/// dropped), and a leap second, which is the first of the next minute. The range holds for the
/// instant, after the offset.
///
/// # Errors
/// Says what was expected and found and, where it can be told, what to write instead.
pub(crate) fn read(text: &str) -> Result<Instant, Unfit> {
    let unfit = || Unfit::new(EXPECTED, excerpt(text, EXCERPT_CHARS_MAX));
    let Some(at) = calendar_value(text) else {
        return Err(match hint(text) {
            Some(hint) => unfit().with_hint(hint),
            None => unfit(),
        });
    };
    Instant::try_from_calendar(&at).map_err(|_| {
        let is_early = at.timestamp() < 0;
        unfit().with_hint(if is_early {
            format!("it lies before {}", Instant::MIN)
        } else {
            format!("it lies after {}", Instant::MAX)
        })
    })
}

/// `Mon, 02 Mar 2026 09:00:07 GMT`, the form of the `Date` header (RFC 9110, 5.6.7).
pub(crate) fn http_date(at: Instant) -> String {
    at.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl fmt::Display for Instant {
    /// As RFC 3339 has it: `2026-03-02T09:00:07Z`, with milliseconds only where there are any.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form =
            if self.subsec_millis() == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        out.write_str(&self.utc().to_rfc3339_opts(form, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Instant {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Instant, Unfit> {
        read(text)
    }
}

fn calendar_value(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

/// What is wrong with a text that is no time, where one change makes it one.
fn hint(text: &str) -> Option<String> {
    if text.len() > LOOKED_AT_BYTES_MAX {
        return None;
    }
    if let Some(hint) = missing_part(text) {
        return Some(hint.to_owned());
    }
    let trimmed = text.trim();
    if trimmed != text && reads(trimmed) {
        return Some("there are blanks around it".to_owned());
    }
    if let Some(hint) = look_alike(text) {
        return Some(hint);
    }
    if let Some(hint) = offset_form(text) {
        return Some(hint);
    }
    impossible(text)
}

fn missing_part(text: &str) -> Option<&'static str> {
    if reads(&format!("{text}Z")) {
        return Some("the offset is missing; append Z for UTC");
    }
    if reads(&format!("{text}T00:00:00Z")) {
        return Some("time of day and offset are missing; append T00:00:00Z for midnight UTC");
    }
    let (minutes, offset) = text.split_at_checked("2026-03-02T09:00".len())?;
    if reads(&format!("{minutes}:00{offset}")) {
        return Some("the seconds are missing; write :00 for none");
    }
    if reads(&format!("{minutes}:00{offset}Z")) {
        return Some("seconds and offset are missing; append :00Z for a whole minute in UTC");
    }
    None
}

/// Names the first character that looks like one of a time and is another.
fn look_alike(text: &str) -> Option<String> {
    let meant: String = text.chars().map(plain).collect();
    let (idx, found) = text.chars().enumerate().find(|(_, it)| plain(*it) != *it)?;
    (reads(&meant) || missing_part(&meant).is_some()).then(|| {
        let code = u32::from(found);
        let place = idx + 1;
        format!("character {place} is U+{code:04X}, which looks like {:?}", plain(found))
    })
}

/// The character of a time that another one looks like.
fn plain(it: char) -> char {
    match it {
        // Hyphens, dashes and minus signs of typography.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff0b}' => '+',
        '\u{2236}' | '\u{a789}' | '\u{ff1a}' => ':',
        '\u{ff0e}' => '.',
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        // Greek, Cyrillic and wide letters.
        '\u{3a4}' | '\u{422}' | '\u{ff34}' => 'T',
        '\u{396}' | '\u{ff3a}' => 'Z',
        '\u{41e}' | '\u{39f}' | 'O' => '0',
        '\u{ff10}'..='\u{ff19}' => digit(it, '\u{ff10}'),
        '\u{660}'..='\u{669}' => digit(it, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(it, '\u{6f0}'),
        it => it,
    }
}

fn digit(it: char, zero: char) -> char {
    char::from_digit(u32::from(it) - u32::from(zero), 10).unwrap_or(it)
}

/// An offset without its colon or its minutes.
fn offset_form(text: &str) -> Option<String> {
    let sign = text.rfind(['+', '-']).filter(|at| *at > "2026-03-02T".len())?;
    let (before, offset) = text.split_at(sign);
    let whole = match offset.len() {
        3 => format!("{offset}:00"),
        5 => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
        _ => return None,
    };
    reads(&format!("{before}{whole}")).then(|| format!("write the offset as {whole}"))
}

/// A text in the form of a time with a part that no calendar has.
fn impossible(text: &str) -> Option<String> {
    let date = text.get(..10)?;
    let midnight = |date: &str| reads(&format!("{date}T00:00:00Z"));
    let has_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(it, form)| match form {
                b'0' => it.is_ascii_digit(),
                form => it == form,
            })
    };
    if !has_form(date, "0000-00-00") {
        return None;
    }
    if !midnight(date) {
        return Some(format!("no calendar has {date}"));
    }
    let time = text.get(11..19).filter(|time| has_form(time, "00:00:00"))?;
    if !reads(&format!("{date}T{time}Z")) {
        return Some(format!("no day has {time}"));
    }
    let joint = text.get(10..11)?;
    let rest = text.get(11..)?;
    (!matches!(joint, "T" | "t" | " ") && reads(&format!("{date}T{rest}")))
        .then(|| "date and time are joined by a T".to_owned())
}

fn reads(text: &str) -> bool {
    calendar_value(text).is_some()
}
