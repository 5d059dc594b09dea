//! What the examples of events hold: rows of the demo, and what has to come before, so that each can be
//! tried on it as it is printed.
//!
//! Not here: fields that need no row of the demo (`events`).

/// What has to come before an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// An event of the same vendor, with its fields.
    Event(&'static str),
    /// A GET of the vendor's, at this path.
    Get(&'static str),
}

/// Values by vendor, event (any where empty) and field; the first that fits counts.
const VALUES: &[(&str, &str, &str, &str)] = &[
    ("infocu5", "record_call", "campaign", "2040"),
    ("infocu5", "rotate_key", "affiliate", "A7k2Qm9ZrT4x"),
    ("infocu5", "set_agent_active", "id", "50017"),
    ("infocu5", "set_campaign_active", "id", "2040"),
    ("jtel", "", "campaign", "612"),
    ("jtel", "", "contact", "301501"),
    ("jtel", "", "result_code", "3105"),
    ("jtel", "", "client", "7"),
    ("jtel", "", "number", "4943155501"),
    ("jtel", "remove_token", "token", "SIMTOKEN-7A"),
    ("maestro", "", "call", "W5N0STILLRUNS005"),
    ("maestro", "", "caller", "N0T1NTERESTED777"),
    ("maestro", "", "offer", "4711"),
    ("maxcontact", "agent_login", "user", "102"),
    ("maxcontact", "", "user", "101"),
    ("maxcontact", "", "campaign", "7"),
    ("maxcontact", "", "call", "1000"),
    ("maxcontact", "", "login", "api.user"),
    ("maxcontact", "", "token", TOKEN),
    ("mor", "", "campaign", "17"),
    ("mor", "dial_number", "number", "37060000001"),
    ("mor", "reactivate_number", "number", "37060000003"),
    ("mor", "", "user", "dialer_bob"),
    ("mor", "", "reseller", "shop"),
];

/// A token of MaxContact that is out already.
pub(super) const TOKEN: &str = "7f0c9d2e-52b1-4d0a-9a53-3f2f6c1e8b47";

const DIAL: Before = Before::Get("/webservices/services/telephony/dial/user/101/phone/07700900142");

const READY: Before = Before::Get("/webservices/services/telephony/goready/user/101");

const BEFORE: &[(&str, &str, &[Before])] = &[
    ("maxcontact", "cancel_break", &[READY, Before::Event("request_break user=101")]),
    ("maxcontact", "end_break", &[Before::Event("request_break user=101")]),
    ("maxcontact", "far_end_rings", &[DIAL]),
    ("maxcontact", "far_end_answers", &[DIAL]),
    ("maxcontact", "far_end_is_busy", &[DIAL]),
    ("maxcontact", "far_end_does_not_answer", &[DIAL]),
    ("maxcontact", "far_end_rejects", &[DIAL]),
    ("maxcontact", "far_end_hangs_up", &[DIAL, Before::Event("far_end_answers call=1000")]),
    ("maxcontact", "press_record_button", &[DIAL, Before::Event("far_end_answers call=1000")]),
    ("maxcontact", "offer_call", &[READY]),
    ("mor", "stop_campaign", &[Before::Event("start_campaign campaign=17")]),
    ("mor", "unlist_ip", &[Before::Event("whitelist_ip ip=127.0.0.1")]),
];

/// What a field of an event holds in the demo.
pub(super) fn value(vendor: &str, event: &str, field: &str) -> Option<&'static str> {
    let is_it = |(of, at, name, _): &&(&str, &str, &str, &'static str)| {
        *of == vendor && (at.is_empty() || *at == event) && *name == field
    };
    VALUES.iter().find(is_it).map(|(_, _, _, value)| *value)
}

/// What has to come before an event of the demo.
pub(super) fn before(vendor: &str, event: &str) -> &'static [Before] {
    let found = BEFORE.iter().find(|(of, name, _)| *of == vendor && *name == event);
    found.map_or(&[], |(_, _, before)| before)
}
