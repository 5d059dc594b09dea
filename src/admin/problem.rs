//! Errors of the control plane, as problem documents (RFC 9457), and what each error of the floors
//! below is called there.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use crate::base::chain::Chain;
use crate::base::listing::one_of;
use crate::base::nearest::nearest;
use crate::base::text::sentence;
use crate::contract::event::EventError;
use crate::contract::reply::InternalError;
use crate::scenario::ScenarioError;
use crate::sim::loading::scenario::LoadError;
use crate::sim::world::clock::ClockError;
use crate::sim::world::saved::CheckpointError;
use crate::sim::world::{FaultError, Halt, StepError, Stopped};
use crate::sim::worlds::MakeError;
use crate::sim::worlds::claims::ClaimError;
use crate::sim::worlds::extras::BindError;
use crate::store::folder::error::FolderError;
use crate::store::folder::trouble::StorageTrouble;
use crate::web::mask::masker::Masker;
use crate::web::message::Response;

/// Media type of a problem document.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// One error.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    /// A word for programs, one for all errors of a kind.
    kind: &'static str,
    /// What was expected and what was found, for people.
    detail: Box<str>,
    more: Map<String, Value>,
    /// One more header. Boxed: few problems have one, and all are returned by value.
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        // A line for each mistake; names and values of the client's stand in them.
        let detail: String = detail.into();
        let lines: Vec<_> = detail.split('\n').map(sentence).collect();
        let detail = lines.join("\n").into();
        Problem { status, kind, detail, more: Map::new(), header: None }
    }

    /// Something that the path names is not there.
    pub(crate) fn not_found(kind: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, kind, detail)
    }

    /// A name in the path that is not there: those that are, and the nearest of them.
    pub(crate) fn unknown(
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> Self {
        let known: Vec<&str> = known.collect();
        let mut detail = match known.as_slice() {
            [] => format!("there is no {what} called {name:?}; there are none here"),
            known => {
                format!("there is no {what} called {name:?}; expected {}", one_of(known))
            }
        };
        if let Some(near) = nearest(name, known.iter().copied()) {
            detail = format!("{detail}; did you mean {near:?}?");
        } else {
            let alike = of_the_same_thing(name, &known);
            if !alike.is_empty() {
                detail = format!("{detail}; of the same thing there are {}", alike.join(", "));
            }
        }
        Problem::not_found("no-such-name", detail)
    }

    /// A name in the query or the body that is not there.
    pub(crate) fn unknown_here(
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> Self {
        Problem { status: StatusCode::BAD_REQUEST, ..Problem::unknown(what, name, known) }
    }

    /// A parameter or the body is not as expected.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// The state as it is does not allow it.
    pub(crate) fn conflict(kind: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::CONFLICT, kind, detail)
    }

    /// What was sent can be read, and nothing can be done with it.
    pub(crate) fn unusable(kind: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, kind, detail)
    }

    /// A body or a query with mistakes, as their own JSON tells them.
    pub(crate) fn mistaken(detail: impl Into<String>, told: &Value) -> Self {
        let problem = Problem::bad_request(detail).with("mistakes", told["mistakes"].clone());
        // How many there are beyond those.
        if told["more"] == 0 { problem } else { problem.with("more", told["more"].clone()) }
    }

    /// A scenario, or a piece of one, that was not taken; `detail` where it has mistakes.
    pub(super) fn not_loaded(error: LoadError, detail: &str) -> Self {
        match error {
            LoadError::Mistakes(mistakes) => Problem::mistaken(detail, &mistakes.to_json()),
            LoadError::Internal(error) => error.into(),
        }
    }

    /// Adds a member.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header, in place of one that was added before.
    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    /// The problem as it may be shown: names and values of the client's stand in it.
    #[must_use]
    pub(crate) fn shown(self, masker: &Masker) -> Self {
        let detail = masker.sentence(&self.detail).into();
        let more = self.more.into_iter();
        let more = more.map(|(name, value)| (name, sentences(value, masker))).collect();
        Problem { detail, more, ..self }
    }

    pub(crate) fn into_response(self) -> Response {
        let mut problem = json!({
            "type": format!("urn:ringback:problem:{}", self.kind),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(members) = problem.as_object_mut() {
            members.extend(self.more);
        }
        let response = Response::with_body(self.status, PROBLEM_JSON, format!("{problem}\n"));
        match self.header.map(|header| *header) {
            Some((name, value)) => response.header(name, value),
            None => response,
        }
    }
}

/// A value whose texts are sentences, as they may be shown.
fn sentences(value: Value, masker: &Masker) -> Value {
    match value {
        Value::String(text) => masker.sentence(&text).into(),
        Value::Array(items) => items.into_iter().map(|it| sentences(it, masker)).collect(),
        Value::Object(members) => {
            let shown = members.into_iter().map(|(name, it)| (name, sentences(it, masker)));
            Value::Object(shown.collect())
        }
        plain => plain,
    }
}

/// An error that is nobody's fault but the program's, with all that led to it.
fn internal(error: &(dyn std::error::Error + 'static)) -> Problem {
    let detail = Chain(error).to_string();
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

/// Nothing was done: the disk does not take it.
fn storage(trouble: &StorageTrouble) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "storage", trouble.to_string())
}

/// Work was told to stop.
fn stopped(why: &Halt, detail: String) -> Problem {
    let (status, kind) = match why {
        Halt::Storage(_) => (StatusCode::SERVICE_UNAVAILABLE, "storage"),
        Halt::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
        Halt::Deleted | Halt::Gone => (StatusCode::CONFLICT, "stopped"),
    };
    Problem::new(status, kind, detail)
}

impl From<InternalError> for Problem {
    fn from(error: InternalError) -> Self {
        if let Some(trouble) = error.trouble() {
            return storage(&trouble);
        }
        match (error.cause::<Stopped>(), error.cause::<Halt>()) {
            (Some(what), _) => stopped(&what.0, what.to_string()),
            (_, Some(why)) => stopped(why, why.to_string()),
            _ => internal(&error),
        }
    }
}

impl From<ScenarioError> for Problem {
    fn from(error: ScenarioError) -> Self {
        let detail = error.to_string();
        match error {
            ScenarioError::Mistakes { told, .. } => Problem::mistaken(detail, &told),
            _ => Problem::bad_request(detail),
        }
    }
}

impl From<MakeError> for Problem {
    fn from(error: MakeError) -> Self {
        if let Some(trouble) = error.trouble() {
            return storage(&trouble);
        }
        let detail = error.to_string();
        match error {
            MakeError::Stopped(why) => stopped(&why, detail),
            MakeError::Internal(error) => error.into(),
            MakeError::Taken(_) => Problem::conflict("world-exists", detail),
            MakeError::TooMany => Problem::conflict("too-many-worlds", detail),
            MakeError::Name(_) => Problem::bad_request(detail),
            MakeError::Unreadable { .. } => Problem::conflict("world-unreadable", detail),
            MakeError::Folder(FolderError::Occupied { .. }) => {
                Problem::conflict("world-exists", detail)
            }
            MakeError::Unfit(_) => Problem::unusable("unreadable", detail),
            MakeError::Import(_) => Problem::unusable("no-export", detail),
            MakeError::Claim(error) => error.into(),
            MakeError::Host(_) => Problem::conflict("host-taken", detail),
            MakeError::Clock(error) => error.into(),
            MakeError::Load(error) => {
                Problem::not_loaded(error, "the scenario has mistakes; nothing was made")
            }
            MakeError::Folder(_) | MakeError::Open(_) => internal(&error),
        }
    }
}

impl From<ClaimError> for Problem {
    fn from(error: ClaimError) -> Self {
        let detail = error.to_string();
        match error {
            ClaimError::Held { holder, .. } => {
                Problem::conflict("claimed", detail).with("holder", holder)
            }
            ClaimError::Text { .. } | ClaimError::TooMany(_) => Problem::bad_request(detail),
        }
    }
}

impl From<BindError> for Problem {
    fn from(error: BindError) -> Self {
        let detail = error.to_string();
        match error {
            BindError::TooMany => Problem::conflict("too-many-listeners", detail),
            BindError::InUse(_) => Problem::conflict("address-in-use", detail),
            BindError::Unusable { .. } => Problem::unusable("address-unusable", detail),
        }
    }
}

impl From<CheckpointError> for Problem {
    fn from(error: CheckpointError) -> Self {
        let detail = error.to_string();
        match error {
            CheckpointError::Unknown(..) => Problem::not_found("no-such-checkpoint", detail),
            CheckpointError::Name(_) => Problem::bad_request(detail),
            CheckpointError::TooMany => Problem::conflict("too-many-checkpoints", detail),
            CheckpointError::Internal(error) => error.into(),
        }
    }
}

/// The known names that have a telling word of a name in them: `rotate_token` for `expire_token`.
fn of_the_same_thing<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let words: Vec<&str> =
        name.split(['_', '-', ' ']).filter(|it| it.len() >= THING_CHARS_MIN).collect();
    let is_alike = |known: &&&str| {
        known.split('_').any(|part| {
            words.iter().any(|word| part.trim_end_matches('s') == word.trim_end_matches('s'))
        })
    };
    known.iter().filter(is_alike).copied().collect()
}

