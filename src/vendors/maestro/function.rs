//! The functions of the API: their names and where they are mounted.

/// Where the sibling API is, and this one in all likelihood (maestro 1).
pub(crate) const MOUNT: &str = "/_access/";

/// The functions and their operations.
pub(crate) const FUNCTIONS: &[(&str, &str)] = &[
    ("fetchCallersByDate", "fetch_callers_by_date"),
    ("fetchCallersByCall", "fetch_callers_by_call"),
];

/// The media type of a body that is read for parameters.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn function_names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(function, _)| *function).collect()
}
