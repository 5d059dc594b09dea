//! One escape, undone: percent, JSON and C, XML and HTML.
//!
//! All kinds are known at once, since a text is seldom one thing only: a form holds JSON, JSON holds
//! an address, a page holds both.

use memchr::{memchr, memchr3};

use super::text::byte;

/// What an escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Char(char),
    Byte(u8),
    /// A NUL. It is left out, so that ASCII text in UTF-16 or UTF-32 of either order reads as text.
    Nothing,
}

/// What the escapes of the three kinds begin with.
pub(crate) const SIGNS: [u8; 3] = [b'%', b'\\', b'&'];

/// Whether an escape can begin with this byte.
pub(crate) fn begins(byte: u8) -> bool {
    matches!(byte, 0 | b'%' | b'\\' | b'&')
}

/// Bytes that are searched at once. A sign that stands far away is looked for again and again where
/// NULs stand close together.
const STEP_BYTES: usize = 256;

/// The next byte from a place on that may begin an escape.
pub(crate) fn next(text: &[u8], from: usize) -> Option<usize> {
    let [one, two, three] = SIGNS;
    let mut at = from;
    for step in text.get(from..)?.chunks(STEP_BYTES) {
        let sign = memchr3(one, two, three, step);
        let nul = memchr(0, &step[..sign.unwrap_or(step.len())]);
        if let Some(found) = nul.or(sign) {
            return Some(at + found);
        }
        at += step.len();
    }
    None
}

/// The escape at a place and its length in bytes; `None` where there is none.
pub(crate) fn at(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    match text.get(at)? {
        0 => Some((Plain::Nothing, 1)),
        b'%' => percent(text, at),
        b'\\' => backslash(text, at),
        b'&' => entity(text, at),
        _ => None,
    }
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    digits.iter().try_fold(0, |value, it| Some(value * 16 + char::from(*it).to_digit(16)?))
}

fn percent(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    if let Some(value) = hex(text, at + 1, 2) {
        return Some((Plain::Byte(u8::try_from(value).ok()?), 3));
    }
    // `%u0041`, as old scripts write it.
    let is_long = byte(text, at + 1).eq_ignore_ascii_case(&b'u');
    let value = hex(text, at + 2, 4).filter(|_| is_long)?;
    Some((Plain::Char(char::from_u32(value)?), 6))
}

fn backslash(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    let plain = match text.get(at + 1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        it @ (b'/' | b'\\' | b'"' | b'\'') => char::from(*it),
        b'x' => return Some((Plain::Byte(u8::try_from(hex(text, at + 2, 2)?).ok()?), 4)),
        b'u' if byte(text, at + 2) == b'{' => return braced(text, at),
        b'u' => return utf16(text, at),
        _ => return None,
    };
    Some((Plain::Char(plain), 2))
}

/// `\u{41}`.
fn braced(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    let digits = text.get(at + 3..)?.iter().take(6).take_while(|it| it.is_ascii_hexdigit()).count();
    let is_closed = digits > 0 && byte(text, at + 3 + digits) == b'}';
    let value = hex(text, at + 3, digits).filter(|_| is_closed)?;
    Some((Plain::Char(char::from_u32(value)?), digits + 4))
}

/// `\u0041`, or a pair of surrogates.
fn utf16(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    let first = hex(text, at + 2, 4)?;
    if let Some(plain) = char::from_u32(first) {
        return Some((Plain::Char(plain), 6));
    }
    let second =
        if text.get(at + 6..at + 8)? == b"\\u" { hex(text, at + 8, 4)? } else { return None };
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let plain = char::decode_utf16(units).next()?.ok()?;
    Some((Plain::Char(plain), 12))
}

/// Longest name of an entity in the table.
const ENTITY_NAME_BYTES_MAX: usize = 8;

/// The entities of the printable ASCII characters, of line ends and of the blank that does not
/// break: a credential has few others.
const ENTITIES: &[(&[u8], char)] = &[
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", ' '),
    (b"Tab", '\t'),
    (b"NewLine", '\n'),
    (b"excl", '!'),
    (b"num", '#'),
    (b"dollar", '$'),
    (b"percnt", '%'),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"ast", '*'),
    (b"plus", '+'),
    (b"comma", ','),
    (b"dash", '-'),
    (b"hyphen", '-'),
    (b"period", '.'),
    (b"sol", '/'),
    (b"colon", ':'),
    (b"semi", ';'),
    (b"equals", '='),
    (b"quest", '?'),
    (b"commat", '@'),
    (b"lsqb", '['),
    (b"lbrack", '['),
    (b"bsol", '\\'),
    (b"rsqb", ']'),
    (b"rbrack", ']'),
    (b"Hat", '^'),
    (b"lowbar", '_'),
    (b"grave", '`'),
    (b"lcub", '{'),
    (b"lbrace", '{'),
    (b"verbar", '|'),
    (b"vert", '|'),
    (b"rcub", '}'),
    (b"rbrace", '}'),
];

fn entity(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    if byte(text, at + 1) == b'#' {
        return numbered(text, at);
    }
    let rest = text.get(at + 1..)?;
    let letters = rest.iter().take(ENTITY_NAME_BYTES_MAX).take_while(|it| it.is_ascii_alphabetic());
    let length = letters.count();
    let is_closed = byte(rest, length) == b';';
    let known = ENTITIES.iter().find(|(name, _)| *name == &rest[..length]).filter(|_| is_closed);
    known.map(|(_, plain)| (Plain::Char(*plain), length + 2))
}

/// `&#65;` or `&#x41;`; the semicolon may be missing, as browsers allow.
fn numbered(text: &[u8], at: usize) -> Option<(Plain, usize)> {
    let is_hex = byte(text, at + 2).eq_ignore_ascii_case(&b'x');
    let (start, radix) = if is_hex { (at + 3, 16) } else { (at + 2, 10) };
    let rest = text.get(start..)?;
    let mut value = 0_u32;
    let mut length = 0;
    while let Some(digit) = char::from(byte(rest, length)).to_digit(radix) {
        // A number too large is no character; leading zeros are allowed without end.
        value = value.saturating_mul(radix).saturating_add(digit);
        length += 1;
    }
    let plain = char::from_u32(value).filter(|_| length > 0)?;
    let semicolon = usize::from(byte(rest, length) == b';');
    Some((Plain::Char(plain), start - at + length + semicolon))
}
