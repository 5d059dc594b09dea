//! The wire of the operations, for documents. Replies are XML or JSON, as the request asks.

use crate::contract::api::Place::{File, Json, Part, Path, Query};
use crate::contract::api::{
    Api, Body, Credential, CredentialKind, Further, Ignored, Param, Place, Repeated, Sent,
};
use crate::contract::evidence::Evidence;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred, Observed};
use crate::contract::fields::Kind;

const TELEPHONY_DOC: Evidence = Documented("maxcontact 2.2");

/// What is counted where a client names no number of sales.
const SALES: Evidence = Inferred("maxcontact 4.4");

/// What a documented name says, and no more.
const BY_NAME: Evidence = Inferred("maxcontact 2.4");

const LEADS_DOC: Evidence = Documented("maxcontact 2.4");

/// `int` in the vendor's words.
const INT: Kind = Kind::Integer { min: i32::MIN as i64, max: i32::MAX as i64 };

/// `long` in the vendor's words.
const LONG: Kind = Kind::INTEGER;

const IN_PATH: &[Place] = &[Path];

const IN_QUERY: &[Place] = &[Query];

const LOG_IN: &[&str] = &["log_in"];

const DIAL: &[&str] = &["dial"];

const CONNECT: &[&str] = &["connect_calls"];

const IMPORT: &[&str] = &["import_csv_files"];

const MOVE: &[&str] = &["move_lead_by_ref_id"];

const TELEPHONY: &[&str] = &[
    "get_calls",
    "go_ready",
    "dial",
    "hangup",
    "dispose",
    "hold",
    "retrieve",
    "stop_recording",
    "start_recording",
    "list_campaigns",
    "list_users",
    "list_result_codes",
    "list_acd_queues",
    "list_lead_phones",
    "change_lead",
    "create_lead",
    "connect_calls",
];

const OF_A_CALL: &[&str] = &[
    "hangup",
    "dispose",
    "hold",
    "retrieve",
    "stop_recording",
    "start_recording",
    "change_lead",
    "create_lead",
];

const BY_PHONE: &[&str] =
    &["deactivate_lead_by_phone", "dnc_lead_phone_number", "reactivate_lead_by_phone"];

const BY_REFERENCE: &[&str] =
    &["deactivate_lead_by_ref_id", "reactivate_lead_by_lead_by_ref_id", "move_lead_by_ref_id"];

const BY_LEAD: &[&str] = &["deactivate_lead_id", "dnc_lead_id", "reactivate_lead_by_lead_id"];

const OF_A_LIST: &[&str] = &[
    "deactivate_lead_by_phone",
    "deactivate_lead_by_ref_id",
    "dnc_lead_phone_number",
    "reactivate_lead_by_phone",
    "reactivate_lead_by_lead_by_ref_id",
];

const DEACTIVATE: &[&str] = &["deactivate_lead_by_phone", "deactivate_lead_by_ref_id"];

const REACTIVATE: &[&str] = &[
    "reactivate_lead_by_phone",
    "reactivate_lead_by_lead_id",
    "reactivate_lead_by_lead_by_ref_id",
];

const fn in_path(
    operations: &'static [&'static str],
    name: &'static str,
    kind: Kind,
    text: &'static str,
    evidence: Evidence,
) -> Param {
    Param { operations, name, places: IN_PATH, kind, required: true, text, evidence }
}

const fn query(
    operations: &'static [&'static str],
    name: &'static str,
    kind: Kind,
    text: &'static str,
    evidence: Evidence,
) -> Param {
    Param { operations, name, places: IN_QUERY, kind, required: false, text, evidence }
}

const fn part(name: &'static str, places: &'static [Place], text: &'static str) -> Param {
    let (kind, evidence) = (Kind::Text, Observed("maxcontact 2.4"));
    Param { operations: IMPORT, name, places, kind, required: false, text, evidence }
}

