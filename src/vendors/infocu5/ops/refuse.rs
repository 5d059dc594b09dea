//! What a fault of the world's sends in INFOCU5's words: a refusal that the request did not ask for.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal, Why};
use crate::vendors::infocu5::errors::{self, No};
use crate::web::message::Response;

/// Sends the refusal.
#[expect(clippy::unnecessary_wraps, reason = "the type of the vendor's table")]
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    _: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let why = Why::new(refusal, "", "", "");
    Ok(errors::refuse(cx, None, No { refusal, why, location: None }).response)
}
