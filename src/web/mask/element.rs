//! Secrets in XML and HTML elements: what a secret's element holds, elements and CDATA within it
//! included, and its attributes.

use std::ops::Range;

use super::names::Spot;
use super::quoted::quoted;
use super::sought::{Found, Manner, Sought, note};
use super::text::{byte, closing_quote, find, has_word, skip_space};

/// Longest start tag that is read.
const TAG_BYTES_MAX: usize = 4096;

const CDATA: &[u8] = b"<![CDATA[";

/// Looks at the tag that begins at `at`. `budget` is how many bytes may still be read in search of
/// end tags that are not there.
pub(crate) fn find_in(
    sought: &Sought<'_>,
    text: &[u8],
    at: usize,
    budget: &mut usize,
    found: &mut Vec<Found>,
) {
    let name = at + 1..tag_name_end(text, at + 1);
    let Some(always) = sought.always(&text[name.clone()], Spot::Element) else { return };
    let Some(start) = tag_end(text, name.end) else { return };
    attributes(text, name.end..start, always, found);
    if byte(text, start - 2) == b'/' {
        return;
    }
    let word = &text[name];
    let closing = if *budget == 0 { None } else { closing(text, start, word) };
    let value = if let Some(end) = closing {
        start..end
    } else {
        *budget = budget.saturating_sub(text.len() - start);
        let is_markup = sought.manner != Manner::Sentence
            && (byte(text, skip_space(text, 0)) == b'<' || at > 0 && text[at - 1] == b'>');
        if *budget == 0 { start..text.len() } else { unclosed(text, start, is_markup) }
    };
    note(text, inside_cdata(text, value), always, found);
}

fn tag_name_end(text: &[u8], at: usize) -> usize {
    let is_end =
        |it: u8| it.is_ascii_whitespace() || matches!(it, b'>' | b'/' | b'<' | b'=' | b'"');
    find(&text[..text.len().min(at + TAG_BYTES_MAX)], at, is_end)
}

/// The place behind the `>` of a start tag. A `>` in quotes is none, unless the quotes do not close.
pub(crate) fn tag_end(text: &[u8], at: usize) -> Option<usize> {
    let near = &text[..text.len().min(at + TAG_BYTES_MAX)];
    quote_aware_end(near, at).or_else(|| {
        let end = find(near, at, |it| matches!(it, b'>' | b'<'));
        (byte(near, end) == b'>').then_some(end + 1)
    })
}

fn quote_aware_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match text.get(at)? {
            b'>' => return Some(at + 1),
            b'<' => return None,
            quote @ (b'"' | b'\'') => at = closing_quote(text, at + 1, *quote)? + 1,
            _ => at += 1,
        }
    }
}

fn attributes(text: &[u8], tag: Range<usize>, always: bool, found: &mut Vec<Found>) {
    let text = &text[..tag.end];
    let mut at = skip_space(text, tag.start);
    while at < text.len() {
        let name = at..find(text, at, |it| it == b'=');
        let Some(value) = quoted(text, skip_space(text, name.end + 1)) else { return };
        let close = find(text, value.end, |it| matches!(it, b'"' | b'\''));
        if !text[name].starts_with(b"xmlns") {
            note(text, value, always, found);
        }
        at = skip_space(text, close + 1);
    }
}

/// Where the end tag of an element stands whose content begins at `at`.
fn closing(text: &[u8], mut at: usize, word: &[u8]) -> Option<usize> {
    let mut depth = 1_usize;
    loop {
        at = find(text, at, |it| it == b'<');
        if at >= text.len() {
            return None;
        }
        let is_tag = |at: usize| {
            let after = byte(text, at + word.len());
            has_word(text, at, word)
                && (after.is_ascii_whitespace() || matches!(after, b'>' | b'/'))
        };
        if text[at..].starts_with(CDATA) {
            at = cdata_end(text, at)?;
        } else if byte(text, at + 1) == b'/' && is_tag(at + 2) {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        } else if is_tag(at + 1) && tag_end(text, at + 1).is_some_and(|it| text[it - 2] != b'/') {
            depth += 1;
        }
        at += 1;
    }
}

fn cdata_end(text: &[u8], at: usize) -> Option<usize> {
    text[at..].windows(3).position(|it| it == b"]]>").map(|end| at + end + 2)
}

/// What an element without an end tag holds. In markup that was cut or is broken, it is all up to
/// the next tag, or to the end where tags stand within; in other text, where `<token>` may be a
/// place to fill in, the word that is joined to it.
fn unclosed(text: &[u8], start: usize, is_markup: bool) -> Range<usize> {
    let next = find(text, start, |it| it == b'<');
    if !is_markup {
        let is_end =
            |it: u8| it.is_ascii_whitespace() || !it.is_ascii_alphanumeric() && it.is_ascii();
        return start..find(&text[..next], start, is_end);
    }
    let is_nested = skip_space(text, start) == next;
    start..if is_nested { text.len() } else { next }
}

/// Without the marks of a CDATA section that is the whole value.
fn inside_cdata(text: &[u8], value: Range<usize>) -> Range<usize> {
    let inner = &text[value.clone()];
    let is_whole = inner.starts_with(CDATA)
        && inner.ends_with(b"]]>")
        && cdata_end(text, value.start) == Some(value.end - 1);
    if is_whole { value.start + CDATA.len()..value.end - 3 } else { value }
}
