//! What tests of several themes use.

pub(crate) mod linearisable;
pub(crate) mod talk;
