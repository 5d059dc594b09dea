//! What the vendor declares about itself.

use crate::contract::evidence::Evidence;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::operation::{Access, Operation};
use crate::contract::oracle::Oracle;
use crate::contract::secret::Secret;
use crate::contract::surface::{Gap, Surface, Table, WireField};
use crate::vendors::jtel::boards::BOARDS;
use crate::vendors::jtel::fields::{column_name, contact_columns, contact_fields};
use crate::vendors::jtel::variants::VARIANTS;
use crate::vendors::jtel::{api, errors, events, ops, seed};

const ORACLES: &[Oracle] = &[
    Oracle::Repeated { operation: "import_contact", made: " imported into campaign " },
    Oracle::LockedDialled {
        locked: "contact {} locked",
        unlocked: "contact {} unlocked",
        dialled: "contact {} dialled",
        refused: "contact {} is locked; expected one that is not",
    },
    Oracle::LockTaken {
        locked: "contact {} locked",
        again: "contact {} was locked already",
        unlocked: "contact {} unlocked",
    },
    Oracle::SecretInQuery { parameter: "token", belongs: AUTHORIZATION },
    Oracle::SecretInQuery { parameter: "access_token", belongs: AUTHORIZATION },
];

const AUTHORIZATION: &str = "the Authorization header";

pub(crate) static SURFACE: Surface = Surface {
    vendor: "jtel",
    title: "jtel Portal ACD, Dialler REST API v1.0",
    // Every installation has a host of its own.
    hosts: &[],
    // The second is for other versions, which are answered with 404 and a reason.
    prefixes: &["/rest/v1.0/", "/rest/"],
    operations: OPERATIONS,
    api: &api::API,
    refusals: errors::REFUSALS,
    unknown_credentials: &[&errors::UNAUTHORIZED],
    variants: VARIANTS,
    wire_fields: WIRE_FIELDS,
    events: events::EVENTS,
    tables: TABLES,
    boards: BOARDS,
    machines: &[],
    scenario: seed::SCENARIO,
    secrets: &[Secret::named("token"), Secret::named("old_token")],
    read_back: crate::vendors::jtel::read_back::READ_BACK,
    omitted: crate::vendors::jtel::read_back::OMITTED,
    credentials: crate::vendors::jtel::auth::CLAIMABLE,
    oracles: ORACLES,
    not_simulated: &[
        Gap {
            what: "functions that create, clone or change campaigns",
            why: "the page that would have them could not be recovered",
            evidence: Assumed("jtel 2.2"),
        },
        Gap {
            what: "filter, limitStart and limitPageSize as parameters",
            why: "the vendor reserves them; they stand in responses only",
            evidence: Documented("jtel 1"),
        },
        Gap {
            what: "rate limits, idempotency keys, ETags",
            why: "none is mentioned",
            evidence: Assumed("jtel 1"),
        },
        Gap {
            what: "AcdAgentEndReasons",
            why: "the keys are kept as a scenario gives them; the dialler never sets them",
            evidence: Assumed("jtel 3.1"),
        },
    ],
};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        name: "list_contacts",
        text: "lists the contacts of a campaign, or of the client account, by name",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts?diallerCampaignsID=",
        access: Access::Reads,
        evidence: Inferred("jtel 4.10"),
        answer: ops::list_contacts,
    },
    Operation {
        name: "get_contact",
        text: "one contact by ID",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/{id}",
        access: Access::Reads,
        evidence: Documented("jtel 2.1"),
        answer: ops::get_contact,
    },
    Operation {
        name: "find_contacts_by_user_data",
        text: "all contacts with a UserData; also under /contacts?userData=",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact?userData=",
        access: Access::Reads,
        evidence: Assumed("jtel 2.1"),
        answer: ops::find_contacts_by_user_data,
    },
    Operation {
        name: "get_contacts_batch",
        text: "contacts of two lists, with result code and history",
        method: "POST",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts?languagesID=",
        access: Access::Reads,
        evidence: Documented("jtel 2.1"),
        answer: ops::get_contacts_batch,
    },
    Operation {
        name: "import_contact",
        text: "imports one contact, new or over one with the same UserData",
        method: "POST",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/import?overwriteDuplicates=",
        access: Access::Writes,
        evidence: Documented("jtel 2.1"),
        answer: ops::import_contact,
    },
    Operation {
        name: "delete_contact_by_id",
        text: "deletes a contact with everything that belongs to it",
        method: "DELETE",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}",
        access: Access::Writes,
        evidence: Documented("jtel 2.1"),
        answer: ops::delete_contact_by_id,
    },
    Operation {
        name: "delete_contact_by_user_data",
        text: "deletes one of the contacts with a UserData",
        method: "DELETE",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact?userData=",
        access: Access::Writes,
        evidence: Documented("jtel 2.1"),
        answer: ops::delete_contact_by_user_data,
    },
    Operation {
        name: "lock_contact_by_id",
        text: "locks a contact: the dialler leaves it alone; also under /lock/{id}",
        method: "PATCH",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/lock",
        access: Access::Writes,
        evidence: Assumed("jtel 2.1"),
        answer: ops::lock_contact_by_id,
    },
    Operation {
        name: "lock_contact_by_user_data",
        text: "locks one of the contacts with a UserData",
        method: "PATCH",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock?userData=",
        access: Access::Writes,
        evidence: Assumed("jtel 2.1"),
        answer: ops::lock_contact_by_user_data,
    },
    Operation {
        name: "unlock_contact_by_id",
        text: "unlocks a contact; also under /unlock/{id}",
        method: "PATCH",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/unlock",
        access: Access::Writes,
        evidence: Assumed("jtel 2.1"),
        answer: ops::unlock_contact_by_id,
    },
    Operation {
        name: "unlock_contact_by_user_data",
        text: "unlocks one of the contacts with a UserData",
        method: "PATCH",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock?userData=",
        access: Access::Writes,
        evidence: Assumed("jtel 2.1"),
        answer: ops::unlock_contact_by_user_data,
    },
    Operation {
        name: "get_history_by_id",
        text: "the calls and result codes of a contact",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/history",
        access: Access::Reads,
        evidence: Assumed("jtel 2.1"),
        answer: ops::get_history_by_id,
    },
    Operation {
        name: "get_history_by_user_data",
        text: "the calls and result codes of all contacts with a UserData",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/contacts/contact/history?userData=",
        access: Access::Reads,
        evidence: Assumed("jtel 2.1"),
        answer: ops::get_history_by_user_data,
    },
    Operation {
        name: "list_campaigns",
        text: "lists the campaigns of the client account by name",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/campaigns",
        access: Access::Reads,
        evidence: Inferred("jtel 2.2"),
        answer: ops::list_campaigns,
    },
    Operation {
        name: "get_campaign",
        text: "one campaign by ID",
        method: "GET",
        path: "/rest/v1.0/{ClientsID}/dialler/campaigns/{id}",
        access: Access::Reads,
        evidence: Documented("jtel 2.2"),
        answer: ops::get_campaign,
    },
];

