//! What a report must not show: the credentials of the scenario's world, and those that its steps
//! captured on the way.
//!
//! Not here: how they are masked (`web::mask`).

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::client::entry::{Fault, Why};
use crate::contract::vendor::Vendors;
use crate::replay::difference::Difference;
use crate::replay::verdict::Differed;
use crate::scenario::step::{Action, Body, Send, Step};
use crate::sim::journal::secrets::names;
use crate::sim::world::World;
use crate::web::mask::known::{Builder, Known};
use crate::web::mask::masker::Masker;
use crate::web::mask::names::Names;
use crate::web::params::Pairs;

/// What the reports of one scenario must not show.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    vendors: Vendors,
    names: Names,
    known: Builder,
}

impl Secrets {
    /// Those of a world that was made of the scenario here, whichever server it is replayed against, and
    /// those that its steps send: at a vendor's own system they are an account's, and in no row.
    pub(crate) fn of(vendors: Vendors, world: &World, steps: &[Step]) -> Self {
        let mut known = Known::builder();
        world.add_secrets_to(&mut known);
        let names = names(vendors);
        let masker = Masker::new(&names, &Known::default(), false);
        for step in steps {
            if let Action::Send(send) = &step.action {
                sent(send, &masker, &mut known);
            }
        }
        Secrets { vendors, names, known }
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

/// Adds what a request sends under a name that means a secret.
fn sent(send: &Send, masker: &Masker, known: &mut Builder) {
    let mut add = |name: &str, value: &str| {
        // What a variable stands for is captured.
        if masker.names_secret(name) && !value.contains("{{") {
            known.secret(value);
        }
    };
    for (name, value) in &send.headers {
        // A scheme may stand before it.
        add(name, value.split_once(' ').map_or(value.as_str(), |(_, rest)| rest.trim()));
    }
    pairs(send.path.split_once('?').map_or("", |(_, query)| query), &mut add);
    match &send.body {
        Body::Text(text) => match serde_json::from_str(text) {
            Ok(value) => members(&value, &mut add),
            Err(_) => pairs(text, &mut add),
        },
        Body::Json(value) => members(value, &mut add),
        Body::Form(fields) => {
            for (name, value) in fields {
                add(name, value.as_str().unwrap_or_default());
            }
        }
    }
}

fn pairs(text: &str, add: &mut dyn FnMut(&str, &str)) {
    for (name, value) in Pairs::parse(text.as_bytes()).iter() {
        add(name, value);
    }
}

/// Each text in a JSON value with the name of its member.
fn members(value: &Json, add: &mut dyn FnMut(&str, &str)) {
    match value {
        Json::Object(inner) => {
            for (name, value) in inner {
                match value {
                    Json::String(text) => add(name, text),
                    other => members(other, add),
                }
            }
        }
        Json::Array(items) => {
            for item in items {
                members(item, add);
            }
        }
        _ => {}
    }
}
