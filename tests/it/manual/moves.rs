//! What has states at a vendor's, and what leads from one to the other: the rows of the pages' tables,
//! each with what makes it happen in a world of the demo.

/// One move.
pub(super) struct Move {
    pub(super) what: &'static str,
    pub(super) from: &'static str,
    /// Operations and events stand in backticks.
    pub(super) by: &'static str,
    pub(super) to: &'static str,
    pub(super) seen: Seen,
    /// Lines that come before the move, and the one that makes it: `event NAME FIELD=VALUE`,
    /// `advance LENGTH`, or `METHOD PATH`, with a body behind it.
    pub(super) before: &'static [&'static str],
    pub(super) act: &'static str,
}

/// Where a state is seen: a column of the row of a table in which another column has a value; and how it
/// stands there before and after.
pub(super) struct Seen {
    pub(super) table: &'static str,
    pub(super) row: (&'static str, &'static str),
    pub(super) column: &'static str,
    pub(super) from: At,
    pub(super) to: At,
}

/// How a column stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Is(&'static str),
    Null,
    /// Anything but nothing.
    Set,
    /// There is no such row.
    NoRow,
}

use At::{Is, NoRow, Null, Set};

const fn seen(
    table: &'static str,
    row: (&'static str, &'static str),
    column: &'static str,
    from: At,
    to: At,
) -> Seen {
    Seen { table, row, column, from, to }
}

const fn by(
    what: &'static str,
    [from, by, to]: [&'static str; 3],
    seen: Seen,
    before: &'static [&'static str],
    act: &'static str,
) -> Move {
    Move { what, from, by, to, seen, before, act }
}

const CONTACT: (&str, &str) = ("id", "301501");
const LOCK: &str = "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/lock";
const UNLOCK: &str = "PATCH /rest/v1.0/7/dialler/contacts/contact/301501/unlock";
const LOCK_DATA: &str = "PATCH /rest/v1.0/7/dialler/contacts/contact/lock?userData=SIM-0001";
const UNLOCK_DATA: &str = "PATCH /rest/v1.0/7/dialler/contacts/contact/unlock?userData=SIM-0001";
const DELETE: &str = "DELETE /rest/v1.0/7/dialler/contacts/contact/301501";
const IMPORT: &str = "POST /rest/v1.0/7/dialler/contacts/import?overwriteDuplicates=true \
                      {\"DiallerCampaignsID\":612,\"Name\":\"Nowak\",\"UserData\":\"CRM-77\",\
                      \"PhoneNumber1\":\"4940555077\"}";
const DIAL: &str = "event dial_contact contact=301501";
const START: &str = "event start_campaign campaign=612";
const CALLED: (&str, &str) = ("contact_id", "301501");

pub(super) static JTEL: &[Move] = &[
    by(
        "contact",
        ["–", "`import_contact`", "may be dialled at once"],
        seen("contacts", ("user_data", "CRM-77"), "due_ms", NoRow, Is("0")),
        &[],
        IMPORT,
    ),
    by(
        "contact",
        [
            "may be dialled at once",
            "`record_result` with a code of type delay or appointment",
            "due later",
        ],
        seen("contacts", CONTACT, "due_ms", Is("0"), Set),
        &[],
        "event record_result contact=301501 result_code=3104",
    ),
    by(
        "contact",
        ["may be dialled at once", "`record_result` with a code of type done or abort", "closed"],
        seen("contacts", CONTACT, "due_ms", Is("0"), Null),
        &[],
        "event record_result contact=301501 result_code=3105",
    ),
    by(
        "contact",
        ["may be dialled at once", "`incoming_call`, where the campaign closes on it", "closed"],
        seen("contacts", CONTACT, "due_ms", Is("0"), Null),
        &[START],
        "event incoming_call client=7 number=\"4943155501\"",
    ),
    by(
        "contact",
        ["any", "`delete_contact_by_id`, `delete_contact_by_user_data`", "–"],
        seen("contacts", CONTACT, "due_ms", Is("0"), NoRow),
        &[],
        DELETE,
    ),
    by(
        "lock",
        ["unlocked", "`lock_contact_by_id`", "locked"],
        seen("contacts", CONTACT, "locked", Is("0"), Is("1")),
        &[],
        LOCK,
    ),
    by(
        "lock",
        ["unlocked", "`lock_contact_by_user_data`", "locked"],
        seen("contacts", CONTACT, "locked", Is("0"), Is("1")),
        &[],
        LOCK_DATA,
    ),
    by(
        "lock",
        ["locked", "`unlock_contact_by_id`", "unlocked"],
        seen("contacts", CONTACT, "locked", Is("1"), Is("0")),
        &[LOCK],
        UNLOCK,
    ),
    by(
        "lock",
        ["locked", "`unlock_contact_by_user_data`", "unlocked"],
        seen("contacts", CONTACT, "locked", Is("1"), Is("0")),
        &[LOCK],
        UNLOCK_DATA,
    ),
    by(
        "lock",
        ["locked", "time passes, whatever the campaign does", "locked"],
        seen("contacts", CONTACT, "locked", Is("1"), Is("1")),
        &[LOCK, START],
        "advance 24h",
    ),
    by(
        "campaign",
        ["stopped", "`start_campaign`", "runs"],
        seen("campaigns", ("id", "612"), "running", Is("0"), Is("1")),
        &[],
        START,
    ),
    by(
        "campaign",
        ["runs", "`stop_campaign`", "stopped"],
        seen("campaigns", ("id", "612"), "running", Is("1"), Is("0")),
        &[START],
        "event stop_campaign campaign=612",
    ),
    by(
        "call",
        ["–", "the dialler, while the campaign runs", "is up"],
        seen("calls", CALLED, "ended_ms", NoRow, Null),
        &[START],
        "advance 1s",
    ),
    by(
        "call",
        ["–", "`dial_contact`", "is up"],
        seen("calls", CALLED, "ended_ms", NoRow, Null),
        &[],
        DIAL,
    ),
    by(
        "call",
        ["is up", "the far end hangs up, in its time", "the agent is in wrap-up"],
        seen("calls", CALLED, "ended_ms", Null, Set),
        &[DIAL],
        "advance 118s",
    ),
    by(
        "call",
        ["the agent is in wrap-up", "time, as long as the campaign's wrap-up", "–"],
        seen("calls", CALLED, "ended_ms", Set, NoRow),
        &[DIAL, "advance 118s"],
        "advance 1m",
    ),
    by(
        "token",
        ["good", "`remove_token`, `rotate_token`", "refused"],
        seen("tokens", ("client_id", "7"), "revoked_ms", Null, Set),
        &[],
        "event remove_token client=7 token=SIMTOKEN-7A",
    ),
];

