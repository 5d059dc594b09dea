//! What a vendor's folder looks like, and that what its tables say is so.
//!
//! Not here: what it may import (`arrows`); its SQL (`statements`).

use ringback::contract::fields::audit;
use ringback::contract::paper::section;
use ringback::inside::app;

use super::arrows::is_below;
use super::graph::Graph;
use super::{GRAPH, assert_none, sources, src};

/// Files that every vendor's folder has.
const VENDOR_FILES: &[&str] = &[
    "auth.rs",
    "contract.md",
    "errors.rs",
    "events.rs",
    "mod.rs",
    "model.rs",
    "routes.rs",
    "rules.md",
    "schema/0001.sql",
    "seed.rs",
    "store.rs",
    "surface.rs",
    "variants.rs",
    "wire.rs",
];

#[test]
fn every_vendor_folder_has_the_same_shape() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let name = vendor.surface.vendor;
        let folder = src().join("vendors").join(name);
        for file in VENDOR_FILES {
            // A file that has grown long is a folder of the same name.
            let as_folder = folder.join(file.trim_end_matches(".rs")).join("mod.rs");
            if !folder.join(file).exists() && !as_folder.exists() {
                faults.push(format!("vendors/{name} has no {file}"));
            }
        }
        if !folder.join("ops").is_dir() {
            faults.push(format!("vendors/{name} has no ops/"));
        }
    }
    assert_none(&faults);
}

/// Rows that are still named after what is on the wire. The list only gets shorter.
const CROSSINGS: &[&str] = &[];

#[test]
fn a_vendor_imports_no_other_vendor() {
    assert_none(&neighbours(&GRAPH));
}

#[test]
fn wire_and_store_of_a_vendor_do_not_know_each_other() {
    let found = crossings(&GRAPH);
    let left: Vec<_> = CROSSINGS.iter().map(|it| (*it).to_owned()).collect();
    let mut faults: Vec<_> = found.iter().filter(|it| !left.contains(it)).cloned().collect();
    let gone = left.iter().filter(|it| !found.contains(it));
    faults.extend(gone.map(|it| format!("{it}: is gone, take it off the list")));
    assert_none(&faults);
}

/// Arrows from one vendor's folder to another's.
fn neighbours(graph: &Graph) -> Vec<String> {
    let vendor = |file: &str| {
        let (name, _) = file.strip_prefix("vendors/")?.split_once('/')?;
        Some(name.to_owned())
    };
    let between = graph.arrows().filter(
        |(from, to, _)| matches!((vendor(from), vendor(to)), (Some(from), Some(to)) if from != to),
    );
    between.map(|(from, to, name)| format!("{from} -> {to} (names {name})")).collect()
}

/// Arrows between a vendor's form on the wire and its rows.
fn crossings(graph: &Graph) -> Vec<String> {
    let part = |file: &str| {
        let (vendor, below) = file.strip_prefix("vendors/")?.split_once('/')?;
        let part = ["wire", "store"].into_iter().find(|part| is_below(below, part))?;
        Some((vendor.to_owned(), part))
    };
    let across = graph.arrows().filter(|(from, to, _)| {
        let (Some(from), Some(to)) = (part(from), part(to)) else { return false };
        from.0 == to.0 && from.1 != to.1
    });
    across.map(|(from, to, name)| format!("{from} -> {to} (names {name})")).collect()
}

#[test]
fn every_wire_fact_has_its_evidence() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let mut facts = Vec::new();
        facts.extend(surface.operations.iter().map(|it| (it.name, it.evidence)));
        facts.extend(surface.refusals.iter().map(|it| (it.rule, it.evidence)));
        facts.extend(surface.wire_fields.iter().map(|it| (it.name, it.evidence)));
        facts.extend(surface.not_simulated.iter().map(|it| (it.what, it.evidence)));
        for variant in surface.variants {
            facts.extend(variant.values.iter().map(|value| (variant.name, value.evidence)));
            if variant.values.len() < 2 {
                faults.push(format!("{}: {} leaves no choice", surface.vendor, variant.name));
            }
        }
        assert!(!surface.operations.is_empty() && !surface.wire_fields.is_empty());
        for (name, evidence) in facts {
            let source = evidence.source();
            let place = source.strip_prefix(&format!("ringback contract {} ", surface.vendor));
            let Some(section_number) = place else {
                faults.push(format!("{}: {name} cites {source}", surface.vendor));
                continue;
            };
            if section((vendor.contract)(), section_number).is_none() {
                faults.push(format!(
                    "{}: {name} cites section {section_number}, which is not there",
                    surface.vendor
                ));
            }
        }
        for refusal in surface.refusals {
            if !refusal.rule.starts_with(&format!("{}.", surface.vendor)) {
                faults.push(format!("{} is not a rule of {}", refusal.rule, surface.vendor));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn scenario_and_event_tables_are_sound() {
    let mut faults = audit(ringback::inside::sim::loading::top::TOP);
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        faults.extend(audit(surface.scenario));
        for event in surface.events {
            let found = audit(event.fields);
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", event.name)));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_refusal_of_a_vendor_is_in_its_table() {
    let mut faults = Vec::new();
    for vendor in app::vendors().0 {
        let surface = vendor.surface;
        let folder = format!("vendors/{}/", surface.vendor);
        for source in sources().iter().filter(|source| source.path.starts_with(&folder)) {
            let quoted = format!("rule: \"{}.", surface.vendor);
            for rest in source.code.split(quoted.as_str()).skip(1) {
                let rule = format!("{}.{}", surface.vendor, rest.split('"').next().unwrap());
                if !surface.refusals.iter().any(|refusal| refusal.rule == rule) {
                    faults.push(format!("{rule} is not in the table of refusals"));
                }
            }
        }
    }
    assert_none(&faults);
}

mod tests {
    use super::super::graph::tests::tree;
    use super::*;

    #[test]
    fn vendors_and_their_halves_are_kept_apart() {
        let graph = tree(&[
            ("vendors/bell/wire.rs", "use super::store::rows::R; pub struct W;"),
            ("vendors/bell/store/rows.rs", "pub struct R;"),
            ("vendors/bell/ops.rs", "use super::{wire::W, store::rows::R};"),
            ("vendors/horn/store.rs", "use crate::vendors::bell::wire::W;"),
            ("vendors/horn/wires.rs", "use super::store::N; use crate::vendors::List;"),
        ]);
        let between = "vendors/horn/store.rs -> vendors/bell/wire.rs (names W)";
        assert_eq!(neighbours(&graph), [between]);
        let inside = "vendors/bell/wire.rs -> vendors/bell/store/rows.rs (names R)";
        assert_eq!(crossings(&graph), [inside]);
    }
}
