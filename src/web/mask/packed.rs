//! Base64 and hex inside a text, read as bytes.
//!
//! A credential may begin anywhere in what was encoded, and what was encoded anywhere in a run of
//! letters: before it may stand a path or a name in the same alphabet. So a run is read from each of
//! its first places.

use std::ops::Range;

use super::telling::CHARS_MIN;

/// An alphabet of digits of so many bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packing {
    bits: usize,
    /// What each byte is worth; [`NONE`] for what is no digit.
    digits: &'static [u8; 256],
    /// Shortest run that can hold the shortest credential that is looked for by its value.
    run_min: usize,
    /// How many first places differ.
    pub(crate) starts: usize,
    /// Longest line after which a line end is taken for one of the encoding's own.
    line_min: usize,
}

const NONE: u8 = u8::MAX;

/// Base64, standard and URL alphabet, padded or not, in lines or not.
pub(crate) const BASE64: Packing =
    Packing { bits: 6, digits: &BASE64_DIGITS, run_min: 11, starts: 4, line_min: 60 };

/// Hex digits of either case, in one line.
pub(crate) const HEX: Packing =
    Packing { bits: 4, digits: &HEX_DIGITS, run_min: 16, starts: 2, line_min: usize::MAX };

static BASE64_DIGITS: [u8; 256] = table(&[
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
]);

static HEX_DIGITS: [u8; 256] = table(&[b"0123456789abcdef", b"0123456789ABCDEF"]);

const fn table(alphabets: &[&[u8]]) -> [u8; 256] {
    let mut table = [NONE; 256];
    let mut which = 0;
    while which < alphabets.len() {
        // An alphabet has at most 64 letters.
        let mut worth: u8 = 0;
        while (worth as usize) < alphabets[which].len() {
            table[alphabets[which][worth as usize] as usize] = worth;
            worth += 1;
        }
        which += 1;
    }
    table
}

/// A run of digits, with the line ends that the encoding put between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run(Range<usize>);

impl Packing {
    /// Appends the bytes that these digits stand for. What is left of the last byte is dropped.
    pub(crate) fn read(self, digits: &[u8], bytes: &mut Vec<u8>) {
        if self.bits == 4 {
            let (pairs, _) = digits.as_chunks::<2>();
            bytes.extend(pairs.iter().map(|[high, low]| high << 4 | low));
            return;
        }
        let (fours, rest) = digits.as_chunks::<4>();
        bytes.extend(fours.iter().flat_map(|it| three(*it)));
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        bytes.extend_from_slice(&three(last)[..rest.len().saturating_sub(1)]);
    }

    /// How many whole bytes so many digits stand for.
    fn count(self, digits: &[u8]) -> usize {
        digits.len() * self.bits / 8
    }

    /// One of the bytes that these digits stand for; there is one at that place.
    fn byte(self, digits: &[u8], at: usize) -> u8 {
        let bit = at * 8;
        let first = digits[bit / self.bits];
        let second = digits[bit / self.bits + 1];
        match (self.bits, bit % self.bits) {
            (4, _) => first << 4 | second,
            (_, 0) => first << 2 | second >> 4,
            (_, 2) => first << 4 | second >> 2,
            (_, _) => first << 6 | second,
        }
    }

    /// Whether these digits may stand for a text or hold a known credential. Most runs are words,
    /// which read as noise, and are told by a few of their bytes: a stretch of text has one at each
    /// place that a stretch cannot miss. With `with_foreign`, a credential has letters of others
    /// than ASCII.
    pub(crate) fn may_tell(self, digits: &[u8], with_foreign: bool) -> bool {
        let is_plain = |byte: u8| byte == 0 || is_plain(byte) || with_foreign && !byte.is_ascii();
        let count = self.count(digits);
        let mut last = CHARS_MIN - 1;
        while last < count {
            let back = (0..CHARS_MIN).take_while(|n| is_plain(self.byte(digits, last - n))).count();
            if back == CHARS_MIN {
                return true;
            }
            last = last - back + CHARS_MIN;
        }
        self.may_be_utf_8(digits, count)
    }

