//! Texts that are nearly a known credential: cut, or with a letter that is another.
//!
//! Whoever reads 31 of 32 digits has the key after sixteen attempts. Such a text holds one half of the
//! credential as it is, so the halves are looked for, and what stands around one is compared with the
//! rest. What is covered is the whole word, so that its length tells what is wrong with it.
//!
//! Ids share their beginning with credentials as well: `SIM-0001` with a token `SIM-0001-x9`. So how much
//! may be missing depends on the length ([`missing_max`]), and what is shared has to be telling.
//!
//! Not here: credentials that stand in a text as they are (`known`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::telling::{CHARS_MIN, DIGITS_MIN, WORD_CHARS_MIN};

/// Fewest bytes of a credential of which a half is telling. Up to there one letter may be missing or
/// another, as all but one is as good as all.
const LONG_BYTES_MIN: usize = 24;

/// Fewest bytes of a credential of which a quarter may be missing. Shorter ones have the rest in common
/// with ids and words.
const MIDDLING_BYTES_MIN: usize = 16;

/// Longest credential of which parts are looked for; each look at one takes time in proportion to it.
const BYTES_MAX: usize = 256;

/// Fewest different characters of what is shared: `00000000-0000-` begins ids of every kind.
const DIFFERENT_MIN: usize = 7;

/// Credentials that may share a half. One that more share is how a list of them begins, and says nothing.
const SHARERS_MAX: usize = 8;

/// Credentials of which parts are looked for, so that the second automaton is made anew in some
/// milliseconds too. Where there are more, none is.
const CREDENTIALS_MAX: usize = 5_000;

/// The halves of credentials.
#[derive(Debug, Default)]
pub(crate) struct Near {
    finder: Option<AhoCorasick>,
    /// By pattern.
    halves: Vec<Half>,
    /// What is shown on purpose, in small letters.
    public: BTreeSet<String>,
}

#[derive(Clone, Debug)]
struct Half {
    whole: Vec<u8>,
    /// Where in the whole it lies.
    place: Range<usize>,
}

/// How many bytes of a credential may be missing in a text that is to be masked.
fn missing_max(bytes: usize) -> usize {
    match bytes {
        LONG_BYTES_MIN.. => bytes / 2,
        MIDDLING_BYTES_MIN.. => bytes / 4,
        _ => 1,
    }
}

impl Near {
    /// Of credentials as they are looked for. One finder more that cannot be built is done without.
    pub(crate) fn new(wholes: &[Vec<u8>], public: &BTreeSet<String>) -> Self {
        if wholes.len() > CREDENTIALS_MAX {
            return Near::default();
        }
        let mut sharers: BTreeMap<Vec<u8>, Vec<Half>> = BTreeMap::new();
        for whole in wholes.iter().filter(|it| (CHARS_MIN..=BYTES_MAX).contains(&it.len())) {
            let middle = whole.len() / 2;
            for place in [0..middle, middle..whole.len()] {
                let key = whole[place.clone()].to_ascii_lowercase();
                sharers.entry(key).or_default().push(Half { whole: whole.clone(), place });
            }
        }
        sharers.retain(|_, halves| halves.len() <= SHARERS_MAX);
        let (mut patterns, mut halves) = (Vec::new(), Vec::new());
        for (pattern, sharing) in sharers {
            for half in sharing {
                patterns.push(pattern.clone());
                halves.push(half);
            }
        }
        if patterns.is_empty() {
            return Near::default();
        }
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
        Near { finder: builder.build(&patterns).ok(), halves, public: public.clone() }
    }

    /// Where texts stand that are nearly a credential. They may overlap.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        let Some(finder) = &self.finder else { return };
        if !finder.is_match(text) {
            return;
        }
        // What is covered is not looked at again: a text may be made of nothing but halves.
        let mut covered = 0;
        for hit in finder.find_overlapping_iter(text) {
            let Some(half) = self.halves.get(hit.pattern().as_usize()) else { continue };
            if hit.end() <= covered {
                continue;
            }
            if let Some(range) = half.nearly(text, hit.range())
                && !self.is_public(text, &range)
            {
                covered = range.end;
                found(range);
            }
        }
    }

    /// Whether the word that a range lies in is one that is shown on purpose.
    fn is_public(&self, text: &[u8], range: &Range<usize>) -> bool {
        let before =
            text[..range.start].iter().rev().take(BYTES_MAX).take_while(|it| is_word(**it));
        let behind = text[range.end..].iter().take(BYTES_MAX).take_while(|it| is_word(**it));
        let word = &text[range.start - before.count()..range.end + behind.count()];
        let is_known = |it: &[u8]| {
            std::str::from_utf8(it).is_ok_and(|it| self.public.contains(&it.to_lowercase()))
        };
        is_known(word) || is_known(&text[range.clone()])
    }
}

