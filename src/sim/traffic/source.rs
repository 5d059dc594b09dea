//! One source of traffic: what a scenario says of it, and when its things happen.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde_json::{Map, Value};

use super::hours::{self, DAYS, Hours};
use super::spread::{self, Spread};
use super::{HOUR_MS, Hour};
use crate::base::seed::Seed;
use crate::sim::cx::Cx;
use crate::sim::fields::{Cell, Field, Kind, Row};
use crate::sim::people::{self, Person};
use crate::sim::seed::SeedError;

/// A share of all, such as 0.35.
const SHARES: &[&str] = &["answer_rate", "opt_in_rate", "hold_rate"];

/// Most things in an hour of one source: far more than any floor of agents takes, and little enough
/// that an hour of it fits in memory.
const PER_HOUR_MAX: f64 = 100_000.0;

/// The fields of a source. Which of those behind `days` there may be, its kind says.
pub(super) const FIELDS: &[Field] = &[
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

/// A source of traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub name: String,
    pub kind: String,
    pub hours: Hours,
    spec: Map<String, Value>,
    /// Nothing happens before: when the world began.
    pub(super) from_ms: i64,
}

/// Something that is to happen, and what its particulars are drawn from.
#[derive(Debug)]
pub struct Arrival {
    pub at_ms: i64,
    /// Its number within the hour. Some of an hour's fall outside the hours of day and are not there.
    pub n: u64,
    pub draw: ChaCha8Rng,
}

impl Source {
    /// A source from its row as JSON, as [`spec`] makes it.
    pub(super) fn new(spec: Map<String, Value>, from_ms: i64) -> Self {
        let text = |name: &str| spec.get(name).and_then(Value::as_str);
        let hours = Hours::new(text("zone"), texts(&spec, "hours"), texts(&spec, "days"));
        let owned = |name: &str| text(name).unwrap_or_default().to_owned();
        Source { name: owned("name"), kind: owned("kind"), hours, from_ms, spec }
    }

    /// The value of a text field; `None` where it was left out.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.spec.get(name).and_then(Value::as_str)
    }

    /// The elements of a list; none where it was left out.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        texts(&self.spec, name)
    }

    /// An id that the vendor has as a number; `None` where it is none, or left out.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// How a length of time is spread; as `default` says where it was left out.
    pub fn time(&self, name: &str, default: &str) -> Spread {
        let text = self.text(name).unwrap_or(default);
        Spread::parse_time(text).unwrap_or(Spread::Even { least: 0, most: 0 })
    }

    /// How a count is spread; as `default` says where it was left out.
    pub fn count(&self, name: &str, default: &str) -> Spread {
        let text = self.text(name).unwrap_or(default);
        Spread::parse_count(text).unwrap_or(Spread::Even { least: 0, most: 0 })
    }

    /// Whether a thing is among the share that the field names, `default` where it was left out.
    pub fn is_among(&self, name: &str, default: f64, draw: &mut ChaCha8Rng) -> bool {
        let share = self.spec.get(name).and_then(Value::as_f64).unwrap_or(default);
        draw.random_range(0..MILLION) < per_million(share)
    }

    /// The next person of those whom the source takes one by one; after the last comes the first.
    ///
    /// # Errors
    /// Where there is nobody, or SQLite fails.
    pub fn next_person(&self, cx: &Cx<'_>) -> rusqlite::Result<Person> {
        let first = self.spec.get("first").and_then(Value::as_i64).unwrap_or(1);
        cx.person(cx.next_count(&format!("traffic {}", self.name), first)?)
    }

    /// Checks that the campaign is there, which the vendor has under a number.
    ///
    /// # Errors
    /// Where it is not, or SQLite fails.
    pub fn check_campaign<T>(
        &self,
        find: impl FnOnce(i64) -> rusqlite::Result<Option<T>>,
    ) -> Result<(), SeedError> {
        if self.number("campaign").map(find).transpose()?.flatten().is_some() {
            return Ok(());
        }
        let id = self.text("campaign").unwrap_or_default();
        Err(SeedError::field("campaign", format!("there is no campaign {id:?}")))
    }

    /// Checks that there are people, where the source takes any.
    ///
    /// # Errors
    /// Where there are none, or SQLite fails.
    pub fn check_people(&self, cx: &Cx<'_>) -> Result<(), SeedError> {
        if self.spec.contains_key("per_hour") && people::count(cx.db())? == 0 {
            return Err(SeedError::field("per_hour", super::NO_PEOPLE));
        }
        Ok(())
    }

    /// What happens in an hour, by time. Each thing is drawn for (seed, source, hour, n), so that
    /// nothing moves when another source, or another rate, comes or goes.
    pub fn arrivals(&self, seed: Seed, hour: Hour) -> Vec<Arrival> {
        let per_hour = self.spec.get("per_hour").and_then(Value::as_f64).unwrap_or(0.0);
        let name = self.name.as_str();
        let hour_no = (hour.start_ms / HOUR_MS).to_string();
        let draw = |key: &str| seed.draw("traffic", &[name, &hour_no, key]);
        let n_whole = per_million(per_hour) / MILLION;
        let is_one_more = draw("count").random_range(0..MILLION) < per_million(per_hour) % MILLION;
        let mut arrivals: Vec<Arrival> = (0..n_whole + u64::from(is_one_more))
            .filter_map(|n| {
                let mut draw = draw(&n.to_string());
                let at_ms = hour.start_ms + draw.random_range(0..HOUR_MS / 1000) * 1000;
                let is_there = at_ms >= self.from_ms && self.hours.is_open(at_ms);
                is_there.then_some(Arrival { at_ms, n, draw })
            })
            .collect();
        arrivals.sort_by_key(|arrival| (arrival.at_ms, arrival.n));
        arrivals
    }
}

const MILLION: u64 = 1_000_000;

/// A number in millionths; negative ones are none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and rates are checked to be small"
)]
fn per_million(number: f64) -> u64 {
    (number * 1_000_000.0).round() as u64
}

fn texts<'s>(spec: &'s Map<String, Value>, name: &str) -> impl Iterator<Item = &'s str> {
    let list = spec.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// A row as JSON, in the shape of a scenario.
pub(super) fn spec(row: &Row<'_>) -> Map<String, Value> {
    let scalar = |cell: &Cell<'_>| match cell {
        Cell::Text(text) => Value::from(text.as_ref()),
        Cell::Integer(number) | Cell::Millis(number) => Value::from(*number),
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

/// A mistake that a table of fields cannot express: the field, and what is wrong.
pub(super) fn check_numbers(row: &Row<'_>) -> Result<(), (&'static str, String)> {
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
