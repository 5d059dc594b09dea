//! SQL, and rows into values; one file per resource.

pub(crate) mod accounts;
pub(crate) mod agents;
pub(crate) mod calls;
pub(crate) mod leads;
pub(crate) mod lists;

use crate::contract::vendor::Trace;

pub(crate) use accounts::*;
pub(crate) use agents::*;
pub(crate) use calls::*;
pub(crate) use leads::*;
pub(crate) use lists::*;

/// Where a person's traces are.
pub(crate) static TRACES: &[Trace] = &[leads::LEADS, calls::CALLS];
