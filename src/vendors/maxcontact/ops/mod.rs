//! The operations, one file per resource. `enter` has the checks that all of them share.
//!
//! Not here: what happens to agents and calls, whoever asked for it (`floor`).

mod add_lead;
mod agent;
mod call;
mod connect;
mod enter;
mod import;
mod lead_management;
mod leads;
mod lists;
mod log_in;
mod no_match;
mod no_operation;
mod refuse;
mod result_code;
mod sheet;
mod view;

pub(crate) use add_lead::add_lead;
pub(crate) use agent::{dial, get_calls, go_ready, lead_for};
pub(crate) use call::{
    close_lead, dispose, hangup, hold, retrieve, start_recording, stop_recording,
};
pub(crate) use connect::connect_calls;
pub(crate) use import::{COLUMNS, import_csv_files};
pub(crate) use lead_management::{
    deactivate_lead_by_phone, deactivate_lead_by_ref_id, deactivate_lead_id, dnc_lead_id,
    dnc_lead_phone_number, move_lead_by_ref_id, reactivate_lead_by_lead_by_ref_id,
    reactivate_lead_by_lead_id, reactivate_lead_by_phone,
};
pub(crate) use leads::{change_lead, create_lead, list_lead_phones};
pub(crate) use lists::{list_acd_queues, list_campaigns, list_result_codes, list_users};
pub(crate) use log_in::{log_in, new_token};
pub(crate) use no_operation::no_operation;
pub(crate) use refuse::refuse;
#[cfg(test)]
pub(crate) use view::NUMBERS;
