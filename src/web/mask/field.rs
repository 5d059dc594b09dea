//! Secrets behind an `=`: parameters, fields of a form, attributes, settings.

use std::ops::Range;

use super::element::tag_end;
use super::names::{NAME_BYTES_MAX, Spot};
use super::part;
use super::quoted::{is_over, quoted};
use super::sought::{Found, Manner, Sought, note};
use super::text::{begins_line, byte, closing_quote, find, has_word, is_blank, skip_blanks};

/// Fewest letters of a name in a sentence: `p=1` is a formula.
const SENTENCE_NAME_MIN: usize = 4;

/// What stands for a value in a text about values.
const PLACEHOLDERS: &[&[u8]] = &["…".as_bytes(), b"..."];

/// Looks at the `=` at `at`. `is_form` is whether its line is a form or a query.
pub(crate) fn find_in(
    sought: &Sought<'_>,
    text: &[u8],
    at: usize,
    is_form: bool,
    found: &mut Vec<Found>,
) {
    let name = name_before(text, at);
    if name.is_empty() {
        return;
    }
    let word = &text[name.clone()];
    if let Some(always) = sought.always(word, Spot::Field) {
        let is_top = is_form && begins_pair(text, name.start);
        if let Some(value) = value(sought, text, &name, at, is_top) {
            note(text, value, always, found);
        }
    } else if Sought::is_label(word) {
        labelled(sought, text, at, found);
    }
}

/// The name that ends before the `=` at `at`; blanks may stand between, and quotes around it.
fn name_before(text: &[u8], at: usize) -> Range<usize> {
    let blanks =
        text[..at].iter().rev().take(NAME_BYTES_MAX).take_while(|it| is_blank(**it)).count();
    let end = at - blanks;
    let is_quoted = end > 0 && matches!(text[end - 1], b'"' | b'\'');
    let end = end - usize::from(is_quoted);
    let before = text[..end].iter().rev().take(NAME_BYTES_MAX);
    let length = before.take_while(|it| is_name(**it)).count();
    end - length..end
}

fn is_name(byte: u8) -> bool {
    !byte.is_ascii_whitespace()
        && !matches!(byte, b'&' | b'?' | b';' | b',' | b'"' | b'\'' | b'<' | b'>' | b'=' | b'#')
        && !matches!(byte, b'{' | b'}' | b'(' | b')' | b'`')
}

fn begins_pair(text: &[u8], at: usize) -> bool {
    at == 0 || matches!(text[at - 1], b'&' | b'?' | b'\n' | b'\r')
}

fn value(
    sought: &Sought<'_>,
    text: &[u8],
    name: &Range<usize>,
    at: usize,
    is_top: bool,
) -> Option<Range<usize>> {
    let start = skip_blanks(text, at + 1);
    let first = byte(text, start);
    if is_top {
        return Some(at + 1..form_end(text, at + 1, sought.manner));
    }
    // Apart from the sign, it is a setting on a line of its own, an attribute, or a sentence.
    let is_apart = is_blank(text[at - 1]) || start > at + 1;
    let is_quote = matches!(first, b'"' | b'\'' | b'\\');
    let is_sentence = sought.manner == Manner::Sentence;
    if is_apart && !is_quote && (is_sentence || !begins_line(text, name.start)) {
        return None;
    }
    if is_sentence
        && (name.len() < SENTENCE_NAME_MIN || !is_quote && !first.is_ascii_alphanumeric())
    {
        return None;
    }
    let value = quoted(text, start).unwrap_or_else(|| start..plain_end(text, start));
    (!PLACEHOLDERS.contains(&&text[value.clone()])).then_some(value)
}

/// The end of a value in a form: the next `&`. A line end counts only if a new pair, an empty line
/// or nothing follows.
fn form_end(text: &[u8], start: usize, manner: Manner) -> usize {
    let mut at = start;
    loop {
        at = find(text, at, |it| matches!(it, b'&' | b'\n'));
        if byte(text, at) != b'\n' || manner == Manner::Query {
            return at;
        }
        let is_end = matches!(byte(text, at + 1), 0 | b'\r' | b'\n' | b'-' | b'[' | b'#' | b'{');
        if is_end || names_something(text, at + 1) {
            return at - usize::from(at > start && text[at - 1] == b'\r');
        }
        at += 1;
    }
}

/// Longest name behind a separator that is still seen as one.
const NEXT_NAME_BYTES_MAX: usize = 64;

/// Whether `name=` or `name:` stands at `at`.
fn names_something(text: &[u8], at: usize) -> bool {
    let start = skip_blanks(text, at);
    let rest = text.get(start..).unwrap_or_default();
    let is_word =
        |it: &&u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.' | b'[' | b']');
    let length = rest.iter().take(NEXT_NAME_BYTES_MAX).take_while(is_word).count();
    length > 0 && matches!(byte(rest, skip_blanks(rest, length)), b'=' | b':')
}

/// The end of a value in other text: white space, `&`, a bracket of markup, a quote that closes, or
/// punctuation after which the sentence, the list or the text around goes on.
fn plain_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = text.get(at) {
        let after = byte(text, at + 1);
        match found {
            b'\\' if matches!(after, b'n' | b'r' | b't') => return at,
            b'\\' => at += 1,
            b'&' | b'"' | b'<' | b'>' => return at,
            it if it.is_ascii_whitespace() => return at,
            b',' | b';' if is_over(after) || names_something(text, at + 1) => return at,
            b'\'' | b')' | b']' | b'}' | b'.' if is_over(after) => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The next end tag, or the end.
fn end_tag(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.windows(2).position(|it| it == b"</").map_or(text.len(), |found| at + found)
}

/// Longest distance between a label and its value.
const LABEL_BYTES_MAX: usize = 1024;

/// Looks at what `name=` names: a part of a form, a parameter that is told as name and value, or an
/// element whose name is an attribute.
fn labelled(sought: &Sought<'_>, text: &[u8], at: usize, found: &mut Vec<Found>) {
    let start = skip_blanks(text, at + 1);
    let near = &text[..text.len().min(start + NAME_BYTES_MAX)];
    let quote = byte(near, start);
    let (name, after) = if matches!(quote, b'"' | b'\'') {
        let Some(close) = closing_quote(near, start + 1, quote) else { return };
        (start + 1..close, close + 1)
    } else {
        let is_end = |it: u8| matches!(it, b';' | b'>' | b'&') || it.is_ascii_whitespace();
        let end = find(near, start, is_end);
        (start..end, end)
    };
    let Some(always) = sought.always(&text[name], Spot::Field) else { return };
    if let Some(body) = part::body(text, after) {
        note(text, body, always, found);
        return;
    }
    let window = &text[..text.len().min(after + LABEL_BYTES_MAX)];
    let tag_end = tag_end(text, after);
    let words = after..tag_end.unwrap_or(window.len()).min(window.len());
    let mark = b"value=";
    let valued =
        words.clone().find(|at| has_word(text, *at, mark) && !text[at - 1].is_ascii_alphanumeric());
    if let Some(valued) = valued {
        let start = valued + mark.len();
        let end = || find(text, start, |it| matches!(it, b'&' | b'>' | b'\n'));
        note(text, quoted(text, start).unwrap_or_else(|| start..end()), always, found);
    } else if let Some(content) = tag_end.filter(|it| text[it - 2] != b'/') {
        note(text, content..end_tag(text, content), always, found);
    }
}
