//! Making worlds, and what a world has beside its state: claims, a time to live, a listener.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::condition::CONDITION;
use crate::admin::endpoint::{Body, Endpoint, Serve, Told};
use crate::admin::findings::strict;
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{created, ok};
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::shapes::{CLOCK_MODE, TEXT_LIST, WORLD};
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::Span;
use crate::scenario::adjusted::{Adjusted, Wanted};
use crate::scenario::library::Opened;
use crate::sim::blocking::blocking;
use crate::sim::judge::expectation::Expectation;
use crate::sim::loading::settings::ClockSpec;
use crate::sim::world::StopWhenGone;
use crate::sim::worlds::claims::Claim;
use crate::sim::worlds::extras::{Bound, Extras};
use crate::web::message::Response;

/// The routes of this file.
pub(super) const ROWS: &[Endpoint] = &[
    Endpoint {
        name: "make_world",
        method: Method::POST,
        path: "/v1/worlds",
        text: "makes a world from a scenario, by name or inline",
        query: &[],
        body: Body::Shape(&NEW_WORLD),
        replies: &[
            Told::json(201, "the new world", &WORLD),
            Told::problem(
                409,
                "the name, a claim or the address is another's, or there are too many of them",
            ),
            Told::problem(422, "the machine does not have the address to listen on"),
        ],
        serve: Serve::Later(|admin, asked| Box::pin(admin.make_world(asked))),
    },
    Endpoint {
        name: "seed_world",
        method: Method::POST,
        path: "/v1/worlds/{world}/seed",
        text: "takes a piece of scenario into a world as it is, all or nothing; a reset goes back \
               to the seed without it",
        query: &[],
        body: Body::Shape(&PIECE),
        replies: &[Told::json(200, "it is there", &MERGED)],
        serve: Serve::Later(|admin, asked| Box::pin(admin.seed_world(asked))),
    },
];

static NEW_WORLD: Shape = Shape::Object(&[
    always("name", Shape::Text, "of the new world"),
    always(
        "scenario",
        Shape::Either(&[Shape::Text, Shape::Map(&Shape::Any)]),
        "the name of a scenario, or one as an object",
    ),
    maybe("seed", Shape::Integer, "in place of the scenario's own"),
    maybe("clock", CLOCK_STATED, "in place of the scenario's own"),
    maybe(
        "variants",
        Shape::Map(&Shape::Map(&Shape::Text)),
        "by vendor and name; those that are not named stay",
    ),
    maybe("strict", Shape::Bool, "whether its run fails on whatever was not expected"),
    maybe("expect", Shape::List(&CONDITION), "in place of the scenario's own"),
    maybe("claims", TEXT_LIST, "credentials that lead to it, as in `vendor:credential`"),
    maybe("listen", Shape::Text, "an address for it alone, such as 127.0.0.1:0"),
    maybe("ttl", Shape::Text, "how long it lives unused, such as 10m"),
]);

/// A scenario without what the world has already: title, seed, clock, switches, steps. The schema of
/// a scenario says the rest.
static PIECE: Shape = Shape::Map(&Shape::Any);

/// A clock, as a scenario states it.
const CLOCK_STATED: Shape = Shape::Object(&[
    always("mode", CLOCK_MODE, "how it moves"),
    maybe("at", Shape::Time, "where it begins; needed unless it is real"),
    maybe("rate", Shape::Number, "world seconds to a real one, where scaled"),
]);

static MERGED: Shape = Shape::Object(&[
    always("seq", Shape::Integer, "of the journal's entry"),
    always(
        "added",
        Shape::Map(&Shape::Map(&Shape::Integer)),
        "rows of the piece by vendor and collection; `world` for what is no vendor's",
    ),
    always("world", WORLD, "as it is now"),
]);

/// Members of the body of `POST /v1/worlds`.
const MEMBERS: &[&str] = &[
    "name", "scenario", "seed", "clock", "variants", "strict", "expect", "claims", "listen", "ttl",
];

