//! The routes of the control plane: the list of their lists. A new route is a row beside the function
//! on `Admin` that serves it; it is served, checked and documented from the row.

use crate::admin::endpoint::Endpoint;
use crate::admin::{
    about, capsule, certificate, clock, coverage, difference, faults, findings, image, journal,
    making, manual, metrics, people, state, variants, verify, worlds,
};

/// The rows by file, in the order of the OpenAPI document.
const LISTS: &[&[Endpoint]] = &[
    about::ROWS,
    manual::ROWS,
    certificate::ROWS,
    metrics::ROWS,
    worlds::ROWS,
    making::ROWS,
    image::ROWS,
    clock::ROWS,
    variants::ROWS,
    faults::ROWS,
    journal::ROWS,
    capsule::ROWS,
    state::ROWS,
    difference::ROWS,
    people::ROWS,
    findings::ROWS,
    coverage::ROWS,
    verify::ROWS,
];

/// All rows.
pub(super) fn all() -> impl Iterator<Item = &'static Endpoint> {
    LISTS.iter().copied().flatten()
}
