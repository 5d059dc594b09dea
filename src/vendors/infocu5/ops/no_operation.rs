//! What INFOCU5 answers to a request that names no function of its own.

use crate::vendors::infocu5::members::{absent, with};
use crate::vendors::infocu5::ops::enter::{body, finish};
use http::header;
use serde_json::Value;

use crate::base::nearest::{nearest, nearest_function};
use crate::base::opposites::{begins_with_change, is_another_deed};
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::infocu5::auth::{self, kind};
use crate::vendors::infocu5::errors::{FUNCTION, NO_PATH, Stop};
use crate::vendors::infocu5::routes::{self, DIRECTORIES, FUNCTION_MEMBER, PATHS};
use crate::vendors::infocu5::variants::CheckOrder;
use crate::web::diagnosis::disguise::{Unfilled, unfilled};
use crate::web::message::Request;

/// Answers what no function takes.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let refused = refuse_without_function(cx, call);
    finish(cx, None, refused.map(|never| match never {}))
}

/// Always stops: one of the checks has to fail, at the latest the one for the function.
fn refuse_without_function(cx: &Cx<'_>, call: &Call<'_>) -> Result<std::convert::Infallible, Stop> {
    let path = call.request.path();
    if DIRECTORIES.contains(&path) {
        return Err(without_slash(call.request));
    }
    if !PATHS.contains(&path) {
        let expected = format!("one of {}", PATHS.join(", "));
        return Err(Stop::no(&NO_PATH, expected, path, path_hint(path)));
    }
    let body = body(cx, call)?;
    if cx.variant::<CheckOrder>() == CheckOrder::Numeric {
        auth::affiliate(cx, call, &body)?;
    }
    Err(unknown_function(call, &body))
}

/// What to do about a path that is none.
fn path_hint(path: &str) -> String {
    let own = "the vendor has one URL for all functions, https://api.infocu5.com/dialer/";
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let last = segments.last().copied().unwrap_or_default();
    let known = routes::function_names();
    if let Some(function) = known.iter().find(|it| it.eq_ignore_ascii_case(last)) {
        return format!(
            "the function goes into the body, as {FUNCTION_MEMBER}: {function:?}; {own}"
        );
    }
    let joined = format!("/{}", segments.join("/"));
    let near = PATHS.iter().find(|known| known.trim_end_matches('/') == joined);
    match near {
        Some(near) if path.contains("//") => {
            format!("did you mean {near}? Two slashes come of a base URL that ends with one")
        }
        Some(near) => format!("did you mean {near}? Nothing stands behind it"),
        None => match PATHS.iter().find(|known| known.eq_ignore_ascii_case(path)) {
            Some(near) => format!("did you mean {near}? Paths are compared letter by letter"),
            None => match segments.first().and_then(|first| nearest(first, ["dialer", "x_dialer"]))
            {
                Some(near) if !segments.contains(&near) => {
                    format!("did you mean /{near}/? Paths are compared letter by letter")
                }
                _ => own.to_owned(),
            },
        },
    }
}

/// Where Apache sends a client that left the slash away.
fn without_slash(request: &Request) -> Stop {
    let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("{}/{query}", request.target.path());
    let is_name = |host: &&str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
    };
    let host = request.header(&header::HOST).filter(is_name);
    let location = host.map(|host| format!("http://{host}{path}")).unwrap_or(path);
    let expected = format!("{}/, with a slash at its end", request.path());
    let hint = "add the slash; most clients that follow a 301 ask again with GET and without the \
                body, which the vendor refuses with 80";
    Stop::moved(location, expected, request.path(), hint)
}

/// Most characters of a client's name that a reason shows.
const NAME_CHARS_MAX: usize = 60;

