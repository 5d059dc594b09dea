//! What MaxContact answers to a request that no operation takes.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{self, No, PATH};
use crate::vendors::maxcontact::meant::meant;
use crate::vendors::maxcontact::ops::enter::style;
use crate::vendors::maxcontact::routes;
use crate::vendors::maxcontact::wire::service::Service;

/// Answers what no operation takes: the platform's pages.
pub(crate) fn no_operation(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    let style = style(cx, call, Service::Telephony)?;
    errors::refuse(cx, &style, Service::Telephony, no_endpoint(call))
}

fn no_endpoint(call: &Call<'_>) -> No {
    let (method, path) = (call.request.method.as_str(), call.request.path());
    if let Some(route) = routes::other_method(path) {
        let (service, name) = (route.segments[0], route.segments[1]);
        let hint = match service {
            _ if method.eq_ignore_ascii_case(route.method) => {
                format!(
                    "write the method in capitals: {}; it is compared letter by letter",
                    route.method
                )
            }
            "telephony" => {
                "every telephony method is a GET, also those that change state".to_owned()
            }
            "apitoken" => "the login is a GET; the password stands in Authorization".to_owned(),
            _ if method == "DELETE" && name.starts_with("Dnc") => {
                let off = if name.contains("Phone") { "Phone" } else { "LeadId" };
                format!(
                    "{name} is a {} and puts on the list; ReactivateLeadBy{off} with \
                     reactivateDnc=true takes off it",
                    route.method
                )
            }
            _ => format!("{name} is a {}", route.method),
        };
        return No::wrong_method(route.method, method, hint);
    }
    let meant = meant(call.request);
    No::new(&PATH, &[], meant.expected, format!("{method} {path}"), meant.hint)
}
