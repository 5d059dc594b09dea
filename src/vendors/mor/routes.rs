//! Which method a request asks for: the path's segment behind `/billing/api/`. A further segment is
//! the parameter `id`.

use http::Method as Verb;

use crate::contract::operation::Operation;
use crate::contract::operation::Routed;
use crate::vendors::mor::model::Level;
use crate::vendors::mor::surface::OPERATIONS;
use crate::web::message::Request;
use crate::web::multipart;
use crate::web::params::{Json, Pairs, Params, decode_segment};

/// Where the API lies. `/billing` is the web folder of the vendor's GUI, which one sample of the
/// vendor's leaves out (mor 1.1).
const PREFIXES: &[&str] = &["/billing/api/", "/api/"];

/// One method of the API.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) operation: &'static str,
    pub(crate) function: &'static str,
    /// The parameters that are hashed, in the order of the method's page (mor 2).
    pub(crate) hashed: &'static [&'static str],
    /// The level that a permission group needs.
    pub(crate) level: Level,
    /// Whether the page knows the method as POST alone.
    pub(crate) post_only: bool,
}

pub(crate) static POLL_RESULTS: Method = Method {
    operation: "get_campaign_ivr_poll_results",
    function: "autodialer_get_campaign_ivr_poll_results",
    hashed: &["u", "id"],
    level: Level::Read,
    post_only: false,
};

pub(crate) static STATISTICS: Method = Method {
    operation: "get_campaign_statistics",
    function: "autodialer_get_campaign_statistics",
    hashed: &["u", "id", "period_start", "period_end"],
    level: Level::Read,
    post_only: false,
};

pub(crate) static CHANGE_STATUS: Method = Method {
    operation: "change_campaign_status",
    function: "autodialer_change_campaign_status",
    hashed: &["u", "id"],
    level: Level::Write,
    post_only: false,
};

pub(crate) static UPLOAD_NUMBERS: Method = Method {
    operation: "upload_numbers",
    function: "autodialer_upload_numbers",
    hashed: &["id"],
    level: Level::Write,
    post_only: true,
};

static METHODS: &[&Method] = &[&POLL_RESULTS, &STATISTICS, &CHANGE_STATUS, &UPLOAD_NUMBERS];

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) function: String,
    pub(crate) id: Option<String>,
}

/// Reads a path; `None` where no function can stand there.
pub(crate) fn place(path: &str) -> Option<Place> {
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
    if operation.is_some() {
        read_body(&mut params, request);
        if let Some(id) = found.and_then(|place| place.id) {
            params.path.push("id", id);
        }
    }
    Routed { operation, params }
}

fn operation(function: &str) -> Option<&'static Operation> {
    let method = METHODS.iter().find(|method| method.function == function)?;
    OPERATIONS.iter().find(|operation| operation.name == method.operation)
}

pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|method| method.function)
}

/// The kinds of body that carry parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Form,
    Json,
    Multipart,
    /// Of a media type that the vendor's server does not look into.
    Other,
}

/// A body without a media type is read as a form (inferred: Rails).
pub(crate) fn body_kind(request: &Request) -> BodyKind {
    match request.media_type().as_deref() {
        None | Some("" | "application/x-www-form-urlencoded") => BodyKind::Form,
        Some("application/json" | "text/x-json") => BodyKind::Json,
        Some("multipart/form-data") => BodyKind::Multipart,
        Some(_) => BodyKind::Other,
    }
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

pub(crate) fn content_type(request: &Request) -> &str {
    request.header(&http::header::CONTENT_TYPE).unwrap_or_default()
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
