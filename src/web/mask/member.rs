//! Secrets behind a `:`: members of JSON, whole, broken or escaped, and headers.

use std::ops::Range;

use super::header;
use super::names::{NAME_BYTES_MAX, Spot};
use super::sought::{Found, Manner, Sought, note};
use super::text::{
    begins_line, byte, closes, closing_quote, find, is_blank, line_end, skip_space, trimmed,
};

/// Looks at the `:` at `at`.
pub(crate) fn find_in(sought: &Sought<'_>, text: &[u8], at: usize, found: &mut Vec<Found>) {
    let before = text[..at].iter().rev().take(NAME_BYTES_MAX);
    let end = at - before.take_while(|it| it.is_ascii_whitespace()).count();
    match end.checked_sub(1).map(|last| text[last]) {
        Some(quote @ (b'"' | b'\'')) => {
            let near = &text[(end - 1).saturating_sub(NAME_BYTES_MAX)..end - 1];
            if let Some(length) = near.iter().rev().position(|it| *it == quote) {
                quoted(sought, text, end - 1 - length..end - 1, at, found);
            }
        }
        Some(_) => bare(sought, text, end, at, found),
        None => {}
    }
}

fn quoted(sought: &Sought<'_>, text: &[u8], name: Range<usize>, at: usize, found: &mut Vec<Found>) {
    // The backslash of an escaped quote is none of the name.
    let word = text[name].trim_ascii();
    let word = word.strip_suffix(b"\\").unwrap_or(word);
    let start = skip_space(text, at + 1);
    if let Some(header) = header::standing(word) {
        header::values(sought, text, header, value(text, start), found);
    } else if let Some(always) = sought.always(word, Spot::Field) {
        let value = value(text, start);
        let is_nothing = matches!(&text[value.clone()], b"null" | b"true" | b"false");
        if !is_nothing || matches!(byte(text, value.end), b'"' | b'\'') {
            note(text, value, always, found);
        }
    } else if Sought::is_label(word) {
        labelled(sought, text, start, found);
    }
}

/// The value that begins at `start`, without its quotes.
fn value(text: &[u8], start: usize) -> Range<usize> {
    let open = start + text[start.min(text.len())..].iter().take_while(|it| **it == b'\\').count();
    match byte(text, open) {
        quote @ (b'"' | b'\'') => string(text, open + 1, quote, open - start),
        b'[' | b'{' => open..closing(text, open),
        _ => {
            start..find(text, start, |it| {
                it.is_ascii_whitespace() || matches!(it, b',' | b'}' | b']')
            })
        }
    }
}

/// A string whose opening quote stands before `start`, escaped by so many backslashes. A quote that
/// nothing of JSON follows closes nothing: somebody forgot to escape it.
fn string(text: &[u8], start: usize, quote: u8, escapes: usize) -> Range<usize> {
    let mut at = start;
    let mut backslashes = 0;
    while let Some(byte) = text.get(at) {
        if *byte == quote && closes(backslashes, escapes) && is_end(text, at + 1) {
            return start..at - escapes.min(backslashes);
        }
        backslashes = if *byte == b'\\' { backslashes + 1 } else { 0 };
        at += 1;
    }
    start..text.len()
}

fn is_end(text: &[u8], at: usize) -> bool {
    let escapes = text[at..].iter().take_while(|it| **it == b'\\').count();
    let after = byte(text, at + escapes);
    let after = if after.is_ascii_whitespace() { byte(text, skip_space(text, at)) } else { after };
    escapes > 0
        || matches!(after, 0 | b',' | b'}' | b']' | b':' | b'"' | b'\'' | b'&' | b'<' | b'\\')
}

