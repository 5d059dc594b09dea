//! The methods of the API: their names, and what of a request goes into the hash.

use crate::vendors::mor::model::Level;

/// One method of the API.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) operation: &'static str,
    pub(crate) function: &'static str,
    /// The parameters that are hashed, in the order of the method's page (mor 2).
    pub(crate) hashed: &'static [&'static str],
    /// The level that a permission group needs.
    pub(crate) level: Level,
    /// Whether the page knows the method as POST alone.
    pub(crate) post_only: bool,
}

pub(crate) static POLL_RESULTS: Method = Method {
    operation: "get_campaign_ivr_poll_results",
    function: "autodialer_get_campaign_ivr_poll_results",
    hashed: &["u", "id"],
    level: Level::Read,
    post_only: false,
};

pub(crate) static STATISTICS: Method = Method {
    operation: "get_campaign_statistics",
    function: "autodialer_get_campaign_statistics",
    hashed: &["u", "id", "period_start", "period_end"],
    level: Level::Read,
    post_only: false,
};

pub(crate) static CHANGE_STATUS: Method = Method {
    operation: "change_campaign_status",
    function: "autodialer_change_campaign_status",
    hashed: &["u", "id"],
    level: Level::Write,
    post_only: false,
};

pub(crate) static UPLOAD_NUMBERS: Method = Method {
    operation: "upload_numbers",
    function: "autodialer_upload_numbers",
    hashed: &["id"],
    level: Level::Write,
    post_only: true,
};

pub(crate) static METHODS: &[&Method] =
    &[&POLL_RESULTS, &STATISTICS, &CHANGE_STATUS, &UPLOAD_NUMBERS];

pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|method| method.function)
}
