//! Making worlds, and what a world has beside its state: claims, a time to live, a listener.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::admin::asked::Asked;
use crate::admin::findings::strict;
use crate::admin::plane::{Admin, ok};
use crate::admin::problem::{Problem, internal, json_response};
use crate::base::duration;
use crate::scenario::adjusted::{Adjusted, Wanted};
use crate::scenario::library::Opened;
use crate::sim::blocking::blocking;
use crate::sim::judge::strict::Strict;
use crate::sim::loading::scenario::LoadError;
use crate::sim::world::World;
use crate::sim::worlds::MakeError;
use crate::sim::worlds::claims::{Claim, ClaimError};
use crate::sim::worlds::own::{BindError, Bound, Own};
use crate::web::message::Response;

/// Members of the body of `POST /v1/worlds`.
const MEMBERS: &[&str] =
    &["name", "scenario", "seed", "variants", "strict", "expect", "claims", "listen", "ttl"];

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
        let own = Own {
            claims: self.claims(&body["claims"])?,
            ttl: ttl(&body["ttl"])?,
            // The last, so that no mistake elsewhere takes a port even for a moment.
            listener: self.listener(&body["listen"])?,
        };
        let worlds = Arc::clone(&self.worlds);
        let wanted = name.to_owned();
        let made = blocking(move || worlds.make_with(&wanted, &mut scenario, own)).await;
        match made.map_err(internal)? {
            Ok(world) => Ok(json_response(StatusCode::CREATED, &self.facts(&world))),
            Err(error) => Err(not_made(error)),
        }
    }

    /// The piece of scenario is the body.
    pub(crate) async fn seed_world(&self, asked: &Asked) -> Result<Response, Problem> {
        let world = self.world(asked)?;
        let merged = world.merge(self.library.read_piece(asked.body())).await;
        let merged = merged.map_err(|error| match error {
            LoadError::Mistakes(mistakes) => {
                let detail = "the piece has mistakes; nothing was changed";
                Problem::mistaken(detail, &mistakes.to_json())
            }
            LoadError::Internal(error) => internal(error),
        })?;
        let (seq, added) = (merged.seq, merged.added_json());
        Ok(ok(&json!({ "seq": seq, "added": added, "world": self.facts(&world) })))
    }

    /// A scenario that is named, or given as an object.
    fn scenario(&self, wanted: &Value) -> Result<Opened, Problem> {
        match wanted {
            Value::String(wanted) => self.library.open(wanted).map_err(Problem::bad_request),
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
            Strict::new(true, expect, self.worlds.vendors())
                .map_err(|mistakes| Problem::bad_request(mistakes.join("\n")))?;
        }
        Ok(Wanted { turns, strict: strict(&body["strict"])?, expect: expect.cloned() })
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
        Claim::parse_all(&texts, self.worlds.vendors()).map_err(|error| not_claimed(&error))
    }

    /// Takes the address that is asked for.
    fn listener(&self, wanted: &Value) -> Result<Option<Box<dyn Bound>>, Problem> {
        if wanted.is_null() {
            return Ok(None);
        }
        let address = wanted.as_str().and_then(|text| text.parse::<SocketAddr>().ok());
        let address = address.ok_or_else(|| {
            Problem::bad_request(format!(
                "listen is {wanted}; expected an address and port such as \"127.0.0.1:0\""
            ))
        })?;
        // Who may open this machine to others says so at the start, by giving a token.
        if self.token.is_none() && !address.ip().is_loopback() {
            return Err(Problem::bad_request(format!(
                "listen is {address}, which is open to others; without a token \
                 (RINGBACK_ADMIN_TOKEN) a world's listener binds loopback only (127.0.0.1 or [::1])"
            )));
        }
        let problem =
            |status, kind, error: BindError| Problem::new(status, kind, error.to_string());
        match self.doors.bind(address) {
            Ok(bound) => Ok(Some(bound)),
            Err(error @ BindError::TooMany) => {
                Err(problem(StatusCode::CONFLICT, "too-many-listeners", error))
            }
            Err(error @ BindError::InUse(_)) => {
                Err(problem(StatusCode::CONFLICT, "address-in-use", error))
            }
            Err(error @ BindError::Unusable { .. }) => {
                Err(problem(StatusCode::UNPROCESSABLE_ENTITY, "address-unusable", error))
            }
        }
    }

    /// A world as listings show it.
    pub(crate) fn facts(&self, world: &World) -> Value {
        let own = self.worlds.own_facts(world.name(), self.show_secrets);
        let mut facts = world.facts().to_json();
        let ttl_ms = own.ttl.map(|ttl| i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX));
        let more = Map::from_iter([
            ("listen".to_owned(), own.listen.map(|address| format!("http://{address}")).into()),
            ("ttl".to_owned(), ttl_ms.map(duration::to_text).into()),
            ("claims".to_owned(), own.claims.into()),
        ]);
        if let Some(members) = facts.as_object_mut() {
            members.extend(more);
        }
        facts
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

fn ttl(wanted: &Value) -> Result<Option<Duration>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    let ms = wanted.as_str().and_then(duration::parse_ms).filter(|ms| *ms > 0);
    ms.map(|ms| Some(Duration::from_millis(ms.unsigned_abs()))).ok_or_else(|| {
        Problem::bad_request(format!(
            "ttl is {wanted}; expected a length of time such as \"10m\", counted from the last use"
        ))
    })
}

fn not_claimed(error: &ClaimError) -> Problem {
    match error {
        ClaimError::Held { holder, .. } => {
            let problem = Problem::new(StatusCode::CONFLICT, "claimed", error.to_string());
            problem.with("holder", holder.as_str())
        }
        ClaimError::Text { .. } | ClaimError::TooMany(_) => Problem::bad_request(error.to_string()),
    }
}

pub(crate) fn not_made(error: MakeError) -> Problem {
    match error {
        MakeError::Taken(_) => {
            Problem::new(StatusCode::CONFLICT, "world-exists", error.to_string())
        }
        MakeError::TooMany => {
            Problem::new(StatusCode::CONFLICT, "too-many-worlds", error.to_string())
        }
        MakeError::Name(_) => Problem::bad_request(error.to_string()),
        MakeError::Import(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-export", error.to_string())
        }
        MakeError::Claim(error) => not_claimed(&error),
        MakeError::Load(LoadError::Mistakes(mistakes)) => {
            let detail = "the scenario has mistakes; nothing was made";
            Problem::mistaken(detail, &mistakes.to_json())
        }
        other => internal(other),
    }
}
