//! Tables of constants: what the source declares with a comment above it, as numbers with their units.

use std::collections::BTreeMap;
use std::fs;

use super::made::{cell, table};
use super::root;

/// One constant.
#[derive(Debug)]
struct Constant {
    name: String,
    /// As the source has it.
    value: String,
    /// The comment above it.
    why: String,
}

/// The constants of a file with the comments above them.
fn constants(file: &str) -> Vec<Constant> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let mut found = Vec::new();
    let mut comment = String::new();
    for line in text.lines() {
        let declared = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        if let Some(words) = line.strip_prefix("/// ") {
            comment.push_str(if comment.is_empty() { "" } else { " " });
            comment.push_str(words);
        } else if let Some((name, rest)) =
            declared.strip_prefix("const ").and_then(|it| it.split_once(':'))
        {
            let value =
                rest.split_once('=').map_or("", |(_, value)| value.trim().trim_end_matches(';'));
            let (name, value) = (name.to_owned(), value.to_owned());
            found.push(Constant { name, value, why: std::mem::take(&mut comment) });
        } else {
            comment.clear();
        }
    }
    found
}

/// What a value is, so far as that can be told from how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Number(u128),
    /// In milliseconds.
    Time(u128),
}

/// Reads what the source reckons: numbers, constants that stand before, `*`, `-` and `<<`, from the left
/// to the right, with or without parentheses.
fn reckoned(value: &str, before: &BTreeMap<String, Known>) -> Option<Known> {
    let units = [("secs", 1_000), ("millis", 1), ("mins", 60_000), ("hours", 3_600_000)];
    for (unit, ms) in units {
        let call = value.strip_prefix(&format!("Duration::from_{unit}("));
        if let Some(number) = call.and_then(|it| it.strip_suffix(')')) {
            return Some(Known::Time(number.replace('_', "").parse::<u128>().ok()? * ms));
        }
    }
    let spaced = value.replace(['(', ')'], "");
    let mut words = spaced.split_whitespace();
    let mut found = term(words.next()?, before)?;
    while let Some(sign) = words.next() {
        let Known::Number(right) = term(words.next()?, before)? else { return None };
        let Known::Number(left) = found else { return None };
        found = Known::Number(match sign {
            "*" => left * right,
            "-" => left - right,
            "<<" => left << right,
            _ => return None,
        });
    }
    Some(found)
}

fn term(word: &str, before: &BTreeMap<String, Known>) -> Option<Known> {
    if let Some(name) = word.strip_suffix(".as_secs") {
        return match before.get(name)? {
            Known::Time(ms) => Some(Known::Number(ms / 1_000)),
            Known::Number(_) => None,
        };
    }
    let digits = word.trim_end_matches(".0").replace('_', "");
    digits.parse().ok().map(Known::Number).or_else(|| before.get(word).copied())
}

/// With a comma before each three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// As people write it, in the largest unit of which it is a whole number.
fn in_words(known: Known, is_bytes: bool) -> String {
    let (number, units): (u128, &[(u128, &str)]) = match known {
        Known::Time(ms) => (ms, &[(3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")]),
        Known::Number(number) if is_bytes => {
            (number, &[(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")])
        }
        Known::Number(number) => (number, &[]),
    };
    let whole = units.iter().find(|(size, _)| number >= *size && number.is_multiple_of(*size));
    match whole {
        Some((size, unit)) => format!("{} {unit}", grouped(number / size)),
        None if is_bytes => format!("{} bytes", grouped(number)),
        None => grouped(number),
    }
}

pub(super) fn limits() -> String {
    let found = constants("src/base/limits.rs");
    assert!(found.len() > 40, "the limits were not found");
    let mut before = BTreeMap::new();
    let mut rows = Vec::new();
    for Constant { name, value, why } in found {
        let known = reckoned(&value, &before)
            .unwrap_or_else(|| panic!("{name}: what is {value}? A reader wants a number"));
        let is_bytes = name.split('_').any(|word| word == "BYTES");
        if !why.is_empty() {
            let shown = name.to_lowercase().replace('_', " ");
            rows.push(vec![cell(&shown), in_words(known, is_bytes), cell(&why)]);
        }
        before.insert(name, known);
    }
    table(&["limit", "value", "what, and why so"], rows.into_iter())
}

pub(super) fn exit_codes() -> String {
    let found = constants("src/exit.rs");
    assert_eq!(found.len(), 5, "{found:?}");
    table(&["code", "when"], found.into_iter().map(|it| vec![it.value, cell(&it.why)]))
}

#[test]
fn a_limit_is_told_as_a_number_with_its_unit() {
    let before = BTreeMap::from([
        ("A_BYTES".to_owned(), Known::Number(32 << 20)),
        ("A_TIME".to_owned(), Known::Time(30_000)),
    ]);
    for (value, is_bytes, expected) in [
        ("64 * 1024", true, "64 KiB"),
        ("4 * 1024 * A_TIME.as_secs()", true, "120 KiB"),
        ("A_BYTES", true, "32 MiB"),
        ("1 << 40", true, "1 TiB"),
        ("100", true, "100 bytes"),
        ("(1 << 53) - 1", false, "9,007,199,254,740,991"),
        ("100_000.0", false, "100,000"),
        ("64", false, "64"),
        ("Duration::from_secs(75)", false, "75 s"),
        ("Duration::from_millis(200)", false, "200 ms"),
        ("Duration::from_mins(10)", false, "10 min"),
    ] {
        let known = reckoned(value, &before).unwrap();
        assert_eq!(in_words(known, is_bytes), expected, "{value}");
    }
    assert_eq!(reckoned("UNKNOWN * 2", &before), None);
    assert_eq!(reckoned("A_TIME + 1", &before), None);
}
