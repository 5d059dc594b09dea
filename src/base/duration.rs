//! Lengths of time as text, for callers that still count milliseconds in an `i64`.
//!
//! Not here: the grammar and its errors (`base::time::span_text`).

use crate::base::time::span_text;

/// Reads a length of time; `None` where it is anything else or too long for an `i64`.
pub fn parse_ms(text: &str) -> Option<i64> {
    span_text::read_ms(text)
}

/// Writes a length of time as [`parse_ms`] reads it; what is negative is none.
pub fn to_text(ms: i64) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = span_text::write_ms(&mut text, ms.max(0));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_unit_and_combinations() {
        assert_eq!(parse_ms("30s"), Some(30_000));
        assert_eq!(parse_ms("90m"), Some(5_400_000));
        assert_eq!(parse_ms("8h"), Some(28_800_000));
        assert_eq!(parse_ms("2d"), Some(172_800_000));
        assert_eq!(parse_ms("1500ms"), Some(1500));
        assert_eq!(parse_ms("1h30m"), Some(5_400_000));
        assert_eq!(parse_ms("1d2h3m4s5ms"), Some(93_784_005));
        assert_eq!(parse_ms("0s"), Some(0));
    }

    #[test]
    fn writes_what_it_reads() {
        for ms in [0, 1, 999, 1000, 61_000, 5_400_000, 93_784_005, i64::MAX] {
            assert_eq!(parse_ms(&to_text(ms)), Some(ms), "{}", to_text(ms));
        }
        assert_eq!((to_text(600_000), to_text(-1)), ("10m".to_owned(), "0s".to_owned()));
    }

    #[test]
    fn refuses_what_is_not_a_length_of_time() {
        for text in
            ["", "30", "s", "30 s", "-5s", "1.5h", "30m1h", "5s5s", "9999999999999999d", "5S"]
        {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }
}
