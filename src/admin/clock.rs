//! Reading, setting and stepping a world's clock.

use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal};
use crate::base::clock::Mode;
use crate::base::limits::{CLOCK_RATE_MAX, FIRINGS_SHOWN_MAX};
use crate::base::time;
use crate::contract::fields::{Field, Kind};
use crate::contract::reply::Effect;
use crate::contract::timer::Timer;
use crate::sim::world::clock::ClockError;
use crate::sim::world::{Advanced, ClockFacts, ClockTurn, Step};
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
        let turn = ClockTurn { mode, at_ms: row.opt_time_ms("at") };
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
        let step = Step::parse(row.opt_duration_ms("by"), row.opt_text("to"))
            .map_err(Problem::bad_request)?;
        let advanced = world.advance(step).await.map_err(not_moved)?;
        Ok(ok(&advanced_json(&advanced)))
    }
}

fn mode(word: &str, rate: Option<f64>) -> Result<Mode, Problem> {
    match (word, rate) {
        ("scaled", Some(rate)) if rate > 0.0 && rate <= CLOCK_RATE_MAX => Ok(Mode::Scaled { rate }),
        ("scaled", rate) => {
            let found = rate.map_or("missing".to_owned(), |rate| rate.to_string());
            Err(Problem::bad_request(format!(
                "rate is {found}; expected a number above 0 and up to {CLOCK_RATE_MAX}"
            )))
        }
        (_, Some(_)) => Err(Problem::bad_request(format!(
            "rate is given, but the mode is {word}; it belongs to a scaled clock"
        ))),
        ("real", None) => Ok(Mode::Real),
        _ => Ok(Mode::Frozen),
    }
}

fn not_moved(error: ClockError) -> Problem {
    match error {
        ClockError::Backwards(back) => {
            Problem::new(StatusCode::CONFLICT, "clock-backwards", back.to_string())
                .with("now", time::rfc3339(back.now_ms))
        }
        ClockError::Internal(error) => internal(error),
    }
}

fn facts_json(facts: &ClockFacts) -> Value {
    json!({
        "mode": facts.mode.name(),
        "rate": facts.mode.rate(),
        "now": time::rfc3339(facts.now_ms),
        "next_due": facts.next_due_ms.map(time::rfc3339),
        "timers": facts.n_waiting,
        "timers_failed": facts.n_failed,
    })
}

fn advanced_json(advanced: &Advanced) -> Value {
    let fired = &advanced.fired;
    let effects = fired.effects.iter().take(FIRINGS_SHOWN_MAX);
    json!({
        "from": time::rfc3339(advanced.from_ms),
        "now": time::rfc3339(advanced.now_ms),
        "fired": fired.n_fired,
        "kinds": fired.kinds_json(),
        "firings": fired.first.iter().map(Timer::to_json).collect::<Value>(),
        "effects": effects.map(Effect::to_json).collect::<Value>(),
    })
}
