//! The state as the vendor's section of a scenario would say it.

use crate::contract::read_back::{Omitted, ReadBack};

pub(crate) const READ_BACK: &[ReadBack] = &[
    ReadBack::new(
        "offers",
        "SELECT id, token, NULLIF(name, '') AS name FROM maestro_offer ORDER BY id",
    ),
    ReadBack::new(
        "calls",
        "SELECT uid, name, start_ms AS start, end_ms AS \"end\",
             '[' || replace(json_quote(customer_emails), ',', '\",\"') || ']' AS customer_emails,
             CASE WHEN conference_emails <> '' THEN
                 '[' || replace(json_quote(conference_emails), ',', '\",\"') || ']'
             END AS conference_emails,
             NULLIF(affiliate, '') AS affiliate
         FROM maestro_call ORDER BY id",
    ),
    ReadBack::new(
        "callers",
        "SELECT caller.uid, call.uid AS call, caller.joined_ms AS joined,
             NULLIF(caller.ani, '') AS ani, NULLIF(caller.name, '') AS name,
             NULLIF(caller.email, '') AS email
         FROM maestro_caller AS caller JOIN maestro_call AS call ON call.id = caller.call_id
         ORDER BY caller.id",
    ),
    ReadBack::new(
        "opt_ins",
        "SELECT caller.uid AS caller, opt_in.offer_id AS offer, opt_in.at_ms AS at
         FROM maestro_opt_in AS opt_in JOIN maestro_caller AS caller ON caller.id = opt_in.caller_id
         ORDER BY opt_in.id",
    ),
];

pub(crate) const OMITTED: &[Omitted] = &[Omitted {
    what: "tokens that offers had before they were rotated",
    count: "SELECT COUNT(*) FROM maestro_offer WHERE token_before IS NOT NULL",
}];
