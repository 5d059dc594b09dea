//! What the vendor declares about itself.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred, Observed};
use crate::contract::operation::{Access, Operation};
use crate::contract::oracle::Oracle;
use crate::contract::secret::Secret;
use crate::contract::surface::{Gap, Surface, Table, WireField};
use crate::vendors::mor::boards::BOARDS;
use crate::vendors::mor::hash::HASH_CHARS;
use crate::vendors::mor::variants::VARIANTS;
use crate::vendors::mor::{api, errors, events, ops, seed};

/// The hash stands in the query by the vendor's own design; the key that it is made with must not.
/// An upload that is repeated skips what is there already.
const ORACLES: &[Oracle] = &[
    // There is no target state (mor 4.1).
    Oracle::TurnedBack { operation: "change_campaign_status", turned: &[" started", " stopped"] },
    Oracle::SecretInQuery { parameter: "secret_key", belongs: "no request" },
    Oracle::SecretInQuery { parameter: "p", belongs: "no request" },
];

pub(crate) static SURFACE: Surface = Surface {
    vendor: "mor",
    title: "Kolmisoft MOR HTTP API, auto-dialer methods (X16 and later)",
    // The product is installed at its customers' own hosts.
    hosts: &[],
    // The second is what the vendor's own usage line has (mor 1.1).
    prefixes: &["/billing/api/", "/api/autodialer_"],
    operations: OPERATIONS,
    api: &api::API,
    refusals: errors::REFUSALS,
    unknown_credentials: &[&errors::HASH],
    variants: VARIANTS,
    wire_fields: WIRE_FIELDS,
    events: events::EVENTS,
    tables: TABLES,
    boards: BOARDS,
    machines: &[],
    scenario: seed::fields::SCENARIO,
    secrets: &[
        Secret::named("secret_key"),
        Secret::named("uniquehash"),
        Secret::named("password"),
        // Good for its values for ever (mor 1.3).
        Secret::named("hash").with_digits(HASH_CHARS),
        // Some clients send the user's password with every call (mor 1.1). `<p>` is HTML.
        Secret::parameter("p"),
    ],
    read_back: crate::vendors::mor::read_back::READ_BACK,
    omitted: crate::vendors::mor::read_back::OMITTED,
    credentials: crate::vendors::mor::auth::CLAIMABLE,
    oracles: ORACLES,
    not_simulated: &[
        Gap {
            what: "the vendor's other methods (users, balances, cards, rates, calls, …)",
            why: "only the auto-dialer is simulated; answered with Undefined method",
            evidence: Documented("mor 2"),
        },
        Gap {
            what: "methods that make or list campaigns, numbers and actions",
            why: "the API has none; they come from the scenario and from events",
            evidence: Documented("mor 2"),
        },
        Gap {
            what: "Allow API Login Redirect, Allow Resellers to use Admin Tariffs",
            why: "settings of other methods",
            evidence: Documented("mor 1.5"),
        },
    ],
};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        name: "get_campaign_ivr_poll_results",
        text: "the poll results of a campaign, in one text",
        method: "POST",
        path: "/billing/api/autodialer_get_campaign_ivr_poll_results",
        access: Access::Reads,
        evidence: Documented("mor 2.1"),
        answer: ops::get_campaign_ivr_poll_results,
    },
    Operation {
        name: "get_campaign_statistics",
        text: "numbers and calls of a campaign in a period, counted",
        method: "POST",
        path: "/billing/api/autodialer_get_campaign_statistics",
        access: Access::Reads,
        evidence: Documented("mor 2.2"),
        answer: ops::get_campaign_statistics,
    },
    Operation {
        name: "change_campaign_status",
        text: "starts a stopped campaign, stops a running one",
        method: "POST",
        path: "/billing/api/autodialer_change_campaign_status",
        access: Access::Writes,
        evidence: Documented("mor 2.3"),
        answer: ops::change_campaign_status,
    },
    Operation {
        name: "upload_numbers",
        text: "adds the numbers of a CSV file to a campaign",
        method: "POST",
        path: "/billing/api/autodialer_upload_numbers",
        access: Access::Writes,
        evidence: Documented("mor 2.4"),
        answer: ops::upload_numbers,
    },
];

