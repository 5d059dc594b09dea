//! Carries out at the socket what a world has decided about the delivery of a response.

use hyper::Response;
use tokio::sync::watch;
use tokio::time::sleep;

use super::io::Ending;
use super::outgoing::{Outgoing, send};
use crate::base::limits::FAULT_DELAY_MAX;
use crate::web::answer::Answered;
use crate::web::delivery::How;

/// One connection, as far as faults bend it.
pub(super) struct Wire {
    pub(super) ending: Ending,
    pub(super) stop: watch::Receiver<bool>,
}

/// Nothing is sent: a fault took the response.
#[derive(Debug, thiserror::Error)]
#[error("a fault withheld the response")]
pub(super) struct Withheld;

impl Wire {
    pub(super) async fn deliver(
        mut self,
        answered: Answered,
    ) -> Result<Response<Outgoing>, Withheld> {
        let Answered { response, stream, delivery } = answered;
        if !delivery.late_by.is_zero() {
            sleep(delivery.late_by).await;
        }
        match delivery.how {
            How::Close => return Err(Withheld),
            How::Reset => {
                self.ending.reset();
                return Err(Withheld);
            }
            How::Hang => {
                // A server that is told to stop does not wait for those that it lets wait.
                tokio::select! {
                    () = sleep(FAULT_DELAY_MAX) => {}
                    _ = self.stop.wait_for(|stop| *stop) => {}
                }
                return Err(Withheld);
            }
            How::Whole
            | How::Drip { .. }
            | How::Malform
            | How::Truncate { .. }
            | How::ResetAfterHead => {}
        }
        let ending = self.ending;
        let bend = |body| Outgoing::bent(body, stream, delivery.how, ending);
        Ok(send(response, bend))
    }
}
