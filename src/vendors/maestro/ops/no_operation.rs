//! What MaestroConference answers to a request that no function takes.

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maestro::auth::shown;
use crate::vendors::maestro::errors::{self, NO_PATH, No};
use crate::vendors::maestro::function::{MOUNT, function_names};
use crate::vendors::maestro::wire::Format;

/// Answers what no function takes.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    errors::refuse(cx, Format::Csv, no_path(call.request.path()))
}

pub(crate) fn no_path(path: &str) -> No {
    let known = function_names();
    let expected: Vec<String> = known.iter().map(|name| format!("{MOUNT}{name}")).collect();
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let of_form = |name: &str| known.iter().find(|it| name.starts_with(&format!("{it}."))).copied();
    let before = path.to_ascii_lowercase().find("%3f").map(|at| &path[..at]);
    let within = path.split('/').find(|part| known.contains(part));
    let hint = if let Some(before) = before.filter(|it| known.iter().any(|name| it.ends_with(name)))
    {
        format!("the path is {before}; the question mark behind it was percent-encoded")
    } else if let Some(known) = of_form(name) {
        format!("the path is {MOUNT}{known}; the form is asked for with type=XML, and CSV without")
    } else if path.contains("//") && known.contains(&name) {
        format!("the path is {MOUNT}{name}; two slashes come of a base URL that ends with one")
    } else if let Some(function) = within.filter(|it| *it != name) {
        format!("the path is {MOUNT}{function}; what stands behind it goes into a parameter")
    } else if known.contains(&name) && path.trim_end_matches('/') == format!("/{name}") {
        "put /_access in front; the variant mount = \"root\" takes it without".to_owned()
    } else if known.contains(&name) {
        format!("the path is {MOUNT}{name}, with nothing before or behind it")
    } else if does_more(name) {
        "this API only reads: it has no function that changes callers or calls".to_owned()
    } else if let Some(near) = nearest(name, known) {
        format!("did you mean {near}? Paths are compared letter by letter")
    } else if path.starts_with(MOUNT) {
        "only the Opt-in Contact Retrieval API is here, not the Conference Management API".into()
    } else {
        "the vendor's functions are under /_access/".into()
    };
    No::new(&NO_PATH, "", expected.join(" or "), shown(path), hint)
}

/// Words for reading before `CallersBy`.
const READS: &[&str] = &["", "fetch", "get", "list", "read", "load", "retrieve", "find", "show"];

/// Whether a name is like a function's but for a verb of another kind: `deleteCallersByCall`.
fn does_more(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    let Some((verb, _)) = small.split_once("callersby").or_else(|| small.split_once("callerby"))
    else {
        return false;
    };
    let verb: String = verb.chars().filter(char::is_ascii_alphanumeric).collect();
    !READS.contains(&verb.as_str()) && nearest(&verb, READS.iter().skip(1).copied()).is_none()
}
