//! Numbers from outside: ids, counts and others with a range.
//!
//! Each is read from a text (a flag, a cell) or taken as a number that was read already (JSON, TOML),
//! with one error for both.
//!
//! Not here: rates (`rate`), lengths of time (`time`), where an id counts on from (a counter row).

use std::ops::RangeInclusive;

use crate::base::limits::ID_MAX;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::unfit::Unfit;

/// What an id may be. A vendor whose ids are narrower has a range of its own.
pub const IDS: RangeInclusive<i64> = 1..=ID_MAX;

/// What a count may be.
pub const COUNTS: RangeInclusive<i64> = 0..=ID_MAX;

/// Reads an id that counts up.
///
/// # Errors
/// Says what was expected, the range and what was found.
pub fn read_id(text: &str) -> Result<i64, Unfit> {
    read(text, "an id", &IDS)
}

/// Checks a number that is to be an id.
///
/// # Errors
/// Where it is none, with the range.
pub fn check_id(number: i64) -> Result<i64, Unfit> {
    check(number, "an id", &IDS)
}

/// Reads how many of something there are or may be.
///
/// # Errors
/// Says what was expected, the range and what was found.
pub fn read_count(text: &str) -> Result<i64, Unfit> {
    read(text, "a count", &COUNTS)
}

/// Checks a number that is to be a count.
///
/// # Errors
/// Where it is none, with the range.
pub fn check_count(number: i64) -> Result<i64, Unfit> {
    check(number, "a count", &COUNTS)
}

/// Reads an integer of a range: digits, with a sign or without. `what` is the number with its article:
/// `a port`.
///
/// # Errors
/// Says what was expected, the range and what was found.
pub fn read(text: &str, what: &str, range: &RangeInclusive<i64>) -> Result<i64, Unfit> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let unfit = Unfit::new(expected(what, range), excerpt(text, EXCERPT_CHARS_MAX));
        let bare = text.trim().replace([',', '_', '\u{a0}', '\u{202f}', '\''], "");
        let would_be = || bare != text && bare.parse().is_ok_and(|it| range.contains(&it));
        if text.len() <= EXCERPT_CHARS_MAX && would_be() {
            unfit.with_hint("write it in digits alone")
        } else {
            unfit
        }
    })
}

/// Checks that a number lies in a range.
///
/// # Errors
/// Says what was expected, the range and what was found.
pub fn check(number: i64, what: &str, range: &RangeInclusive<i64>) -> Result<i64, Unfit> {
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(Unfit::new(expected(what, range), number.to_string()))
    }
}

/// The id after the last one that was given out.
///
/// # Errors
/// Where it was the last there is: the counter stays where it is.
pub fn next_id(last: i64) -> Result<i64, Unfit> {
    check(last.saturating_add(1), "a free id", &IDS)
}

fn expected(what: &str, range: &RangeInclusive<i64>) -> String {
    format!("{what} from {} to {}", range.start(), range.end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_what_is_wrong_with_a_number() {
        let ids = "expected an id from 1 to 9007199254740991; found ";
        for (text, found) in [
            ("0", r#""0""#),
            ("-1", r#""-1""#),
            ("", r#""""#),
            ("1.0", r#""1.0""#),
            ("0x10", r#""0x10""#),
            ("9007199254740992", r#""9007199254740992""#),
            ("9223372036854775808", r#""9223372036854775808""#),
            (" 5", r#"" 5" (write it in digits alone)"#),
            ("1,000", r#""1,000" (write it in digits alone)"#),
            ("\u{665}", "\"\u{665}\""),
        ] {
            assert_eq!(read_id(text).unwrap_err().to_string(), format!("{ids}{found}"));
        }
        assert_eq!(
            check(70_000, "a port", &(0..=65_535)).unwrap_err().to_string(),
            "expected a port from 0 to 65535; found 70000"
        );
        assert_eq!((read_count("0"), read_count("+5")), (Ok(0), Ok(5)));
        assert_eq!(read("-7", "an offset", &(-10..=10)), Ok(-7));
    }

    #[test]
    fn ids_end() {
        assert_eq!((next_id(0), next_id(ID_MAX - 1)), (Ok(1), Ok(ID_MAX)));
        let over = "expected a free id from 1 to 9007199254740991; found ";
        for last in [ID_MAX, i64::MAX] {
            assert!(next_id(last).unwrap_err().to_string().starts_with(over), "{last}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_takes(number in any::<i64>()) {
            prop_assert_eq!(read_id(&number.to_string()).ok(), check_id(number).ok());
            prop_assert_eq!(read_count(&number.to_string()).ok(), check_count(number).ok());
            prop_assert_eq!(check_id(number).is_ok(), (1..=ID_MAX).contains(&number));
        }

        #[test]
        fn text_of_any_kind_is_read_or_refused(text in any::<String>()) {
            prop_assert!(read_id(&text).is_err() || text.parse::<i64>().is_ok());
        }
    }
}
