//! The names under which secrets stand.
//!
//! A name is known in any case and with or without underscores, hyphens and numbers behind it:
//! `offer_token`, `offerToken`, `OFFER-TOKEN`, `leadCCNumber_1`. Of a compound name each part
//! counts: `login[password]`, `auth.token`, `ns:TokenKey`, and an `X-` before it is left aside.
//! Escapes in it are undone. A name of fewer than four letters is too easily met in that freedom, and is
//! known only as it is, in any case.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::layer;
use super::place::Pattern;

/// Fewest letters of a name whose spelling is free.
const FOLDED_CHARS_MIN: usize = 4;

/// Longest name that is looked up, with all its escapes. A longer one is none of ours.
pub(crate) const NAME_BYTES_MAX: usize = 256;

/// Most letters of a rule's name.
const NAME_CHARS_MAX: usize = 64;

/// Names of credentials that need no vendor: what is sent to an unknown address is masked as well.
const STANDING: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "client_secret",
    "api_key",
    "auth_token",
    "access_token",
    "refresh_token",
    "bearer_token",
    "session_token",
    "private_key",
    "security_token",
    "amz_security_token",
    "amz_signature",
    "amz_credential",
    "csrf_token",
    "xsrf_token",
    "id_token",
    "token",
    "session_id",
    "credential",
    "credentials",
    "signature",
    "csrf",
    "card_number",
    "authorization",
    "proxy_authorization",
];

/// Names of credentials that are words of other meanings too. They count as the whole name or its last
/// part, and on a line of its own (`pass: 3 of 4`) only before a single word.
const STANDING_WORDS: &[&str] =
    &["pwd", "pass", "auth", "bearer", "jwt", "sid", "otp", "pin", "cvv", "creds"];

/// Fewest letters of a name behind which a segment of a path is a secret.
const PLAIN_CHARS_MIN: usize = 5;

/// Where a rule's name is a secret's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Wherever the name stands.
    Named,
    /// As a parameter, a field or a JSON member, but not as an element: `<p>` is HTML.
    Parameter,
    /// The name is the end of a path, such as `/login/{user}/{password}`; `{…}` is any segment, and
    /// the last one is the secret.
    Segment,
}

/// One kind of secret.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'n> {
    pub name: &'n str,
    pub form: Form,
    /// Masked even where secrets are shown.
    pub always: bool,
}

/// Where a name was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Field,
    Element,
}

/// What is known of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) always: bool,
    as_element: bool,
    /// Whether the name is a word of another meaning too.
    pub(crate) is_word: bool,
}

/// All names of all vendors. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Names(Arc<Inner>);

impl Default for Names {
    /// Those that are secrets everywhere.
    fn default() -> Self {
        static STANDING_ALONE: LazyLock<Names> = LazyLock::new(|| Names::new([]));
        STANDING_ALONE.clone()
    }
}

#[derive(Debug)]
struct Inner {
    names: BTreeMap<Vec<u8>, Hit>,
    /// A bit for each first letter of a name, so that most words are passed at once.
    initials: u32,
    /// And of each first letter, for each second one; a name of one letter has none.
    seconds: [u32; 27],
    /// And by length.
    shapes: [u32; NAME_CHARS_MAX + 1],
    places: Vec<(Pattern, bool)>,
}

