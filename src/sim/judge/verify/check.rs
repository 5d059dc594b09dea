//! What a rule asks of a value, and why a value is not it.

use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::Value;

use crate::sim::judge::verify::found::{Found, plain};
use crate::web::mask::masker::tagged;

/// One thing asked of a value.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    Equals(Value),
    OneOf(Vec<Value>),
    Contains(String),
    Matches(Regex),
    Present,
    Absent,
}

/// All that a rule asks of a value.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) checks: Vec<Check>,
    /// Whether the number 17 and the text "17" are two values, as in JSON.
    pub(crate) typed: bool,
}

/// Whether a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// The journal does not hold enough to tell.
    Unknown,
}

/// Longest text whose likeness is worked out: it costs the product of both lengths.
const NEARNESS_BYTES_MAX: usize = 256;

/// What stands in place of a secret begins so; of older journals, it is all of it.
const MASK: &str = "***";

fn is_masked(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(MASK),
        Value::Array(items) => items.iter().any(is_masked),
        Value::Object(members) => members.values().any(is_masked),
        _ => false,
    }
}

/// Whether what is expected was copied from where it is shown masked, and the value is shown so.
fn is_shown_as(value: &str, expected: &str) -> bool {
    let Some((before, rest)) = expected.split_once("***(") else { return false };
    let Some((told, after)) = rest.split_once(')') else { return false };
    let hidden = value.strip_prefix(before).and_then(|it| it.strip_suffix(after));
    hidden.is_some_and(|hidden| tagged(hidden) == format!("***({told})"))
}

fn same(expected: &Value, value: &Value, typed: bool) -> bool {
    if expected.as_str().is_some_and(|expected| is_shown_as(&plain(value), expected)) {
        return true;
    }
    if !typed {
        return plain(expected) == plain(value);
    }
    match (expected.as_f64(), value.as_f64()) {
        // 17 and 17.0 are one number; large integers are compared as such.
        (Some(left), Some(right)) if expected.is_f64() || value.is_f64() => {
            left.total_cmp(&right).is_eq()
        }
        _ => expected == value,
    }
}

