//! What INFOCU5 answers to a request that names no function of its own.

use crate::vendors::infocu5::members::absent;
use crate::vendors::infocu5::ops::enter::{body, finish};
use http::header;
use serde_json::Value;

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::infocu5::auth::{self, kind};
use crate::vendors::infocu5::errors::{FUNCTION, NO_PATH, Stop};
use crate::vendors::infocu5::routes::{self, DIRECTORIES, FUNCTION_MEMBER, PATHS};
use crate::vendors::infocu5::variants::CheckOrder;
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
        let hint = "the vendor has one URL for all functions, https://api.infocu5.com/dialer/";
        return Err(Stop::no(&NO_PATH, expected, path, hint));
    }
    let body = body(cx, call)?;
    if cx.variant::<CheckOrder>() == CheckOrder::Numeric {
        auth::affiliate(cx, &body)?;
    }
    Err(unknown_function(&body))
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

fn unknown_function(body: &Value) -> Stop {
    let known = routes::function_names();
    let expected = format!("{FUNCTION_MEMBER}: one of {}", known.join(", "));
    let refuse = |found: String, hint: String| Stop::no(&FUNCTION, expected.clone(), found, hint);
    match body.get(FUNCTION_MEMBER) {
        None => refuse(
            absent(body, FUNCTION_MEMBER),
            "the function is named in the body, not in the path".into(),
        ),
        Some(Value::String(name)) => {
            let hint = match name.as_str() {
                "getDialers" | "getAllLists" | "getLists" => {
                    "that is a function of v2.4; v3.1 has getCampaigns in its place".into()
                }
                "addLeads" => {
                    "v3.1 names addLeads only as a syntax example; its list of functions \
                               leaves it out"
                        .into()
                }
                other => match nearest(other, known) {
                    Some(near) => {
                        format!("did you mean {near}? Names are compared letter by letter")
                    }
                    None => "use one of the three functions of v3.1".into(),
                },
            };
            refuse(format!("{name:?}"), hint)
        }
        Some(other) => refuse(
            format!("{FUNCTION_MEMBER} is {}", kind(other)),
            "send the name of the function as text".into(),
        ),
    }
}
