//! The wire of the operations, for documents: GET and POST are the same, query and form are merged.

use crate::contract::api::Place::{Form, Query};
use crate::contract::api::{
    Api, Credential, CredentialKind, Further, Param, Place, Repeated, Sent,
};
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::fields::Kind;

const EITHER: &[Place] = &[Query, Form];

const BY_DATE: &[&str] = &["fetch_callers_by_date"];

const BY_CALL: &[&str] = &["fetch_callers_by_call"];

const fn param(
    operations: &'static [&'static str],
    name: &'static str,
    required: bool,
    text: &'static str,
) -> Param {
    let (kind, evidence) = (Kind::Text, Documented("maestro 2"));
    Param { operations, name, places: EITHER, kind, required, text, evidence }
}

const fn post(operation: &'static str, path: &'static str) -> Further {
    let text = "as GET; a form is merged with the query";
    Further {
        operation,
        method: "POST",
        path,
        text,
        opened_by: None,
        evidence: Assumed("maestro 1"),
    }
}

const fn root(operation: &'static str, method: &'static str, path: &'static str) -> Further {
    let text = "with the switch mount";
    let opened_by = Some("mount");
    Further { operation, method, path, text, opened_by, evidence: Assumed("maestro 1") }
}

pub(crate) static API: Api = Api {
    params: &[
        Param { evidence: Inferred("maestro 1"), ..param(&[], "offer_id", true, "digits") },
        param(&[], "offer_token", true, "opaque, valid only with its offer_id"),
        param(&[], "type", false, "XML for XML; CSV without it"),
        param(BY_DATE, "dateFrom", true, "YYYY-MM-DD HH:MM:SS; belongs to the window"),
        param(BY_DATE, "dateTo", true, "YYYY-MM-DD HH:MM:SS; does not belong to the window"),
        param(BY_CALL, "call", true, "the UID of the call"),
        Param {
            evidence: Assumed("maestro 7"),
            ..param(BY_CALL, "callUID", false, "with the switch accept_call_uid, in place of call")
        },
    ],
    bodies: &[],
    further: &[
        post("fetch_callers_by_date", "/_access/fetchCallersByDate"),
        post("fetch_callers_by_call", "/_access/fetchCallersByCall"),
        root("fetch_callers_by_date", "GET", "/fetchCallersByDate"),
        root("fetch_callers_by_date", "POST", "/fetchCallersByDate"),
        root("fetch_callers_by_call", "GET", "/fetchCallersByCall"),
        root("fetch_callers_by_call", "POST", "/fetchCallersByCall"),
    ],
    credentials: &[Credential {
        operations: &[],
        name: "offer_token",
        kind: CredentialKind::Param("offer_token"),
        text: "with its offer_id; without them the request is refused, with status 200",
        evidence: Documented("maestro 2"),
    }],
    replies: &[
        Sent {
            operations: &[],
            status: 200,
            media_types: &["text/csv", "text/xml", "text/plain"],
            text: "a list of callers, or a refusal as a line or an envelope",
            rules: &[
                "maestro.missing",
                "maestro.credentials",
                "maestro.date",
                "maestro.reversed_window",
                "maestro.unknown_call",
                "maestro.internal",
                "maestro.empty_window",
                "maestro.running_call",
                "maestro.foreign_call",
                "maestro.no_opt_in",
                "maestro.type",
            ],
            evidence: Inferred("maestro 1"),
        },
        Sent {
            operations: &[],
            status: 400,
            media_types: &["text/plain"],
            text: "with error_style http",
            rules: &[
                "maestro.missing",
                "maestro.date",
                "maestro.reversed_window",
                "maestro.unknown_call",
            ],
            evidence: Assumed("maestro 5"),
        },
        Sent {
            operations: &[],
            status: 403,
            media_types: &["text/plain"],
            text: "with error_style http",
            rules: &["maestro.credentials"],
            evidence: Assumed("maestro 5"),
        },
        Sent {
            operations: &[],
            status: 404,
            media_types: &[],
            text: "the web server's own answer",
            rules: &["maestro.path"],
            evidence: Assumed("maestro 1"),
        },
        Sent {
            operations: &[],
            status: 405,
            media_types: &[],
            text: "the web server's own answer",
            rules: &["maestro.method"],
            evidence: Assumed("maestro 1"),
        },
    ],
    paths_text: "",
    signed: &[],
    names_in_any_case: false,
    repeated: Repeated::First,
    ignored: &[],
    other_names: OTHER_NAMES,
};

/// What the parameters are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("callUID", "call"),
    ("call_id", "call"),
    ("uid", "call"),
    ("offerId", "offer_id"),
    ("offer", "offer_id"),
    ("customer", "offer_id"),
    ("key", "offer_token"),
    ("password", "offer_token"),
    ("id", "offer_id"),
    ("offerToken", "offer_token"),
    ("token", "offer_token"),
    ("format", "type"),
    ("output", "type"),
    ("start_date", "dateFrom"),
    ("startDate", "dateFrom"),
    ("dateStart", "dateFrom"),
    ("begin", "dateFrom"),
    ("since", "dateFrom"),
    ("from", "dateFrom"),
    ("end_date", "dateTo"),
    ("endDate", "dateTo"),
    ("dateEnd", "dateTo"),
    ("until", "dateTo"),
    ("start", "dateFrom"),
    ("date_from", "dateFrom"),
    ("to", "dateTo"),
    ("end", "dateTo"),
];