const STATUS: &str = "POST /billing/api/autodialer_change_campaign_status?u=dialer_bob&id=17\
                      &hash=5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24";
const POLL: (&str, &str) = ("id", "17");
const NEW_NUMBER: (&str, &str) = ("number", "37060000001");
const TRIED: (&str, &str) = ("number", "37060000002");

pub(super) static MOR: &[Move] = &[
    by(
        "campaign",
        ["disabled", "`change_campaign_status`", "enabled"],
        seen("campaigns", POLL, "running", Is("0"), Is("1")),
        &[],
        STATUS,
    ),
    by(
        "campaign",
        ["enabled", "`change_campaign_status`", "disabled"],
        seen("campaigns", POLL, "running", Is("1"), Is("0")),
        &[STATUS],
        STATUS,
    ),
    by(
        "campaign",
        ["disabled", "`start_campaign`", "enabled"],
        seen("campaigns", POLL, "running", Is("0"), Is("1")),
        &[],
        "event start_campaign campaign=17",
    ),
    by(
        "campaign",
        ["enabled", "`stop_campaign`", "disabled"],
        seen("campaigns", POLL, "running", Is("1"), Is("0")),
        &[STATUS],
        "event stop_campaign campaign=17",
    ),
    by(
        "number",
        ["new", "a call that is answered: the dialler's, or `dial_number`", "completed"],
        seen("numbers", NEW_NUMBER, "status", Is("new"), Is("completed")),
        &[],
        "event dial_number campaign=17 number=\"37060000001\" outcome=answered",
    ),
    by(
        "number",
        ["new", "a call that is busy, fails or is not answered", "executed"],
        seen("numbers", NEW_NUMBER, "status", Is("new"), Is("executed")),
        &[],
        "event dial_number campaign=17 number=\"37060000001\" outcome=busy",
    ),
    by(
        "number",
        ["executed", "`redial_failed`", "new"],
        seen("numbers", TRIED, "status", Is("executed"), Is("new")),
        &[],
        "event redial_failed campaign=17",
    ),
    by(
        "number",
        ["executed", "`reactivate_number`", "new"],
        seen("numbers", TRIED, "status", Is("executed"), Is("new")),
        &[],
        "event reactivate_number campaign=17 number=\"37060000002\"",
    ),
    by(
        "number",
        ["completed", "`reactivate_number`", "new"],
        seen("numbers", ("number", "37060000003"), "status", Is("completed"), Is("new")),
        &[],
        "event reactivate_number campaign=17 number=\"37060000003\"",
    ),
    by(
        "user",
        ["let in", "`block_user`", "blocked"],
        seen("users", ("username", "dialer_bob"), "blocked", Is("0"), Is("1")),
        &[],
        "event block_user user=dialer_bob",
    ),
    by(
        "user",
        ["blocked", "`block_user` with `blocked=false`", "let in"],
        seen("users", ("username", "dialer_bob"), "blocked", Is("1"), Is("0")),
        &["event block_user user=dialer_bob"],
        "event block_user user=dialer_bob blocked=false",
    ),
];

