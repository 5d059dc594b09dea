//! An entry in the forms in which it leaves: JSON, an archive's exchange, a line for the shell.
//!
//! Not here: how requests and replies are written by themselves (`web::exchange`), and what is kept
//! in a file (`sim::journal::row`).

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::contract::reply::Effect;
use crate::sim::journal::entry::{Entry, What};
use crate::sim::journal::mask::Mask;
use crate::web::{curl, har};

/// An entry as it may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'e> {
    entry: &'e Entry,
    world: &'e str,
    mask: Mask,
}

/// An effect as it is shown.
#[derive(Serialize)]
struct EffectShown<'e> {
    at: String,
    text: &'e str,
}

impl<'e> EffectShown<'e> {
    fn of(effect: &'e Effect) -> Self {
        EffectShown { at: effect.at.to_string(), text: &effect.text }
    }
}

/// Effects, one after the other.
struct Effects<'e>(&'e [Effect]);

impl Serialize for Effects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(EffectShown::of))
    }
}

impl<'e> Shown<'e> {
    pub fn new(entry: &'e Entry, world: &'e str, show_secrets: bool) -> Self {
        Shown { entry, world, mask: entry.mask(show_secrets) }
    }

    /// As a value, for what is worked on further.
    pub fn to_json(&self) -> Value {
        json!(self)
    }

    /// As an archive tells it; `None` where it is no exchange.
    pub fn archived(&self) -> Option<har::Exchange<'e>> {
        let Shown { entry, world, mask } = *self;
        let exchange = entry.exchange()?;
        let why = entry.why.as_ref().map(|why| why.shown(mask));
        Some(har::Exchange {
            seq: entry.seq,
            at: entry.at.to_string(),
            asked: exchange.asked(mask),
            answered: exchange.answered(mask),
            beside: vec![
                ("world", world.into()),
                ("vendor", entry.vendor().into()),
                ("operation", entry.operation().into()),
                ("outcome", entry.outcome.name().into()),
                ("why", json!(why)),
                ("effects", json!(Effects(&entry.effects))),
                ("fault", json!(exchange.fault())),
                ("error", entry.error.as_deref().into()),
            ],
        })
    }

    /// The line that sends the request again; `None` where it is no exchange.
    pub fn curl(&self) -> Option<String> {
        Some(curl::line(&self.entry.exchange()?.asked(self.mask)))
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Shown { entry, world, mask } = *self;
        let mut shown = serializer.serialize_map(None)?;
        shown.serialize_entry("seq", &entry.seq)?;
        shown.serialize_entry("at", &entry.at.to_string())?;
        shown.serialize_entry("world", world)?;
        shown.serialize_entry("vendor", &entry.vendor())?;
        match &entry.what {
            What::Exchange(exchange) => {
                shown.serialize_entry("operation", &exchange.operation())?;
                shown.serialize_entry("outcome", entry.outcome.name())?;
                shown.serialize_entry("request", &exchange.asked(mask))?;
                shown.serialize_entry("response", &exchange.answered(mask))?;
                shown.serialize_entry("fault", &exchange.fault())?;
                let unread = exchange.unread(mask);
                if !unread.is_empty() {
                    shown.serialize_entry("unread", unread.as_ref())?;
                }
            }
            What::Action(action) => {
                shown.serialize_entry("action", &action.name)?;
                shown.serialize_entry("outcome", entry.outcome.name())?;
                shown.serialize_entry("detail", &action.detail)?;
            }
        }
        shown.serialize_entry("effects", &Effects(&entry.effects))?;
        if let Some(why) = &entry.why {
            shown.serialize_entry("why", &why.shown(mask))?;
        }
        if let Some(error) = &entry.error {
            shown.serialize_entry("error", error)?;
        }
        shown.end()
    }
}
