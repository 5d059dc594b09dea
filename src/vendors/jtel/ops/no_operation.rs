//! What jtel answers to a request that no operation takes.

use crate::contract::cx::Cx;
use crate::contract::near::{nearest_of_method, nearest_operation};
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::errors::{self, BAD_ID, NO_ENDPOINT, Stop};
use crate::vendors::jtel::routes::{self, Untaken};
use crate::vendors::jtel::surface::OPERATIONS;

/// Answers what no operation takes. Comes before the token is looked at (assumed: jtel 5).
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let request = call.request;
    let found = format!("{} {}", request.method, request.path());
    let stop = match routes::find(request) {
        Err(Untaken::WrongMethod(allowed)) => {
            let names: Vec<&str> = allowed.iter().map(http::Method::as_str).collect();
            let expected = names.join(" or ");
            let hint = match nearest_of_method(OPERATIONS, request) {
                Some(near) => format!("did you mean {near}? This path has another meaning"),
                None => "the path is known; only the method is another one".to_owned(),
            };
            Stop::method(allowed, expected, found, hint)
        }
        Err(Untaken::BadId(id)) => {
            let found = format!("{id:?}");
            let hint = "IDs are integers that the vendor gives out; a key of your own goes into \
                        the query as userData";
            Stop::of("ID", &BAD_ID, "an ID of digits in the path", found, hint)
        }
        _ => {
            let hint = match nearest_operation(OPERATIONS, request) {
                Some(near) => format!("did you mean {near}? Paths are compared letter by letter"),
                None => "the base URL is http(s)://{host}/rest/v1.0/{ClientsID}".into(),
            };
            let expected = "a path under /rest/v1.0/{ClientsID}/dialler/ that the vendor has";
            Stop::no(&NO_ENDPOINT, expected, found, hint)
        }
    };
    errors::finish(cx, Err(stop))
}