impl Admin {
    /// `{"name": "a", "scenario": "demo"}`, or the scenario itself as an object; `seed` replaces
    /// the scenario's own, and so do `variants`, `strict` and `expect`. `claims`, `listen` and `ttl`
    /// are the world's beside its state.
    pub(crate) async fn make_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let body = asked.body();
        let members = body.as_object().ok_or_else(|| {
            let detail = "expected an object such as {\"name\":\"a\",\"scenario\":\"demo\"}";
            Problem::bad_request(detail)
        })?;
        if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            let known = MEMBERS;
            let detail =
                format!("unknown member {unknown:?}; expected one of {}", known.join(", "));
            return Err(Problem::bad_request(detail));
        }
        let name = body["name"].as_str().ok_or_else(|| {
            Problem::bad_request("name: expected a text, the name of the new world")
        })?;
        let mut document = self.scenario(&body["scenario"])?;
        document.replace_seed(seed(&body["seed"])?);
        let mut scenario = Adjusted { scenario: document, wanted: self.wanted(body)? };
        let own = Extras {
            claims: self.claims(&body["claims"])?,
            ttl: ttl(&body["ttl"])?,
            // The last, so that no mistake elsewhere takes a port even for a moment.
            listener: self.listener(&body["listen"])?,
        };
        let worlds = Arc::clone(&self.worlds);
        let wanted = name.to_owned();
        let waiting = StopWhenGone::default();
        let call = waiting.0.clone();
        let made = blocking(move || worlds.make_with(&wanted, &mut scenario, own, &call));
        let world = made.await??;
        Ok(created(&self.facts(&world)))
    }

    /// The piece of scenario is the body.
    pub(crate) async fn seed_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let merged = world.merge(self.library.read_piece(asked.body())).await;
        let detail = "the piece has mistakes; nothing was changed";
        let merged = merged.map_err(|error| Problem::not_loaded(error, detail))?;
        let (seq, added) = (merged.seq, merged.added_json());
        Ok(ok(&json!({ "seq": seq, "added": added, "world": self.facts(&world) })))
    }

    /// A scenario that is named, or given as an object.
    fn scenario(&self, wanted: &Value) -> Result<Opened, Problem> {
        match wanted {
            Value::String(wanted) => Ok(self.library.open(wanted)?),
            Value::Object(_) => Ok(self.library.read_json(wanted)),
            other => {
                let detail = format!(
                    "scenario is {other}; expected the name of a scenario ({}) or a scenario as an object",
                    self.library.names().join(", "),
                );
                Err(Problem::bad_request(detail))
            }
        }
    }

    /// What the body wants in place of what the scenario says.
    fn wanted(&self, body: &Value) -> Result<Wanted, Problem> {
        let turns = match &body["variants"] {
            Value::Null => Vec::new(),
            variants => self.turns(variants, "variants")?,
        };
        let expect = Some(&body["expect"]).filter(|it| !it.is_null());
        if let Some(expect) = expect {
            Expectation::new(true, expect, self.worlds.vendors())
                .map_err(|mistakes| Problem::bad_request(mistakes.join("\n")))?;
        }
        let (clock, strict) = (clock(&body["clock"])?, strict(&body["strict"])?);
        Ok(Wanted { turns, clock, strict, expect: expect.cloned() })
    }

    fn claims(&self, wanted: &Value) -> Result<Vec<Claim>, Problem> {
        let expected = || {
            let detail = "claims: expected a list of texts such as \"vendor:credential\"";
            Problem::bad_request(detail)
        };
        let texts: Option<Vec<&str>> = match wanted {
            Value::Null => return Ok(Vec::new()),
            Value::Array(items) => items.iter().map(Value::as_str).collect(),
            _ => None,
        };
        let texts = texts.ok_or_else(expected)?;
        Ok(Claim::parse_all(&texts, self.worlds.vendors())?)
    }

    /// Takes the address that is asked for.
    fn listener(&self, wanted: &Value) -> Result<Option<Box<dyn Bound>>, Problem> {
        if wanted.is_null() {
            return Ok(None);
        }
        let address = wanted.as_str().and_then(address);
        let address = address.ok_or_else(|| {
            Problem::bad_request(format!(
                "listen is {wanted}; expected an address and port such as \"127.0.0.1:0\" or \
                 \"localhost:0\""
            ))
        })?;
        // Who may open this machine to others says so at the start, by giving a token.
        if self.token.is_none() && !address.ip().is_loopback() {
            return Err(Problem::bad_request(format!(
                "listen is {address}, which is open to others; without a token \
                 (RINGBACK_ADMIN_TOKEN) a world's listener binds loopback only (127.0.0.1 or [::1])"
            )));
        }
        Ok(Some(self.doors.bind(address)?))
    }
}

/// An address as people write it, with `http://` or without. A world has one listener, so
/// `localhost` is the loopback address that clients try in any case.
fn address(text: &str) -> Option<SocketAddr> {
    let bare = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
    match bare.strip_prefix("localhost:") {
        Some(port) => Some((Ipv4Addr::LOCALHOST, port.parse().ok()?).into()),
        None => bare.parse().ok(),
    }
}

fn seed(wanted: &Value) -> Result<Option<u64>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    let seed = wanted.as_u64().filter(|seed| i64::try_from(*seed).is_ok());
    seed.map(Some).ok_or_else(|| {
        Problem::bad_request(format!("seed is {wanted}; expected a whole number, 0 or more"))
    })
}

fn ttl(wanted: &Value) -> Result<Option<Span>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    let length = wanted.as_str().and_then(|text| text.parse::<Span>().ok());
    length.filter(|it| !it.is_zero()).map(Some).ok_or_else(|| {
        Problem::bad_request(format!(
            "ttl is {wanted}; expected a length of time such as \"10m\", counted from the last use"
        ))
    })
}

/// The clock that a body wants.
fn clock(wanted: &Value) -> Result<Option<ClockSpec>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    // What the mode has no use for is not passed over.
    let says_all = |clock: &ClockSpec| {
        let read = clock.to_json();
        let mut stated = wanted.as_object().into_iter().flatten();
        stated.all(|(name, value)| value.is_null() || !read[name].is_null())
    };
    let clock = ClockSpec::from_json(wanted).filter(says_all);
    clock.map(Some).ok_or_else(|| {
        let detail = format!(
            "clock: found {}; expected {{\"mode\": \"real\"}}, {{\"mode\": \"frozen\", \"at\": \
             \"2026-03-02T09:00:00Z\"}}, or {{\"mode\": \"scaled\", \"at\": …, \"rate\": 60}}",
            excerpt(&wanted.to_string(), EXCERPT_CHARS_MAX)
        );
        Problem::bad_request(detail)
    })
}
