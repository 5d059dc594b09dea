//! Letting something happen outside a vendor's API.

use serde_json::Value;

use crate::base::chain::Chain;
use crate::base::seq::Seq;
use crate::contract::event::EventError;
use crate::contract::reply::{InternalError, Outcome};
use crate::contract::scope::Ran;
use crate::contract::secret_fields::SecretFields;
use crate::contract::vendor::Vendor;
use crate::sim::journal::action;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::tap::Happened;
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::fired::Fired;

/// What is told of an event.
#[derive(Debug)]
pub(crate) struct Told {
    /// For the journal.
    pub(crate) detail: Value,
    /// Its fields with their secrets, for whoever records.
    pub(crate) as_it_came: Value,
}

impl Engine {
    /// Lets something happen outside a vendor's API.
    ///
    /// # Errors
    /// Where the world's state does not allow it; that is journaled as well.
    pub(crate) fn event(
        &mut self,
        vendor: &'static Vendor,
        name: &str,
        fields: &crate::contract::fields::Row<'_>,
        told: Told,
    ) -> Result<(Seq, Value), EventError> {
        let Told { detail, as_it_came } = told;
        self.tell_start();
        let now = self.clock.now();
        let Fired { mut effects, halted, .. } = self.fire_until(now);
        if let Some(halt) = halted {
            return Err(EventError::Internal(InternalError::new(halt)));
        }
        // It may take a credential away that the journal holds.
        self.learn_secrets().map_err(EventError::Internal)?;
        self.seq = self.seq.next();
        let secrets = SecretFields::of(vendor.surface);
        let ran =
            self.attempt(vendor, now, true, true, |cx| match (vendor.event)(cx, name, fields) {
                Ok(value) => Ok(Ok(value)),
                Err(EventError::Refused(reason)) => Ok(Err(secrets.veiled(fields, reason))),
                Err(EventError::Internal(error)) => Err(error),
            });
        let (outcome, error, result) = match ran {
            Ok(Ran { value: Ok(value), effects: done, .. }) => {
                effects.extend(done);
                (Outcome::Ok, None, Ok((self.seq, value)))
            }
            Ok(Ran { value: Err(reason), .. }) => {
                // What it wrote before it said no is taken back; the entry goes in by itself.
                self.rollback();
                (Outcome::Refused, Some(reason.clone()), Err(EventError::Refused(reason)))
            }
            Err(error) => {
                tracing::error!(
                    world = self.name,
                    seq = self.seq.get(),
                    error = self.told(&error),
                    "event failed"
                );
                (Outcome::Error, Some(Chain(&error).to_string()), Err(EventError::Internal(error)))
            }
        };
        let own = vendor.surface.vendor;
        let told = self.tapped.tap.clone().filter(|_| result.is_ok());
        let told = told.map(|tap| {
            let name = name.to_owned();
            (tap, Happened { at: now, vendor, name, fields: as_it_came })
        });
        let (name, vendor) = (action::EVENT.into(), Some(own.into()));
        let what = What::Action(Action { name, vendor, detail });
        let entry = Entry { seq: self.seq, at: now, what, outcome, effects, why: None, error };
        match self.commit(entry) {
            Ok(()) => {
                if let Some((tap, event)) = told {
                    tap.happened(&self.name, event);
                }
                result
            }
            Err(error) => Err(EventError::Internal(error)),
        }
    }
}
