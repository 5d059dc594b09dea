//! Lengths of time as text: `30s`, `90m`, `8h`, `2d`, `1500ms`, `1h30m`.
//!
//! Not here: fractions (`1.5h` is `1h30m`), weeks and months, and the vendors' own forms such as
//! `00:06:40` (their `wire` files).

use std::fmt;
use std::str::FromStr;

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::span::Span;
use crate::base::unfit::Unfit;

/// What is expected of a length of time, as the end of a sentence. The bound is the calendar's: a
/// longer one leads behind its end from anywhere.
pub(crate) const EXPECTED: &str = "a length of time such as 30s, 90m or 1h30m, shorter than 2932897d \
                            (the years 1970 to 9999)";

/// What is said of a length of time that is longer than any.
pub(crate) const TOO_LONG: &str = "it is longer than the calendar";

/// The units, longest first, in milliseconds.
const UNITS: [(&str, i64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Units as people write them in full, and what to write instead.
const LONG_UNITS: [(&str, &str); 18] = [
    ("day", "write d for days"),
    ("days", "write d for days"),
    ("hr", "write h for hours"),
    ("hrs", "write h for hours"),
    ("hour", "write h for hours"),
    ("hours", "write h for hours"),
    ("min", "write m for minutes"),
    ("mins", "write m for minutes"),
    ("minute", "write m for minutes"),
    ("minutes", "write m for minutes"),
    ("sec", "write s for seconds"),
    ("secs", "write s for seconds"),
    ("second", "write s for seconds"),
    ("seconds", "write s for seconds"),
    ("msec", "write ms for milliseconds"),
    ("millis", "write ms for milliseconds"),
    ("millisecond", "write ms for milliseconds"),
    ("milliseconds", "write ms for milliseconds"),
];

/// Why a text is no length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    TooLong,
    Fraction,
    Signed,
    Blank,
    NoUnit,
    UnknownUnit,
    /// What is to be written for a unit that stands there in full.
    LongUnit(&'static str),
    Order,
    Other,
}

/// Reads a length of time. Each unit stands once at the most, longer ones first, so that a length
/// has one meaning at a glance.
///
/// # Errors
/// Says what was expected and found and, where it can be told, what to write instead.
pub(crate) fn read(text: &str) -> Result<Span, Unfit> {
    let total = total_ms(text).and_then(|ms| Span::try_from_millis(ms).map_err(|_| Flaw::TooLong));
    total.map_err(|flaw| {
        let unfit = Unfit::new(EXPECTED, excerpt(text, EXCERPT_CHARS_MAX));
        match flaw.hint() {
            Some(hint) => unfit.with_hint(hint),
            None => unfit,
        }
    })
}

/// As `read` reads it.
impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return out.write_str("0s");
        }
        let mut rest_ms = self.as_millis();
        for (unit, unit_ms) in UNITS {
            if rest_ms >= unit_ms {
                write!(out, "{}{unit}", rest_ms / unit_ms)?;
                rest_ms %= unit_ms;
            }
        }
        Ok(())
    }
}

impl FromStr for Span {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Span, Unfit> {
        read(text)
    }
}

fn total_ms(text: &str) -> Result<i64, Flaw> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total_ms: i64 = 0;
    if text.is_empty() {
        return Err(Flaw::Other);
    }
    while !rest.is_empty() {
        let (number, after) = split_at_first(rest, |it| !it.is_ascii_digit());
        let (unit, after) = split_at_first(after, |it| it.is_ascii_digit());
        let is_next = |(name, _): &&(&str, i64)| *name == unit;
        let (_, unit_ms) = units.find(is_next).ok_or_else(|| flaw(text, number, unit))?;
        if number.is_empty() {
            return Err(Flaw::Other);
        }
        // Of digits alone, only the size of a number can be wrong.
        let number: i64 = number.parse().map_err(|_| Flaw::TooLong)?;
        let part_ms = number.checked_mul(*unit_ms).ok_or(Flaw::TooLong)?;
        total_ms = total_ms.checked_add(part_ms).ok_or(Flaw::TooLong)?;
        rest = after;
    }
    Ok(total_ms)
}

/// What is wrong with a number and the unit behind it.
fn flaw(text: &str, number: &str, unit: &str) -> Flaw {
    let is_unit = UNITS.iter().any(|(name, _)| *name == unit);
    if text.starts_with(['-', '+', '\u{2212}']) {
        Flaw::Signed
    } else if text.contains(char::is_whitespace) {
        Flaw::Blank
    } else if text.contains(['.', ',']) {
        Flaw::Fraction
    } else if number.is_empty() {
        Flaw::Other
    } else if unit.is_empty() {
        Flaw::NoUnit
    } else if is_unit {
        Flaw::Order
    } else {
        let long = LONG_UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        long.map_or(Flaw::UnknownUnit, |(_, hint)| Flaw::LongUnit(hint))
    }
}

fn split_at_first(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

impl Flaw {
    fn hint(self) -> Option<&'static str> {
        match self {
            Flaw::TooLong => Some(TOO_LONG),
            Flaw::Fraction => Some("write a fraction with the next smaller unit, 1h30m for 1.5h"),
            Flaw::Signed => Some("a length of time has no sign"),
            Flaw::Blank => Some("write it without blanks"),
            Flaw::NoUnit => Some("the unit is missing: d, h, m, s or ms"),
            Flaw::UnknownUnit => Some("the units are d, h, m, s and ms"),
            Flaw::LongUnit(hint) => Some(hint),
            Flaw::Order => Some("each unit stands once, longer ones first"),
            Flaw::Other => None,
        }
    }
}
