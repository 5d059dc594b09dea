//! The way of a request through the control plane.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::admin::door;
use crate::admin::endpoint::{Body, Endpoint, Serve};
use crate::admin::endpoints::ENDPOINTS;
use crate::admin::problem::{Problem, json_response};
use crate::contract::fields::{Cell, Field, Kind, OwnedRow};
use crate::contract::surface::Surface;
use crate::scenario;
use crate::scenario::library::Library;
use crate::sim::world::World;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::own::Doors;
use crate::web::answer::{Answer, Answered};
use crate::web::message::{Request, Response};
use crate::web::params::{Json, Pairs};
use crate::web::route::{Found, RouteError, Table};

/// The control plane.
#[derive(Debug)]
pub struct Admin {
    pub(crate) worlds: Arc<Worlds>,
    pub(crate) library: Library,
    /// What opens listeners for worlds.
    pub(crate) doors: Arc<dyn Doors>,
    pub(crate) token: Option<String>,
    /// Whether credentials are shown as they came.
    pub(crate) show_secrets: bool,
    ready: AtomicBool,
    routes: Table<&'static Endpoint>,
}

/// A request whose route is known, with what its row in the table lets in.
#[derive(Debug)]
pub(crate) struct Asked {
    path: Pairs,
    query: OwnedRow,
    body: Value,
    /// The body as it came.
    bytes: Bytes,
    headers: HeaderMap,
    /// The body as a row, where the table has fields for it.
    row: Option<OwnedRow>,
}

impl Admin {
    /// # Errors
    /// Where two routes clash: a mistake in the program.
    pub fn new(
        worlds: Arc<Worlds>,
        library: Library,
        doors: Arc<dyn Doors>,
        token: Option<String>,
        show_secrets: bool,
    ) -> Result<Self, RouteError> {
        let rows = ENDPOINTS.iter().map(|it| (it.method.clone(), it.path, it));
        let routes = Table::new(rows)?;
        let ready = AtomicBool::new(false);
        Ok(Admin { worlds, library, doors, token, show_secrets, ready, routes })
    }

    /// From now on `readyz` says so.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    async fn respond(&self, request: &Request) -> Result<Answered, Problem> {
        door::check(request, self.token.as_deref())?;
        // The body of an answer to HEAD stays behind at the socket.
        let head = request.method == Method::HEAD;
        let method = if head { &Method::GET } else { &request.method };
        let (endpoint, path) = match self.routes.find(method, request.path()) {
            Found::Row { row, path } => (row, path),
            Found::WrongMethod { allowed } => return Err(wrong_method(request, &allowed)),
            Found::NoPath => {
                let detail = format!("there is no {}; GET /openapi.json lists all", request.path());
                return Err(Problem::not_found("no-such-path", detail));
            }
        };
        let asked = Asked::read(endpoint, path, request)?;
        match endpoint.serve {
            Serve::Now(serve) => serve(self, &asked).map(Answered::from),
            Serve::Later(serve) => serve(self, &asked).await.map(Answered::from),
            Serve::Streamed(serve) => serve(self, &asked).await,
        }
    }

    /// What is to be said of each vendor.
    pub(crate) fn each_vendor(&self, name: &str, say: fn(&Surface) -> Value) -> Value {
        let said = self.worlds.vendors().0.iter().map(|vendor| say(vendor.surface()));
        json!({ name: said.collect::<Value>() })
    }

    /// The world that the path names.
    pub(crate) fn world(&self, asked: &Asked) -> Result<Arc<World>, Problem> {
        let name = asked.segment("world");
        let world = self.worlds.get(name).ok_or_else(|| {
            let detail = format!("there is no world called {name:?}; GET /v1/worlds lists them");
            Problem::not_found("no-such-world", detail)
        })?;
        // Who asks for a world still needs it.
        world.touch();
        Ok(world)
    }
}

impl Asked {
    fn read(endpoint: &Endpoint, path: Pairs, request: &Request) -> Result<Self, Problem> {
        let query = read_query(endpoint.query, request.query().unwrap_or_default())?;
        let body = match endpoint.body {
            Body::None | Body::File(_) => Value::Null,
            Body::Fields(_) | Body::Shape(_) => match Json::parse(&request.body) {
                Json::Absent => json!({}),
                Json::Value(value) => value,
                Json::Broken(error) => {
                    return Err(Problem::bad_request(format!("the body is not JSON: {error}")));
                }
            },
        };
        let row = match endpoint.body {
            Body::Fields(fields) => Some(read_fields(fields, "the body", &body)?),
            Body::None | Body::Shape(_) | Body::File(_) => None,
        };
        let (bytes, headers) = (request.body.clone(), request.headers.clone());
        Ok(Asked { path, query, body, bytes, headers, row })
    }

    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.first(name).unwrap_or_default()
    }

    /// A query parameter that is text.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.parameter(name)?.as_text()
    }

    /// A query parameter that is a number; its row in the table says of what size.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.parameter(name)?.as_int().and_then(|number| number.try_into().ok())
    }

    fn parameter(&self, name: &str) -> Option<&Cell<'static>> {
        let idx = self.query.fields().iter().position(|field| field.name == name)?;
        Some(self.query.cell(idx))
    }

    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, an empty object where there is none.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    /// The body as it came: a file.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The body as a row of the route's fields.
    pub(crate) fn row(&self) -> &OwnedRow {
        self.row.as_ref().expect("the route's row in the table has fields")
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
    scenario::fields_from_json(fields, what, object)
        .map_err(|mistakes| Problem::mistaken(mistakes.to_string(), &mistakes.to_json()))
}

pub(crate) fn ok(value: &Value) -> Response {
    json_response(StatusCode::OK, value)
}

fn wrong_method(request: &Request, allowed: &[Method]) -> Problem {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let names = names.join(", ");
    let detail = format!("{} takes {names}", request.path());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail);
    let allow = HeaderValue::from_str(&names).expect("names of methods are plain");
    problem.with("allow", names).header(header::ALLOW, allow)
}

impl Answer for Admin {
    async fn answer(&self, request: Request) -> Answered {
        let answered = self.respond(&request).await;
        let answered = answered.unwrap_or_else(|problem| problem.into_response().into());
        Answered { response: guarded(answered.response), ..answered }
    }

    fn refuse(&self, _request: Request, status: StatusCode, reason: String) -> Response {
        guarded(Problem::new(status, "limit", reason).into_response())
    }
}

/// Nothing here is to be kept, or taken for something else.
fn guarded(response: Response) -> Response {
    response
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
}
