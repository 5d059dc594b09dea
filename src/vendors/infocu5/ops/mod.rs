//! The functions, one file per resource; `enter` has the checks that all of them share.

mod agents;
mod calls;
mod campaigns;
mod enter;
mod no_operation;
mod refuse;

pub(crate) use agents::get_agents;
pub(crate) use calls::get_calls;
pub(crate) use campaigns::get_campaigns;
pub(crate) use no_operation::no_operation;
pub(crate) use refuse::refuse;
