//! Looks for switches under which Ringback answers as the target does.

use std::collections::BTreeSet;

use crate::contract::vendor::{Vendor, Vendors};
use crate::drift::finding::Finding;
use crate::drift::held::of_files;
use crate::drift::report::{Drift, OfFile};
use crate::replay::all;
use crate::replay::error::ReplayError;
use crate::replay::verdict::Outcome;
use crate::vendors::ALL;

/// Says of each finding which switch explains it: Ringback as it is differs from the target in it, and
/// under the switch it does not.
///
/// # Errors
/// Where the scenarios cannot be replayed here.
pub(super) async fn explain(
    drift: &mut Drift,
    now: &Outcome,
    own: &all::Config,
    default: Option<&'static Vendor>,
    say: &dyn Fn(&str),
) -> Result<(), ReplayError> {
    let as_it_is = of_files(now, Some(&all::all(own, &mut |_| {}).await?), default);
    let vendors: BTreeSet<&str> =
        drift.findings().filter_map(|(operation, _)| operation.split(' ').next()).collect();
    let vendors: Vec<&'static Vendor> =
        vendors.into_iter().filter_map(|name| Vendors(ALL).find(name)).collect();
    say("differs; looks for a switch that explains it");
    for vendor in vendors {
        let surface = vendor.surface;
        for variant in surface.variants {
            for value in variant.values.iter().skip(1) {
                let turn = format!("{}.{}={}", surface.vendor, variant.name, value.name);
                let mut config = own.clone();
                config.variants.push(turn.clone());
                // A world that cannot be made so explains nothing.
                let Ok(turned) = all::all(&config, &mut |_| {}).await else { continue };
                let turned = of_files(now, Some(&turned), default);
                mark(drift, &as_it_is, &turned, &turn);
            }
        }
    }
    Ok(())
}

fn mark(drift: &mut Drift, as_it_is: &[OfFile], turned: &[OfFile], turn: &str) {
    for file in &mut drift.files {
        for (operation, of) in &mut file.operations {
            let is_in = |files: &[OfFile], finding: &Finding| {
                let mut files = files.iter().filter(|it| it.file == file.file);
                files.any(|it| {
                    let of = it.operations.get(operation);
                    of.is_some_and(|of| of.findings.iter().any(|it| is_same(it, finding)))
                })
            };
            for finding in &mut of.findings {
                if is_in(as_it_is, finding) && !is_in(turned, finding) {
                    finding.explained.push(turn.to_owned());
                }
            }
        }
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    (one.kind, &one.key, &one.what) == (other.kind, &other.key, &other.what)
}
