//! One source of traffic as a vendor sees it: who or what, how often, and when in an hour.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde_json::{Map, Value};

use crate::base::seed::Seed;
use crate::base::time::{Instant, Span};
use crate::contract::section::SeedError;
use crate::contract::traffic::hours::{Hour, Hours};
use crate::contract::traffic::spread::Spread;

/// A source of traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub name: String,
    pub kind: String,
    pub hours: Hours,
    pub(crate) spec: Map<String, Value>,
    /// Nothing happens before: when the world began.
    pub(crate) from: Instant,
}

/// Something that is to happen, and what its particulars are drawn from.
#[derive(Debug)]
pub struct Arrival {
    pub at: Instant,
    /// Its number within the hour. Some of an hour's fall outside the hours of day and are not there.
    pub n: u64,
    pub draw: ChaCha8Rng,
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

impl Source {
    /// A source from its row as JSON, as a scenario states it.
    pub(crate) fn new(spec: Map<String, Value>, from: Instant) -> Self {
        let text = |name: &str| spec.get(name).and_then(Value::as_str);
        let hours = Hours::new(text("zone"), texts(&spec, "hours"), texts(&spec, "days"));
        let owned = |name: &str| text(name).unwrap_or_default().to_owned();
        Source { name: owned("name"), kind: owned("kind"), hours, from, spec }
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

    /// What happens in an hour, by time. Each thing is drawn for (seed, source, hour, n), so that
    /// nothing moves when another source, or another rate, comes or goes.
    pub fn arrivals(&self, seed: Seed, hour: Hour) -> Vec<Arrival> {
        let per_hour = self.spec.get("per_hour").and_then(Value::as_f64).unwrap_or(0.0);
        let name = self.name.as_str();
        let hour_no = hour.start.period(Span::HOUR).to_string();
        let draw = |key: &str| seed.draw("traffic", &[name, &hour_no, key]);
        let n_whole = per_million(per_hour) / MILLION;
        let is_one_more = draw("count").random_range(0..MILLION) < per_million(per_hour) % MILLION;
        let mut arrivals: Vec<Arrival> = (0..n_whole + u64::from(is_one_more))
            .filter_map(|n| {
                let mut draw = draw(&n.to_string());
                let second = draw.random_range(0..Span::HOUR.as_secs());
                let at = hour.start.checked_add(Span::clamped_from_secs(second))?;
                let is_there = at >= self.from && self.hours.is_open(at);
                is_there.then_some(Arrival { at, n, draw })
            })
            .collect();
        arrivals.sort_by_key(|arrival| (arrival.at, arrival.n));
        arrivals
    }
}
