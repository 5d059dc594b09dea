//! Compares two replies to the same request.

use std::collections::BTreeSet;

use crate::calibrate::features::{Key, Part};
use crate::contract::vendor::Vendor;
use crate::drift::finding::{Finding, OfOperation};
use crate::drift::shape::{Shape, kind};
use crate::drift::vary::{Why, is_drawn, why};

/// Two replies to one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'p> {
    pub(super) vendor: &'static Vendor,
    /// What the request is called.
    pub(super) step: &'p str,
    pub(super) before: &'p Shape,
    pub(super) now: &'p Shape,
    pub(super) knows: Knows,
}

/// What of the first reply is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knows {
    pub(super) status: bool,
    pub(super) headers: bool,
    pub(super) body: Body,
}

/// How much of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    All,
    /// What has to be there; there may be more, in any order.
    Part,
    Nothing,
}

impl Knows {
    /// A reply that came.
    pub(super) const ALL: Knows = Knows { status: true, headers: true, body: Body::All };
}

/// Adds what differs.
pub(super) fn compare(pair: Pair<'_>, found: &mut OfOperation) {
    let Pair { before, now, knows, .. } = pair;
    let has_body = knows.body != Body::Nothing;
    let renamed = if has_body { renamed(pair, found) } else { Vec::new() };
    let keys: BTreeSet<&Key> = before.0.keys().chain(now.0.keys()).collect();
    for key in keys {
        if renamed.iter().any(|way| key.way.starts_with(way)) {
            continue;
        }
        let is_known = match key.part {
            Part::Status => knows.status,
            Part::Header(_) => knows.headers,
            _ => has_body,
        };
        if !is_known {
            continue;
        }
        // Of what does not stand in the same, nothing can be told.
        if key.parent().is_some_and(|parent| before.kinds(&parent) != now.kinds(&parent)) {
            continue;
        }
        match (before.get(key), now.get(key)) {
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) => differs(pair, key, (one, other), found),
            (one, other) => alone(pair, key, one.or(other), one.is_some(), found),
        }
    }
}

/// Members that have another name: one is missing, and another with the same in it is there.
fn renamed(pair: Pair<'_>, found: &mut OfOperation) -> Vec<Vec<String>> {
    let Pair { before, now, .. } = pair;
    let is_place =
        |key: &&Key| key.part == Part::Place && key.way.last().is_some_and(|it| it != "*");
    let alone = |one: &'_ Shape, other: &Shape| -> Vec<Key> {
        let keys = one.0.keys().filter(is_place).filter(|key| other.get(key).is_none());
        keys.cloned().collect()
    };
    let (missing, mut extra) = (alone(before, now), alone(now, before));
    let mut ways = Vec::new();
    for key in &missing {
        let parent = key.parent();
        if parent.as_ref().is_some_and(|it| before.kinds(it) != now.kinds(it)) {
            continue;
        }
        let form = |key: &Key| Key { part: Part::Shape, ..key.clone() };
        let is_same = |other: &Key| {
            let is_value = before.get(key) == now.get(other);
            let (one, other_form) = (before.get(&form(key)), now.get(&form(other)));
            let is_form = one.is_some() && one == other_form;
            other.parent() == parent
                && (is_value || is_form && before.kinds(key) == now.kinds(other))
        };
        let Some(idx) = extra.iter().position(is_same) else { continue };
        let other = extra.remove(idx);
        ways.extend([key.way.clone(), other.way.clone()]);
        let name = other.way.last().cloned().unwrap_or_default();
        found.add(finding(pair, "renamed", key, key.way.last().cloned().unwrap_or_default(), name));
    }
    ways
}

/// How a body is written: as JSON, as XML.
fn body_form(shape: &Shape) -> Vec<&BTreeSet<String>> {
    shape.0.iter().filter(|(key, _)| key.part == Part::Form).map(|(_, values)| values).collect()
}