pub(crate) static API: Api = Api {
    params: &[
        in_path(LOG_IN, "login", Kind::Text, "the API account's login", Observed("maxcontact 2.1")),
        in_path(
            LOG_IN,
            "password",
            Kind::Text,
            "in the old form of the path",
            Observed("maxcontact 2.1"),
        ),
        in_path(TELEPHONY, "UserID", INT, "the agent's ID", TELEPHONY_DOC),
        in_path(OF_A_CALL, "CallID", INT, "CallId of one of the agent's calls", TELEPHONY_DOC),
        in_path(DIAL, "PhoneNum", Kind::Text, "the number to dial", TELEPHONY_DOC),
        in_path(&["create_lead"], "PhoneNum", Kind::Text, "the new lead's number", TELEPHONY_DOC),
        in_path(&["list_lead_phones"], "LeadID", LONG, "the lead", TELEPHONY_DOC),
        in_path(&["change_lead"], "LeadPhoneID", LONG, "one of a lead's phones", TELEPHONY_DOC),
        query(
            DIAL,
            "leadid",
            LONG,
            "the lead to dial; 0 or left out: by number",
            Inferred("maxcontact 1.7"),
        ),
        query(&["dispose"], "resultcode", Kind::Text, "Code of a result code", TELEPHONY_DOC),
        query(CONNECT, "call1", INT, "CallId", TELEPHONY_DOC),
        query(CONNECT, "call2", INT, "CallId", TELEPHONY_DOC),
        query(CONNECT, "resultcode1", Kind::Text, "Code for the first call", TELEPHONY_DOC),
        query(CONNECT, "resultcode2", Kind::Text, "Code for the second call", TELEPHONY_DOC),
        query(CONNECT, "notes1", Kind::Text, "free text", TELEPHONY_DOC),
        query(CONNECT, "notes2", Kind::Text, "free text", TELEPHONY_DOC),
        query(CONNECT, "numsales1", INT, "Sales of the code where left out", SALES),
        query(CONNECT, "numsales2", INT, "Sales of the code where left out", SALES),
        in_path(BY_PHONE, "phoneNumber", Kind::Text, "the number", LEADS_DOC),
        in_path(BY_REFERENCE, "referenceId", Kind::Text, "the client's own id", LEADS_DOC),
        in_path(BY_LEAD, "leadId", LONG, "the lead", LEADS_DOC),
        query(OF_A_LIST, "listID", INT, "only this list's leads; 0 or left out: all", BY_NAME),
        query(DEACTIVATE, "Scope", Kind::Text, "taken without meaning", Assumed("maxcontact 2.4")),
        query(
            &["dnc_lead_phone_number"],
            "dnccategories",
            Kind::Text,
            "taken without meaning",
            Assumed("maxcontact 2.4"),
        ),
        query(
            REACTIVATE,
            "reactivateDnc",
            Kind::Bool,
            "also what is on the do-not-call list",
            BY_NAME,
        ),
        query(MOVE, "newListID", INT, "the list to move to", BY_NAME),
        query(MOVE, "oldListID", INT, "only this list's leads", BY_NAME),
        query(MOVE, "resetAttempts", Kind::Bool, "attempts begin again", BY_NAME),
        query(MOVE, "updateFinal", Kind::Bool, "sets the final code", BY_NAME),
        query(MOVE, "finalCode", Kind::Text, "Code of a result code", BY_NAME),
        part("mapname", &[Part], "how columns become members"),
        part("options", &[Part], "JSON text with ListId"),
        part("file", &[File], "the CSV"),
        Param {
            operations: &["add_lead"],
            name: "ListID",
            places: &[Json],
            kind: INT,
            required: false,
            text: "the list that the lead goes to",
            evidence: Observed("maxcontact 2.4"),
        },
    ],
    bodies: &[Body { operation: "add_lead", entity: "AddLead", xml: true }],
    further: &[Further {
        operation: "log_in",
        method: "GET",
        path: "/webservices/services/apitoken/login/{login}/{password}",
        text: "the old form, with the password in the path",
        opened_by: Some("legacy_login"),
        evidence: Observed("maxcontact 2.1"),
    }],
    credentials: &[
        Credential {
            operations: LOG_IN,
            name: "password",
            kind: CredentialKind::Header("Authorization"),
            text: "Base64 of the password's ASCII bytes, and nothing before it",
            evidence: Observed("maxcontact 1.2"),
        },
        Credential {
            operations: &[],
            name: "token",
            kind: CredentialKind::Cookie("TokenKey"),
            text: "the token of a login",
            evidence: Documented("maxcontact 1.3"),
        },
    ],
    replies: &[
        Sent {
            operations: &[],
            status: 200,
            media_types: EITHER,
            text: "an envelope; Success says what came of it",
            rules: &[
                "maxcontact.login",
                "maxcontact.token",
                "maxcontact.token_expired",
                "maxcontact.api_right",
                "maxcontact.user_unknown",
                "maxcontact.not_logged_in",
                "maxcontact.agent_state",
                "maxcontact.call_unknown",
                "maxcontact.call_state",
                "maxcontact.param",
                "maxcontact.path_number",
                "maxcontact.query_number",
                "maxcontact.result_code",
                "maxcontact.phone",
                "maxcontact.lead",
                "maxcontact.lead_phone",
                "maxcontact.none_imported",
                "maxcontact.format",
            ],
            evidence: Assumed("maxcontact 5.2"),
        },
        Sent {
            operations: &[],
            status: 400,
            media_types: PAGE,
            text: "the platform's page",
            rules: &[
                "maxcontact.body",
                "maxcontact.token",
                "maxcontact.token_expired",
                "maxcontact.path_number",
                "maxcontact.query_number",
                "maxcontact.internal",
            ],
            evidence: Inferred("maxcontact 5.4"),
        },
        Sent {
            operations: &[],
            status: 401,
            media_types: EITHER_OR_NOTHING,
            text: "no body for a login, an envelope for a token",
            rules: &["maxcontact.login", "maxcontact.token", "maxcontact.token_expired"],
            evidence: Assumed("maxcontact 5.3"),
        },
        Sent {
            operations: &[],
            status: 403,
            media_types: EITHER,
            text: "an envelope",
            rules: &["maxcontact.token", "maxcontact.token_expired", "maxcontact.api_right"],
            evidence: Assumed("maxcontact 5.3"),
        },
        Sent {
            operations: &[],
            status: 404,
            media_types: PAGE,
            text: "the platform's page",
            rules: &["maxcontact.path"],
            evidence: Inferred("maxcontact 5.4"),
        },
        Sent {
            operations: &[],
            status: 405,
            media_types: PAGE,
            text: "the platform's page",
            rules: &["maxcontact.method"],
            evidence: Inferred("maxcontact 5.4"),
        },
    ],
    paths_text: "segment by segment, in any case; also below /{account}api/services/, as deployments \
                 of 2016 had it; names in the query in any case",
    signed: &[],
    names_in_any_case: true,
    repeated: Repeated::Joined,
    ignored: &[Ignored {
        operation: "",
        names: &["format", "accept", "output", "type", "alt"],
        because: "the format is chosen by the header Accept, or else by Content-Type",
    }],
    other_names: OTHER_NAMES,
};

