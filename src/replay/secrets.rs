//! What a report must not show: the credentials of the scenario's world, and those that its steps
//! captured on the way.
//!
//! Not here: how they are masked (`web::mask`).

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::client::entry::{Fault, Why};
use crate::contract::vendor::Vendors;
use crate::replay::verdict::{Differed, Difference};
use crate::sim::journal::secrets::names;
use crate::sim::world::World;
use crate::web::mask::known::{Builder, Known};
use crate::web::mask::masker::Masker;
use crate::web::mask::names::Names;

/// What the reports of one scenario must not show.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    vendors: Vendors,
    names: Names,
    known: Builder,
}

impl Secrets {
    /// Those of a world that was made of the scenario here, whichever server it is replayed against.
    pub(crate) fn of(vendors: Vendors, world: &World) -> Self {
        let mut known = Known::builder();
        world.add_secrets_to(&mut known);
        Secrets { vendors, names: names(vendors), known }
    }

    /// Masks them, and what was captured so far.
    pub(crate) fn masker(&self, captured: &BTreeMap<String, Json>) -> Masker {
        let by_name = Masker::new(&self.names, &Known::default(), false);
        let mut known = self.known.clone();
        let secret = captured.iter().filter(|(name, _)| by_name.names_secret(name));
        for value in secret.filter_map(|(_, value)| value.as_str()) {
            known.secret(value);
        }
        known.build().map_or(by_name, |known| Masker::new(&self.names, &known, false))
    }

    /// The members of an event, as a report may show them.
    pub(crate) fn event(&self, vendor: &str, members: Json) -> Json {
        let masker = self.masker(&BTreeMap::new());
        let columns = self.vendors.find(vendor).map(|vendor| vendor.surface.secret_columns());
        masker.columns(&columns.unwrap_or_default(), members)
    }

    /// A step that differed, as a report may show it.
    pub(crate) fn mask(&self, differed: Differed, captured: &BTreeMap<String, Json>) -> Differed {
        let masker = self.masker(captured);
        let text = |text: String| masker.text(&text).into_owned();
        let difference = |it: Difference| Difference {
            subject: text(it.subject),
            expected: text(it.expected),
            found: text(it.found),
            ..it
        };
        let why = |it: Why| Why {
            expected: masker.sentence(&it.expected).into_owned(),
            found: masker.sentence(&it.found).into_owned(),
            hint: masker.sentence(&it.hint).into_owned(),
            ..it
        };
        let fault = |it: Fault| Fault { name: it.name.map(text), ..it };
        Differed {
            sent: differed.sent.map(text),
            fault: differed.fault.map(fault),
            differences: differed.differences.into_iter().map(difference).collect(),
            why: differed.why.map(why),
            ..differed
        }
    }
}
