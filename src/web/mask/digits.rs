//! Digests, told by their form: so many hex digits, in what a vendor was sent whose credentials are
//! digests of requests.
//!
//! A world cannot know each of them, as each request has its own. In what other vendors are sent, such
//! digits are a checksum or an id, and stay.

use std::ops::Range;

use super::text::byte;

/// Digits that a digest may lack and still be masked. An MD5 or a UUID lacks eight of a SHA-1's forty.
const CUT_MAX: usize = 6;

/// Letters in a digest that are no hex digits: somebody typed it.
const MISTYPED_MAX: usize = 2;

/// Lengths of the groups in which digests are written.
const GROUPS: &[usize] = &[2, 4, 5, 8, 10];

/// Where digests of that many hex digits stand in a text.
pub(crate) fn find(text: &[u8], digits: usize, mut found: impl FnMut(Range<usize>)) {
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        let word = at..at + length;
        if length + CUT_MAX >= digits && is_digest(&text[word.clone()]) {
            found(word.clone());
        } else if let Some(end) = in_base64(text, at, digits) {
            found(at..end);
            at = end;
            continue;
        } else if GROUPS.contains(&length)
            && let Some(end) = grouped(text, &word, digits)
        {
            found(at..end);
            at = end;
            continue;
        }
        at = word.end + 1;
    }
}

/// Where the Base64 of a digest's bytes ends that begins here. Its padding tells it from a word.
fn in_base64(text: &[u8], at: usize, digits: usize) -> Option<usize> {
    let is_letter = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'-' | b'_');
    let (length, pads) = (digits.div_ceil(2) * 8 / 6 + 1, (3 - digits.div_ceil(2) % 3) % 3);
    let run = text.get(at..at + length)?;
    let is_whole = at.checked_sub(1).is_none_or(|before| !is_letter(text[before]));
    let padding = text.get(at + length..at + length + pads)?;
    let has = |is: fn(&u8) -> bool| run.iter().any(is);
    (pads > 0
        && is_whole
        && run.iter().all(|it| is_letter(*it))
        && padding.iter().all(|it| *it == b'=')
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit))
    .then_some(at + length + pads)
}

/// Where groups of digits that begin with this one end, if they are as many digits as a digest has.
fn grouped(text: &[u8], first: &Range<usize>, digits: usize) -> Option<usize> {
    let separator = byte(text, first.end);
    if !matches!(separator, b':' | b'-' | b' ' | b'.' | b'_') || !digits.is_multiple_of(first.len())
    {
        return None;
    }
    let n_groups = digits / first.len();
    let end = first.start + digits + n_groups - 1;
    let whole = text.get(first.start..end)?;
    let mut groups = whole.chunks(first.len() + 1);
    let is_group = |group: &[u8]| {
        let (digits, behind) = group.split_at(first.len());
        digits.iter().all(u8::is_ascii_hexdigit) && behind.iter().all(|it| *it == separator)
    };
    let is_end = !byte(text, end).is_ascii_alphanumeric();
    (groups.all(is_group) && has_letter(whole) && is_end).then_some(end)
}

fn is_digest(word: &[u8]) -> bool {
    let others = word.iter().filter(|it| !it.is_ascii_hexdigit()).count();
    others <= MISTYPED_MAX && has_letter(word) && word.iter().any(u8::is_ascii_digit)
}

/// Digits alone are a number; a digest has none of `a` to `f` once in 10⁸.
fn has_letter(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_alphabetic)
}
