//! Lengths of time as text: `30s`, `90m`, `8h`, `2d`, `1500ms`, `1h30m`. Inside Ringback a length is
//! a count of milliseconds, an `i64` in a name that ends in `_ms`.
//!
//! Not here: fractions (`1.5h` is `1h30m`), weeks and months, and the vendors' own forms such as
//! `00:06:40` (their `wire` files).

/// The units, longest first, in milliseconds.
const UNITS: [(&str, i64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads a length of time; `None` where it is anything else or too long for an `i64`. Each unit
/// stands once at the most, longer ones first, so that a length has one meaning at a glance.
pub fn parse_ms(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total_ms: i64 = 0;
    while !rest.is_empty() {
        let (number, after) = split_at_first(rest, |c| !c.is_ascii_digit());
        let (unit, after) = split_at_first(after, |c| c.is_ascii_digit());
        let (_, unit_ms) = units.find(|(name, _)| *name == unit)?;
        let part_ms = number.parse::<i64>().ok()?.checked_mul(*unit_ms)?;
        total_ms = total_ms.checked_add(part_ms)?;
        rest = after;
    }
    (!text.is_empty()).then_some(total_ms)
}

/// Writes a length of time as [`parse_ms`] reads it; what is negative is none.
pub fn to_text(ms: i64) -> String {
    let mut text = String::new();
    let mut rest_ms = ms.max(0);
    for (unit, unit_ms) in UNITS {
        if rest_ms >= unit_ms {
            text = format!("{text}{}{unit}", rest_ms / unit_ms);
            rest_ms %= unit_ms;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

fn split_at_first(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
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
