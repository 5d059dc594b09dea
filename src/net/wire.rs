//! Carries out at the socket what a world has decided about the delivery of a response.

use hyper::Response;
use tokio::time::sleep;

use crate::base::limits::FAULT_DELAY_MAX;
use crate::net::outgoing::{Outgoing, send};
use crate::net::underway::Underway;
use crate::web::answer::Answered;
use crate::web::delivery::How;

/// Nothing is sent: a fault took the response.
#[derive(Debug, thiserror::Error)]
#[error("a fault withheld the response")]
pub(crate) struct Withheld;

/// Delivers an answer as it was decided.
///
/// # Errors
/// Where the connection is to end without a response.
pub(crate) async fn deliver(
    mut underway: Underway,
    answered: Answered,
) -> Result<Response<Outgoing>, Withheld> {
    let Answered { response, stream, delivery } = answered;
    if !delivery.late_by.is_zero() {
        sleep(delivery.late_by).await;
    }
    match delivery.how {
        How::Close => Err(Withheld),
        How::Reset => {
            underway.standing.reset_at_end();
            Err(Withheld)
        }
        How::Hang => {
            // Who has closed its side has given up.
            underway.standing.hangs();
            // A server that is told to stop does not wait for those that it lets wait.
            tokio::select! {
                () = sleep(FAULT_DELAY_MAX) => {}
                _ = underway.stop.wait_for(|stop| *stop) => {}
            }
            Err(Withheld)
        }
        How::Whole
        | How::Drip { .. }
        | How::Malform
        | How::Truncate { .. }
        | How::ResetAfterHead => {
            Ok(send(response, |body| Outgoing::bent(underway, body, stream, delivery.how)))
        }
    }
}
