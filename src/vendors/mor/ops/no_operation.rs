//! What MOR answers to a request that no method takes.

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::contract::near::nearest_operation;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{self, NO_FUNCTION, NO_ROUTE, Stop};
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::ops::enter::{check_gate, form};
use crate::vendors::mor::store::settings;
use crate::vendors::mor::surface::OPERATIONS;
use crate::vendors::mor::wire::Form;
use crate::vendors::mor::{method, routes, wire};
use crate::web::params::Params;

/// Answers what no method takes.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let (verb, path) = (&call.request.method, call.request.path());
    let place = routes::place(path);
    let Some(place) = place.filter(|_| routes::takes(verb)) else {
        let expected = "GET or POST to /billing/api/<function>, or /billing/api/<function>/<id>";
        let found = format!("{verb} {path}");
        let hint = match nearest_operation(OPERATIONS, call.request) {
            Some(near) => format!("did you mean {near}? Paths are compared letter by letter"),
            None => {
                "no route of the vendor's leads there; its web server answers with a page".into()
            }
        };
        return Ok(Reply::refused(wire::not_found(), &NO_ROUTE, expected, found, hint));
    };
    let settings = settings::settings(cx)?;
    let params = Params::from_query(call.request.query());
    let form = form(&settings, params.query.first("test"));
    match check_gate(cx, call.request, KeyOwner::of(&settings, None), None) {
        Ok(()) => Ok(no_function(form, place.function)),
        Err(Stop::No(no)) => Ok(errors::refuse(cx, form, *no)),
        Err(Stop::Internal(error)) => Err(error),
    }
}

fn no_function(form: Form, name: String) -> Reply {
    let known: Vec<&str> = method::functions().collect();
    let hint = match nearest(&name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => match nearest(&format!("autodialer_{name}"), known.iter().copied()) {
            Some(near) => format!("did you mean {near}? The prefix belongs to the name"),
            None => "the vendor has many more methods; these are the autodialer's".into(),
        },
    };
    let response = wire::respond(form, wire::undefined_method(&name));
    let expected = format!("one of {}", known.join(", "));
    Reply::refused(response, &NO_FUNCTION, expected, name, hint)
}
