//! The methods; `enter` has the checks that all of them share.

mod enter;
mod poll_results;
mod statistics;
mod status;
mod upload;

pub(super) use enter::{faulted, no_method};
pub(super) use poll_results::get_campaign_ivr_poll_results;
pub(super) use statistics::get_campaign_statistics;
pub(super) use status::change_campaign_status;
pub(super) use upload::upload_numbers;
