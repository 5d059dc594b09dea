//! What a fault of the world's sends in MOR's words: a refusal that the request did not ask for.

use std::borrow::Cow;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::mor::errors::{self, NO_FUNCTION, No};
use crate::vendors::mor::ops::enter::form;
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::{campaigns, settings};
use crate::vendors::mor::{routes, wire};
use crate::web::message::Response;

/// Sends the refusal.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let settings = settings::settings(cx)?;
    let asked = Asked::new(cx, call);
    let form = form(&settings, asked.get("test").as_deref());
    if refusal.rule == NO_FUNCTION.rule {
        let name = routes::place(call.request.path()).map(|place| place.function);
        let name = name.unwrap_or_default();
        return Ok(wire::respond(form, wire::undefined_method(&name)));
    }
    // The texts that name a campaign have the name of the one that was asked for, or of the first; of
    // one that is not there what the client wrote.
    let filled = if refusal.rule == "mor.none_imported" {
        "0".into()
    } else {
        let sent = asked.get("id").map(Cow::into_owned).unwrap_or_default();
        let id = sent.parse().ok();
        let id = match id {
            None if sent.is_empty() => {
                campaigns::campaign_ids(cx.db(), None, None, 1)?.first().copied()
            }
            id => id,
        };
        let known = id.map(|id| campaigns::campaign(cx.db(), id)).transpose()?.flatten();
        known.map_or(sent, |campaign| campaign.name)
    };
    let filled = Some(filled);
    let (expected, found, hint, why) = Default::default();
    let no = No { refusal, filled, expected, found, hint, why };
    Ok(errors::refuse(cx, form, no).response)
}
