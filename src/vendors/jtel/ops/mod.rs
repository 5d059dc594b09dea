//! The operations, one file per resource; `enter` has what all of them share.

mod batch;
mod campaigns;
mod change;
mod contacts;
mod enter;
mod history;
mod import;
mod lists;
mod mandatory;
mod meant;
mod misfit;
mod missing;
mod no_operation;
mod refuse;
mod slips;
mod user_data;

pub(crate) use batch::get_contacts_batch;
pub(crate) use campaigns::{get_campaign, list_campaigns};
pub(crate) use change::{
    delete_contact_by_id, delete_contact_by_user_data, lock_contact_by_id,
    lock_contact_by_user_data, unlock_contact_by_id, unlock_contact_by_user_data,
};
pub(crate) use contacts::{find_contacts_by_user_data, get_contact, list_contacts};
pub(crate) use history::{get_history_by_id, get_history_by_user_data};
pub(crate) use import::{import_contact, insert_person};
pub(crate) use no_operation::no_operation;
pub(crate) use refuse::refuse;