static TABLES: &[Table] = &[
    Table {
        name: "clients",
        text: "client accounts",
        rows: "SELECT id FROM jtel_client ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "tokens",
        text: "tokens, with those that were replaced or removed",
        rows: "SELECT client_id, token, revoked_ms FROM jtel_token ORDER BY client_id, token",
        secrets: &["token"],
    },
    Table {
        name: "campaigns",
        text: "campaigns with what the dialler goes by",
        rows: "SELECT id, client_id, name, language, preview_time, parallel_lines,
                   close_on_incoming, caller_id_active, until_ms, no_number_code, incoming_code,
                   running, from_min, to_min, days, tries_max, tries_per_number_max, pause_busy_ms,
                   pause_no_answer_ms, pause_mailbox_ms, wrap_up_ms, tries_used_up_code, dial_ms
               FROM jtel_campaign ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "agents",
        text: "agents and the campaign that each works in",
        rows: "SELECT users_id, campaign_id FROM jtel_agent ORDER BY campaign_id, position, users_id",
        secrets: &[],
    },
    Table {
        name: "result_codes",
        text: "result codes",
        rows: "SELECT id, campaign_id, export_key, kind, delay_ms, agent_bound, weight
               FROM jtel_result_code ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "result_texts",
        text: "texts of the result codes in each language",
        rows: "SELECT code_id, language, content FROM jtel_result_text ORDER BY code_id, language",
        secrets: &[],
    },
    Table {
        name: "contacts",
        text: "contacts with the lock, which the wire never shows, and when the dialler may take \
               them (due_ms; 0 for at once, null for never)",
        rows: concat!(
            "SELECT client_id, locked, due_ms, held_ms, ",
            contact_fields!(contact_columns),
            " FROM jtel_contact ORDER BY id"
        ),
        secrets: &[],
    },
    Table {
        name: "history",
        text: "calls and result codes of the contacts",
        rows:
            "SELECT id, contact_id, at_ms, result_code, call_id, outbound, users_id, number, end_ms
               FROM jtel_history ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "calls",
        text: "calls that are up, and those whose agent is in wrap-up (ended_ms is set)",
        rows: "SELECT id, campaign_id, contact_id, history_id, users_id, number, attempt, far_end,
                   by_hand, started_ms, ended_ms
               FROM jtel_call ORDER BY id",
        secrets: &[],
    },
];

const fn wire(
    entity: &'static str,
    name: &'static str,
    text: &'static str,
    evidence: Evidence,
) -> WireField {
    WireField { entity, name, text, evidence }
}

