//! Which method a request asks for: the path's segment behind `/billing/api/`. A further segment is
//! the parameter `id`.

use std::borrow::Cow;

use crate::vendors::mor::method::METHODS;
use crate::vendors::mor::params::BodyKind;
use crate::vendors::mor::params::body_kind;
use crate::vendors::mor::params::content_type;
use http::Method as Verb;

use crate::contract::operation::{Operation, Routed};
use crate::vendors::mor::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::multipart;
use crate::web::params::{Json, Pairs, Params, decode_segment};

/// Where the API lies. `/billing` is the web folder of the vendor's GUI, which one sample of the
/// vendor's leaves out (mor 1.1).
const PREFIXES: &[&str] = &["/billing/api/", "/api/"];

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place<'p> {
    pub(crate) function: Cow<'p, str>,
    pub(crate) id: Option<Cow<'p, str>>,
}

/// Reads a path; `None` where no function can stand there.
pub(crate) fn place(path: &str) -> Option<Place<'_>> {
    let rest = PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix))?;
    let mut segments = rest.strip_suffix('/').unwrap_or(rest).split('/');
    let function = segments.next().filter(|segment| !segment.is_empty()).map(decode_segment)?;
    let id = segments.next().map(decode_segment);
    segments.next().is_none().then_some(Place { function, id })
}

/// Whether the API takes the method at all (mor 1.1).
pub(crate) fn takes(verb: &Verb) -> bool {
    [Verb::GET, Verb::POST].contains(verb)
}

pub(crate) fn route(request: &Request) -> Routed {
    let found = place(request.path()).filter(|_| takes(&request.method));
    let operation = found.as_ref().and_then(|place| operation(&place.function));
    let mut params = Params::from_query(request.query());
    if let Some(place) = found {
        // Also of a function that there is not: `test` may stand in the body (mor 1.7).
        read_body(&mut params, request);
        if let Some(id) = place.id.filter(|_| operation.is_some()) {
            params.path.push("id", id);
        }
    }
    Routed { operation, params }
}

fn operation(function: &str) -> Option<&'static Operation> {
    let method = METHODS.iter().find(|method| method.function == function)?;
    OPERATIONS.iter().find(|operation| operation.name == method.operation)
}

/// A body that cannot be read carries no parameters; the reason is looked for on a refusal.
fn read_body(params: &mut Params, request: &Request) {
    match body_kind(request) {
        BodyKind::Form => params.form = Pairs::parse(&request.body),
        BodyKind::Json => params.json = Json::parse(&request.body),
        BodyKind::Multipart => {
            if let Ok(form) = multipart::parse(content_type(request), &request.body) {
                params.form = form.fields;
                params.uploads = form.uploads;
            }
        }
        BodyKind::Other => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths() {
        let read = |path| place(path).map(|place| (place.function, place.id));
        assert_eq!(read("/billing/api/f"), Some(("f".into(), None)));
        assert_eq!(read("/api/f/17"), Some(("f".into(), Some("17".into()))));
        assert_eq!(read("/billing/api/f/1%207/"), Some(("f".into(), Some("1 7".into()))));
        for nowhere in ["/billing/api", "/billing/api/", "/billing/f", "/billing/api/f/1/2", "/"] {
            assert_eq!(read(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn every_method_is_an_operation() {
        for method in METHODS {
            assert!(operation(method.function).is_some(), "{}", method.function);
        }
        assert_eq!(METHODS.len(), OPERATIONS.len());
    }
}
