//! Which function a request asks for: the path decides. GET and POST are the same; query and form
//! are merged, as Java's servlets do.

use http::Method;

use crate::contract::operation::Operation;
use crate::contract::operation::Routed;
use crate::vendors::maestro::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Pairs, Params};

/// Where the sibling API is, and this one in all likelihood (maestro 1).
pub(crate) const MOUNT: &str = "/_access/";

/// The functions and their operations.
const FUNCTIONS: &[(&str, &str)] = &[
    ("fetchCallersByDate", "fetch_callers_by_date"),
    ("fetchCallersByCall", "fetch_callers_by_call"),
];

/// The media type of a body that is read for parameters.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn route(request: &Request) -> Routed {
    let mut params = Params::from_query(request.query());
    if request.method == Method::POST && request.media_type().as_deref() == Some(FORM) {
        params.form = Pairs::parse(&request.body);
    }
    Routed { operation: operation(request.path()), params }
}

/// Whether the path is one without `/_access/` is for the world to say; which function was meant is
/// not.
fn operation(path: &str) -> Option<&'static Operation> {
    let wanted = path.strip_prefix(MOUNT).or_else(|| path.strip_prefix('/'))?;
    let (_, name) = FUNCTIONS.iter().find(|(function, _)| *function == wanted)?;
    OPERATIONS.iter().find(|operation| operation.name == *name)
}

pub(crate) fn function_names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(function, _)| *function).collect()
}
