//! What is wrong with a vendor's tables that no type holds: names that stand twice or lead nowhere.
//!
//! Not here: the fields of a section by themselves (`fields`), SQL (`sim::worlds::tables`), and whether
//! vendors can be told apart (`vendor`).

use std::collections::BTreeSet;

use crate::contract::fields;
use crate::contract::surface::Surface;

/// What is wrong, one line each.
pub(crate) fn faults(surface: &Surface) -> Vec<String> {
    let mut faults = fields::audit(surface.scenario);
    for event in surface.events {
        let of_event = fields::audit(event.fields).into_iter();
        faults.extend(of_event.map(|fault| format!("event {}: {fault}", event.name)));
    }
    let operations = || surface.operations.iter().map(|it| it.name);
    twice("operation", operations(), &mut faults);
    twice("refusal", surface.refusals.iter().map(|it| it.rule), &mut faults);
    twice("event", surface.events.iter().map(|it| it.name), &mut faults);
    twice("table", surface.tables.iter().map(|it| it.name), &mut faults);
    twice("switch", surface.variants.iter().map(|it| it.name), &mut faults);
    twice("credential", surface.credentials.iter().map(|it| it.name), &mut faults);

    let known: BTreeSet<&str> = operations().collect();
    let mut leads = |what: &str, name: &str| {
        if !known.contains(name) {
            faults.push(format!("{what} names the operation {name:?}, and there is none"));
        }
    };
    let api = surface.api;
    for param in api.params {
        param.operations.iter().for_each(|name| leads(&format!("parameter {}", param.name), name));
    }
    for credential in api.credentials {
        let what = format!("credential {}", credential.name);
        credential.operations.iter().for_each(|name| leads(&what, name));
    }
    for sent in api.replies {
        sent.operations.iter().for_each(|name| leads(&format!("reply {}", sent.status), name));
    }
    api.bodies.iter().for_each(|body| leads("a body", body.operation));
    api.further.iter().for_each(|way| leads(way.path, way.operation));
    api.signed.iter().for_each(|signed| leads("a signature", signed.operation));
    let ignored = api.ignored.iter().filter(|ignored| !ignored.operation.is_empty());
    ignored.for_each(|ignored| leads("what is ignored", ignored.operation));
    for refusal in surface.unknown_credentials {
        if !surface.refusals.iter().any(|it| it.rule == refusal.rule) {
            faults.push(format!("{} is about credentials, and no refusal", refusal.rule));
        }
    }
    for way in api.further {
        let Some(switch) = way.opened_by else { continue };
        if !surface.variants.iter().any(|it| it.name == switch) {
            faults.push(format!("{} is opened by {switch}, and there is no such switch", way.path));
        }
    }
    for back in surface.read_back {
        if !surface.scenario.iter().any(|field| field.name == back.name) {
            faults.push(format!("{} is read back, and no field of the section", back.name));
        }
    }
    faults
}

fn twice<'n>(what: &str, names: impl Iterator<Item = &'n str>, faults: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            faults.push(format!("the {what} {name} stands twice"));
        }
    }
}
