//! What a reply of the target says of the combinations of positions that it was held against.
//!
//! A feature strikes a combination only where the combinations themselves differ in it, what it
//! stands in is as at the target, and another combination has the target's value. What no combination
//! has is a fact of the vendor's, and strikes nothing.

use std::collections::BTreeSet;

use crate::calibrate::features::{ANYTHING, Features, Key, Part};

/// Something of the target's that no position has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Odd {
    pub(crate) key: Key,
    pub(crate) expected: Option<String>,
    pub(crate) found: Option<String>,
    /// Whether the combinations differ in it, so that it would have decided something.
    pub(crate) decides: bool,
}

/// What an exchange came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Struck {
    /// The combinations that are left, by their places.
    pub(crate) left: BTreeSet<usize>,
    pub(crate) odd: Vec<Odd>,
    /// Whether the features contradict one another, so that nothing was struck.
    pub(crate) contradicts: bool,
}

/// Holds the target's reply against what each combination would have given.
pub(crate) fn strike(target: &Features, combinations: &[&Features]) -> Struck {
    let all: BTreeSet<usize> = (0..combinations.len()).collect();
    let mut struck = Struck { left: all.clone(), ..Struck::default() };
    let mut keys: BTreeSet<&Key> = target.by_key.keys().collect();
    keys.extend(combinations.iter().flat_map(|it| it.by_key.keys()));
    let strange = target.has_strangers(combinations);
    for key in keys.into_iter().filter(|key| !(strange && key.counts_rows())) {
        judge(key, target, combinations, &mut struck);
    }
    if struck.left.is_empty() {
        struck = Struck { left: all, contradicts: true, odd: struck.odd };
    }
    struck
}

/// Whether what the target shows in a feature can be held against that of a combination.
fn is_comparable(key: &Key, target: &Features, other: &Features) -> bool {
    match key.parent() {
        None => true,
        Some(parent) => {
            let there = target.by_key.get(&parent);
            let same = match parent.part {
                Part::Place => same_kind(there, other.by_key.get(&parent)),
                _ => there == other.by_key.get(&parent),
            };
            there.is_some() && same
        }
    }
}

/// Whether a value that is simulated may be the target's.
fn fits(simulated: Option<&String>, there: Option<&String>) -> bool {
    simulated == there || simulated.is_some_and(|it| it == ANYTHING)
}

/// Whether two places hold the same kind of thing.
fn same_kind(one: Option<&String>, other: Option<&String>) -> bool {
    let kind = |it: &String| match it.split(' ').next().unwrap_or_default() {
        "an" | "a" => "list".to_owned(),
        word => word.to_owned(),
    };
    match (one, other) {
        (Some(one), Some(other)) => kind(one) == kind(other),
        _ => false,
    }
}

fn judge(key: &Key, target: &Features, combinations: &[&Features], struck: &mut Struck) {
    let there = target.by_key.get(key);
    let judged: Vec<usize> = (0..combinations.len())
        .filter(|idx| is_comparable(key, target, combinations[*idx]))
        .collect();
    let Some(first) = judged.first() else { return };
    let value = |idx: usize| combinations[idx].by_key.get(key);
    let differ = judged.iter().any(|idx| value(*idx) != value(*first));
    let fits = |idx: &usize| fits(value(*idx), there);
    if judged.iter().any(fits) {
        if differ {
            let out: Vec<usize> = judged.iter().copied().filter(|idx| !fits(idx)).collect();
            for idx in out {
                struck.left.remove(&idx);
            }
        }
        return;
    }
    // A value that follows data is no fact as long as its form is right.
    let shape = Key { part: Part::Shape, ..key.clone() };
    let is_of_form = key.part == Part::Place
        && target.by_key.get(&shape).is_some_and(|form| {
            judged.iter().any(|idx| combinations[*idx].by_key.get(&shape) == Some(form))
        });
    if !is_of_form && key.part != Part::Order {
        let (expected, found) = (value(*first).cloned(), there.cloned());
        struck.odd.push(Odd { key: key.clone(), expected, found, decides: differ });
    }
}

/// A feature in which the target is as one world and not as another; `None` where nothing tells them
/// apart.
pub(crate) fn tells<'k>(
    target: &'k Features,
    found: &'k Features,
    other: &'k Features,
) -> Option<(&'k Key, Option<&'k String>)> {
    let keys: BTreeSet<&Key> = found.by_key.keys().chain(other.by_key.keys()).collect();
    let strange = target.has_strangers(&[found, other]);
    let mut keys = keys.into_iter().filter(|key| !(strange && key.counts_rows()));
    let key = keys.find(|key| {
        let there = target.by_key.get(key);
        fits(found.by_key.get(key), there)
            && !fits(other.by_key.get(key), there)
            && is_comparable(key, target, found)
            && is_comparable(key, target, other)
    })?;
    Some((key, other.by_key.get(key)))
}
