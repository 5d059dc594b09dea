//! What a world is to be made of: read from a JSON body, or from a scenario in TOML and the query
//! beside it.
//!
//! Not here: making it (`making`).

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::{Map, Value};

use crate::admin::asked::Asked;
use crate::admin::findings::strict;
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::shape::{Shape, always, maybe};
use crate::admin::shapes::{CLOCK_STATED, TEXT_LIST};
use crate::admin::stated_clock::{self, CLOCK_WORD};
use crate::base::nearest::did_you_mean;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::Span;
use crate::contract::fields::{Field, Kind};
use crate::scenario::adjusted::{Adjusted, Wanted};
use crate::scenario::library::Opened;
use crate::sim::judge::expectation::Expectation;
use crate::sim::worlds::claims::Claim;
use crate::sim::worlds::extras::ExtrasWanted;

/// A world that is asked for.
pub(super) struct Order {
    pub(super) name: String,
    pub(super) scenario: Adjusted<Opened>,
    pub(super) claims: Vec<Claim>,
    pub(super) ttl: Option<Span>,
    /// Nothing listens there yet.
    pub(super) listen: Option<SocketAddr>,
}

/// The members that a body has beside the name.
macro_rules! but_for_the_name {
    ($($first:expr)?) => {
        &[
            $($first,)?
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
            maybe("expect", Shape::List(&crate::admin::condition::CONDITION), "in place of the scenario's own"),
            maybe("claims", TEXT_LIST, "credentials that lead to it, as in `vendor:credential`"),
            maybe("listen", Shape::Text, "an address for it alone, such as 127.0.0.1:0"),
            maybe("ttl", Shape::Text, "how long it lives unused, such as 10m"),
        ]
    };
}

/// The body where the path does not name the world.
pub(super) static NAMED_WORLD: Shape =
    Shape::Object(but_for_the_name!(always("name", Shape::Text, "of the new world")));

/// The body where the path names it.
pub(super) static UNNAMED_WORLD: Shape =
    Shape::Object(but_for_the_name!(maybe("name", Shape::Text, "as in the path")));

/// Members of the body.
const MEMBERS: &[&str] = &[
    "name", "scenario", "seed", "clock", "variants", "strict", "expect", "claims", "listen", "ttl",
];

const NAME: Field = Field::optional("name", Kind::Text, "of the new world; needed with TOML");
const SEED: Field = Field::optional(
    "seed",
    Kind::Integer { min: 0, max: i64::MAX },
    "with TOML: in place of the scenario's own",
);
const CLOCK: Field = Field::optional(
    "clock",
    CLOCK_WORD,
    "with TOML, in place of the scenario's own: real, frozen@2026-03-02T09:00:00Z, \
     scaled:60@2026-03-02T09:00:00Z",
);
const STRICT: Field = Field::optional("strict", Kind::Bool, "with TOML: as in a JSON body");
const CLAIMS: Field = Field::optional("claims", Kind::Text, "with TOML: with commas between them");
const LISTEN: Field = Field::optional("listen", Kind::Text, "with TOML: as in a JSON body");
const TTL: Field = Field::optional("ttl", Kind::Text, "with TOML: as in a JSON body");

/// The query where the path does not name the world.
pub(super) const NAMED_QUERY: &[Field] = &[NAME, SEED, CLOCK, STRICT, CLAIMS, LISTEN, TTL];

/// The query where the path names it.
pub(super) const UNNAMED_QUERY: &[Field] = &[SEED, CLOCK, STRICT, CLAIMS, LISTEN, TTL];

impl Order {
    /// What the world is to have beside its state.
    pub(super) fn extras(&self) -> ExtrasWanted<'_> {
        ExtrasWanted { claims: &self.claims, ttl: self.ttl, listen: self.listen }
    }
}

