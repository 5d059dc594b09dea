//! An entry in the forms in which it leaves: JSON, an archive's exchange, a line for the shell.
//!
//! Not here: how requests and replies are written by themselves (`web::exchange`), and what is kept
//! in a file (`sim::journal::row`).

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::base::planted::{self, Fault as Planted};
use crate::contract::machine::Move;
use crate::sim::journal::entry::{Entry, What};
use crate::sim::journal::mask::Mask;
use crate::web::exchange::{Answered, Asked};
use crate::web::mask::masker::Masker;
use crate::web::{curl, har};

/// An entry as it may be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'e> {
    entry: &'e Entry,
    world: &'e str,
    mask: Mask<'e>,
}

/// An effect as it is shown.
#[derive(Serialize)]
struct EffectShown<'e> {
    at: String,
    /// Whose it is, where it is not the entry's own: two vendors may have a contact of one number.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'e str>,
    text: Cow<'e, str>,
    #[serde(skip_serializing_if = "<[Move]>::is_empty")]
    moved: &'e [Move],
}

/// The effects of an entry, one after the other.
struct Effects<'e>(&'e Entry, Mask<'e>);

impl Serialize for Effects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Effects(entry, mask) = *self;
        let own = entry.vendor();
        serializer.collect_seq(entry.effects.iter().map(|effect| EffectShown {
            at: effect.at.to_string(),
            vendor: effect.vendor.as_deref().filter(|it| Some(*it) != own),
            text: mask.sentence(&effect.text),
            moved: &effect.moved,
        }))
    }
}

impl<'e> Shown<'e> {
    pub fn new(entry: &'e Entry, world: &'e str, masker: &'e Masker) -> Self {
        Shown { entry, world, mask: Mask::With(masker.of(entry.vendor())) }
    }

    /// What is shown.
    pub(crate) fn entry(&self) -> &'e Entry {
        self.entry
    }

    /// The request; `None` where it is no exchange.
    pub(crate) fn asked(&self) -> Option<Asked<'e>> {
        Some(self.entry.exchange()?.asked(self.mask))
    }

    /// What was answered; `None` where no answer was made, or it is no exchange.
    pub(crate) fn answered(&self) -> Option<Answered<'e>> {
        self.entry.exchange()?.answered(self.mask)
    }

    /// What came of it, a sentence each.
    pub(crate) fn effects(&self) -> impl Iterator<Item = Cow<'e, str>> {
        let mask = self.mask;
        self.entry.effects.iter().map(move |effect| mask.sentence(&effect.text))
    }

    /// What its operation has not read, in words.
    pub(crate) fn unread(&self) -> Vec<String> {
        let Some(exchange) = self.entry.exchange() else { return Vec::new() };
        let of = [exchange.vendor(), exchange.operation()];
        let of = of.into_iter().flatten().collect::<Vec<_>>().join(" ");
        exchange.unread(self.mask).iter().map(|it| format!("{of}: {}", it.to_words())).collect()
    }

    /// Why it was refused or failed, as one sentence.
    pub(crate) fn reason(&self) -> String {
        if let Some(why) = &self.entry.why {
            let why = why.shown(self.mask);
            let (rule, expected, found) = (why.rule, &why.expected, &why.found);
            return format!("{rule}: expected {expected}, found {found}; {}", why.hint);
        }
        let error = self.entry.error.as_deref().unwrap_or_default();
        self.mask.sentence(error).into_owned()
    }

    /// As a value, for what is worked on further.
    pub fn to_json(self) -> Value {
        json!(self)
    }

    /// As an archive tells it; `None` where it is no exchange.
    pub fn archived(&self) -> Option<har::Exchange<'e>> {
        let Shown { entry, world, mask } = *self;
        let mask = if planted::is(Planted::ArchiveIsNotMasked) { Mask::Raw } else { mask };
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
                ("trace", exchange.trace().map(|it| it.shown(mask).into_owned()).into()),
                ("why", json!(why)),
                ("effects", json!(Effects(entry, mask))),
                ("fault", json!(exchange.fault().map(|fault| fault.shown(mask)))),
                ("canned", json!(exchange.canned().map(|canned| canned.shown(mask)))),
                ("error", entry.error.as_deref().map(|error| mask.sentence(error)).into()),
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
                if let Some(trace) = exchange.trace() {
                    shown.serialize_entry("trace", &trace.shown(mask))?;
                }
                shown.serialize_entry("request", &exchange.asked(mask))?;
                shown.serialize_entry("response", &exchange.answered(mask))?;
                shown.serialize_entry("fault", &exchange.fault().map(|it| it.shown(mask)))?;
                if let Some(canned) = exchange.canned() {
                    shown.serialize_entry("canned", &canned.shown(mask))?;
                }
                let unread = exchange.unread(mask);
                if !unread.is_empty() {
                    shown.serialize_entry("unread", unread.as_ref())?;
                }
            }
            What::Action(action) => {
                shown.serialize_entry("action", &action.name)?;
                shown.serialize_entry("outcome", entry.outcome.name())?;
                shown.serialize_entry("detail", &mask.json(&action.detail))?;
            }
        }
        shown.serialize_entry("effects", &Effects(entry, mask))?;
        if let Some(why) = &entry.why {
            shown.serialize_entry("why", &why.shown(mask))?;
        }
        if let Some(error) = &entry.error {
            shown.serialize_entry("error", &mask.sentence(error))?;
        }
        shown.end()
    }
}
