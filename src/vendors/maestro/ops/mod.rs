//! The functions, one file each; `enter` has the checks that both of them share.

mod by_call;
mod by_date;
mod enter;
mod no_operation;
mod refuse;

pub(crate) use by_call::fetch_callers_by_call;
pub(crate) use by_date::fetch_callers_by_date;
pub(crate) use no_operation::no_operation;
pub(crate) use refuse::refuse;
