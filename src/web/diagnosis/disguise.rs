//! A right key, token or id that came in a disguise: with blanks or quotes round it, encoded, twice,
//! in other capitals. Who knows the right ones tries each of the readings.
//!
//! Not here: which values are right (the vendors), and bodies (`body`).

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use percent_encoding::percent_decode_str;

use crate::base::text::excerpt;
use crate::web::diagnosis::digits::plain_digit;
use crate::web::mask::masker::is_tag;

/// Longest value that is read in other ways; keys, tokens and ids are shorter.
const BYTES_MAX: usize = 512;

/// What a value may have been before it was disguised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) value: String,
    /// How the right one was sent, to stand behind its name: `with blanks around it`.
    pub(crate) how: &'static str,
    /// What the client's author is to do.
    pub(crate) cure: &'static str,
}

/// Every reading of a value that differs from the value itself, the likeliest first.
pub(crate) fn readings(sent: &str) -> Vec<Reading> {
    if sent.is_empty() || sent.len() > BYTES_MAX {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut add = |value: &str, how, cure| {
        if !value.is_empty() && value != sent {
            found.push(Reading { value: value.to_owned(), how, cure });
        }
    };
    let ends = sent.trim_end_matches(['\r', '\n']);
    add(ends, "with a line end behind it", "cut the line end; a file that was read has one");
    add(sent.trim(), "with blanks around it", "take the blanks away");
    for end in ["\\r\\n", "\\n", "\\r"] {
        let cure = "take the backslash and its letter away; the line end was escaped once more";
        add(sent.strip_suffix(end).unwrap_or(sent), "with an escaped line end behind it", cure);
    }
    for (open, close) in [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”')] {
        add(within(sent, open, close), "in quotes", "take the quotes away");
    }
    for (open, close) in [('<', '>'), ('{', '}'), ('[', ']'), ('(', ')')] {
        add(within(sent, open, close), "in brackets", "take the brackets away");
    }
    for word in ["Bearer ", "bearer ", "Token ", "Basic "] {
        let rest = sent.strip_prefix(word).unwrap_or(sent);
        add(rest.trim(), "with the scheme before it once more", "write the scheme once");
    }
    let decoded = percent_decode_str(sent).decode_utf8_lossy();
    add(
        &decoded,
        "percent-encoded",
        "send it as it is; here it was percent-encoded once too often",
    );
    let plus = sent.replace(' ', "+");
    add(
        &plus,
        "with a blank where it has a plus",
        "in a query a + is a blank; send the plus as %2B",
    );
    add(
        &plain_signs(sent),
        "with signs that only look like its own",
        "write the signs of the keyboard: a text program put others in their place",
    );
    add(&sent.replace('-', ""), "with hyphens", "take the hyphens away");
    if sent.len().is_multiple_of(2) && sent.is_char_boundary(sent.len() / 2) {
        let (first, second) = sent.split_at(sent.len() / 2);
        let once = if first == second { first } else { sent };
        add(once, "twice in a row", "send it once");
    }
    for bytes in [BASE64_STANDARD.decode(sent), BASE64_URL_SAFE.decode(sent)] {
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let text = text.trim_matches(':');
        add(text, "in Base64", "send it as it is, not in Base64");
    }
    let cure = "it is compared letter by letter, capitals too";
    add(&sent.to_lowercase(), "in other capitals", cure);
    add(&sent.to_uppercase(), "in other capitals", cure);
    found
}

/// Fewest characters of a right value that is looked for among others; a shorter one is in many texts.
const WITHIN_CHARS_MIN: usize = 6;

/// A right value that was sent with something else in one text, as a language prints it or as two values
/// that were joined.
pub(crate) fn within_more(sent: &str, right: &str) -> Option<Reading> {
    if right.chars().count() < WITHIN_CHARS_MIN || sent.len() > BYTES_MAX {
        return None;
    }
    let (before, behind) = sent.split_once(right)?;
    let (how, cure) = match (before.is_empty(), behind.is_empty()) {
        (true, true) => return None,
        (true, false) => ("with something behind it", "take away what stands behind it"),
        (false, true) => ("with something before it", "take away what stands before it"),
        (false, false) => ("with something round it", "take away what stands round it"),
    };
    Some(Reading { value: right.to_owned(), how, cure })
}

/// A text in the signs of ASCII that its dashes, blanks, digits and letters of full width look like.
pub(crate) fn plain_signs(text: &str) -> String {
    let plain = |it: char| match it {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => Some('-'),
        // Neither is seen, and neither was typed.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(it) - 0xff01 + 0x21),
        other => Some(plain_digit(other).unwrap_or(other)),
    };
    text.chars().filter_map(plain).collect()
}

/// What stands between a sign and its partner, blanks round both apart; all where they are not there.
fn within(sent: &str, open: char, close: char) -> &str {
    let trimmed = sent.trim();
    let inner = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inner.map_or(sent, str::trim)
}

/// What a value is that nobody filled in: a placeholder, a language's word for nothing, or what is shown
/// in place of a secret.
pub(crate) fn unfilled(sent: &str) -> Option<Unfilled> {
    let trimmed = sent.trim();
    if is_tag(trimmed) {
        return Some(Unfilled::Mask);
    }
    let is_word = ["undefined", "null", "none", "nil", "nan", "false", "(null)"]
        .iter()
        .any(|word| trimmed.eq_ignore_ascii_case(word));
    // What JavaScript prints of an object, an array, a promise.
    let is_object = trimmed.to_ascii_lowercase().starts_with("[object ") && trimmed.ends_with(']');
    if is_word || is_object {
        return Some(Unfilled::Word);
    }
    let is_name = |name: &str| {
        let is_part = |it: char| it.is_alphanumeric() || "_.- ".contains(it);
        !name.trim().is_empty() && name.chars().all(is_part)
    };
    let forms = [("${", "}"), ("{{", "}}"), ("<", ">"), ("%", "%"), ("$(", ")"), ("{", "}")];
    let in_signs = forms.iter().any(|(open, close)| {
        let inner = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(is_name)
    });
    let is_variable = trimmed.strip_prefix('$').is_some_and(|name| {
        name.starts_with(|it: char| it.is_alphabetic() || it == '_') && is_name(name)
    });
    let is_path_variable = trimmed
        .strip_prefix(':')
        .is_some_and(|name| name.starts_with(|it: char| it.is_alphabetic()) && is_name(name));
    (in_signs || is_variable || is_path_variable).then_some(Unfilled::Placeholder)
}

/// Why a value is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfilled {
    Word,
    Placeholder,
    /// What a journal shows in place of a secret, copied from there.
    Mask,
}

