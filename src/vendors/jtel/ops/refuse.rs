//! What a fault of the world's sends in jtel's words: a refusal that the request did not ask for. The
//! parameter or field that its text names is one that the operation has.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::jtel::api::API;
use crate::vendors::jtel::errors::{self, Stop};
use crate::web::message::Response;

/// Sends the refusal.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let no = Stop::of(subject(call, refusal.rule), refusal, "", "", "");
    Ok(errors::finish(cx, Err(no))?.response)
}

/// The parameter or field that a text names.
fn subject(call: &Call<'_>, rule: &str) -> &'static str {
    let operation = call.operation.map(|it| it.name).unwrap_or_default();
    let is_import = operation == "import_contact";
    match rule {
        "jtel.id" => "ID",
        "jtel.field_missing" if !is_import => "UserDataList or IDList",
        "jtel.field_missing" | "jtel.field" | "jtel.field_length" => "Name",
        _ => {
            let of_query = |it: &&crate::contract::api::Param| {
                it.places.contains(&crate::contract::api::Place::Query)
            };
            API.params(operation).find(of_query).map_or("userData", |param| param.name)
        }
    }
}
