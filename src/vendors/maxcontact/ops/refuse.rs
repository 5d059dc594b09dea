//! What a fault of the world's sends in MaxContact's words: a refusal that the request did not ask for.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal};
use crate::vendors::maxcontact::errors::Stop;
use crate::vendors::maxcontact::ops::enter::finish;
use crate::vendors::maxcontact::wire::service::Service;
use crate::web::message::Response;

/// The part of the path that tells lead management from telephony.
const LEADS: &str = "LeadManagement";

/// Sends the refusal.
pub(crate) fn refuse(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    refusal: &'static Refusal,
) -> Result<Response, InternalError> {
    let is_leads = call.operation.is_some_and(|operation| operation.path.contains(LEADS));
    let service = if is_leads { Service::LeadManagement } else { Service::Telephony };
    let no = Stop::no(refusal, &[], "", "", "");
    Ok(finish(cx, call, service, Err(no))?.response)
}
