//! Which function a request asks for: the path decides. GET and POST are the same; query and form
//! are merged, as Java's servlets do.

use crate::vendors::maestro::function::FORM;
use crate::vendors::maestro::function::FUNCTIONS;
use crate::vendors::maestro::function::MOUNT;
use http::Method;

use crate::contract::operation::{Operation, Routed};
use crate::vendors::maestro::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::params::{Pairs, Params};

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
