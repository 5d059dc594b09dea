//! The habits of clients that are looked for in a vendor's requests, as its table declares them.
//!
//! Not here: what was found in a world's journal (`sim::judge`).

use serde_json::{Value, json};

use crate::contract::oracle::Oracle;
use crate::contract::surface::Surface;

/// Each with what it is about, why it matters and what to do.
pub(crate) fn looked_for(surface: &Surface) -> impl Iterator<Item = Value> {
    surface.oracles.iter().map(|oracle| {
        json!({
            "name": oracle.name(), "about": about(*oracle),
            "matters": oracle.matters(), "remedy": oracle.remedy(),
        })
    })
}

/// The operation or parameter that is looked at, where it is one.
fn about(oracle: Oracle) -> &'static str {
    match oracle {
        Oracle::Repeated { operation, .. }
        | Oracle::TurnedBack { operation, .. }
        | Oracle::LoginEachTime { operation, .. }
        | Oracle::Window { operation, .. } => operation,
        Oracle::ClosedWindow(polled) | Oracle::LateRows(polled) => polled.operation,
        Oracle::SecretInQuery { parameter, .. } => parameter,
        Oracle::LockedDialled { .. } | Oracle::LockTaken { .. } | Oracle::TwoCalls { .. } => "",
    }
}