/// How a value that is nearly the expected one differs from it.
fn difference(expected: &Value, found: &Value, typed: bool) -> Option<String> {
    let (wanted, text) = (plain(expected), plain(found));
    if wanted == text {
        let named = |value: &Value| match value {
            Value::String(_) => "a text",
            Value::Number(_) => "a number",
            Value::Bool(_) => "a truth value",
            _ => "another type",
        };
        return typed.then(|| {
            format!("the type differs: expected {}, found {}", named(expected), named(found))
        });
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    if wanted.replace('+', " ") == text {
        return Some("an unescaped + means a space; send it as %2B".to_owned());
    }
    if wanted == text.trim() {
        return Some("there is white space around it".to_owned());
    }
    if wanted.to_lowercase() == text.to_lowercase() {
        return Some("only upper and lower case differ".to_owned());
    }
    if wanted == decoded(&text) {
        return Some("it is percent-encoded once too often".to_owned());
    }
    if decoded(&wanted) == text {
        return Some("the condition has it percent-encoded; write it plainly".to_owned());
    }
    let same_digits = digits(&wanted) == digits(&text) && digits(&text).len() >= DIGITS_MIN;
    same_digits.then(|| "the digits are the same, they are written in another way".to_owned())
}

/// Fewest digits that make a number worth comparing by its digits alone, as phone numbers are.
const DIGITS_MIN: usize = 5;

impl Test {
    pub(crate) fn answer(&self, found: &Found) -> Answer {
        let wants_none = self.checks.iter().any(|check| matches!(check, Check::Absent));
        if wants_none {
            return match (found.values.is_empty(), &found.unsure) {
                (false, _) => Answer::No,
                (true, Some(_)) => Answer::Unknown,
                (true, None) => Answer::Yes,
            };
        }
        if found.values.iter().any(|value| self.holds(value)) {
            return Answer::Yes;
        }
        let masked = found.values.iter().any(is_masked);
        if masked || found.unsure.is_some() { Answer::Unknown } else { Answer::No }
    }

    fn holds(&self, value: &Value) -> bool {
        self.checks.iter().all(|check| check.holds(value, self.typed))
    }

    /// The value that the test names outright.
    pub(crate) fn exact(&self) -> Option<&Value> {
        match self.checks.as_slice() {
            [Check::Equals(value)] => Some(value),
            _ => None,
        }
    }

    /// The test in words; `mask` shows a value as it may be shown.
    pub(crate) fn to_words(&self, mask: &dyn Fn(&Value) -> String) -> String {
        let words: Vec<String> = self.checks.iter().map(|check| check.to_words(mask)).collect();
        words.join(" and ")
    }

    /// How near the values come, from 0 to 1.
    pub(crate) fn nearness(&self, found: &Found) -> f64 {
        let wanted = self.checks.iter().find_map(|check| match check {
            Check::Equals(value) => Some(plain(value)),
            Check::Contains(text) => Some(text.clone()),
            _ => None,
        });
        let Some(wanted) = wanted.filter(|it| it.len() <= NEARNESS_BYTES_MAX) else { return 0.0 };
        let texts = found.values.iter().map(plain).filter(|it| it.len() <= NEARNESS_BYTES_MAX);
        texts.map(|text| strsim::normalized_levenshtein(&wanted, &text)).fold(0.0, f64::max)
    }

    /// What is wrong with what was found, where that can be told.
    pub(crate) fn hint(&self, found: &Found) -> Option<String> {
        let expected = self.exact()?;
        found.values.iter().find_map(|value| difference(expected, value, self.typed))
    }
}

impl Check {
    fn holds(&self, value: &Value, typed: bool) -> bool {
        match self {
            Check::Equals(expected) => same(expected, value, typed),
            Check::OneOf(expected) => expected.iter().any(|it| same(it, value, typed)),
            Check::Contains(part) => match value {
                Value::Array(items) => items.iter().any(|item| plain(item) == *part),
                value => plain(value).contains(part.as_str()),
            },
            Check::Matches(regex) => regex.is_match(&plain(value)),
            Check::Present => true,
            Check::Absent => false,
        }
    }

    fn to_words(&self, mask: &dyn Fn(&Value) -> String) -> String {
        match self {
            Check::Equals(value) => mask(value),
            Check::OneOf(values) => {
                let values: Vec<String> = values.iter().map(mask).collect();
                format!("one of {}", values.join(", "))
            }
            Check::Contains(part) => format!("something with {}", mask(&part.as_str().into())),
            Check::Matches(regex) => {
                format!("a match of {}", mask(&format!("/{}/", regex.as_str()).into()))
            }
            Check::Present => "anything".to_owned(),
            Check::Absent => "nothing".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn test(checks: Vec<Check>, typed: bool) -> Test {
        Test { checks, typed }
    }

    #[test]
    fn a_text_and_a_number_are_one_value_on_the_wire_and_two_in_json() {
        let wire = test(vec![Check::Equals(json!(17))], false);
        assert_eq!(wire.answer(&Found::one("17")), Answer::Yes);
        let json = test(vec![Check::Equals(json!(17))], true);
        assert_eq!(json.answer(&Found::one(json!(17.0))), Answer::Yes);
        assert_eq!(json.answer(&Found::one("17")), Answer::No);
        let hint = json.hint(&Found::one("17")).unwrap();
        assert_eq!(hint, "the type differs: expected a number, found a text");
    }

    #[test]
    fn every_check_holds_of_one_and_the_same_value() {
        let both = test(
            vec![Check::Contains("a".into()), Check::Matches(Regex::new("^b").unwrap())],
            false,
        );
        assert_eq!(both.answer(&Found::texts(["xa", "bx"].into_iter())), Answer::No);
        assert_eq!(both.answer(&Found::texts(["xa", "ba"].into_iter())), Answer::Yes);
    }

    #[test]
    fn what_the_journal_does_not_hold_is_not_denied() {
        let text = test(vec![Check::Equals(json!("sim-1"))], false);
        assert_eq!(text.answer(&Found::one(MASK)), Answer::Unknown);
        assert_eq!(text.answer(&Found::unsure("cut")), Answer::Unknown);
        let none = test(vec![Check::Absent], false);
        assert_eq!(none.answer(&Found::unsure("cut")), Answer::Unknown);
        assert_eq!(none.answer(&Found::one("x")), Answer::No);
        assert_eq!(none.answer(&Found::nothing("none")), Answer::Yes);
    }

    #[test]
    fn what_was_copied_from_where_it_is_masked_is_known_again() {
        let shown = format!("Bearer {}", tagged("SIMTOKEN-7A"));
        let test = test(vec![Check::Equals(shown.into())], false);
        assert_eq!(test.answer(&Found::one("Bearer SIMTOKEN-7A")), Answer::Yes);
        assert_eq!(test.answer(&Found::one("Bearer SIMTOKEN-7B")), Answer::No);
        assert_eq!(test.answer(&Found::one("Token SIMTOKEN-7A")), Answer::No);
    }

    #[track_caller]
    fn hints(expected: &str, found: &str, hint: &str) {
        assert_eq!(difference(&expected.into(), &found.into(), false).as_deref(), Some(hint));
    }

    #[test]
    fn near_misses_say_what_differs() {
        hints("+4930123", " 4930123", "an unescaped + means a space; send it as %2B");
        hints("a b", " a b\n", "there is white space around it");
        hints("Ada", "ada", "only upper and lower case differ");
        hints("a b", "a%20b", "it is percent-encoded once too often");
        hints("a%20b", "a b", "the condition has it percent-encoded; write it plainly");
        hints("+4930123", "+49 30 123", "the digits are the same, they are written in another way");
        assert_eq!(difference(&"17".into(), &"18".into(), false), None);
    }
}
