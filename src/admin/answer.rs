//! The routes of the control plane, and the way of a request through it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::door;
use super::problem::{Problem, json_response};
use crate::scenario::library::Library;
use crate::sim::fidelity;
use crate::sim::surface::Surface;
use crate::sim::world::World;
use crate::sim::worlds::Worlds;
use crate::web::answer::{Answer, Answered};
use crate::web::message::{Request, Response};
use crate::web::params::{Json, Pairs};
use crate::web::route::{Found, RouteError, Table};

/// The control plane.
#[derive(Debug)]
pub struct Admin {
    pub(super) worlds: Arc<Worlds>,
    pub(super) library: Library,
    token: Option<String>,
    /// Whether credentials are shown as they came.
    pub(super) show_secrets: bool,
    ready: AtomicBool,
    routes: Table<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    Live,
    Ready,
    Version,
    ListVendors,
    ListStrays,
    ShowFidelity,
    ListVariants,
    ListWorlds,
    MakeWorld,
    ShowWorld,
    DeleteWorld,
    ResetWorld,
    ForkWorld,
    KeepCheckpoint,
    RollBack,
    ShowClock,
    SetClock,
    AdvanceClock,
    ShowVariants,
    SetVariants,
    ListJournal,
    ClearJournal,
    ShowEntry,
    ListTables,
    ShowTable,
    ListEvents,
    SendEvent,
}

fn routes() -> Vec<(Method, &'static str, Route)> {
    let (get, put, post, delete) = (Method::GET, Method::PUT, Method::POST, Method::DELETE);
    vec![
        (get.clone(), "/livez", Route::Live),
        (get.clone(), "/readyz", Route::Ready),
        (get.clone(), "/version", Route::Version),
        (get.clone(), "/v1/vendors", Route::ListVendors),
        (get.clone(), "/v1/fidelity", Route::ShowFidelity),
        (get.clone(), "/v1/variants", Route::ListVariants),
        (get.clone(), "/v1/journal", Route::ListStrays),
        (get.clone(), "/v1/worlds", Route::ListWorlds),
        (post.clone(), "/v1/worlds", Route::MakeWorld),
        (get.clone(), "/v1/worlds/{world}", Route::ShowWorld),
        (delete.clone(), "/v1/worlds/{world}", Route::DeleteWorld),
        (post.clone(), "/v1/worlds/{world}/reset", Route::ResetWorld),
        (post.clone(), "/v1/worlds/{world}/fork", Route::ForkWorld),
        (post.clone(), "/v1/worlds/{world}/checkpoint", Route::KeepCheckpoint),
        (post.clone(), "/v1/worlds/{world}/rollback", Route::RollBack),
        (get.clone(), "/v1/worlds/{world}/clock", Route::ShowClock),
        (put.clone(), "/v1/worlds/{world}/clock", Route::SetClock),
        (post.clone(), "/v1/worlds/{world}/clock/advance", Route::AdvanceClock),
        (get.clone(), "/v1/worlds/{world}/variants", Route::ShowVariants),
        (put, "/v1/worlds/{world}/variants", Route::SetVariants),
        (get.clone(), "/v1/worlds/{world}/journal", Route::ListJournal),
        (delete, "/v1/worlds/{world}/journal", Route::ClearJournal),
        (get.clone(), "/v1/worlds/{world}/journal/{seq}", Route::ShowEntry),
        (get.clone(), "/v1/worlds/{world}/state/{vendor}", Route::ListTables),
        (get.clone(), "/v1/worlds/{world}/state/{vendor}/{table}", Route::ShowTable),
        (get, "/v1/worlds/{world}/events/{vendor}", Route::ListEvents),
        (post, "/v1/worlds/{world}/events/{vendor}/{event}", Route::SendEvent),
    ]
}

/// A request whose route is known.
#[derive(Debug)]
pub(super) struct Asked {
    path: Pairs,
    query: Pairs,
    body: Json,
}

impl Admin {
    /// # Errors
    /// Where two routes clash: a mistake in the program.
    pub fn new(
        worlds: Arc<Worlds>,
        library: Library,
        token: Option<String>,
        show_secrets: bool,
    ) -> Result<Self, RouteError> {
        let routes = Table::new(routes())?;
        let ready = AtomicBool::new(false);
        Ok(Admin { worlds, library, token, show_secrets, ready, routes })
    }

    /// From now on `readyz` says so.
    pub fn set_ready(&self) {
        self.ready.store(true, Ordering::Release);
    }