/// What only one of them shows.
fn alone(
    pair: Pair<'_>,
    key: &Key,
    values: Option<&BTreeSet<String>>,
    is_before: bool,
    found: &mut OfOperation,
) {
    let value = values.map(shown).unwrap_or_default();
    let (before, now) = if is_before { (value, String::new()) } else { (String::new(), value) };
    let word = if is_before { "missing" } else { "extra" };
    let is_row = key.way.last().is_some_and(|step| step == "*");
    match &key.part {
        Part::Place if is_row => found.varies(Why::Rows, key.words()),
        // A recording leaves it out.
        Part::Place if is_drawn(pair.vendor, key) => found.varies(Why::Token, key.words()),
        Part::Place if !is_before && pair.knows.body == Body::Part => {}
        Part::Place | Part::Header(_) => found.add(finding(pair, word, key, before, now)),
        // What has no form on one side is another value, and told as one.
        Part::Status | Part::Form | Part::Writing(_) | Part::Shape | Part::Order => {}
    }
}

fn differs(
    pair: Pair<'_>,
    key: &Key,
    (one, other): (&BTreeSet<String>, &BTreeSet<String>),
    found: &mut OfOperation,
) {
    let is_common = one.intersection(other).next().is_some();
    let mut add = |word| found.add(finding(pair, word, key, shown(one), shown(other)));
    match &key.part {
        Part::Status => add("status"),
        Part::Form | Part::Writing(_) => add("writing"),
        Part::Header(_) => {
            if one.iter().map(|it| form(it)).ne(other.iter().map(|it| form(it))) {
                add("header");
            } else {
                found.varies(Why::SameForm, key.words());
            }
        }
        Part::Order if pair.knows.body == Body::Part => {}
        Part::Order => {
            let sorted = |values: &BTreeSet<String>| {
                values
                    .iter()
                    .flat_map(|it| it.split(' '))
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>()
            };
            if sorted(one) == sorted(other) && !is_common {
                add("order");
            }
        }
        Part::Shape => {
            if why(pair.vendor, key, pair.before, pair.now).is_some() || is_common {
                found.varies(Why::SameForm, key.words());
            } else {
                add("form");
            }
        }
        Part::Place => place(pair, key, (one, other), found),
    }
}

fn place(
    pair: Pair<'_>,
    key: &Key,
    (one, other): (&BTreeSet<String>, &BTreeSet<String>),
    found: &mut OfOperation,
) {
    let kinds = |values: &BTreeSet<String>| {
        values.iter().map(|it| kind(it).to_owned()).collect::<BTreeSet<String>>()
    };
    let (were, are) = (kinds(one), kinds(other));
    if were != are {
        // Where the whole body is written otherwise, XML for JSON, no type is the same.
        if body_form(pair.before) != body_form(pair.now) {
            return;
        }
        // Where rows are others, one of them may lack a value.
        let is_row = key.way.iter().any(|step| step == "*");
        if is_row && (were.is_subset(&are) || are.is_subset(&were)) {
            found.varies(Why::Rows, key.words());
            return;
        }
        let words =
            |kinds: &BTreeSet<String>| kinds.iter().cloned().collect::<Vec<_>>().join(" or ");
        found.add(finding(pair, "type", key, words(&were), words(&are)));
        return;
    }
    if were.iter().all(|it| it == "list") {
        found.varies(Why::Rows, key.words());
        return;
    }
    match why(pair.vendor, key, pair.before, pair.now) {
        Some(why) => found.varies(why, key.words()),
        None => found.add(finding(pair, "value", key, shown(one), shown(other))),
    }
}

fn finding(pair: Pair<'_>, word: &'static str, key: &Key, before: String, now: String) -> Finding {
    Finding {
        kind: word,
        what: key.words(),
        before,
        now,
        step: pair.step.to_owned(),
        count: 1,
        explained: Vec::new(),
        key: Some(key.clone()),
    }
}

/// Values in words, whole: a secret is found by all of it.
fn shown(values: &BTreeSet<String>) -> String {
    let one = |value: &String| match value.split_once(' ') {
        Some(("text", text)) => format!("{text:?}"),
        Some(("number" | "boolean", text)) => text.to_owned(),
        _ => value.trim().to_owned(),
    };
    values.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// The form of a header's value.
fn form(value: &str) -> String {
    value.chars().map(|it| if it.is_ascii_digit() { '9' } else { it }).collect()
}