impl Admin {
    /// Reads what is asked for. `named` is the name that the path has.
    pub(super) fn order(&self, asked: &Asked, named: Option<&str>) -> Result<Order, Problem> {
        let in_query = in_query(asked);
        let (body, mut document) = match asked.toml() {
            Some(text) => (in_query.into(), self.library.read_toml("scenario", text)),
            None if !in_query.is_empty() => {
                let detail = "the query goes with a scenario in TOML (Content-Type: \
                              application/toml); expected all of it in the JSON body";
                return Err(Problem::bad_request(detail));
            }
            None => {
                let body = checked(asked.body())?;
                (body.clone(), self.scenario(&body["scenario"])?)
            }
        };
        let name = name(&body["name"], named)?;
        document.replace_seed(seed(&body["seed"])?);
        Ok(Order {
            name,
            scenario: Adjusted { scenario: document, wanted: self.wanted(&body)? },
            claims: self.claims(&body["claims"])?,
            ttl: ttl(&body["ttl"])?,
            listen: self.listen(&body["listen"])?,
        })
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
        let (clock, strict) = (stated_clock::read(&body["clock"])?, strict(&body["strict"])?);
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

    /// The address that is asked for.
    fn listen(&self, wanted: &Value) -> Result<Option<SocketAddr>, Problem> {
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
        Ok(Some(address))
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

/// A body whose members are known.
fn checked(body: &Value) -> Result<&Value, Problem> {
    let members = body.as_object().ok_or_else(|| {
        let detail = "expected an object such as {\"name\":\"a\",\"scenario\":\"demo\"}";
        Problem::bad_request(detail)
    })?;
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        let near = did_you_mean(unknown, MEMBERS.iter().copied());
        // Whoever names none may have put the scenario's own keys beside the name.
        let place = match members.get("scenario") {
            None => {
                "; a scenario is the value of \"scenario\": its name, or all of it as an object"
            }
            Some(_) => "",
        };
        let known = MEMBERS.join(", ");
        let detail = format!("unknown member {unknown:?}; expected one of {known}{near}{place}");
        return Err(Problem::bad_request(detail));
    }
    Ok(body)
}

/// The query as the members of a body.
fn in_query(asked: &Asked) -> Map<String, Value> {
    let mut members = Map::new();
    for name in ["name", "listen", "ttl"] {
        if let Some(text) = asked.query(name) {
            members.insert(name.to_owned(), text.into());
        }
    }
    if let Some(seed) = asked.number("seed") {
        members.insert("seed".to_owned(), seed.into());
    }
    if let Some(strict) = asked.flag("strict") {
        members.insert("strict".to_owned(), strict.into());
    }
    if let Some(claims) = asked.query("claims") {
        members.insert("claims".to_owned(), claims.split(',').collect());
    }
    if let Some(clock) = asked.query("clock").and_then(stated_clock::of_word) {
        members.insert("clock".to_owned(), clock.to_json());
    }
    members
}

fn name(wanted: &Value, named: Option<&str>) -> Result<String, Problem> {
    match (wanted.as_str(), named) {
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(named)) if wanted.is_null() => Ok(named.to_owned()),
        (Some(name), Some(named)) if name == named => Ok(named.to_owned()),
        (_, Some(named)) => {
            let detail = format!("name is {wanted}; expected {named:?} as in the path, or nothing");
            Err(Problem::bad_request(detail))
        }
        (None, None) => {
            let detail = "name: expected a text, the name of the new world (with TOML in the query, \
                          as in ?name=a)";
            Err(Problem::bad_request(detail))
        }
    }
}

fn seed(wanted: &Value) -> Result<Option<u64>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    let seed = wanted.as_u64().filter(|seed| i64::try_from(*seed).is_ok());
    seed.map(Some).ok_or_else(|| {
        let too_great = match wanted.as_f64() {
            Some(number) if number > 0.0 && number.fract() == 0.0 => ", which is too great",
            _ => "",
        };
        let detail =
            format!("seed is {wanted}{too_great}; expected a whole number from 0 to {}", i64::MAX);
        Problem::bad_request(detail)
    })
}

fn ttl(wanted: &Value) -> Result<Option<Span>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    let length = wanted.as_str().and_then(|text| text.parse::<Span>().ok());
    length.filter(|it| !it.is_zero()).map(Some).ok_or_else(|| {
        let found = match wanted.as_str() {
            Some(text) => excerpt(text, EXCERPT_CHARS_MAX),
            None => excerpt(&wanted.to_string(), EXCERPT_CHARS_MAX),
        };
        Problem::bad_request(format!(
            "ttl is {found}; expected a length of time such as \"10m\", counted from the last use"
        ))
    })
}
