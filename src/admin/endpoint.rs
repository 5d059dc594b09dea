//! What one route of the control plane is, as data: the same row dispatches it, checks its query and
//! its body, and documents it.

use std::pin::Pin;

use http::Method;
use serde_json::{Value, json};

use crate::admin::asked::Asked;
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::reply::{JSON, TOML};
use crate::admin::shape::Shape;
use crate::contract::fields::{Field, Kind, OwnedRow};
use crate::contract::secret_fields::SecretFields;
use crate::scenario;
use crate::web::answer::Answered;
use crate::web::json_once;
use crate::web::message::{Request, Response};
use crate::web::params::Pairs;

/// One route.
pub(crate) struct Endpoint {
    /// `verb_noun`, unique.
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    /// `{name}` is a parameter; each stands in [`crate::admin::parameters::PATH_PARAMETERS`].
    pub(crate) path: &'static str,
    /// What it does, in a line.
    pub(crate) text: &'static str,
    /// Parameters of the query. Others are refused.
    pub(crate) query: &'static [Field],
    pub(crate) body: Body,
    /// What it answers, besides what every route can ([`Endpoint::common_refusals`]).
    pub(crate) replies: &'static [Told],
    pub(crate) serve: Serve,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a route takes as its body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Nothing; what comes is not read.
    None,
    /// A JSON object of these fields, checked before the route is served. No body is an empty one.
    Fields(&'static [Field]),
    /// A file of this media type.
    File(&'static str),
    /// JSON that the route checks itself. No body is an empty object.
    Shape(&'static Shape),
    /// As `Shape`, or a scenario in TOML in its place.
    Scenario(&'static Shape),
}

impl Body {
    /// The media types that it may come in; none where it is not read.
    pub(crate) fn media_types(&self) -> &[&'static str] {
        match self {
            Body::None => &[],
            Body::Fields(_) | Body::Shape(_) => &[JSON],
            Body::Scenario(_) => &[JSON, TOML],
            Body::File(media_type) => std::slice::from_ref(media_type),
        }
    }
}

/// One reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    /// When it is sent.
    pub(crate) text: &'static str,
    pub(crate) content: Content,
}

/// The body of a reply.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    Json(&'static Shape),
    /// A file of this media type.
    File(&'static str),
    /// Text of a media type.
    Text(&'static str),
    /// A problem document.
    Problem,
}

impl Told {
    pub(crate) const fn json(status: u16, text: &'static str, shape: &'static Shape) -> Self {
        Told { status, text, content: Content::Json(shape) }
    }

    pub(crate) const fn file(status: u16, text: &'static str, media_type: &'static str) -> Self {
        Told { status, text, content: Content::File(media_type) }
    }

    pub(crate) const fn text(status: u16, text: &'static str, media_type: &'static str) -> Self {
        Told { status, text, content: Content::Text(media_type) }
    }

    pub(crate) const fn problem(status: u16, text: &'static str) -> Self {
        Told { status, text, content: Content::Problem }
    }
}

/// A reply that is on its way.
pub(crate) type Coming<'a> = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send + 'a>>;

/// A reply that is on its way, with a body that is made while it is sent.
pub(crate) type ComingStream<'a> =
    Pin<Box<dyn Future<Output = Result<Answered, Problem>> + Send + 'a>>;

/// The function that serves a route.
#[derive(Clone, Copy)]
pub(crate) enum Serve {
    /// None: it answers the document of all routes, which the desk made at its start.
    Document,
    /// At once.
    Now(fn(&Admin, &Asked) -> Result<Response, Problem>),
    /// After waiting for a world or for a thread that may block.
    Later(for<'a> fn(&'a Admin, &'a Asked) -> Coming<'a>),
    /// With a body that is made while it is sent.
    Streamed(for<'a> fn(&'a Admin, &'a Asked) -> ComingStream<'a>),
}

impl Endpoint {
    /// The names of the path's parameters, in order.
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
    }

    /// What the door, the limits of the listener and the checks before the route can refuse.
    pub(crate) fn common_refusals(&self) -> Vec<Told> {
        let mut told = vec![
            Told::problem(400, "a parameter or the body is not as expected"),
            Told::problem(401, "there is a token, and the request does not carry it"),
            Told::problem(403, "the request comes from a page of another site, or by another name"),
            Told::problem(408, "the request was not complete in time"),
            Told::problem(413, "the body is too large"),
            Told::problem(431, "the head is too large"),
        ];
        if !self.body.media_types().is_empty() {
            told.push(Told::problem(415, "there is a body, of another media type"));
        }
        if self.path.starts_with("/v1/") {
            told.push(Told::problem(503, "the disk does not take it, or the program stops"));
        }
        if self.method != Method::GET && self.path_parameters().next().is_some() {
            told.push(Told::problem(409, "the world was deleted on the way"));
        }
        if self.path_parameters().next().is_some() {
            told.push(Told::problem(404, "the path names something that is not there"));
        }
        told
    }

    /// All replies, each status once, in order.
    pub(crate) fn all_replies(&self) -> Vec<Told> {
        let mut all = self.replies.to_vec();
        let common = self.common_refusals();
        all.extend(
            common
                .into_iter()
                .filter(|it| self.replies.iter().all(|told| told.status != it.status)),
        );
        all.sort_by_key(|told| told.status);
        all
    }
}

/// Checks a query against the route's fields: the same words as for a body.
fn read_query(fields: &'static [Field], query: &str) -> Result<OwnedRow, Problem> {
    let mut object = serde_json::Map::new();
    for (name, text) in Pairs::parse(query.as_bytes()).iter() {
        let kind = fields.iter().find(|field| field.name == name).map(|field| field.kind);
        let value = match kind {
            Some(Kind::Integer { .. }) => text.parse::<i64>().map_or(text.into(), Value::from),
            Some(Kind::Bool) => text.parse::<bool>().map_or(text.into(), Value::from),
            _ => text.into(),
        };
        if object.insert(name.to_owned(), value).is_some() {
            return Err(Problem::bad_request(format!("the query has {name:?} more than once")));
        }
    }
    read_fields(fields, "the query", &Value::Object(object))
}

/// Checks an object against fields; all mistakes are told.
pub(crate) fn read_fields(
    fields: &'static [Field],
    what: &str,
    object: &Value,
) -> Result<OwnedRow, Problem> {
    read_vendor_fields(fields, SecretFields::NONE, what, object)
}

/// As [`read_fields`], for fields of a vendor's.
pub(crate) fn read_vendor_fields(
    fields: &'static [Field],
    secrets: SecretFields,
    what: &str,
    object: &Value,
) -> Result<OwnedRow, Problem> {
    scenario::vendor_fields_from_json(fields, secrets, what, object)
        .map_err(|mistakes| Problem::mistaken(mistakes.to_string(), &mistakes.to_json()))
}

impl Asked {
    pub(crate) fn read(
        endpoint: &Endpoint,
        path: Pairs,
        request: &Request,
    ) -> Result<Self, Problem> {
        let query = read_query(endpoint.query, request.query().unwrap_or_default())?;
        let is_toml = request.media_type().is_some_and(|it| it == TOML);
        let body = match endpoint.body {
            Body::None | Body::File(_) => Value::Null,
            Body::Scenario(_) if is_toml => Value::Null,
            Body::Fields(_) | Body::Shape(_) | Body::Scenario(_)
                if request.body.trim_ascii().is_empty() =>
            {
                json!({})
            }
            Body::Fields(_) | Body::Shape(_) | Body::Scenario(_) => json_once::read(&request.body)
                .map_err(|fault| Problem::bad_request(format!("the body {fault}")))?,
        };
        let row = match endpoint.body {
            Body::Fields(fields) => Some(read_fields(fields, "the body", &body)?),
            Body::None | Body::Shape(_) | Body::Scenario(_) | Body::File(_) => None,
        };
        let (bytes, headers) = (request.body.clone(), request.headers.clone());
        Ok(Asked { path, query, body, bytes, headers, is_toml, row })
    }
}