static TABLES: &[Table] = &[
    Table {
        name: "settings",
        text: "the administrator's settings",
        rows:
            "SELECT id, allow_api, allow_get, secret_key, disable_hash, xml_extension, restrict_ip,
                   csv_separator, paid_addon, auto_dial
               FROM mor_setting ORDER BY id",
        secrets: &["secret_key"],
    },
    Table {
        name: "whitelist",
        text: "the Whitelisted IPs list; a range is shown as single addresses",
        rows: "SELECT id, entry, allow_api FROM mor_whitelist ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "permission_groups",
        text: "API permission groups; 0 disabled, 1 read, 2 write",
        rows: "SELECT name AS id, poll_results, statistics, change_status, upload_numbers
               FROM mor_permission_group ORDER BY name",
        secrets: &[],
    },
    Table {
        name: "old_keys",
        text: "keys that were replaced, so that a hash made with one can be told",
        rows: "SELECT id, reseller, secret_key, replaced_ms FROM mor_old_key ORDER BY id",
        secrets: &["secret_key"],
    },
    Table {
        name: "users",
        text: "who may call; the administrator is 0",
        rows: "SELECT id, username, kind AS type, owner_id, blocked, balance, credit, postpaid,
                   time_zone, csv_separator, api_restricted, permission_group, password, uniquehash,
                   allow_api, secret_key, disable_hash, autodialer
               FROM mor_user ORDER BY id",
        secrets: &["secret_key", "password", "uniquehash"],
    },
    Table {
        name: "campaigns",
        text: "campaigns with their numbers counted",
        rows: "SELECT id, name, user_id, running, max_retries, retry_time_s, wait_time_s, device,
                   callerid, allow_duplicates,
                   (SELECT COUNT(*) FROM mor_number WHERE campaign_id = campaign.id) AS numbers
               FROM mor_campaign AS campaign ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "actions",
        text: "what a campaign's calls consist of",
        rows: "SELECT campaign_id, position, kind AS action, data FROM mor_action
               ORDER BY campaign_id, position",
        secrets: &[],
    },
    Table {
        name: "numbers",
        text: "numbers in the order in which poll results list them",
        rows: "SELECT campaign_id, id, number, status, executed_ms, completed_ms, n_tries
               FROM mor_number ORDER BY campaign_id, id",
        secrets: &[],
    },
    Table {
        name: "ivr_logs",
        text: "what IVR steps logged: the answers to the poll",
        rows: "SELECT id, campaign_id, number_id, at_ms, text FROM mor_ivr_log ORDER BY id",
        secrets: &[],
    },
    Table {
        name: "calls_in_progress",
        text: "the number that each campaign is on a call with; the call counts when it has ended",
        rows: "SELECT campaign_id, number_id FROM mor_call_in_progress ORDER BY campaign_id",
        secrets: &[],
    },
    Table {
        name: "calls",
        text: "calls as statistics count them",
        rows: "SELECT id, campaign_id, number, at_ms, disposition, billed_s FROM mor_call ORDER BY id",
        secrets: &[],
    },
];

