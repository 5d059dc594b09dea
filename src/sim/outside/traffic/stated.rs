//! One source of traffic: what a scenario says of it, and when its things happen.

use serde_json::{Map, Value};

use crate::contract::fields::{Cell, Field, Kind, Row, Rows};
use crate::contract::section::SeedError;
use crate::contract::traffic::hours::{self, DAYS};
use crate::contract::traffic::kind::TrafficKind;
use crate::contract::traffic::spread::{self, Spread};
use crate::sim::outside::traffic::stated;

/// Fields that every kind has.
const COMMON: &[&str] = &["name", "vendor", "kind", "zone", "hours", "days"];

/// The field at the top of a scenario.
pub(crate) const TRAFFIC: Field = Field::optional(
    "traffic",
    Kind::Rows(&Rows { fields: stated::FIELDS }),
    "what happens by itself, by the hour",
);

pub(crate) fn check_fields(
    vendor: &str,
    kind: &TrafficKind,
    row: &Row<'_>,
) -> Result<(), SeedError> {
    for (field, cell) in row.fields().iter().zip(row.cells()) {
        let is_required = kind.required.contains(&field.name);
        let is_known =
            is_required || kind.optional.contains(&field.name) || COMMON.contains(&field.name);
        let message = match (cell, is_required, is_known) {
            (Cell::Absent, true, _) => {
                let text = field.text;
                format!(
                    "traffic of kind {:?} of {vendor} needs {:?}: {text}",
                    kind.name, field.name
                )
            }
            (Cell::Absent, false, _) | (_, _, true) => continue,
            (_, _, false) => {
                let own: Vec<&str> = kind.required.iter().chain(kind.optional).copied().collect();
                format!(
                    "traffic of kind {:?} of {vendor} has no {:?}; expected {}",
                    kind.name,
                    field.name,
                    own.join(", ")
                )
            }
        };
        return Err(SeedError::field(field.name, message));
    }
    Ok(())
}

/// A share of all, such as 0.35.
const SHARES: &[&str] = &["answer_rate", "opt_in_rate", "hold_rate"];

/// Most things in an hour of one source: far more than any floor of agents takes, and little enough
/// that an hour of it fits in memory.
const PER_HOUR_MAX: f64 = 100_000.0;

/// The fields of a source. Which of those behind `days` there may be, its kind says.
pub(crate) const FIELDS: &[Field] = &[
    Field::required("name", Kind::Id, "what its draws are named after").unique(),
    Field::required("vendor", Kind::Text, "whose traffic it is"),
    Field::required("kind", Kind::Text, "what happens; each vendor has kinds of its own"),
    Field::optional(
        "zone",
        Kind::Checked(hours::check_zone),
        "the time zone of its hours and days; UTC where left out",
    ),
    Field::optional(
        "hours",
        Kind::List(&Kind::Checked(hours::check_range)),
        "when it happens, such as [\"09:00-12:00\", \"13:00-17:00\"]; all day where left out",
    ),
    Field::optional(
        "days",
        Kind::List(&Kind::OneOf(DAYS)),
        "the days of the week; all where left out",
    ),
    Field::optional(
        "per_hour",
        Kind::Decimal,
        "how many in an hour, at times drawn from the seed; a fraction is a chance of one more",
    ),
    Field::optional(
        "first",
        Kind::Integer { min: 1, max: 1_000_000_000 },
        "number of the person whom it takes first; 1 where left out",
    ),
    Field::optional("campaign", Kind::Id, "the vendor's campaign"),
    Field::optional("agents", Kind::List(&Kind::Id), "the agents; all where left out"),
    Field::optional("offers", Kind::List(&Kind::Id), "what callers may opt in to"),
    Field::optional("host", Kind::Text, "the customer's address"),
    COUNTS[0],
    TIMES[0],
    TIMES[1],
    TIMES[2],
    TIMES[3],
    TIMES[4],
    Field::optional("answer_rate", Kind::Decimal, "the share of calls that somebody takes"),
    Field::optional("opt_in_rate", Kind::Decimal, "the share of callers who opt in, per offer"),
    Field::optional("hold_rate", Kind::Decimal, "the share of calls with a time on hold"),
];

const fn time(name: &'static str, text: &'static str) -> Field {
    Field::optional(name, Kind::Checked(spread::check_time), text)
}

const TIMES: &[Field] = &[
    time("duration", "how long a call lasts, from its start to its end"),
    time("patience", "how long a caller waits in the queue before hanging up"),
    time("talk", "how long an agent and a caller talk"),
    time("hold", "how long a call that is put on hold stays there"),
    time("after_call", "the agent's work after a call"),
];

const COUNTS: &[Field] = &[Field::optional(
    "callers",
    Kind::Checked(spread::check_count),
    "how many people dial in to a call",
)];

/// A row as JSON, in the shape of a scenario.
pub(crate) fn spec(row: &Row<'_>) -> Map<String, Value> {
    let scalar = |cell: &Cell<'_>| match cell {
        Cell::Text(text) => Value::from(text.as_ref()),
        Cell::Integer(number) => Value::from(*number),
        Cell::Time(at) => Value::from(at.as_millis()),
        Cell::Duration(length) => Value::from(length.as_millis()),
        Cell::Decimal(number) => Value::from(*number),
        Cell::Bool(flag) => Value::from(*flag),
        _ => Value::Null,
    };
    let given = row.fields().iter().zip(row.cells()).filter(|(_, cell)| **cell != Cell::Absent);
    let entry = |(field, cell): (&Field, &Cell<'_>)| {
        let value = match cell {
            Cell::List(cells) => cells.iter().map(scalar).collect(),
            cell => scalar(cell),
        };
        (field.name.to_owned(), value)
    };
    given.map(entry).collect()
}

/// Most sources of a world. Each costs a timer an hour, even where nothing comes of it.
pub(crate) const SOURCES_MAX: usize = 1000;

/// Most things in an hour of a world, all its sources together: what they make is kept for as long
/// as the world lives, and a day of this many already fills gigabytes.
pub(crate) const HOURLY_MAX: f64 = 200_000.0;

/// About how many things a source makes in an hour, the people of a call counted one by one.
pub(crate) fn hourly(spec: &Map<String, Value>) -> f64 {
    let per_hour = spec.get("per_hour").and_then(Value::as_f64).unwrap_or_default();
    let people = spec.get("callers").and_then(Value::as_str).and_then(Spread::parse_count);
    let people = people.and_then(|it| u32::try_from(it.high()).ok()).unwrap_or_default();
    per_hour * (1.0 + f64::from(people))
}

/// A mistake that a table of fields cannot express: the field, and what is wrong.
pub(crate) fn check_numbers(row: &Row<'_>) -> Result<(), (&'static str, String)> {
    for share in SHARES {
        if row.opt_decimal(share).is_some_and(|it| !(0.0..=1.0).contains(&it)) {
            return Err((share, "is no share; expected a number from 0 to 1".into()));
        }
    }
    if row.opt_decimal("per_hour").is_some_and(|it| !(0.0..=PER_HOUR_MAX).contains(&it)) {
        return Err(("per_hour", format!("expected a number from 0 to {PER_HOUR_MAX}")));
    }
    Ok(())
}
