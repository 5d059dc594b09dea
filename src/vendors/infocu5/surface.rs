//! What the vendor declares about itself.

use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::operation::{Access, Operation};
use crate::contract::oracle::{Oracle, Polled};
use crate::contract::secret::Secret;
use crate::contract::surface::{Gap, Host, Surface, Table, WireField};
use crate::vendors::infocu5::boards::BOARDS;
use crate::vendors::infocu5::variants::VARIANTS;
use crate::vendors::infocu5::{api, errors, events, ops, seed};

const ORACLES: &[Oracle] = &[
    Oracle::SecretInQuery { parameter: "affiliateKey", belongs: "the body" },
    Oracle::ClosedWindow(CALLS),
    Oracle::LateRows(CALLS),
];

const CALLS: Polled = Polled {
    operation: "get_calls",
    from: "dateStart",
    to: "dateEnd",
    series: &["affiliateID", "filterCampaigns", "filterAgents"],
    nothing: &["infocu5.no_calls"],
    half_open: Some(("window", "half_open")),
};

pub(crate) static SURFACE: Surface = Surface {
    vendor: "infocu5",
    title: "INFOCU5 (Focu5 Commerce) Dialer API v3.1",
    hosts: &[Host::Exact("api.infocu5.com")],
    prefixes: &["/dialer/", "/x_dialer/", "/dialer", "/x_dialer"],
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
    secrets: &[Secret::named("affiliateKey"), Secret::named("leadCCNumber").always()],
    read_back: crate::vendors::infocu5::read_back::READ_BACK,
    omitted: crate::vendors::infocu5::read_back::OMITTED,
    credentials: crate::vendors::infocu5::auth::CLAIMABLE,
    oracles: ORACLES,
    not_simulated: &[
        Gap {
            what: "addLeads",
            why: "v3.1 names it as a syntax example and leaves it out of its functions; answered \
                  with 800",
            evidence: Inferred("infocu5 8.2"),
        },
        Gap {
            what: "the XML profile of v2.4 (getDialers, getAllLists, getLists, addLeads)",
            why: "most of its answers are not known",
            evidence: Inferred("infocu5 8.1"),
        },
    ],
};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        name: "get_agents",
        text: "lists current agents",
        method: "POST",
        path: "/dialer/ {\"dialerFunction\":\"getAgents\"}",
        access: Access::Reads,
        evidence: Documented("infocu5 2"),
        answer: ops::get_agents,
    },
    Operation {
        name: "get_calls",
        text: "lists the calls of a window of time",
        method: "POST",
        path: "/dialer/ {\"dialerFunction\":\"getCalls\"}",
        access: Access::Reads,
        evidence: Documented("infocu5 2"),
        answer: ops::get_calls,
    },
    Operation {
        name: "get_campaigns",
        text: "lists current campaigns with their lists",
        method: "POST",
        path: "/dialer/ {\"dialerFunction\":\"getCampaigns\"}",
        access: Access::Reads,
        evidence: Documented("infocu5 2"),
        answer: ops::get_campaigns,
    },
];

static TABLES: &[Table] = &[
    Table {
        name: "affiliates",
        text: "who may call",
        rows: "SELECT id, key, name, NULLIF(former_key, '') AS former_key, replaced_ms
               FROM infocu5_affiliate ORDER BY id",
        secrets: &["key", "former_key"],
    },
    Table {
        name: "agents",
        text: "agents in the order of their listing",
        rows: "SELECT id, name_first, name_last, affiliate_id, active FROM infocu5_agent
               ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "campaigns",
        text: "campaigns in the order of their listing",
        rows: "SELECT id, name, affiliate_id, active FROM infocu5_campaign ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "shares",
        text: "agents and campaigns that another affiliate may use",
        rows: "SELECT affiliate_id, kind, id FROM infocu5_share ORDER BY affiliate_id, kind, id",
        secrets: &[],
    },
    Table {
        name: "lists",
        text: "lists of the campaigns",
        rows: "SELECT id, name, campaign_id FROM infocu5_list ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "mappings",
        text: "dialers that the lists feed",
        rows: "SELECT position AS id, list_id, dialer_id, dialer_name, fields FROM infocu5_mapping
               ORDER BY position",
        secrets: &[],
    },
    Table {
        name: "calls",
        text: "calls with the agent's id, which the wire never shows",
        rows: "SELECT id, record ->> '$.callDate' AS date, campaign_id, agent_id, record
               FROM infocu5_call ORDER BY date_ms, id",
        secrets: &[],
    },
];

