//! What all listeners of a program share: their limits, who is connected, how they are, and
//! the certificates that they show, and whom they let through.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::health::Health;
use crate::net::crowd::Crowd;
use crate::net::limits::Limits;
use crate::net::proxy::pass::Pass;
use crate::net::tls::certificates::Certificates;

/// What all listeners share.
#[derive(Debug)]
pub(crate) struct Lobby {
    pub(crate) limits: Limits,
    pub(crate) crowd: Arc<Crowd>,
    pub(crate) health: Arc<Health>,
    /// What clients that speak TLS are shown.
    pub(crate) certificates: Arc<Certificates>,
    /// The way to hosts that are nobody's here; `None` where nobody is let through.
    pub(crate) pass: Option<Pass>,
    next_listener: AtomicU64,
}

impl Lobby {
    /// Nobody is connected yet.
    pub(crate) fn new(
        limits: Limits,
        health: Arc<Health>,
        certificates: Arc<Certificates>,
    ) -> Self {
        let (crowd, next_listener) = Default::default();
        Lobby { limits, crowd, health, certificates, pass: None, next_listener }
    }

    /// Lets clients through to hosts that are nobody's here, where there is a way.
    #[must_use]
    pub(crate) fn with_pass(self, pass: Option<Pass>) -> Self {
        Lobby { pass, ..self }
    }

    /// A number that no other listener has.
    pub(crate) fn listener_id(&self) -> u64 {
        self.next_listener.fetch_add(1, Ordering::Relaxed)
    }
}
