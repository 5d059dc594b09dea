//! What MaxContact answers to a request that no operation takes.

use crate::contract::cx::Cx;
use crate::contract::near::nearest_operation;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{self, No, PATH};
use crate::vendors::maxcontact::ops::enter::style;
use crate::vendors::maxcontact::routes::{self, Near};
use crate::vendors::maxcontact::surface::OPERATIONS;
use crate::vendors::maxcontact::wire::service::Service;

/// Answers what no operation takes: the platform's pages.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let style = style(cx, call, Service::Telephony)?;
    errors::refuse(cx, &style, Service::Telephony, no_endpoint(call))
}

fn no_endpoint(call: &Call<'_>) -> No {
    let (method, path) = (call.request.method.as_str(), call.request.path());
    match routes::nearest(path) {
        Near::OtherMethod(allow) => {
            let hint = "every telephony method is a GET, also those that change state; lead \
                        management adds with POST and deactivates with DELETE";
            No::wrong_method(allow, method, hint)
        }
        Near::Guessed(name) => {
            let hint = format!(
                "{name} is a method of document version 1.8 whose path nobody outside the vendor \
                 knows; an event of the admin listener does it, or nothing"
            );
            No::new(&PATH, &[], "the path of an endpoint", path, hint)
        }
        near => {
            let template = if let Near::Path(template) = near { Some(template) } else { None };
            let Some(near) = nearest_operation(OPERATIONS, call.request).or(template) else {
                let expected =
                    "/webservices/services/ and then apitoken, telephony or LeadManagement";
                return No::new(&PATH, &[], expected, path, "see the routes of maxcontact");
            };
            let hint =
                "paths are matched segment by segment, in any case, without a slash at the end";
            No::new(&PATH, &[], near, format!("{method} {path}"), hint)
        }
    }
}
