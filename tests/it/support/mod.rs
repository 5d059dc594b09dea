//! What tests of several themes use.

pub(crate) mod http;
pub(crate) mod linearisable;
pub(crate) mod program;
pub(crate) mod secure;
pub(crate) mod talk;
pub(crate) mod tool;
