//! The way of a request through the control plane: the door, the table of routes, the checks that a
//! row asks for, and its function.

use std::sync::LazyLock;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use crate::admin::asked::Asked;
use crate::admin::endpoint::{Endpoint, Serve};
use crate::admin::plane::Admin;
use crate::admin::problem::Problem;
use crate::admin::{door, endpoints, manual, openapi, page, reply};
use crate::base::limits::ADMIN_HALF_CLOSED_MAX;
use crate::web::answer::{Answer, Answered};
use crate::web::handshake::FailedHandshake;
use crate::web::message::{Request, Response};
use crate::web::route::{Found, RouteError, Table};
use crate::web::via::{Lead, Via, Way};

/// The control plane with its routes: what a listener serves.
#[derive(Debug)]
pub(crate) struct Desk {
    admin: Admin,
    routes: Table<&'static Endpoint>,
    /// The OpenAPI document of the routes, made when it is first asked for: a start need not wait for it.
    document: LazyLock<Value>,
}

impl Desk {
    /// # Errors
    /// Where two routes clash: a mistake in the program.
    pub(crate) fn new(admin: Admin) -> Result<Self, RouteError> {
        let routes = Table::new(endpoints::all().map(|it| (it.method.clone(), it.path, it)))?;
        Ok(Desk { admin, routes, document: LazyLock::new(|| openapi::document(endpoints::all())) })
    }

    /// From now on `readyz` says that requests are served.
    pub(crate) fn set_ready(&self) {
        self.admin.set_ready();
    }

    async fn respond(&self, request: &Request) -> Result<Answered, Problem> {
        let admin = &self.admin;
        door::check(request, admin.token.as_deref())?;
        if let Some(file) = page::answer(request) {
            return Ok(file.into());
        }
        // The body of an answer to HEAD stays behind at the socket.
        let head = request.method == Method::HEAD;
        let method = if head { &Method::GET } else { &request.method };
        let (endpoint, path) = match self.routes.find(method, request.path()) {
            Found::Row { row, path } => (row, path),
            Found::WrongMethod { allowed } => {
                return Err(wrong_method(&self.shown_path(request), &allowed));
            }
            Found::NoPath => {
                let path = self.shown_path(request);
                let detail = format!("there is no {path}; GET /openapi.json lists all");
                return Err(Problem::not_found("no-such-path", detail));
            }
        };
        let wanted = endpoint.body.media_types();
        if !wanted.is_empty() {
            door::check_body(request, wanted)?;
        }
        let asked = Asked::read(endpoint, path, request)?;
        // What could not be read at the start may be readable by now.
        admin.worlds.reopen(asked.segment("world")).await;
        match endpoint.serve {
            Serve::Document => Ok(reply::ok(&self.document).into()),
            Serve::Now(serve) => serve(admin, &asked).map(Answered::from),
            Serve::Later(serve) => serve(admin, &asked).await.map(Answered::from),
            Serve::Streamed(serve) => serve(admin, &asked).await,
        }
    }

    /// The path as a problem may repeat it: a secret may stand in it, as in `/token/…`.
    fn shown_path(&self, request: &Request) -> String {
        self.admin.masker_for(request.path()).query(request.path()).into_owned()
    }
}

impl Answer for Desk {
    const HALF_CLOSED_MAX: Duration = ADMIN_HALF_CLOSED_MAX;

    async fn answer(&self, request: Request) -> Answered {
        let answered = self.respond(&request).await;
        let answered = answered.unwrap_or_else(|problem| {
            let masker = self.admin.masker_for(request.path());
            told(problem.shown(&masker), &request).into()
        });
        Answered { response: guarded(answered.response), ..answered }
    }

    fn refuse(&self, request: Request, status: StatusCode, reason: String) -> Response {
        guarded(told(Problem::new(status, "limit", reason), &request))
    }

    /// The control plane is asked for itself alone.
    fn lead(&self, via: &Via) -> Lead {
        if via.way == Way::Tunnel {
            let reason = "the admin listener is no proxy; a listener of the vendors is".to_owned();
            return Lead::Refused { status: StatusCode::METHOD_NOT_ALLOWED, reason };
        }
        Lead::Here
    }

    fn unmet(&self, failed: FailedHandshake) {
        self.admin.worlds.stray_handshake(&failed);
        tracing::info!(cause = failed.cause.name(), "{}", failed.told());
    }
}

/// A problem as it is sent, with the chapter that tells of what was asked for.
fn told(problem: Problem, request: &Request) -> Response {
    problem.with("manual", manual::of_path(request.path())).into_response()
}

fn wrong_method(path: &str, allowed: &[Method]) -> Problem {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let names = names.join(", ");
    let detail = format!("{path} takes {names}");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail);
    let allow = HeaderValue::from_str(&names).expect("names of methods are plain");
    problem.with("allow", names).header(header::ALLOW, allow)
}

/// Nothing here is to be taken for something else, or kept, but for what says so itself.
fn guarded(response: Response) -> Response {
    let is_said = response.headers.iter().any(|(name, _)| *name == header::CACHE_CONTROL);
    let response = if is_said {
        response
    } else {
        response.header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    };
    response.header(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::admin::parameters::PATH_PARAMETERS;

    #[test]
    fn each_route_is_documented_and_nothing_else() {
        let document = openapi::document(endpoints::all());
        let mut documented = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                documented.insert((id, method.to_ascii_uppercase(), path.clone()));
            }
        }
        let row = |it: &Endpoint| (it.name.to_owned(), it.method.to_string(), it.path.to_owned());
        let served: BTreeSet<_> = endpoints::all().map(row).collect();
        assert_eq!(served.len(), endpoints::all().count(), "a route stands twice");
        assert_eq!(documented, served);
    }

    #[test]
    fn rows_are_told_apart_and_named() {
        let names: BTreeSet<_> = endpoints::all().map(|endpoint| endpoint.name).collect();
        assert_eq!(names.len(), endpoints::all().count(), "two routes have one name");
        for endpoint in endpoints::all() {
            for name in endpoint.path_parameters() {
                let known = PATH_PARAMETERS.iter().any(|field| field.name == name);
                assert!(known, "{}: {{{name}}} is not in PATH_PARAMETERS", endpoint.path);
            }
            let told: BTreeSet<_> = endpoint.replies.iter().map(|told| told.status).collect();
            assert_eq!(told.len(), endpoint.replies.len(), "{}: a status twice", endpoint.name);
            assert!(told.iter().any(|status| *status < 300), "{} never succeeds", endpoint.name);
        }
    }
}