const fn documented(entity: &'static str, name: &'static str, text: &'static str) -> WireField {
    WireField { entity, name, text, evidence: Documented("infocu5 3") }
}

const fn inferred(entity: &'static str, name: &'static str, text: &'static str) -> WireField {
    WireField { entity, name, text, evidence: Inferred("infocu5 3") }
}

const fn assumed(entity: &'static str, name: &'static str, text: &'static str) -> WireField {
    WireField { entity, name, text, evidence: Assumed("infocu5 3") }
}

static WIRE_FIELDS: &[WireField] = &[
    WireField {
        entity: "http",
        name: "status",
        text: "200 whatever the code",
        evidence: Assumed("infocu5 1"),
    },
    WireField {
        entity: "http",
        name: "Content-Type",
        text: "application/json",
        evidence: Assumed("infocu5 1"),
    },
    WireField {
        entity: "http",
        name: "Date",
        text: "the world's time",
        evidence: Assumed("infocu5 1"),
    },
    WireField {
        entity: "request",
        name: "affiliateID",
        text: "12 letters and digits",
        evidence: Documented("infocu5 1"),
    },
    WireField {
        entity: "request",
        name: "affiliateKey",
        text: "32 letters and digits",
        evidence: Documented("infocu5 1"),
    },
    WireField {
        entity: "request",
        name: "dialerFunction",
        text: "the function, letter by letter",
        evidence: Assumed("infocu5 2"),
    },
    WireField {
        entity: "request",
        name: "showAll",
        text: "y or n",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "request",
        name: "dateStart",
        text: "ISO 8601 with an offset",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "request",
        name: "dateEnd",
        text: "ISO 8601 with an offset",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "request",
        name: "filterCampaigns",
        text: "an array of ids",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "request",
        name: "filterAgents",
        text: "an array of ids",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "response",
        name: "responseCode",
        text: "a number",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "response",
        name: "responseMessage",
        text: "the code in words",
        evidence: Documented("infocu5 2"),
    },
    WireField {
        entity: "response",
        name: "responseDetails",
        text: "left out where nothing was found or the request was refused",
        evidence: Inferred("infocu5 2"),
    },
    documented("Agent", "agentID", "opaque"),
    documented("Agent", "agentNameFirst", "first name"),
    documented("Agent", "agentNameLast", "last name"),
    inferred("Call", "callID", "the record's key; a member in two of the three shapes"),
    documented("Call", "callDate", "GMT, written with +00:00"),
    documented("Call", "callCampaignID", "the campaign"),
    assumed("Call", "callCampaignName", "its name when the call was recorded"),
    documented("Call", "callListID", "the list"),
    assumed("Call", "callListName", "its name when the call was recorded"),
    documented("Call", "callAgentName", "the agent's full name; no id"),
    documented("Call", "callContact", "the customer"),
    documented("Call", "callType", "Inbound or Outbound"),
    inferred("Call", "callNumberInbound", "digits; which party is not said"),
    inferred("Call", "callNumberOutbound", "digits; which party is not said"),
    documented("Call", "callTime", "HH:MM:SS"),
    documented("Call", "callQueueTime", "HH:MM:SS"),
    documented("Call", "callTalkTime", "HH:MM:SS"),
    documented("Call", "callHoldTime", "HH:MM:SS"),
    documented("Call", "callHandleTime", "HH:MM:SS"),
    documented("Call", "callAfterCallWorkTime", "HH:MM:SS"),
    documented("Campaign", "campaignID", "digits as text"),
    documented("Campaign", "campaignName", "name"),
    documented("Campaign", "campaignProducts", "one entry per list, in the document's example"),
    documented("Campaign", "campaignLists", "the mappings alone, in the document's field table"),
    documented("List", "listID", "digits as text"),
    documented("List", "listName", "name"),
    documented("List", "listMapping", "one entry per dialer that the list feeds"),
    documented("Mapping", "dialerID", "such as DI1111AA"),
    documented("Mapping", "dialerName", "name"),
    documented("Mapping", "fields", "the lead fields that the list accepts"),
];
