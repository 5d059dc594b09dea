//! How an entity is described: a table of members, from which both formats, the list of wire fields
//! and the scenario's fields are made.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::base::time::Instant;
use crate::contract::evidence::Evidence;
use crate::contract::fields::{Field, Kind};
use crate::contract::surface::WireField;

/// A value on the wire.
pub(crate) enum Val<'a> {
    /// The member is left out altogether.
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    /// An instant, in the server's zone.
    Date(Instant),
    /// An array without elements, whatever they would be.
    EmptyList,
    /// An object without members.
    EmptyObject,
    One(&'a dyn Written),
    /// The name of the elements, and the elements.
    Many(&'static str, &'a [Box<dyn Written>]),
}

impl<'a> From<&'a str> for Val<'a> {
    fn from(text: &'a str) -> Self {
        Val::Text(Cow::Borrowed(text))
    }
}

/// An entity with its values.
pub(crate) trait Written {
    /// The contract name: the root's or the element's name in XML, the type's in hints.
    fn entity(&self) -> &'static str;

    /// Hands over the members in their order on the wire, which is the ordinal order of their names.
    fn each(&self, member: &mut dyn FnMut(&'static str, Val<'_>));
}

/// One member of an entity.
pub(crate) struct Member<T: 'static> {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) evidence: Evidence,
    pub(crate) value: Take<T>,
}

/// Where a member's value comes from.
pub(crate) enum Take<T: 'static> {
    Of(fn(&T) -> Val<'_>),
    /// From the scenario, else this.
    Seeded(Default),
    /// Always this: the vendor's papers do not say what could be in it.
    Fixed(fn() -> Val<'static>),
}

/// A seeded member's value where the scenario names none. Its kind is the member's kind.
#[derive(Clone, Copy)]
pub(crate) enum Default {
    Bool(bool),
    Int(i64),
    Text(&'static str),
    /// The time at which the world began.
    Date,
}

/// An entity whose members are a table.
pub(crate) trait Entity: Sized + 'static {
    const NAME: &'static str;
    const MEMBERS: &'static [Member<Self>];

    /// The seeded values by member, and the time at which the world began.
    fn seeded(&self) -> Option<(&Map<String, Value>, Instant)> {
        None
    }
}

impl<T: Entity> Written for T {
    fn entity(&self) -> &'static str {
        T::NAME
    }

    fn each(&self, member: &mut dyn FnMut(&'static str, Val<'_>)) {
        for known in T::MEMBERS {
            let value = match &known.value {
                Take::Of(value) => value(self),
                Take::Fixed(value) => value(),
                Take::Seeded(default) => seeded(self.seeded(), known.name, *default),
            };
            if !matches!(value, Val::Absent) {
                member(known.name, value);
            }
        }
    }
}

fn seeded<'a>(
    record: Option<(&'a Map<String, Value>, Instant)>,
    name: &str,
    default: Default,
) -> Val<'a> {
    let given = record.and_then(|(values, _)| values.get(name));
    match default {
        Default::Bool(flag) => Val::Bool(given.and_then(Value::as_bool).unwrap_or(flag)),
        Default::Int(number) => Val::Int(given.and_then(Value::as_i64).unwrap_or(number)),
        Default::Text(text) => Val::from(given.and_then(Value::as_str).unwrap_or(text)),
        Default::Date => {
            let began = record.map_or(Instant::MIN, |(_, began)| began);
            let given = given.and_then(Value::as_i64);
            Val::Date(given.map_or(began, Instant::clamped_from_millis))
        }
    }
}

/// Writes a table's members behind those that are there; answers how many there are now.
pub(crate) const fn append_wire_fields<T>(
    all: &mut [WireField],
    mut at: usize,
    entity: &'static str,
    members: &[Member<T>],
) -> usize {
    let mut idx = 0;
    while idx < members.len() {
        let member = &members[idx];
        all[at] =
            WireField { entity, name: member.name, text: member.text, evidence: member.evidence };
        at += 1;
        idx += 1;
    }
    at
}

/// How many members a scenario can name.
pub(crate) const fn count_seeded<T>(members: &[Member<T>]) -> usize {
    let (mut count, mut idx) = (0, 0);
    while idx < members.len() {
        if matches!(members[idx].value, Take::Seeded(_)) {
            count += 1;
        }
        idx += 1;
    }
    count
}

/// Bounds of the vendor's `int`.
pub(crate) const INT32: Kind = Kind::Integer { min: i32::MIN as i64, max: i32::MAX as i64 };

/// The scenario's fields for the members that it can name, under the vendor's own names.
pub(crate) const fn seeded_fields<T, const N: usize>(members: &[Member<T>]) -> [Field; N] {
    let mut fields = [Field::optional("", Kind::Bool, ""); N];
    let (mut at, mut idx) = (0, 0);
    while idx < members.len() {
        let member = &members[idx];
        if let Take::Seeded(default) = &member.value {
            let kind = match default {
                Default::Bool(_) => Kind::Bool,
                Default::Int(_) => INT32,
                Default::Text(_) => Kind::Text,
                Default::Date => Kind::Time,
            };
            fields[at] = Field::optional(member.name, kind, member.text);
            at += 1;
        }
        idx += 1;
    }
    fields
}
