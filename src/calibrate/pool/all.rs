//! The pools of all vendors.

use crate::calibrate::pool::source::Pool;
use crate::calibrate::pool::{infocu5, jtel, maestro, maxcontact, mor};

/// All vendors that can be calibrated.
pub(crate) static POOLS: &[&Pool] =
    &[&infocu5::POOL, &jtel::POOL, &maestro::POOL, &maxcontact::POOL, &mor::POOL];

/// The pool of a vendor.
pub(crate) fn of(vendor: &str) -> Option<&'static Pool> {
    POOLS.iter().copied().find(|pool| pool.vendor == vendor)
}