impl Unfilled {
    /// What was found, with an article. What may be a key in brackets is not shown.
    pub(crate) fn words(self, sent: &str) -> String {
        let shown = excerpt(sent.trim(), SHOWN_CHARS_MAX);
        let n_digits = sent.bytes().filter(u8::is_ascii_digit).count();
        match self {
            Unfilled::Word => format!("the word {shown}"),
            Unfilled::Placeholder if n_digits < 2 => format!("a placeholder, {shown}"),
            Unfilled::Placeholder => "a placeholder".into(),
            Unfilled::Mask => "what Ringback shows in place of a secret".into(),
        }
    }

    /// What the client's author is to do.
    pub(crate) fn cure(self) -> &'static str {
        match self {
            Unfilled::Word => "the variable that it comes from is not set; set it before sending",
            Unfilled::Placeholder => "nobody filled it in; put the value in its place",
            Unfilled::Mask => {
                "it was copied from a journal, a report or a log, which hold no secrets; send the secret itself"
            }
        }
    }
}

/// Most characters of a placeholder that are shown.
const SHOWN_CHARS_MAX: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    /// How the right one was sent, as far as it is recognised.
    fn how(right: &str, sent: &str) -> Option<&'static str> {
        readings(sent).into_iter().find(|it| it.value == right).map(|it| it.how)
    }

    #[test]
    fn a_right_value_is_known_again() {
        let right = "ab+3c";
        for (sent, expected) in [
            ("ab+3c\n", "with a line end behind it"),
            (" ab+3c", "with blanks around it"),
            ("ab+3c\\n", "with an escaped line end behind it"),
            ("\"ab+3c\"", "in quotes"),
            ("<ab+3c>", "in brackets"),
            ("Bearer ab+3c", "with the scheme before it once more"),
            ("ab%2B3c", "percent-encoded"),
            ("ab 3c", "with a blank where it has a plus"),
            ("a-b+3-c", "with hyphens"),
            ("ab+3cab+3c", "twice in a row"),
            ("YWIrM2M=", "in Base64"),
            ("AB+3C", "in other capitals"),
        ] {
            assert_eq!(how(right, sent), Some(expected), "{sent:?}");
        }
        assert_eq!(how(right, right), None);
        assert_eq!(how(right, "ab+3"), None);
        assert!(readings(&"x".repeat(BYTES_MAX + 1)).is_empty());
    }

    #[test]
    fn a_right_value_is_seen_among_others() {
        let how = |sent| within_more(sent, "ab+3cd").map(|it| it.how);
        assert_eq!(how("token=ab+3cd"), Some("with something before it"));
        assert_eq!(how("ab+3cd;"), Some("with something behind it"));
        assert_eq!(how("Optional(\"ab+3cd\")"), Some("with something round it"));
        assert_eq!(how("ab+3cd"), None);
        assert_eq!(how("ab+3c"), None);
        assert_eq!(within_more("1234567", "123"), None, "a short one is in many texts");
    }

    #[test]
    fn signs_that_look_alike_are_read_as_those_of_ascii() {
        for sent in ["SIM–7A", "SIM\u{2212}7A", "SIM-\u{200b}7A", "ＳＩＭ-７Ａ", "SIM-٧A"] {
            assert_eq!(plain_signs(sent), "SIM-7A", "{sent}");
        }
        assert_eq!(how("SIM-7A", "SIM–7A"), Some("with signs that only look like its own"));
    }

    #[test]
    fn what_nobody_filled_in_is_seen() {
        for sent in ["${TOKEN}", "{{token}}", "<api key>", "$TOKEN", "{id}", ":id", "%TOKEN%"] {
            assert_eq!(unfilled(sent), Some(Unfilled::Placeholder), "{sent}");
        }
        for sent in ["undefined", "null", "None", " NaN", "[object Object]", "[object Promise]"] {
            assert_eq!(unfilled(sent), Some(Unfilled::Word), "{sent}");
        }
        for sent in ["***(36.7a)", "***(5)", " ***(11.0f) "] {
            assert_eq!(unfilled(sent), Some(Unfilled::Mask), "{sent}");
        }
        for sent in ["SIM-0001", "301501", "", "{", ":612", "$5.00 off", "**bold**", "***(x)"] {
            assert_eq!(unfilled(sent), None, "{sent}");
        }
    }
}