    /// Whether all bytes of a run could be those of a text.
    fn may_be_utf_8(self, digits: &[u8], count: usize) -> bool {
        let mut more = 0;
        for byte in (0..count).map(|at| self.byte(digits, at)) {
            let is_next = matches!(byte, 0x80..=0xbf);
            if is_next != (more > 0) || byte != 0 && byte.is_ascii() && !is_plain(byte) {
                return false;
            }
            more = match byte {
                0xc2..=0xdf => 1,
                0xe0..=0xef => 2,
                0xf0..=0xf4 => 3,
                _ if is_next => more - 1,
                _ if byte.is_ascii() => 0,
                _ => return false,
            };
        }
        more == 0
    }

    /// The next run from `at` on that is long enough.
    pub(crate) fn run(self, text: &[u8], mut at: usize) -> Option<Run> {
        let is_digit = |byte: &u8| self.digits[usize::from(*byte)] != NONE;
        loop {
            // From its last byte back, so that most of a text is passed unread.
            let shortest = text.get(at..at + self.run_min)?;
            if let Some(gap) = shortest.iter().rposition(|it| !is_digit(it)) {
                at += gap + 1;
                continue;
            }
            let start = at;
            loop {
                let line = at;
                at += text[at..].iter().take_while(|it| is_digit(it)).count();
                let end = at + usize::from(text.get(at) == Some(&b'\r'));
                let goes_on = at - line >= self.line_min
                    && text.get(end) == Some(&b'\n')
                    && text.get(end + 1).is_some_and(is_digit);
                if !goes_on {
                    break;
                }
                at = end + 1;
            }
            return Some(Run(start..at));
        }
    }
}

impl Run {
    pub(crate) fn range(&self) -> Range<usize> {
        self.0.clone()
    }

    /// The next run of hex digits from `from` on in this run of Base64's; each lies in one of those.
    pub(crate) fn hex(&self, text: &[u8], from: usize) -> Option<Run> {
        HEX.run(&text[..self.0.end], from)
    }

    /// What each digit of the run is worth.
    pub(crate) fn digits(&self, packing: Packing, text: &[u8], digits: &mut Vec<u8>) {
        digits.clear();
        digits.extend(text[self.0.clone()].iter().map(|byte| packing.digits[usize::from(*byte)]));
        // Only a line end is no digit.
        if digits.contains(&NONE) {
            digits.retain(|digit| *digit != NONE);
        }
    }

    /// Where in the text each of so many bytes is written.
    pub(crate) fn places(
        &self,
        packing: Packing,
        text: &[u8],
        start: usize,
        count: usize,
    ) -> impl Iterator<Item = Range<usize>> + use<> {
        let is_digit = |at: &usize| packing.digits[usize::from(text[*at])] != NONE;
        let digits: Vec<usize> = self.0.clone().filter(is_digit).skip(start).collect();
        (0..count).map(move |index| {
            let at = |bit: usize| digits.get(bit / packing.bits).copied().unwrap_or(0);
            at(index * 8)..at(index * 8 + 7) + 1
        })
    }
}

fn three([a, b, c, d]: [u8; 4]) -> [u8; 3] {
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
}

/// Characters in a row that no other bytes show by chance.
const STRETCH_MIN: usize = 11;

/// Whether bytes are text of some kind or have some in them, so that it is worth looking for names
/// there. What was encoded may have other letters before and behind it.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let mut stretch = 0;
    for byte in bytes.iter().filter(|it| **it != 0) {
        stretch = if is_plain(*byte) { stretch + 1 } else { 0 };
        if stretch >= STRETCH_MIN {
            return true;
        }
    }
    let is_shown = |byte: &u8| is_plain(*byte) || !byte.is_ascii() || *byte == 0;
    bytes.iter().all(is_shown) && std::str::from_utf8(bytes).is_ok()
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}
