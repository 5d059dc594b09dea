//! Reading, setting and stepping a world's clock.

use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal};
use crate::base::clock::Mode;
use crate::base::limits::{CLOCK_RATE_MAX, FIRINGS_SHOWN_MAX};
use crate::base::rate::Rate;
use crate::contract::fields::{Field, Kind};
use crate::contract::reply::Effect;
use crate::contract::timer::Timer;
use crate::sim::world::clock::ClockError;
use crate::sim::world::{Advanced, ClockFacts, ClockTurn, Step, StepError};
use crate::web::message::Response;

/// Body of `PUT …/clock`.
pub(crate) const CLOCK: &[Field] = &[
    Field::required("mode", Kind::OneOf(&["frozen", "real", "scaled"]), "how time passes"),
    Field::optional("at", Kind::Time, "where it is to stand; not before now"),
    Field::optional("rate", Kind::Decimal, "world seconds to a real one; only if it is scaled"),
];

/// Body of `POST …/clock/advance`.
pub(crate) const ADVANCE: &[Field] = &[
    Field::optional("by", Kind::Duration, "how far to move the clock on: 30s, 90m, 8h"),
    Field::optional("to", Kind::Text, "a moment, or \"next\" for the next due timer"),
];

impl Admin {
    pub(crate) async fn show_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let facts = self.world(asked)?.clock().await.map_err(internal)?;
        Ok(ok(&facts_json(&facts)))
    }

    /// `{"mode": "frozen", "at": "…"}`; what is due on the way to a later moment is done.
    pub(crate) async fn set_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let row = asked.row();
        let mode = mode(row.text("mode"), row.opt_decimal("rate"))?;
        let turn = ClockTurn { mode, at: row.opt_time("at") };
        let advanced = world.set_clock(turn).await.map_err(not_moved)?;
        let mut shown = facts_json(&world.clock().await.map_err(internal)?);
        shown["fired"] = advanced.fired.n_fired.into();
        Ok(ok(&shown))
    }

    /// `{"by": "90m"}`, `{"to": "2026-03-02T12:00:00Z"}` or `{"to": "next"}`; answers when all due
    /// work is done.
    pub(crate) async fn advance_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let row = asked.row();
        let step = Step::parse(row.opt_duration("by"), row.opt_text("to"))
            .map_err(Problem::bad_request)?;
        let advanced = world.advance(step).await.map_err(not_moved)?;
        Ok(ok(&advanced_json(&advanced)))
    }
}

fn mode(word: &str, rate: Option<f64>) -> Result<Mode, Problem> {
    match (word, rate) {
        ("scaled", Some(rate)) => {
            let rate = Rate::new(rate);
            rate.map(Mode::scaled).map_err(|unfit| Problem::bad_request(format!("rate: {unfit}")))
        }
        ("scaled", None) => Err(Problem::bad_request(format!(
            "rate is missing; expected a number above 0 and up to {CLOCK_RATE_MAX}"
        ))),
        (_, Some(_)) => Err(Problem::bad_request(format!(
            "rate is given, but the mode is {word}; it belongs to a scaled clock"
        ))),
        ("real", None) => Ok(Mode::Real),
        _ => Ok(Mode::Frozen),
    }
}

fn not_moved(error: ClockError) -> Problem {
    match error {
        ClockError::Step(StepError::Backwards { now, .. }) => {
            Problem::new(StatusCode::CONFLICT, "clock-backwards", error.to_string())
                .with("now", now.to_string())
        }
        ClockError::Step(StepError::Endless { .. }) => Problem::bad_request(error.to_string()),
        ClockError::Internal(error) => internal(error),
    }
}

fn facts_json(facts: &ClockFacts) -> Value {
    json!({
        "mode": facts.mode.name(),
        "rate": facts.mode.rate(),
        "now": facts.now.to_string(),
        "next_due": facts.next_due.map(|at| at.to_string()),
        "timers": facts.n_waiting,
        "timers_failed": facts.n_failed,
    })
}

fn advanced_json(advanced: &Advanced) -> Value {
    let fired = &advanced.fired;
    let effects = fired.effects.iter().take(FIRINGS_SHOWN_MAX);
    json!({
        "from": advanced.from.to_string(),
        "now": advanced.now.to_string(),
        "fired": fired.n_fired,
        "kinds": fired.kinds_json(),
        "firings": fired.first.iter().map(Timer::to_json).collect::<Value>(),
        "effects": effects.map(Effect::to_json).collect::<Value>(),
    })
}