static WIRE_FIELDS: &[WireField] = &[
    WireField {
        entity: "http",
        name: "status",
        text: "200, for refusals too",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "http",
        name: "Content-Type",
        text: "text/html; text/xml with XML API Extension; application/xml with both it and test=1",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "http",
        name: "Content-Disposition",
        text: "attachment, unless test=1",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "http",
        name: "Date",
        text: "the world's time",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "request",
        name: "u",
        text: "username; in statistics also a user id",
        evidence: Documented("mor 1.2"),
    },
    WireField {
        entity: "request",
        name: "id",
        text: "campaign id",
        evidence: Documented("mor 2.1"),
    },
    WireField {
        entity: "request",
        name: "path id",
        text: "counts before one in query or body",
        evidence: Assumed("mor 1.1"),
    },
    WireField {
        entity: "request",
        name: "repeated name",
        text: "the last of one place counts",
        evidence: Assumed("mor 1.1"),
    },
    WireField {
        entity: "request",
        name: "JSON body",
        text: "an object's texts, numbers and truth values",
        evidence: Inferred("mor 1.1"),
    },
    WireField {
        entity: "request",
        name: "hash",
        text: "40 lower-case hexadecimal digits",
        evidence: Observed("mor 1.3"),
    },
    WireField {
        entity: "request",
        name: "test",
        text: "1 shows the answer inline",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "request",
        name: "period_start",
        text: "Unix seconds; today 00:00 where left out",
        evidence: Documented("mor 2.2"),
    },
    WireField {
        entity: "request",
        name: "period_end",
        text: "Unix seconds; today 23:59 where left out",
        evidence: Documented("mor 2.2"),
    },
    WireField {
        entity: "request",
        name: "file",
        text: "a part whose file name ends in .csv",
        evidence: Documented("mor 2.4"),
    },
    WireField {
        entity: "request",
        name: "order_by, s_reseller",
        text: "accepted, without meaning",
        evidence: Assumed("mor 2.1"),
    },
    WireField {
        entity: "request",
        name: "p",
        text: "accepted, without meaning",
        evidence: Observed("mor 1.1"),
    },
    WireField {
        entity: "response",
        name: "page/status",
        text: "around everything but the gate's refusals",
        evidence: Inferred("mor 1.7"),
    },
    WireField {
        entity: "response",
        name: "status/error",
        text: "the gate's refusals",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "response",
        name: "error/type, error/name",
        text: "an unknown function",
        evidence: Assumed("mor 1.7"),
    },
    WireField {
        entity: "response",
        name: "message",
        text: "a start that does not happen",
        evidence: Inferred("mor 2.3"),
    },
    WireField {
        entity: "response",
        name: "success",
        text: "Campaign started, Campaign stopped, n out of m numbers were imported",
        evidence: Documented("mor 2.3"),
    },
    WireField {
        entity: "PollResults",
        name: "ivr_poll_results_string",
        text: "rows of CSV in one text",
        evidence: Inferred("mor 3.4"),
    },
    WireField {
        entity: "PollResults",
        name: "columns",
        text: "number, dialled, completed, then time and text of each answer; absent ones leave no gap",
        evidence: Inferred("mor 3.4"),
    },
    WireField {
        entity: "PollResults",
        name: "order of rows",
        text: "that in which the numbers were added",
        evidence: Assumed("mor 7"),
    },
    WireField {
        entity: "PollResults",
        name: "separator",
        text: "the caller's, the reseller's, the system's, a comma",
        evidence: Assumed("mor 3.1"),
    },
    WireField {
        entity: "Statistics",
        name: "campaign_name",
        text: "the campaign's name",
        evidence: Documented("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "period/period_start, period_end",
        text: "in the caller's time zone",
        evidence: Inferred("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "total_numbers",
        text: "all numbers",
        evidence: Assumed("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "failed (count)",
        text: "numbers dialled and not completed",
        evidence: Inferred("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "completed",
        text: "numbers completed",
        evidence: Assumed("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "total_call_time",
        text: "billed seconds of answered calls",
        evidence: Assumed("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "total_call_time_longer_than_10s",
        text: "the same of calls above 10 s",
        evidence: Assumed("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "answered, no_answer, busy",
        text: "calls and their share, rounded down",
        evidence: Assumed("mor 3.5"),
    },
    WireField {
        entity: "Statistics",
        name: "failed (group)",
        text: "calls and their share; a second element of that name",
        evidence: Inferred("mor 3.5"),
    },
];
