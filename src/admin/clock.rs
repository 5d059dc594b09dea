//! Reading, setting and stepping a world's clock.

use http::Method;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::ok;
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::shapes::CLOCK_MODE;
use crate::base::clock::Mode;
use crate::base::limits::{CLOCK_RATE_MAX, FIRINGS_SHOWN_MAX};
use crate::base::rate::Rate;
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::reply::Effect;
use crate::contract::timer::Timer;
use crate::sim::world::{Advanced, ClockChange, ClockFacts, Step};
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "show_clock",
        method: Method::GET,
        path: "/v1/worlds/{world}/clock",
        text: "a world's time, how it passes, and what is due next",
        query: &[],
        body: Body::None,
        replies: &[Told::json(200, "the clock", &CLOCK)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.show_clock(asked))),
    },
    Endpoint {
        name: "set_clock",
        method: Method::PUT,
        path: "/v1/worlds/{world}/clock",
        text: "freezes, frees or scales a world's clock; what is due on the way is done",
        query: &[],
        body: Body::Fields(CLOCK_BODY),
        replies: &[
            Told::json(200, "the clock as it is now", &CLOCK),
            Told::problem(409, "time never goes back, or the world was deleted on the way"),
            Told::problem(503, "it could not be kept, or the program stopped on the way"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.set_clock(asked))),
    },
    Endpoint {
        name: "advance_clock",
        method: Method::POST,
        path: "/v1/worlds/{world}/clock/advance",
        text: "moves a world's clock on; answers when all due work is done",
        query: &[],
        body: Body::Fields(ADVANCE_BODY),
        replies: &[
            Told::json(200, "the time now, and what fired", &ADVANCED),
            Told::problem(409, "time never goes back, or the world was deleted on the way"),
            Told::problem(503, "it could not be kept, or the program stopped on the way"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.advance_clock(asked))),
    },
];

static CLOCK: Shape = Shape::Object(&[
    always("mode", CLOCK_MODE, "how it moves"),
    always("rate", Shape::OrNull(&Shape::Number), "world seconds to a real one, where scaled"),
    always("now", Shape::Time, "the world's time"),
    always("next_due", Shape::OrNull(&Shape::Time), "when the next timer is due"),
    always("timers", Shape::Integer, "how many wait"),
    always("timers_failed", Shape::Integer, "how many were switched off because they failed"),
    maybe("fired", Shape::Integer, "how many fired on the way, where the clock was set"),
]);

static ADVANCED: Shape = Shape::Object(&[
    always("from", Shape::Time, "the world's time before"),
    always("now", Shape::Time, "the world's time now"),
    maybe(
        "due",
        Shape::OrNull(&Shape::Time),
        "of a step to the next timer: when that was due; null where none is set",
    ),
    always("fired", Shape::Integer, "how many timers fired"),
    always("kinds", Shape::Map(&Shape::Map(&Shape::Integer)), "how many, by vendor and kind"),
    always("firings", Shape::List(&Shape::Map(&Shape::Any)), "the first of them"),
    always("effects", Shape::List(&Shape::Map(&Shape::Any)), "what came of it, the first of it"),
]);

/// Body of `PUT …/clock`, and a clock in the body of a fork.
pub(super) const CLOCK_BODY: &[Field] = &[
    Field::required("mode", Kind::OneOf(&["frozen", "real", "scaled"]), "how time passes"),
    Field::optional("at", Kind::Time, "where it is to stand; not before now"),
    Field::optional("rate", Kind::Decimal, "world seconds to a real one; only if it is scaled"),
];

/// Body of `POST …/clock/advance`.
const ADVANCE_BODY: &[Field] = &[
    Field::optional("by", Kind::Duration, "how far to move the clock on: 30s, 90m, 8h"),
    Field::optional("to", Kind::Text, "a moment, or \"next\" for the next due timer"),
];

impl Admin {
    pub(crate) async fn show_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let facts = self.world(asked)?.clock().await?;
        Ok(ok(&facts_json(&facts)))
    }

    /// `{"mode": "frozen", "at": "…"}`; what is due on the way to a later moment is done.
    pub(crate) async fn set_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let turn = clock_change(asked.row())?;
        let advanced = world.set_clock(turn).await?;
        let mut shown = facts_json(&world.clock().await?);
        shown["fired"] = advanced.fired.count.into();
        Ok(ok(&shown))
    }

    /// `{"by": "90m"}`, `{"to": "2026-03-02T12:00:00Z"}` or `{"to": "next"}`; answers when all due
    /// work is done.
    pub(crate) async fn advance_clock(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let row = asked.row();
        let step = Step::parse(row.opt_duration("by"), row.opt_text("to"))
            .map_err(Problem::bad_request)?;
        let advanced = world.advance(step).await?;
        let masker = world.masker(self.show_secrets).await?;
        let mut shown = advanced_json(&advanced);
        if step == Step::Next {
            shown["due"] = advanced.due.map(|at| at.to_string()).into();
        }
        Ok(ok(&masker.json(shown)))
    }
}

/// How a clock is to run, from a row of [`CLOCK_BODY`].
pub(super) fn clock_change(row: &Row<'_>) -> Result<ClockChange, Problem> {
    let mode = mode(row.text("mode"), row.opt_decimal("rate"))?;
    Ok(ClockChange { mode, at: row.opt_time("at") })
}

fn mode(word: &str, rate: Option<f64>) -> Result<Mode, Problem> {
    match (word, rate) {
        ("scaled", Some(rate)) => {
            let rate = Rate::new(rate);
            let rate = rate.map_err(|unfit| Problem::bad_request(format!("rate: {unfit}")))?;
            Ok(Mode::Scaled { rate })
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
    let effects = fired.effects.iter().take(FIRINGS_SHOWN_MAX).map(Effect::to_json);
    json!({
        "from": advanced.from.to_string(),
        "now": advanced.now.to_string(),
        "fired": fired.count,
        "kinds": fired.kinds_json(),
        "firings": fired.first.iter().map(Timer::to_json).collect::<Value>(),
        "effects": effects.collect::<Value>(),
    })
}
