//! Requests that no world or vendor took, and clients that never came to ask.

use std::sync::Arc;

use crate::base::clock;
use crate::base::lock;
use crate::base::seq::Seq;
use crate::contract::reply::Outcome;
use crate::sim::journal::action::HANDSHAKE;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::exchange::Exchange;
use crate::sim::journal::stretch::Stretch;
use crate::sim::world::journal::Journaled;
use crate::sim::worlds::by_name::Worlds;
use crate::web::handshake::FailedHandshake;
use crate::web::mask::known::Known;
use crate::web::mask::masker::Masker;
use crate::web::message::{Request, Response};

impl Worlds {
    /// Notes a request that no world or vendor took, with the reason. Answers its number.
    pub fn stray(&self, request: &Request, response: &Response, reason: &str) -> Seq {
        let exchange = Exchange::new(None, None, request, response);
        self.note_stray(What::Exchange(Box::new(exchange)), reason)
    }

    /// Notes a client whose handshake came to nothing. Answers its number.
    pub fn stray_handshake(&self, failed: &FailedHandshake) -> Seq {
        let what = Action { name: HANDSHAKE.into(), vendor: None, detail: failed.to_json() };
        self.note_stray(What::Action(what), &failed.words)
    }

    fn note_stray(&self, what: What, reason: &str) -> Seq {
        let mut strays = lock::write(&self.strays);
        strays.0 = strays.0.next();
        let entry = Entry {
            seq: strays.0,
            at: clock::system_now().as_world_time(),
            what,
            outcome: Outcome::Refused,
            effects: Vec::new(),
            why: None,
            error: Some(reason.to_owned()),
        };
        strays.1.push(entry);
        strays.0
    }

    /// Masks the secrets of every world: nobody knows whose a stray may hold.
    pub(crate) fn masker(&self) -> Masker {
        let mut builder = Known::builder();
        for world in self.all() {
            world.add_secrets_to(&mut builder);
        }
        let known = builder.build().unwrap_or_else(|error| {
            tracing::warn!(%error, "secrets are known by name alone");
            Known::default()
        });
        Masker::new(&self.shared.names, &known, false)
    }

    /// Requests that no world or vendor took, oldest first.
    pub fn strays(&self, stretch: Stretch) -> Journaled {
        let masker = self.masker();
        let strays = lock::read(&self.strays);
        let within = strays.1.within(stretch.after, stretch.before);
        Journaled::of_nobody(stretch.pick(within.map(Arc::clone)), masker)
    }
}