macro_rules! wire_fields {
    ($($kind:ident $by:ident $column:literal $name:literal $chars:tt $evidence:expr, $text:literal;)+) => {
        &[
            wire("http", "status", "200 for every success; repeated as status in the body", Documented("jtel 2")),
            wire("http", "Content-Type", "application/json;charset=UTF-8", Assumed("jtel 1")),
            wire("http", "Date", "the world's time", Assumed("jtel 1")),
            wire("request", "Authorization", "Bearer and the token", Documented("jtel 1")),
            wire("request", "ClientsID", "the client account, a segment of the path", Documented("jtel 1")),
            wire("request", "diallerCampaignsID", "an integer in the query", Documented("jtel 2.1")),
            wire("request", "userData", "text in the query", Documented("jtel 2.1")),
            wire("request", "overwriteDuplicates", "true or false in the query", Documented("jtel 2.1")),
            wire("request", "languagesID", "an integer in the query", Documented("jtel 2.1")),
            wire("request", "DiallerCampaignsName", "the campaign of an import by its name", Documented("jtel 3.2")),
            wire("request", "UserDataList", "an array of texts", Documented("jtel 2.1")),
            wire("request", "IDList", "an array of integers", Documented("jtel 2.1")),
            wire("envelope", "filter", "the filter applied; always empty", Inferred("jtel 2")),
            wire("envelope", "limitStart", "index of the first record; always 0", Inferred("jtel 2")),
            wire("envelope", "limitPageSize", "number of records; always -1, for all", Inferred("jtel 2")),
            wire("envelope", "records", "an array", Documented("jtel 2")),
            wire("envelope", "count", "number of records returned", Inferred("jtel 4.10")),
            wire("envelope", "orderBy", "Name", Inferred("jtel 4.10")),
            wire("envelope", "ascending", "true", Inferred("jtel 4.10")),
            wire("envelope", "status", "the HTTP status", Documented("jtel 2")),
            wire("envelope", "error", "what went wrong, in words", Documented("jtel 5")),
            wire("DiallerContacts", "ID", "contact ID, used in every path by ID", Documented("jtel 3.1")),
            wire("DiallerContacts", "DiallerCampaignsID", "the campaign that it belongs to", Documented("jtel 3.1")),
            wire("DiallerCampaigns", "ID", "campaign ID", Inferred("jtel 3.3")),
            wire("DiallerCampaigns", "ClientsID", "client account", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "Name", "sort key, and target of DiallerCampaignsName", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "LanguagesID", "language", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "ContactPreviewTime", "preview time", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "nMaxParallelLines", "cap on parallel lines", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "bCloseContactsOnIncomingCallsMatchCallerID", "an incoming call from a contact's number closes the contact", Inferred("jtel 3.3")),
            wire("DiallerCampaigns", "bCallerIDActive", "true or false", Documented("jtel 3.3")),
            wire("DiallerCampaigns", "dtTo", "end of the campaign", Inferred("jtel 3.3")),
            wire("DiallerCampaigns", "AbortOnNoTelNumberResultCodesID", "result code of a contact without a number to dial", Inferred("jtel 3.3")),
            wire("DiallerCampaigns", "IncomingCallResultCodesID", "result code of a contact who called", Inferred("jtel 3.3")),
            wire("DiallerContactsExtendedData", "DiallerCampaignsResultCodes", "the current result code; null where there is none", Assumed("jtel 3.4")),
            wire("DiallerContactsExtendedData", "DiallerContactsHistory", "the history", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "ID", "result code ID", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "ExportKey", "its name in exports", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "Content", "its text in the language asked for", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "bDone", "success, final", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "bAborted", "failure, final", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "bDelay", "again after a while", Documented("jtel 3.4")),
            wire("DiallerCampaignsResultCodes", "bAppointment", "again at a date and time", Documented("jtel 3.4")),
            wire("DiallerContactsHistory", "ID", "entry ID", Inferred("jtel 3.5")),
            wire("DiallerContactsHistory", "DiallerContactsID", "the contact", Assumed("jtel 3.5")),
            wire("DiallerContactsHistory", "DiallerCampaignsResultCodesID", "the result code recorded, or null", Assumed("jtel 3.5")),
            wire("DiallerContactsHistory", "DiallerCampaignsResultCodes", "the same as an object, or null", Assumed("jtel 3.5")),
            wire("DiallerContactsHistory", "StatisticsPartA", "the call; null where a result code was recorded without one", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "ID", "call ID", Documented("jtel 3.5")),
            wire("StatisticsPartA", "bOutbound", "false for a call of the contact's", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "ClientsID", "client account", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "UsersID", "the agent", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "BNumber", "the number dialled, or the caller's", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "dtCallStart", "start of the call", Assumed("jtel 3.5")),
            wire("StatisticsPartA", "dtCallEnd", "end of the call; null while it is up", Assumed("jtel 3.5")),
            $(wire("DiallerContacts", $name, $text, $evidence)),+
        ]
    };
}

static WIRE_FIELDS: &[WireField] = contact_fields!(wire_fields);
