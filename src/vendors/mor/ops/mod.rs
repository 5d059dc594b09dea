//! The methods; `enter` has the checks that all of them share.

mod campaign;
mod enter;
mod no_operation;
mod periods;
mod poll_results;
mod refuse;
mod statistics;
mod status;
mod upload;
mod upload_tally;

pub(crate) use no_operation::no_operation;
pub(crate) use poll_results::get_campaign_ivr_poll_results;
pub(crate) use refuse::refuse;
pub(crate) use statistics::get_campaign_statistics;
pub(crate) use status::change_campaign_status;
pub(crate) use upload::upload_numbers;