    async fn respond(&self, request: &Request) -> Result<Response, Problem> {
        door::check(request, self.token.as_deref())?;
        let (route, path) = match self.routes.find(&request.method, request.path()) {
            Found::Row { row, path } => (row, path),
            Found::WrongMethod { allowed } => return Err(wrong_method(request, &allowed)),
            Found::NoPath => {
                let detail = format!("there is no {}; GET /v1/vendors is a start", request.path());
                return Err(Problem::not_found("no-such-path", detail));
            }
        };
        let query = Pairs::parse(request.query().unwrap_or_default().as_bytes());
        let body = Json::parse(&request.body);
        if let Json::Broken(error) = &body {
            return Err(Problem::bad_request(format!("the body is not JSON: {error}")));
        }
        let asked = Asked { path, query, body };
        match route {
            Route::Live => Ok(ok(&json!({ "status": "ok" }))),
            Route::Ready if self.ready.load(Ordering::Acquire) => {
                Ok(ok(&json!({ "status": "ready" })))
            }
            Route::Ready => {
                let detail = "the worlds are still being loaded";
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail))
            }
            Route::Version => Ok(ok(&json!({ "version": env!("CARGO_PKG_VERSION") }))),
            Route::ListVendors => Ok(ok(&self.list_vendors())),
            Route::ShowFidelity => Ok(ok(&self.each_vendor("vendors", fidelity::report))),
            Route::ListVariants => Ok(ok(&self.each_vendor("vendors", fidelity::switches))),
            Route::ListStrays => self.list_strays(&asked),
            Route::ListWorlds => Ok(ok(&self.list_worlds())),
            Route::MakeWorld => self.make_world(&asked).await,
            Route::ShowWorld => Ok(ok(&self.world(&asked)?.facts().to_json())),
            Route::DeleteWorld => self.delete_world(&asked),
            Route::ResetWorld => self.reset_world(&asked).await,
            Route::ForkWorld => self.fork_world(&asked).await,
            Route::KeepCheckpoint => self.keep_checkpoint(&asked).await,
            Route::RollBack => self.roll_back(&asked).await,
            Route::ShowClock => self.show_clock(&asked).await,
            Route::SetClock => self.set_clock(&asked).await,
            Route::AdvanceClock => self.advance_clock(&asked).await,
            Route::ShowVariants => Ok(ok(&self.world(&asked)?.variants().await)),
            Route::SetVariants => self.set_variants(&asked).await,
            Route::ListJournal => self.list_journal(&asked).await,
            Route::ClearJournal => self.clear_journal(&asked).await,
            Route::ShowEntry => self.show_entry(&asked).await,
            Route::ListTables => self.list_tables(&asked),
            Route::ShowTable => self.show_table(&asked).await,
            Route::ListEvents => self.list_events(&asked),
            Route::SendEvent => self.send_event(&asked).await,
        }
    }

    /// What is to be said of each vendor.
    fn each_vendor(&self, name: &str, say: fn(&Surface) -> Value) -> Value {
        let said = self.worlds.vendors().0.iter().map(|vendor| say(vendor.surface()));
        json!({ name: said.collect::<Value>() })
    }

    /// The world that the path names.
    pub(super) fn world(&self, asked: &Asked) -> Result<Arc<World>, Problem> {
        let name = asked.segment("world");
        self.worlds.get(name).ok_or_else(|| {
            let detail = format!("there is no world called {name:?}; GET /v1/worlds lists them");
            Problem::not_found("no-such-world", detail)
        })
    }
}

impl Asked {
    pub(super) fn segment(&self, name: &str) -> &str {
        self.path.first(name).unwrap_or_default()
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.first(name)
    }

    /// A query parameter that is a number, or `default` where it is absent.
    pub(super) fn number(&self, name: &str, default: u64, most: u64) -> Result<u64, Problem> {
        let Some(text) = self.query(name) else { return Ok(default) };
        text.parse().ok().filter(|number| *number <= most).ok_or_else(|| {
            Problem::bad_request(format!("{name} is {text:?}; expected a number from 0 to {most}"))
        })
    }

    /// Names of query parameters that the route does not have are mistakes, not noise.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        let unknown = self.query.iter().find(|(name, _)| !known.contains(name));
        unknown.map_or(Ok(()), |(name, _)| {
            let detail =
                format!("unknown parameter {name:?}; expected one of {}", known.join(", "));
            Err(Problem::bad_request(detail))
        })
    }

    /// The body, an empty object where there is none.
    pub(super) fn body(&self) -> Value {
        match &self.body {
            Json::Value(value) => value.clone(),
            _ => json!({}),
        }
    }
}

pub(super) fn ok(value: &Value) -> Response {
    json_response(StatusCode::OK, value)
}

fn wrong_method(request: &Request, allowed: &[Method]) -> Problem {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let detail = format!("{} takes {}", request.path(), names.join(", "));
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail).with("allow", names.join(", "))
}

impl Answer for Admin {
    async fn answer(&self, request: Request) -> Answered {
        let answered = self.respond(&request).await;
        let response = answered.unwrap_or_else(Problem::into_response);
        response
            .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
            .into()
    }

    fn refuse(&self, _request: Request, status: StatusCode, reason: String) -> Response {
        Problem::new(status, "limit", reason).into_response()
    }
}
