//! What a fault of the world's sends in MaestroConference's words: a refusal that the request did not ask for.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{Doing, InternalError, Refusal};
use crate::vendors::maestro::errors::{self, No};
use crate::vendors::maestro::ops::enter::format;
use crate::vendors::maestro::params::Asked;
use crate::vendors::maestro::wire::{self, Style};
use crate::web::message::Response;

/// Sends the refusal, or an empty list where that is what it is.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let format = format(cx, Asked { call });
    if refusal.code == "200" {
        let style = Style::of(cx, format);
        return Ok(style.respond(wire::no_rows(style).doing("write an empty list")?));
    }
    Ok(errors::refuse(cx, format, No::new(refusal, subject(call, refusal.rule), "", "", ""))?
        .response)
}

/// The parameter that a text names: one that the function has.
fn subject(call: &Call<'_>, rule: &str) -> &'static str {
    let operation = call.operation.map(|it| it.name).unwrap_or_default();
    let by_call = operation.contains("call") && !operation.contains("date");
    if by_call || rule == "maestro.unknown_call" { "call" } else { "dateFrom" }
}
