//! The way of a request through the control plane.

use crate::admin::asked::Asked;
use crate::admin::plane::Admin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use http::{HeaderValue, Method, StatusCode, header};

use crate::admin::door;
use crate::admin::endpoint::Serve;
use crate::admin::endpoints::ENDPOINTS;
use crate::admin::problem::Problem;
use crate::scenario::library::Library;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::own::Doors;
use crate::web::answer::Answered;
use crate::web::message::{Request, Response};
use crate::web::route::{Found, RouteError, Table};

fn wrong_method(request: &Request, allowed: &[Method]) -> Problem {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let names = names.join(", ");
    let detail = format!("{} takes {names}", request.path());
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail);
    let allow = HeaderValue::from_str(&names).expect("names of methods are plain");
    problem.with("allow", names).header(header::ALLOW, allow)
}

/// Nothing here is to be kept, or taken for something else.
pub(crate) fn guarded(response: Response) -> Response {
    response
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
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

    pub(crate) async fn respond(&self, request: &Request) -> Result<Answered, Problem> {
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
}