/// The end of a list or an object; the end of the text if it does not close.
fn closing(text: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(found) = text.get(at) {
        match found {
            b'"' => at = closing_quote(text, at + 1, b'"').unwrap_or(text.len()),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Most bytes between the name of a pair and its value.
const LABEL_BYTES_MAX: usize = 256;

/// Looks at `"name": "token", "value": "…"`, from the string that names on.
fn labelled(sought: &Sought<'_>, text: &[u8], start: usize, found: &mut Vec<Found>) {
    let near = &text[..text.len().min(start + NAME_BYTES_MAX)];
    let quote = byte(near, start);
    let close = closing_quote(near, start + 1, quote).filter(|_| matches!(quote, b'"' | b'\''));
    let Some(close) = close else { return };
    let name = &text[start + 1..close];
    let standing = header::standing(name);
    let always = sought.always(name, Spot::Field);
    if standing.is_none() && always.is_none() {
        return;
    }
    let window = &text[..text.len().min(close + LABEL_BYTES_MAX)];
    let end = find(window, close + 1, |it| matches!(it, b'{' | b'}'));
    let marks = [&b"\"value\""[..], b"'value'"];
    let Some(mark) = (close + 1..end).find(|at| marks.iter().any(|it| text[*at..].starts_with(it)))
    else {
        return;
    };
    let colon = skip_space(text, mark + marks[0].len());
    if byte(text, colon) != b':' {
        return;
    }
    let value = value(text, skip_space(text, colon + 1));
    match standing {
        Some(header) => header::values(sought, text, header, value, found),
        None => note(text, value, always.unwrap_or(false), found),
    }
}

/// A name without quotes: a header, or a member in broken JSON.
fn bare(sought: &Sought<'_>, text: &[u8], end: usize, at: usize, found: &mut Vec<Found>) {
    let is_name = |it: &&u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let length = text[..end].iter().rev().take(NAME_BYTES_MAX).take_while(is_name).count();
    let name = end - length..end;
    let word = &text[name.clone()];
    let before = name.start.checked_sub(1).map_or(0, |at| text[at]);
    let is_line = begins_line(text, name.start);
    if let Some(header) = header::standing(word) {
        if is_line || is_blank(before) || matches!(before, b'"' | b'\'' | b'{' | b',') {
            let value = header_value(text, at, before);
            if sought.manner == Manner::Sentence {
                header::told(sought, text, header, value, found);
            } else {
                header::values(sought, text, header, value, found);
            }
        }
        return;
    }
    let start = skip_space(text, at + 1);
    let is_quoted = matches!(byte(text, start), b'"' | b'\'' | b'[' | b'{' | b'\\');
    let is_member = is_member(text, name.start, is_quoted);
    // A sentence may well begin with "token:".
    if sought.manner == Manner::Sentence || length == 0 || !is_line && !is_member {
        return;
    }
    let Some(always) = sought.always(word, Spot::Field) else { return };
    let line = start.min(line_end(text, at))..line_end(text, at);
    let is_word = sought.names.find(word, Spot::Field).is_some_and(|hit| hit.is_word);
    if is_word
        && !is_quoted
        && !is_member
        && text[trimmed(text, line)].iter().any(|it| is_blank(*it))
    {
        return;
    }
    let value = match (is_quoted, is_member) {
        (true, _) => value(text, start),
        (false, true) => start..find(text, start, |it| matches!(it, b',' | b'}' | b'\n' | b'\r')),
        (false, false) => start.min(line_end(text, at))..line_end(text, at),
    };
    note(text, value, always, found);
}

/// Whether a bare name begins a member. Behind a comma it may be a word of a sentence, unless its
/// value is in quotes or all of the text is an object.
fn is_member(text: &[u8], at: usize, is_quoted: bool) -> bool {
    let blanks =
        text[..at].iter().rev().take(NAME_BYTES_MAX).take_while(|it| is_blank(**it)).count();
    let before = (at - blanks).checked_sub(1).map_or(0, |at| text[at]);
    let is_object = || text.first().is_some_and(|it| matches!(it, b'{' | b'['));
    before == b'{' || before == b',' && (is_quoted || is_object())
}

/// The value of a header in a text: up to the line's end, or to the quote that stands before the
/// name.
fn header_value(text: &[u8], at: usize, before: u8) -> Range<usize> {
    let end = line_end(text, at);
    let is_quote = matches!(before, b'"' | b'\'');
    let close = closing_quote(&text[..end], at + 1, before).filter(|_| is_quote);
    at + 1..close.unwrap_or(end)
}
