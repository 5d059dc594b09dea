//! One request on its way through: held by its exchange, then by the body of its reply. When it is
//! dropped, all of the reply was handed over.

use std::sync::Arc;

use tokio::sync::watch;

use crate::net::standing::Standing;

/// One request on its way through.
#[derive(Debug)]
pub(crate) struct Underway {
    pub(crate) standing: Arc<Standing>,
    /// Says when the listener stops.
    pub(crate) stop: watch::Receiver<bool>,
}

impl Underway {
    /// A request whose head has come in.
    pub(crate) fn begin(
        standing: &Arc<Standing>,
        stop: &watch::Receiver<bool>,
        has_body: bool,
    ) -> Self {
        standing.head_is_in(has_body);
        Underway { standing: Arc::clone(standing), stop: stop.clone() }
    }

    /// Whether the listener has been told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.standing.is_made();
    }
}
