//! What a fault of the world's sends in jtel's words: a refusal that the request did not ask for.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::jtel::errors::{self, Stop};
use crate::web::message::Response;

/// Sends the refusal.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    _: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    Ok(errors::finish(cx, Err(Stop::no(refusal, "", "", "")))?.response)
}
