//! Telephone numbers as they are compared: vendors write one number in many ways.
//!
//! Not here: which country a national number belongs to. `07700 900123` and `+44 7700 900123` are
//! two numbers to Ringback.

/// Fewest and most digits of a number; E.164 has at most 15, and a few more do no harm.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// The digits alone: without blanks and punctuation, without a `+`, and without the `00` in its
/// place.
pub(crate) fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("00") {
        Some(rest) => rest.to_owned(),
        None => digits,
    }
}

/// Checks that a text is a telephone number in one of the usual ways of writing.
///
/// # Errors
/// With what was expected.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let body = text.strip_prefix('+').unwrap_or(text);
    let is_punctuation = |it: char| matches!(it, ' ' | '-' | '/' | '(' | ')' | '.');
    let is_written = body.chars().all(|it| it.is_ascii_digit() || is_punctuation(it));
    if is_written && DIGITS.contains(&digits(text).len()) {
        Ok(())
    } else {
        Err("a telephone number such as +49 221 4710123".into())
    }
}

/// An SQL expression with the digits of a column as `digits` finds them, but for a `00` at their
/// head: compare it with `IN (:phone, '00' || :phone)`.
#[macro_export]
macro_rules! phone_digits {
    ($column:literal) => {
        concat!(
            "REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(",
            $column,
            ", ' ', ''), '+', ''), '-', ''), '/', ''), '(', ''), ')', ''), '.', '')"
        )
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_written_in_many_ways() {
        for text in ["+492214710123", "00492214710123", "492214710123", "+49 (221) 4710-123"] {
            assert_eq!(digits(text), "492214710123", "{text}");
            assert!(check(text).is_ok(), "{text}");
        }
        for text in ["", "12", "49a221", "49+221", "+++", "123456789012345678901"] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
