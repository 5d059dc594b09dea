//! Base64 and hex inside a text, read as bytes.
//!
//! A credential may begin anywhere in what was encoded, and what was encoded anywhere in a run of
//! letters: before it may stand a path or a name in the same alphabet. So a run is read from each of
//! its first places.

use std::ops::Range;

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
    fn digit(self, byte: u8) -> Option<u8> {
        Some(self.digits[usize::from(byte)]).filter(|it| *it != NONE)
    }

    /// The next run from `at` on that is long enough.
    pub(crate) fn run(self, text: &[u8], mut at: usize) -> Option<Run> {
        loop {
            let is_digit = |byte: &u8| self.digits[usize::from(*byte)] != NONE;
            at += text.get(at..)?.iter().position(is_digit)?;
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
            if at - start >= self.run_min {
                return Some(Run(start..at));
            }
        }
    }
}

impl Run {
    pub(crate) fn end(&self) -> usize {
        self.0.end
    }

    /// Appends the bytes that the run stands for when it is read from one of its first digits on.
    pub(crate) fn read(&self, packing: Packing, text: &[u8], start: usize, bytes: &mut Vec<u8>) {
        let digits = text[self.0.clone()].iter().filter_map(|byte| packing.digit(*byte));
        let (mut kept, mut n_kept) = (0_u32, 0);
        for digit in digits.skip(start) {
            kept = kept << packing.bits | u32::from(digit);
            n_kept += packing.bits;
            if n_kept >= 8 {
                n_kept -= 8;
                let [.., byte] = (kept >> n_kept).to_be_bytes();
                bytes.push(byte);
            }
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
        let is_digit = |at: &usize| packing.digit(text[*at]).is_some();
        let digits: Vec<usize> = self.0.clone().filter(is_digit).skip(start).collect();
        (0..count).map(move |index| {
            let at = |bit: usize| digits.get(bit / packing.bits).copied().unwrap_or(0);
            at(index * 8)..at(index * 8 + 7) + 1
        })
    }
}

/// Characters in a row that no other bytes show by chance.
const STRETCH_MIN: usize = 11;

/// Whether bytes are text of some kind or have some in them, so that it is worth looking for names
/// there. What was encoded may have other letters before and behind it.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
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