/// Shortest word that names a thing; shorter ones join others.
const THING_CHARS_MIN: usize = 4;

impl From<ClockError> for Problem {
    fn from(error: ClockError) -> Self {
        let detail = error.to_string();
        match error {
            ClockError::Step(StepError::Backwards { now, .. }) => {
                Problem::conflict("clock-backwards", detail).with("now", now.to_string())
            }
            ClockError::Step(StepError::Endless { .. }) => Problem::bad_request(detail),
            ClockError::Halted { now, n_fired, ref why, .. } => {
                let problem = stopped(why, detail);
                problem.with("now", now.to_string()).with("fired", n_fired)
            }
            ClockError::Internal(error) => error.into(),
        }
    }
}

impl From<FaultError> for Problem {
    fn from(error: FaultError) -> Self {
        let detail = error.to_string();
        match error {
            FaultError::TooMany => Problem::conflict("too-many-faults", detail),
            FaultError::Taken(_) => Problem::conflict("fault-exists", detail),
            FaultError::Internal(error) => error.into(),
        }
    }
}

impl From<EventError> for Problem {
    fn from(error: EventError) -> Self {
        match error {
            EventError::Refused(reason) => Problem::conflict("event-refused", reason),
            EventError::Internal(error) => error.into(),
        }
    }
}
