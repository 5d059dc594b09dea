//! Secrets in columns of CSV: below a name in the first line of a table.
//!
//! A table begins where the text does or behind an empty line, as in a part of a form, and goes on as far
//! as lines have as many cells as the first. Names have no blank in them, so that a line of prose is
//! none.

use std::ops::Range;

use super::names::{NAME_BYTES_MAX, Spot};
use super::sought::{Found, Manner, Sought, note};
use super::text::{byte, find, is_blank, trimmed};

/// What parts cells.
const SEPARATORS: &[u8] = b",;\t|";

/// The cells in columns whose names are secrets'.
pub(crate) fn find_in(sought: &Sought<'_>, text: &[u8], found: &mut Vec<Found>) {
    if sought.manner != Manner::Any {
        return;
    }
    let mut at = 0;
    while at < text.len() {
        at = table(sought, text, at, found).unwrap_or_else(|| next_block(text, at));
    }
}

/// Behind the next empty line.
fn next_block(text: &[u8], mut at: usize) -> usize {
    loop {
        let end = find(text, at, |it| it == b'\n');
        if end >= text.len() {
            return text.len();
        }
        at = end + 1;
        let line = at + usize::from(byte(text, at) == b'\r');
        if byte(text, line) == b'\n' {
            return line + 1;
        }
    }
}

/// Reads a table that begins at `start`, and answers where it ends; `None` where there is none with
/// secrets.
fn table(sought: &Sought<'_>, text: &[u8], start: usize, found: &mut Vec<Found>) -> Option<usize> {
    let end = find(text, start, |it| it == b'\n');
    let separator = *SEPARATORS.iter().find(|it| text[start..end].contains(it))?;
    let (names, mut at) = row(text, start, separator);
    let mut columns = Vec::with_capacity(names.len());
    for name in &names {
        let name = &text[name.clone()];
        let is_name =
            |it: &u8| it.is_ascii_alphanumeric() || !it.is_ascii() || b"_-.[]".contains(it);
        if name.len() > NAME_BYTES_MAX || !name.iter().all(is_name) {
            return None;
        }
        columns.push(sought.always(name, Spot::Field));
    }
    if columns.iter().all(Option::is_none) {
        return None;
    }
    while at < text.len() {
        let (cells, next) = row(text, at, separator);
        if cells.len() != columns.len() {
            break;
        }
        for (cell, always) in cells.into_iter().zip(&columns) {
            if let Some(always) = always {
                note(text, cell, *always, found);
            }
        }
        at = next;
    }
    Some(at)
}

/// The cells of a line without their quotes, and where the next line begins.
fn row(text: &[u8], start: usize, separator: u8) -> (Vec<Range<usize>>, usize) {
    let mut cells = Vec::new();
    let mut at = start;
    loop {
        let open = find(text, at, |it| !is_blank(it) || it == separator);
        let close = if byte(text, open) == b'"' { closing(text, open + 1) } else { None };
        let quoted = close.map(|close| open + 1..close);
        let from = quoted.as_ref().map_or(at, |inner| inner.end + 1);
        let end = find(text, from, |it| it == separator || it == b'\n');
        cells.push(quoted.unwrap_or_else(|| {
            let is_return = end > at && text[end - 1] == b'\r';
            trimmed(text, at..end - usize::from(is_return))
        }));
        if byte(text, end) != separator || end >= text.len() {
            return (cells, (end + 1).min(text.len()));
        }
        at = end + 1;
    }
}

/// Where a quoted cell ends whose quote stands before `at`. Doubled quotes are part of it.
fn closing(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = find(text, at, |it| it == b'"');
        if at >= text.len() {
            return None;
        }
        if byte(text, at + 1) != b'"' {
            return Some(at);
        }
        at += 2;
    }
}
