//! An entry as a row of a world's file keeps it: its JSON as it may be shown without secrets.
//!
//! [`FORMAT`] is the version of this form. A row does not tell its form as long as that is 1.0; one
//! of another form has a member `format`. The first number goes up where a member that is read here
//! goes away or means something else, and such a row cannot be read by an older build; the second
//! where members are added, which an older build passes over. So a file opens in this build and in
//! the one before it, whichever wrote it.
//!
//! Names of vendors, operations and refusals are those of this build's tables where it knows them,
//! and are kept as they were written where it does not.
//!
//! Not here: the table (`sim::journal::ledger`).

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::base::seq::Seq;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::Instant;
use crate::base::time::rfc3339;
use crate::contract::machine::Move;
use crate::contract::reply::{Effect, InternalError, Outcome};
use crate::contract::surface::Surface;
use crate::contract::vendor::Vendors;
use crate::sim::journal::entry::{Action, Entry, What};
use crate::sim::journal::exchange::{Exchange, Whose, Written};
use crate::sim::journal::fault::{Canned, Struck};
use crate::sim::journal::name::Name;
use crate::sim::journal::reason::{Change, Proof, Reason};
use crate::sim::journal::shown::Shown;
use crate::sim::journal::unread::Unread;
use crate::web::exchange::{Answered, Asked};
use crate::web::mask::masker::Masker;

/// The version of the form.
pub(crate) const FORMAT: &str = "1.0";

/// A row that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("entry {seq} of the journal cannot be read: {reason} (this build reads format {FORMAT})")]
pub(crate) struct Unreadable {
    seq: Seq,
    reason: String,
}

/// The row of an entry.
///
/// # Errors
/// Where its detail cannot be written as JSON.
pub(crate) fn write(entry: &Entry, world: &str, masker: &Masker) -> Result<String, InternalError> {
    serde_json::to_string(&Shown::new(entry, world, masker)).map_err(InternalError::new)
}

/// The entry of a row.
///
/// # Errors
/// Says which row it is, what was found in it and what was expected.
pub(crate) fn read(vendors: Vendors, seq: Seq, text: &str) -> Result<Entry, Unreadable> {
    let row: Result<Row<'_>, _> = serde_json::from_str(text);
    let entry = match row {
        Ok(row) => row.into_entry(vendors, seq),
        Err(error) => Err(error.to_string()),
    };
    // Whatever a row of another form has or lacks: that it is one is the reason.
    let reason = |reason| other_format(text).unwrap_or(reason);
    entry.map_err(|it| Unreadable { seq, reason: reason(it) })
}

/// That a row is of a form which this build cannot read, where it is.
fn other_format(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Marked {
        format: Option<String>,
    }
    let format = serde_json::from_str::<Marked>(text).ok()?.format?;
    (!is_read(&format)).then(|| format!("its format is {}", excerpt(&format, EXCERPT_CHARS_MAX)))
}

fn is_read(format: &str) -> bool {
    format.split('.').next() == FORMAT.split('.').next()
}

/// A row. What else it has, a later build has added.
#[derive(Deserialize)]
struct Row<'r> {
    format: Option<String>,
    at: At,
    vendor: Option<String>,
    operation: Option<String>,
    action: Option<String>,
    outcome: Ended,
    #[serde(borrow)]
    request: Option<Asked<'r>>,
    #[serde(borrow)]
    response: Option<Answered<'r>>,
    fault: Option<Struck>,
    canned: Option<Canned>,
    #[serde(default)]
    unread: Vec<Unread>,
    #[serde(default)]
    detail: Value,
    effects: Vec<EffectRow>,
    why: Option<Why>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct EffectRow {
    at: At,
    vendor: Option<String>,
    text: String,
    #[serde(default)]
    moved: Vec<Move>,
}

#[derive(Deserialize)]
struct Why {
    rule: String,
    at: Option<String>,
    expected: String,
    found: String,
    hint: String,
    edit: Option<Change>,
    evidence: String,
    source: String,
}

/// When it was, in the world's time.
struct At(Instant);

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at =
            rfc3339::read(&text).map_err(|it| serde::de::Error::custom(format!("at: {it}")))?;
        Ok(At(at))
    }
}

/// How an input ended.
struct Ended(Outcome);

impl<'de> Deserialize<'de> for Ended {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let outcome = Outcome::named(&text).ok_or_else(|| {
            let found = excerpt(&text, EXCERPT_CHARS_MAX);
            let known = Outcome::ALL.map(Outcome::name).join(", ");
            serde::de::Error::custom(format!("outcome {found}; expected one of {known}"))
        });
        outcome.map(Ended)
    }
}

/// A name as this build's tables have it, else as it was written.
fn name(known: Option<&'static str>, written: String) -> Name {
    known.map_or(Cow::Owned(written), Cow::Borrowed)
}

impl Why {
    fn into_reason(self, surface: Option<&'static Surface>) -> Reason {
        let Why { rule, at, expected, found, hint, edit, evidence: grade, source } = self;
        let mut refusals = surface.map_or(&[][..], |surface| surface.refusals).iter();
        let known = refusals.find(|refusal| refusal.rule == rule).map(|refusal| refusal.rule);
        // The evidence is that of its time: the vendor's contract may say more by now.
        let proof = Proof::Told { grade, source };
        Reason { rule: name(known, rule), at, expected, found, hint, edit, proof }
    }
}

impl Row<'_> {
    fn into_entry(self, vendors: Vendors, seq: Seq) -> Result<Entry, String> {
        if self.format.as_deref().is_some_and(|format| !is_read(format)) {
            return Err("it is of another format".to_owned());
        }
        let vendor = self.vendor.as_deref().and_then(|name| vendors.find(name));
        let surface = vendor.map(|vendor| vendor.surface);
        let of = |written: String| {
            let known = vendors.find(&written).map(|vendor| vendor.surface.vendor);
            name(known, written)
        };
        let own = self.vendor.clone().map(of);
        let what = match (self.action, self.request) {
            (Some(action), None) => {
                let vendor = own.clone();
                What::Action(Action { name: action.into(), vendor, detail: self.detail })
            }
            (None, Some(asked)) => {
                let known = |written: &str| Some(surface?.operation(written)?.name);
                let written = Written {
                    whose: match (surface, self.vendor) {
                        (Some(surface), _) => Whose::Known(surface),
                        (None, Some(name)) => Whose::Other(name),
                        (None, None) => Whose::Nobody,
                    },
                    operation: self.operation.map(|written| name(known(&written), written)),
                    asked,
                    answered: self.response,
                    fault: self.fault,
                    canned: self.canned,
                    unread: self.unread,
                };
                What::Exchange(Box::new(Exchange::read(written)?))
            }
            (Some(_), Some(_)) => {
                return Err("it has an action and a request; expected one of them".to_owned());
            }
            (None, None) => {
                return Err("it has neither an action nor a request; expected one".to_owned());
            }
        };
        let effects = self.effects.into_iter().map(|it| {
            let vendor = it.vendor.map(of).or_else(|| own.clone());
            Effect { at: it.at.0, vendor, text: it.text, moved: it.moved }
        });
        Ok(Entry {
            seq,
            at: self.at.0,
            what,
            outcome: self.outcome.0,
            effects: effects.collect(),
            why: self.why.map(|why| Box::new(why.into_reason(surface))),
            error: self.error,
        })
    }
}