pub(super) static INFOCU5: &[Move] = &[
    by(
        "agent",
        ["current", "`set_agent_active` with `active=false`", "not listed"],
        seen("agents", ("id", "50017"), "active", Is("1"), Is("0")),
        &[],
        "event set_agent_active id=50017 active=false",
    ),
    by(
        "agent",
        ["not listed", "`set_agent_active` with `active=true`", "current"],
        seen("agents", ("id", "50017"), "active", Is("0"), Is("1")),
        &["event set_agent_active id=50017 active=false"],
        "event set_agent_active id=50017 active=true",
    ),
    by(
        "campaign",
        ["current", "`set_campaign_active` with `active=false`", "not listed"],
        seen("campaigns", ("id", "2040"), "active", Is("1"), Is("0")),
        &[],
        "event set_campaign_active id=2040 active=false",
    ),
    by(
        "campaign",
        ["not listed", "`set_campaign_active` with `active=true`", "current"],
        seen("campaigns", ("id", "2040"), "active", Is("0"), Is("1")),
        &["event set_campaign_active id=2040 active=false"],
        "event set_campaign_active id=2040 active=true",
    ),
    by(
        "call",
        ["–", "`record_call`; listed by `get_calls` from its end on", "on record"],
        seen("calls", ("id", "77"), "campaign_id", NoRow, Is("2040")),
        &[],
        "event record_call id=\"77\" campaign=\"2040\" type=Inbound",
    ),
    by(
        "key",
        ["good", "`rotate_key`", "refused; the new one is good"],
        seen("affiliates", ("id", "A7k2Qm9ZrT4x"), "replaced_ms", Null, Set),
        &[],
        "event rotate_key affiliate=A7k2Qm9ZrT4x key=00000000000000000000000000000001",
    ),
];

const JOINS: &str = "event caller_joins call=C uid=P ani=\"5105550190\"";
const STARTS: &str = "event start_call uid=C name=Evening customer_emails=[\"host@example.org\"]";

pub(super) static MAESTRO: &[Move] = &[
    by(
        "call",
        ["–", "`start_call`", "runs: in no list"],
        seen("calls", ("uid", "C"), "end", NoRow, Null),
        &[],
        STARTS,
    ),
    by(
        "call",
        ["runs: in no list", "`end_call`", "ended: in the window that holds its end"],
        seen("calls", ("uid", "C"), "end", Null, Set),
        &[STARTS, "advance 1h"],
        "event end_call call=C",
    ),
    by(
        "caller",
        ["–", "`caller_joins`, while the call runs", "in the call, in no list"],
        seen("callers", ("uid", "P"), "call", NoRow, Is("C")),
        &[STARTS],
        JOINS,
    ),
    by(
        "opt-in",
        [
            "–",
            "`opt_in`, also after the call; `caller_joins` with `offers`",
            "in the lists of that offer",
        ],
        seen("opt_ins", ("caller", "P"), "offer", NoRow, Is("4711")),
        &[STARTS, JOINS],
        "event opt_in caller=P offer=4711",
    ),
    by(
        "token",
        ["good", "`rotate_token`", "refused; the new one is good"],
        seen("offers", ("id", "4711"), "token_before", Null, Set),
        &[],
        "event rotate_token offer=4711",
    ),
];

const LEAD: (&str, &str) = ("id", "50012");

/// Beside those of agents, calls and recordings, which its contract has.
pub(super) static MAXCONTACT: &[Move] = &[
    by(
        "lead",
        ["dialled", "`deactivate_lead_id`, also by phone or reference", "out of dialling"],
        seen("leads", LEAD, "status", Is("active"), Is("inactive")),
        &[],
        "DELETE /webservices/services/LeadManagement/DeactivateLeadId/50012",
    ),
    by(
        "lead",
        ["out of dialling", "`reactivate_lead_by_lead_id`, also by phone or reference", "dialled"],
        seen("leads", LEAD, "status", Is("inactive"), Is("active")),
        &["DELETE /webservices/services/LeadManagement/DeactivateLeadId/50012"],
        "POST /webservices/services/LeadManagement/ReactivateLeadByLeadId/50012",
    ),
    by(
        "lead",
        ["dialled", "`dnc_lead_id`, `dnc_lead_phone_number`", "not to be called"],
        seen("leads", LEAD, "status", Is("active"), Is("dnc")),
        &[],
        "POST /webservices/services/LeadManagement/DncLeadId/50012",
    ),
];
