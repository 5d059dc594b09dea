//! The members of a request, and which of them may be meant where one is missing.

use serde_json::Value;

use crate::base::nearest::nearest;
use crate::base::text::excerpt;

/// Every member of a request.
pub(crate) const MEMBERS: &[&str] = &[
    "affiliateID",
    "affiliateKey",
    "dialerFunction",
    "showAll",
    "dateStart",
    "dateEnd",
    "filterCampaigns",
    "filterAgents",
];

/// What is found where a member is missing, with the one that is there and may be meant.
pub(crate) fn absent(body: &Value, name: &str) -> String {
    let names = body.as_object().into_iter().flat_map(|members| members.keys());
    let others = names.map(String::as_str).filter(|other| !MEMBERS.contains(other));
    match nearest(name, others) {
        Some(near) => format!("no member {name}, but {}", excerpt(near, NAME_CHARS_MAX)),
        None => format!("no member {name}"),
    }
}

/// Most characters of a client's name that a reason shows.
const NAME_CHARS_MAX: usize = 40;