impl Half {
    /// The range of the text around one hit that is nearly the whole; `None` where it shares too little
    /// with it, or all.
    fn nearly(&self, text: &[u8], hit: Range<usize>) -> Option<Range<usize>> {
        let whole = &self.whole[..];
        let (behind, ahead) = (&whole[self.place.end..], &whole[..self.place.start]);
        let (after, before) = (&text[hit.end..], &text[..hit.start]);
        let back: Vec<u8> = before.iter().rev().take(ahead.len() + 1).copied().collect();
        let ahead: Vec<u8> = ahead.iter().rev().copied().collect();
        let (n_after, n_before) = (shared(after, behind), shared(&back, &ahead));
        let n_shared = self.place.len() + n_after.shared + n_before.shared;
        let missing = whole.len() - n_shared;
        if missing == 0 && n_after.length == behind.len() && n_before.length == ahead.len()
            || missing > missing_max(whole.len())
        {
            return None;
        }
        let shared_text = &text[hit.start - n_before.length..hit.end + n_after.length];
        if !is_telling(shared_text, missing) {
            return None;
        }
        // The rest of the word, as far as the credential would reach.
        let rest = |text: &[u8], length: usize, most: usize| {
            let more = text.iter().skip(length).take(most.saturating_sub(length));
            length + more.take_while(|it| is_word(**it)).count()
        };
        let start = hit.start - rest(&back, n_before.length, ahead.len());
        Some(start..hit.end + rest(after, n_after.length, behind.len()))
    }
}

/// How far a text goes with a part of a credential.
#[derive(Clone, Copy, Debug)]
struct Shared {
    /// Bytes that both have.
    shared: usize,
    /// Bytes of the text up to the last of them.
    length: usize,
}

/// How far a text goes with what is wanted, with one byte another, missing or too many.
fn shared(text: &[u8], wanted: &[u8]) -> Shared {
    let same = |text: &[u8], wanted: &[u8]| {
        let pairs = text.iter().zip(wanted);
        pairs.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
    };
    let first = same(text, wanted);
    let beyond = |skipped: usize, missed: usize| {
        let (text, wanted) = (text.get(first + skipped..)?, wanted.get(first + missed..)?);
        let more = same(text, wanted);
        (more > 0).then_some(Shared { shared: first + more, length: first + skipped + more })
    };
    // Another byte stands there only within a word: an end of one is where it was cut.
    let is_other = text.get(first).is_some_and(|it| is_word(*it));
    let ways = [
        if is_other { beyond(1, 1) } else { None },
        beyond(0, 1),
        if is_other { beyond(1, 0) } else { None },
    ];
    let plain = Shared { shared: first, length: first };
    ways.into_iter()
        .flatten()
        .fold(plain, |best, it| if it.shared > best.shared { it } else { best })
}

/// Whether a part of a credential is nobody else's: of different characters, and with a digit among
/// letters or as long as a word never is.
fn is_telling(part: &[u8], missing: usize) -> bool {
    let different: BTreeSet<u8> = part.iter().map(u8::to_ascii_lowercase).collect();
    let has_digit = part.iter().any(u8::is_ascii_digit);
    let has_letter = part.iter().any(|it| it.is_ascii_alphabetic() || !it.is_ascii());
    let long_min = match (has_letter, missing) {
        (false, _) => DIGITS_MIN,
        (true, ..=1) => LETTERS_MIN,
        (true, _) => WORD_CHARS_MIN,
    };
    let is_mixed = has_digit && has_letter && part.len() >= CHARS_MIN;
    // A word with a number behind it begins ids and names too.
    let is_mixed = is_mixed && (missing <= 1 || !is_numbered_word(part));
    different.len() >= DIFFERENT_MIN && (is_mixed || part.len() >= long_min)
}

/// Fewest characters of a part without any digit of which one more character makes the credential, as
/// `sim-secret-` of `sim-secret-1`.
const LETTERS_MIN: usize = 11;

fn is_numbered_word(part: &[u8]) -> bool {
    let is_letter = |it: &&u8| it.is_ascii_alphanumeric() || !it.is_ascii();
    let signs = part.iter().rev().take_while(|it| !is_letter(it)).count();
    let core = &part[..part.len() - signs];
    let digits = core.iter().rev().take_while(|it| it.is_ascii_digit()).count();
    digits > 0 && !core[..core.len() - digits].iter().any(u8::is_ascii_digit)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || !byte.is_ascii()
}