const EITHER: &[&str] = &["application/xml", "application/json"];

const EITHER_OR_NOTHING: &[&str] = &["application/xml", "application/json", ""];

const PAGE: &[&str] = &["text/html"];

/// What the parameters are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("code", "resultcode"),
    ("result", "resultcode"),
    ("disposition", "resultcode"),
    ("outcome", "resultcode"),
    ("phone", "PhoneNum"),
    ("phoneNumber", "PhoneNum"),
    ("number", "PhoneNum"),
    ("telephone", "PhoneNum"),
    ("agent", "UserID"),
    ("agentId", "UserID"),
    ("user", "UserID"),
    ("username", "UserID"),
    ("result", "resultcode"),
    ("result_code_id", "resultcode"),
    ("disposition", "resultcode"),
    ("outcome", "resultcode"),
    ("list", "ListId"),
    ("listID", "newListID"),
    ("list", "newListID"),
    ("toList", "newListID"),
    ("fromList", "oldListID"),
    ("dnc", "reactivateDnc"),
    ("Phones", "LeadPhones"),
    ("LeadPhone", "LeadPhones"),
    ("PhoneNumbers", "LeadPhones"),
    ("FirstName", "Name"),
    ("LastName", "Name2"),
    ("Surname", "Name2"),
    ("Reference", "ReferenceID"),
    ("RefId", "ReferenceID"),
    ("ExternalId", "ReferenceID"),
    ("mobile", "PhoneNum"),
    ("PhoneType", "PhoneTypeID"),
    ("Type", "PhoneTypeID"),
    ("Priority", "IsHighPriority"),
    ("map", "mapname"),
    ("mapping", "mapname"),
    ("settings", "options"),
    ("csv", "file"),
    ("leads", "file"),
    ("upload", "file"),
    ("lead", "leadid"),
    ("pass", "password"),
    ("pwd", "password"),
];
