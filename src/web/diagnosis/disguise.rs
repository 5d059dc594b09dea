//! A right key, token or id that came in a disguise: with blanks or quotes round it, encoded, twice,
//! in other capitals. Who knows the right ones tries each of the readings.
//!
//! Not here: which values are right (the vendors), and bodies (`body`).

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use percent_encoding::percent_decode_str;

use crate::base::text::excerpt;

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

/// What stands between a sign and its partner, blanks round both apart; all where they are not there.
fn within(sent: &str, open: char, close: char) -> &str {
    let trimmed = sent.trim();
    let inner = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inner.map_or(sent, str::trim)
}

/// What a value is that nobody filled in: a placeholder, or a language's word for nothing.
pub(crate) fn unfilled(sent: &str) -> Option<Unfilled> {
    let trimmed = sent.trim();
    let is_word = ["undefined", "null", "none", "nil", "nan", "false", "(null)"]
        .iter()
        .any(|word| trimmed.eq_ignore_ascii_case(word));
    if is_word || trimmed.eq_ignore_ascii_case("[object Object]") {
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
        }
    }

    /// What the client's author is to do.
    pub(crate) fn cure(self) -> &'static str {
        match self {
            Unfilled::Word => "the variable that it comes from is not set; set it before sending",
            Unfilled::Placeholder => "nobody filled it in; put the value in its place",
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
    fn what_nobody_filled_in_is_seen() {
        for sent in ["${TOKEN}", "{{token}}", "<api key>", "$TOKEN", "{id}", ":id", "%TOKEN%"] {
            assert_eq!(unfilled(sent), Some(Unfilled::Placeholder), "{sent}");
        }
        for sent in ["undefined", "null", "None", " NaN"] {
            assert_eq!(unfilled(sent), Some(Unfilled::Word), "{sent}");
        }
        for sent in ["SIM-0001", "301501", "", "{", ":612", "$5.00 off"] {
            assert_eq!(unfilled(sent), None, "{sent}");
        }
    }
}
