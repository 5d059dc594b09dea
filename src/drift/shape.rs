//! What replies to one request show, with the rows of lists taken together: which members there are, of
//! which types and forms.

use std::collections::{BTreeMap, BTreeSet};

use crate::calibrate::features::{Features, Key, Known, Part};
use crate::calibrate::question::{Bound, Heard};

/// What stands in a place of a list's row, or of a member that is called by its id.
const ANY_ROW: &str = "*";

/// Digits of the shortest name that is an id.
const ID_DIGITS_MIN: usize = 3;

/// Characters of the shortest text that is taken for a token or another drawn id.
const DRAWN_CHARS_MIN: usize = 16;

/// What a reply shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape(pub(super) BTreeMap<Key, BTreeSet<String>>);

impl Shape {
    /// Of a reply.
    pub(super) fn of(heard: &Heard) -> Shape {
        let features = Features::of(std::slice::from_ref(heard), &Bound::new(), &Known::default());
        let mut shape: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
        for (key, value) in features.by_key {
            let value = match key.part {
                Part::Shape => drawn(&value),
                Part::Order => value.split(' ').map(step).collect::<Vec<_>>().join(" "),
                _ => value,
            };
            let way = key.way.iter().map(|it| step(it)).collect();
            shape.entry(Key { way, ..key }).or_default().insert(value);
        }
        Shape(shape)
    }

    /// The values of a feature.
    pub(super) fn get(&self, key: &Key) -> Option<&BTreeSet<String>> {
        self.0.get(key)
    }

    /// What a place holds: members, a list, or types of values.
    pub(super) fn kinds(&self, key: &Key) -> BTreeSet<&str> {
        self.0.get(key).into_iter().flatten().map(|value| kind(value)).collect()
    }
}

/// The type of a value, in a word. A list is one, whether there is something in it or not.
pub(super) fn kind(value: &str) -> &str {
    match value {
        "an empty list" | "a list" => "list",
        "members" => "members",
        value => value.split(' ').next().unwrap_or_default(),
    }
}

/// A step of the way to a place: rows are told by their place or id, which is not what they are.
fn step(step: &str) -> String {
    let is_number = !step.is_empty() && step.bytes().all(|it| it.is_ascii_digit());
    // Places in a list are numbers of any length.
    if is_number && (step.len() >= ID_DIGITS_MIN || step.parse::<u16>().is_ok()) {
        ANY_ROW.to_owned()
    } else {
        step.to_owned()
    }
}

/// The form of a token or a drawn id: which of its characters are digits is chance.
fn drawn(form: &str) -> String {
    let Some((kind, text)) = form.split_once(' ') else { return form.to_owned() };
    let is_drawn = text.chars().count() >= DRAWN_CHARS_MIN
        && text.contains('9')
        && text.contains('a')
        && text.chars().all(|it| matches!(it, '9' | 'a' | '-' | '_' | '.' | '='));
    if !is_drawn {
        return form.to_owned();
    }
    let plain = |it| if it == '9' { 'a' } else { it };
    format!("{kind} {}", text.chars().map(plain).collect::<String>())
}
