//! The credentials that the program knows, looked for by their value.
//!
//! # What is looked for
//!
//! A short or plain value may be something innocent as well: a password `17`, a token `Smith`, a key
//! that is a telephone number. Masking it wherever it stands would hide ids, names and numbers, and
//! would tell the reader what the password is. So a value counts only if nobody else is likely to
//! have it ([`is_telling`]); the others are masked by name and place alone. A value that is public in
//! another role, such as a login that is its own password, is taken out with [`Builder::public`].
//!
//! Values are found in any case of their letters, and a blank is found as `+` too, as forms write
//! it. Encodings are undone by the caller (`layer`), but for those that keep the shape of a text:
//! Latin-1, and UTF-16 without its NULs.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use super::near::Near;
use super::telling::{CHARS_MIN, DIGITS_MIN, NUMBERED_WORD_CHARS_MIN, WORD_CHARS_MIN};
use super::{escape, tag};

/// Known credentials. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    finder: Option<AhoCorasick>,
    /// What stands in place of each pattern.
    tags: Vec<String>,
    /// Whether a blank and a `+` are one.
    folds: bool,
    /// Whether one of them holds what begins an escape, and so may look like one itself.
    escapes: bool,
    /// Whether one of them is no ASCII.
    foreign: bool,
    near: Near,
}

/// More or longer credentials than an automaton can hold.
#[derive(Debug, thiserror::Error)]
#[error("expected credentials of less than 2 GiB together, found more: {0}")]
pub struct TooMany(#[from] aho_corasick::BuildError);

/// Gathers credentials.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    secrets: BTreeSet<String>,
    public: BTreeSet<String>,
}

impl Builder {
    /// A token, key or password of any world.
    pub fn secret(&mut self, value: &str) -> &mut Self {
        if is_telling(value) {
            self.secrets.insert(value.to_owned());
        }
        self
    }

    /// A value that is shown elsewhere on purpose: a login, an id, a name.
    pub fn public(&mut self, value: &str) -> &mut Self {
        self.public.insert(value.to_lowercase());
        self
    }

    /// What was gathered, ready to be looked for.
    ///
    /// # Errors
    /// Where the credentials are too many for one automaton.
    pub fn build(&self) -> Result<Known, TooMany> {
        let secrets = self.secrets.iter().filter(|it| !self.public.contains(&it.to_lowercase()));
        let (mut patterns, mut tags) = (Vec::new(), Vec::new());
        for secret in secrets {
            for pattern in spellings(secret) {
                patterns.push(pattern);
                tags.push(tag::of(secret.as_bytes(), true));
            }
        }
        if patterns.is_empty() {
            return Ok(Known::default());
        }
        let folds = patterns.iter().any(|it| it.iter().any(|byte| matches!(byte, b' ' | b'+')));
        if folds {
            for pattern in &mut patterns {
                fold(pattern);
            }
        }
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
        let finder = Some(builder.build(&patterns)?);
        let near = Near::new(&patterns, &self.public);
        let escapes = patterns.iter().flatten().any(|it| escape::begins(*it));
        let foreign = !patterns.iter().all(|it| it.is_ascii());
        Ok(Known(Arc::new(Inner { finder, tags, folds, escapes, foreign, near })))
    }
}

/// Whether a value is a credential wherever it stands: at least [`CHARS_MIN`] characters; with no
/// letter, [`DIGITS_MIN`] digits; with no digit, [`WORD_CHARS_MIN`] characters; a word with a number
/// behind it, [`NUMBERED_WORD_CHARS_MIN`] characters.
pub(crate) fn is_telling(value: &str) -> bool {
    let chars = value.chars().count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if chars < CHARS_MIN || value.trim() != value {
        return false;
    }
    if !value.chars().any(char::is_alphabetic) {
        return digits >= DIGITS_MIN;
    }
    if digits == 0 {
        return chars >= WORD_CHARS_MIN;
    }
    let word = value.trim_end_matches(|it: char| it.is_ascii_digit());
    let is_numbered_word = !word.contains(|it: char| it.is_ascii_digit());
    !is_numbered_word || chars >= NUMBERED_WORD_CHARS_MIN
}

/// A secret as UTF-8, and where it is no ASCII as Latin-1 and as UTF-16 of either order without
/// NULs. Of ASCII, all of them are the same bytes.
fn spellings(secret: &str) -> BTreeSet<Vec<u8>> {
    let mut spellings = BTreeSet::from([secret.as_bytes().to_vec()]);
    if !secret.is_ascii() {
        let without_nuls = |bytes: Vec<u8>| bytes.into_iter().filter(|it| *it != 0).collect();
        let little = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = secret.encode_utf16().flat_map(u16::to_be_bytes).collect();
        // Characters up to U+00FF have one byte that is no NUL: their Latin-1.
        spellings.extend([little, big].map(without_nuls));
    }
    spellings
}

fn fold(text: &mut [u8]) {
    text.iter_mut().filter(|it| **it == b'+').for_each(|it| *it = b' ');
}

impl Known {
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.finder.is_none()
    }

    /// Whether undoing all kinds of escapes at once could undo a part of a credential.
    pub(crate) fn has_escapes(&self) -> bool {
        self.0.escapes
    }

    /// Whether one of them has letters of others than ASCII.
    pub(crate) fn is_foreign(&self) -> bool {
        self.0.foreign
    }

    /// Whether a text holds a known credential as it stands.
    pub fn contains(&self, text: &[u8]) -> bool {
        let Some(finder) = &self.0.finder else { return false };
        finder.is_match(&*self.folded(text))
    }

    /// Where known credentials stand in a text, with what takes their place. They may overlap.
    pub(crate) fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>, &str)) {
        let Some(finder) = &self.0.finder else { return };
        let text = self.folded(text);
        if !finder.is_match(&*text) {
            return;
        }
        for hit in finder.find_overlapping_iter(&*text) {
            let tag = self.0.tags.get(hit.pattern().as_usize());
            found(hit.range(), tag.map_or("***", String::as_str));
        }
    }

    /// Where texts stand that are nearly a known credential. They may overlap.
    pub(crate) fn find_near(&self, text: &[u8], found: impl FnMut(Range<usize>)) {
        self.0.near.find(&self.folded(text), found);
    }

    fn folded<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        if !self.0.folds || !text.contains(&b'+') {
            return Cow::Borrowed(text);
        }
        let mut folded = text.to_vec();
        fold(&mut folded);
        Cow::Owned(folded)
    }
}
