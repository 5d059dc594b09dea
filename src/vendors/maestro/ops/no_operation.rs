//! What MaestroConference answers to a request that no function takes.

use crate::base::nearest::nearest_function;
use crate::base::opposites::is_another_deed;
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
    } else if let Some(near) = meant(name) {
        format!("did you mean {near}? Paths are compared letter by letter")
    } else if path == MOUNT {
        "the name of the function stands behind it in the path".into()
    } else if path.starts_with(MOUNT) {
        "only the Opt-in Contact Retrieval API is here, not the Conference Management API".into()
    } else {
        "the vendor's functions are under /_access/".into()
    };
    No::new(&NO_PATH, "", expected.join(" or "), shown(path), hint)
}

/// The function that was meant by a name that is none: one whose letters are near, or one of another
/// verb that reads the same.
fn meant(name: &str) -> Option<&'static str> {
    let known = function_names();
    let small = name.to_ascii_lowercase();
    let reads_same = |function: &&str| {
        let what = function.trim_start_matches("fetch").to_ascii_lowercase();
        small.ends_with(&what) && !is_another_deed(name, function)
    };
    let near = nearest_function(name, known.iter().copied());
    near.or_else(|| known.into_iter().find(reads_same))
}

/// Whether a name is like a function's but for another deed: `deleteCallersByCall`.
fn does_more(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    (small.contains("callersby") || small.contains("callerby"))
        && function_names().into_iter().all(|known| is_another_deed(name, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mount_alone_is_told_for_no_other_api() {
        let hint = no_path(MOUNT).why.hint.clone();
        assert!(hint.contains("the name of the function"), "{hint}");
    }

    #[test]
    fn what_changes_callers_is_told_for_no_function_that_reads_them() {
        let hint = |name: &str| no_path(&format!("{MOUNT}{name}")).why.hint.clone();
        for name in ["uploadCallersByCall", "deleteCallersByDate", "lockCallerByCall"] {
            assert!(hint(name).contains("no function that changes callers"), "{name}");
        }
        for (name, function) in [
            ("countCallersByDate", "fetchCallersByDate"),
            ("exportCallersByDate", "fetchCallersByDate"),
            ("searchCallersByDate", "fetchCallersByDate"),
            ("viewCallersByCall", "fetchCallersByCall"),
            ("retrieveCallersByCall", "fetchCallersByCall"),
            ("loadCallersByCall", "fetchCallersByCall"),
            ("getOptedInCallersByCall", "fetchCallersByCall"),
            ("CallersByCall", "fetchCallersByCall"),
            ("fetchCallerByCall", "fetchCallersByCall"),
        ] {
            assert!(hint(name).contains(&format!("did you mean {function}?")), "{name}");
        }
    }
}