/// What a name that is no function's may be.
enum Meant {
    Known(&'static str),
    /// The name of something that changes what the functions read.
    Writing,
    Nothing,
}

/// The function that was meant by a name that is none.
fn meant(name: &str, known: &[&'static str]) -> Meant {
    if let Some(near) = nearest_function(name, known.iter().copied()) {
        return Meant::Known(near);
    }
    let small: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let mut begins_with_noun = false;
    for function in known.iter().copied() {
        let noun = function.trim_start_matches("get").to_lowercase();
        let one = noun.trim_end_matches('s');
        let before = small.strip_suffix(&noun).or_else(|| small.strip_suffix(one));
        // `allCalls` are read too.
        if before.is_some_and(|verb| verb == "all" || !is_another_deed(name, function)) {
            return Meant::Known(function);
        }
        begins_with_noun |= small.starts_with(one);
    }
    // A call is a noun here.
    if begins_with_change(name) && !begins_with_noun { Meant::Writing } else { Meant::Nothing }
}

fn unknown_function(call: &Call<'_>, body: &Value) -> Stop {
    let known = routes::function_names();
    let expected = format!("{FUNCTION_MEMBER}: one of {}", known.join(", "));
    let refuse = |found: String, hint: String| Stop::no(&FUNCTION, expected.clone(), found, hint);
    match body.get(FUNCTION_MEMBER) {
        None => {
            let hint = "the function is named in the body, as dialerFunction";
            absent(call, &FUNCTION, body, FUNCTION_MEMBER, &expected, hint)
        }
        Some(Value::String(name)) => {
            let hint = match name.as_str() {
                "getDialers" | "getAllLists" | "getLists" => {
                    "that is a function of v2.4; v3.1 has getCampaigns in its place".into()
                }
                "" => "the text is empty; use one of the three functions of v3.1".into(),
                "addLeads" | "addLead" => {
                    "v3.1 names addLeads only as a syntax example; its list of functions \
                               leaves it out"
                        .into()
                }
                other if unfilled(other).is_some() => {
                    let told = unfilled(other).map_or("", Unfilled::cure);
                    format!("{told}; there are three functions")
                }
                other => match meant(other, &known) {
                    Meant::Writing => "v3.1 has no function that writes, but for leads; agents, \
                                       calls and campaigns are read alone"
                        .into(),
                    Meant::Known(near) => {
                        let hint =
                            format!("did you mean {near}? Names are compared letter by letter");
                        let mut why =
                            Why::new(&FUNCTION, expected, excerpt(name, NAME_CHARS_MAX), hint);
                        why.edit = with(body, FUNCTION_MEMBER, near.into());
                        return Stop::because(&FUNCTION, why);
                    }
                    Meant::Nothing => "use one of the three functions of v3.1".into(),
                },
            };
            refuse(excerpt(name, NAME_CHARS_MAX), hint)
        }
        Some(other) => refuse(
            format!("{FUNCTION_MEMBER} is {}", kind(other)),
            "send the name of the function as text".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> Option<&'static str> {
        match meant(name, &routes::function_names()) {
            Meant::Known(function) => Some(function),
            Meant::Writing => Some("writes"),
            Meant::Nothing => None,
        }
    }

    #[test]
    fn what_changes_something_is_told_for_no_function_that_reads() {
        for name in [
            "runCampaigns",
            "endCampaigns",
            "lockCampaigns",
            "dialCampaigns",
            "cancelCampaigns",
            "banAgents",
            "setCalls",
            "putcalls",
            "hold_calls",
            "pauseAgents",
            "updateLead",
        ] {
            assert_eq!(told(name), Some("writes"), "{name}");
        }
        for (name, function) in [
            ("getCall", "getCalls"),
            ("getcampains", "getCampaigns"),
            ("retrieveCalls", "getCalls"),
            ("load_agents", "getAgents"),
            ("listCampaign", "getCampaigns"),
            ("allCalls", "getCalls"),
            ("agents", "getAgents"),
            ("Calls", "getCalls"),
        ] {
            assert_eq!(told(name), Some(function), "{name}");
        }
        for name in ["callHistory", "archiveCalls", "login", "x", ""] {
            assert_eq!(told(name), None, "{name}");
        }
    }
}