impl Names {
    /// The names of these rules, and those that are secrets everywhere.
    pub fn new<'n>(rules: impl IntoIterator<Item = Rule<'n>>) -> Self {
        let rule = |name: &'static str| Rule { name, form: Form::Named, always: false };
        let standing = STANDING.iter().map(|name| (rule(name), false));
        let words = STANDING_WORDS.iter().map(|name| (rule(name), true));
        let rules = rules.into_iter().map(|rule| (rule, false));
        let mut inner = Inner {
            names: BTreeMap::new(),
            initials: 0,
            seconds: [0; 27],
            shapes: [0; NAME_CHARS_MAX + 1],
            places: Vec::new(),
        };
        for (rule, is_word) in standing.chain(words).chain(rules) {
            if rule.form == Form::Segment {
                inner.places.push((Pattern::new(rule.name), rule.always));
                continue;
            }
            let mut letters = [0; NAME_CHARS_MAX];
            let Some(name) = fold(rule.name.as_bytes(), &mut letters).map(<[u8]>::to_vec) else {
                continue;
            };
            if let (Some(shape), Some(first)) = (inner.shapes.get_mut(name.len()), name.first()) {
                *shape |= initial(*first);
                inner.initials |= initial(*first);
                if let Some(second) = name.get(1) {
                    inner.seconds[letter(*first)] |= initial(*second);
                }
            }
            let as_element = rule.form == Form::Named;
            let hit = Hit { always: rule.always, as_element, is_word };
            let known = inner.names.entry(name).or_insert(hit);
            known.is_word &= is_word;
            known.always |= hit.always;
            known.as_element |= hit.as_element;
        }
        Names(Arc::new(inner))
    }

    /// Patterns of paths, each with whether it is always masked.
    pub(crate) fn places(&self) -> &[(Pattern, bool)] {
        &self.0.places
    }

    /// Whether what stands under this name is a secret.
    pub(crate) fn find(&self, name: &[u8], spot: Spot) -> Option<Hit> {
        if name.is_empty() || name.len() > NAME_BYTES_MAX {
            return None;
        }
        if name.iter().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-')) {
            return self.part(name, spot);
        }
        let name = layer::undone(name);
        let parts = name.split(|it| matches!(it, b'[' | b']' | b'.' | b':' | b'/' | b'$'));
        let parts: Vec<&[u8]> = parts.filter(|part| !part.is_empty()).collect();
        let last = parts.len().saturating_sub(1);
        let hits = parts.iter().enumerate().filter_map(|(idx, part)| {
            self.part(part, spot).filter(|hit| !hit.is_word || idx == last)
        });
        hits.reduce(|one, other| Hit {
            always: one.always || other.always,
            as_element: one.as_element || other.as_element,
            is_word: one.is_word && other.is_word,
        })
    }

    /// Whether a name means a secret and nothing else, so that what stands behind it on a path is one.
    pub(crate) fn is_plain(&self, name: &[u8]) -> bool {
        (PLAIN_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.len())
            && self.find(name, Spot::Element).is_some_and(|hit| !hit.is_word)
    }

    fn part(&self, part: &[u8], spot: Spot) -> Option<Hit> {
        let bare = match part {
            [b'x' | b'X', b'-' | b'_', rest @ ..] => rest,
            _ => part,
        };
        let mut head = bare.iter().filter(|it| it.is_ascii_alphanumeric() || !it.is_ascii());
        let first = head.next()?.to_ascii_lowercase();
        let second = head.next().map(u8::to_ascii_lowercase);
        let is_second = |it| self.0.seconds[letter(first)] & initial(it) != 0;
        if self.0.initials & initial(first) == 0 || !second.is_none_or(is_second) {
            return None;
        }
        let mut letters = [0; NAME_CHARS_MAX];
        let name = fold(bare, &mut letters)?;
        if self.0.shapes[name.len()] & initial(*name.first()?) == 0 {
            return None;
        }
        let hit = self.0.names.get(name).copied()?;
        (spot == Spot::Field || hit.as_element).then_some(hit)
    }
}

/// The place of a letter in small case; all that is none has the last one.
fn letter(byte: u8) -> usize {
    if byte.is_ascii_lowercase() { usize::from(byte - b'a') } else { 26 }
}

fn initial(byte: u8) -> u32 {
    1 << letter(byte)
}

/// A name as it is compared, written into a space for it; `None` where it is longer.
fn fold<'l>(name: &[u8], letters: &'l mut [u8; NAME_CHARS_MAX]) -> Option<&'l [u8]> {
    let mut length = 0;
    for byte in name.iter().filter(|it| it.is_ascii_alphanumeric() || !it.is_ascii()) {
        *letters.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    let numbers = letters[..length].iter().rev().take_while(|it| it.is_ascii_digit()).count();
    let word = length - numbers;
    if word >= FOLDED_CHARS_MIN {
        return Some(&letters[..word]);
    }
    let exact = letters.get_mut(..name.len())?;
    exact.copy_from_slice(name);
    exact.make_ascii_lowercase();
    Some(exact)
}
