//! The functions, one file per resource; `enter` has the checks that all of them share.

mod agents;
mod calls;
mod campaigns;
mod enter;

pub(super) use agents::get_agents;
pub(super) use calls::get_calls;
pub(super) use campaigns::get_campaigns;
pub(super) use enter::no_function;
