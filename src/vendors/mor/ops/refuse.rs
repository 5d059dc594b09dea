//! What a fault of the world's sends in MOR's words: a refusal that the request did not ask for.

use std::borrow::Cow;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::mor::errors::{self, No};
use crate::vendors::mor::ops::enter::form;
use crate::vendors::mor::params::Asked;
use crate::vendors::mor::store::settings;
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
    // The texts that name a campaign name the one that was asked for, as the client wrote it.
    let filled = match refusal.rule {
        "mor.none_imported" => Some("0".into()),
        _ => asked.get("id").map(Cow::into_owned),
    };
    let (expected, found, hint, why) = Default::default();
    let no = No { refusal, filled, expected, found, hint, why };
    Ok(errors::refuse(cx, form, no).response)
}
