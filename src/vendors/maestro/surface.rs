//! What the vendor declares about itself.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::operation::{Access, Operation};
use crate::contract::oracle::Oracle;
use crate::contract::secret::Secret;
use crate::contract::surface::{Gap, Host, Surface, Table, WireField};
use crate::vendors::maestro::boards::BOARDS;
use crate::vendors::maestro::variants::VARIANTS;
use crate::vendors::maestro::{api, errors, events, ops, seed};

/// The token of an offer stands in the query by the vendor's own design.
const ORACLES: &[Oracle] = &[Oracle::Window {
    operation: "fetch_callers_by_date",
    from: "dateFrom",
    to: "dateTo",
    series: &["offer_id"],
}];

pub(crate) static SURFACE: Surface = Surface {
    vendor: "maestro",
    title: "MaestroConference (VoiceVoice) Opt-in Contact Retrieval API",
    hosts: &[Host::Exact("myaccount.maestroconference.com")],
    // The last two are for the variant `mount`; without it they are answered with 404 and a reason.
    prefixes: &["/_access/", "/fetchCallersByDate", "/fetchCallersByCall"],
    operations: OPERATIONS,
    api: &api::API,
    refusals: errors::REFUSALS,
    unknown_credentials: &[&errors::CREDENTIALS],
    variants: VARIANTS,
    wire_fields: WIRE_FIELDS,
    events: events::EVENTS,
    tables: TABLES,
    boards: BOARDS,
    machines: &[],
    scenario: seed::SCENARIO,
    secrets: &[
        Secret::named("offer_token"),
        // The name in the event that rotates it.
        Secret::named("token"),
    ],
    read_back: crate::vendors::maestro::read_back::READ_BACK,
    omitted: crate::vendors::maestro::read_back::OMITTED,
    credentials: crate::vendors::maestro::auth::CLAIMABLE,
    oracles: ORACLES,
    not_simulated: &[
        Gap {
            what: "the Conference Management API (getCustomer, getCallData, createConferenceReserved, …)",
            why: "another API on the same host, known only through its clients; answered with 404",
            evidence: Assumed("maestro 8"),
        },
        Gap {
            what: "the Conductor API",
            why: "another API, known only in outline; answered with 404",
            evidence: Assumed("maestro 8"),
        },
        Gap {
            what: "JSON output",
            why: "the siblings have it, this API's article does not; type=JSON gives CSV",
            evidence: Assumed("maestro 7"),
        },
    ],
};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        name: "fetch_callers_by_date",
        text: "lists the opted-in callers of the calls that ended in a window of time",
        method: "GET",
        path: "/_access/fetchCallersByDate",
        access: Access::Reads,
        evidence: Inferred("maestro 1"),
        answer: ops::fetch_callers_by_date,
    },
    Operation {
        name: "fetch_callers_by_call",
        text: "lists the opted-in callers of one call that has ended",
        method: "GET",
        path: "/_access/fetchCallersByCall",
        access: Access::Reads,
        evidence: Inferred("maestro 1"),
        answer: ops::fetch_callers_by_call,
    },
];

static TABLES: &[Table] = &[
    Table {
        name: "offers",
        text: "offers and their tokens",
        rows: "SELECT id, token, token_before, name FROM maestro_offer ORDER BY id",
        secrets: &["token", "token_before"],
    },
    Table {
        name: "calls",
        text: "calls; one without an end is running",
        rows: "SELECT uid, name, strftime('%Y-%m-%dT%H:%M:%fZ', start_ms / 1000.0, 'unixepoch') AS start,
                   strftime('%Y-%m-%dT%H:%M:%fZ', end_ms / 1000.0, 'unixepoch') AS \"end\",
                   customer_emails, conference_emails, affiliate, n_callers
               FROM maestro_call ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "callers",
        text: "callers, opted in or not; one row per connection",
        rows: "SELECT caller.uid, call.uid AS call,
                   strftime('%Y-%m-%dT%H:%M:%fZ', caller.joined_ms / 1000.0, 'unixepoch') AS joined,
                   caller.ani, caller.name, caller.email
               FROM maestro_caller AS caller JOIN maestro_call AS call ON call.id = caller.call_id
               ORDER BY caller.id",
        secrets: &[],
    },
    Table {
        name: "opt_ins",
        text: "who agreed to which offer's terms, and when",
        rows: "SELECT opt_in.id, opt_in.offer_id AS offer, caller.uid AS caller, call.uid AS call,
                   strftime('%Y-%m-%dT%H:%M:%fZ', opt_in.at_ms / 1000.0, 'unixepoch') AS at,
                   strftime('%Y-%m-%dT%H:%M:%fZ', opt_in.call_end_ms / 1000.0, 'unixepoch') AS call_end
               FROM maestro_opt_in AS opt_in
               JOIN maestro_caller AS caller ON caller.id = opt_in.caller_id
               JOIN maestro_call AS call ON call.id = opt_in.call_id
               ORDER BY opt_in.id",
        secrets: &[],
    },
];

const fn documented(entity: &'static str, name: &'static str, text: &'static str) -> WireField {
    WireField { entity, name, text, evidence: Documented("maestro 2") }
}

const fn inferred(entity: &'static str, name: &'static str, text: &'static str) -> WireField {
    WireField { entity, name, text, evidence: Inferred("maestro 3") }
}

const fn assumed(
    entity: &'static str,
    name: &'static str,
    text: &'static str,
    section: &'static str,
) -> WireField {
    WireField { entity, name, text, evidence: Assumed(section) }
}

static WIRE_FIELDS: &[WireField] = &[
    WireField {
        entity: "http",
        name: "status",
        text: "200 whatever the outcome",
        evidence: Inferred("maestro 1"),
    },
    assumed(
        "http",
        "Content-Type",
        "text/csv or text/xml, both with charset=UTF-8; text/plain for a line",
        "maestro 1",
    ),
    assumed("http", "Date", "the world's time", "maestro 1"),
    assumed("request", "POST", "a form, merged with the query; the query goes first", "maestro 1"),
    assumed("request", "empty value", "as if the parameter were missing", "maestro 4.6"),
    inferred("request", "offer_id", "digits"),
    documented("request", "offer_token", "opaque, valid only with its offer_id"),
    documented("request", "type", "XML for XML; CSV without it"),
    documented("request", "dateFrom", "YYYY-MM-DD HH:MM:SS; belongs to the window"),
    documented("request", "dateTo", "YYYY-MM-DD HH:MM:SS; does not belong to the window"),
    documented("request", "call", "the UID of the call"),
    inferred("caller", "customerEmail", "the customer's addresses"),
    inferred("caller", "callName", "name of the call"),
    assumed("caller", "callTime", "start of the call; its end is nowhere", "maestro 3"),
    assumed("caller", "conferenceEmail", "the conference's addresses; may be empty", "maestro 3"),
    assumed("caller", "callUID", "1 to 32 capitals and digits, 16 where drawn", "maestro 3"),
    assumed("caller", "callerUID", "1 to 32 capitals and digits, 16 where drawn", "maestro 3"),
    assumed("caller", "ANI", "caller id; may be empty", "maestro 3"),
    assumed("caller", "name", "empty where not supplied", "maestro 3"),
    assumed("caller", "email", "empty where not supplied", "maestro 3"),
    assumed("caller", "affiliate", "affiliate code of the host; may be empty", "maestro 3"),
    assumed("list", "order", "by end of call, then by opt-in", "maestro 4.1"),
    assumed("list", "paging", "none; no cap, no longest window", "maestro 4.1"),
    assumed("xml", "quotes", "only <, >, & and CR are escaped in text", "maestro 4.5"),
];
