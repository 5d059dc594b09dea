//! The wire of the operations, for documents: one script, whose function stands in the body.

use crate::contract::api::Place::Json;
use crate::contract::api::{
    Api, Credential, CredentialKind, Further, Param, Place, Repeated, Sent,
};
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::fields::Kind;

const IN_BODY: &[Place] = &[Json];

const LISTS: &[&str] = &["get_agents", "get_campaigns"];

const CALLS: &[&str] = &["get_calls"];

const fn member(
    operations: &'static [&'static str],
    name: &'static str,
    kind: Kind,
    required: bool,
    text: &'static str,
) -> Param {
    let evidence = Documented("infocu5 2");
    Param { operations, name, places: IN_BODY, kind, required, text, evidence }
}

/// Whether capitals matter is not known.
const fn function(operations: &'static [&'static str], kind: Kind) -> Param {
    let evidence = Assumed("infocu5 2");
    Param { evidence, ..member(operations, "dialerFunction", kind, true, "letter by letter") }
}

const fn also(operation: &'static str, path: &'static str) -> Further {
    let text = "the same script";
    Further {
        operation,
        method: "POST",
        path,
        text,
        opened_by: None,
        evidence: Inferred("infocu5 1"),
    }
}

pub(crate) static API: Api = Api {
    params: &[
        member(&[], "affiliateID", Kind::Text, true, "12 letters and digits"),
        member(&[], "affiliateKey", Kind::Text, true, "32 letters and digits"),
        function(&["get_agents"], Kind::OneOf(&["getAgents"])),
        function(CALLS, Kind::OneOf(&["getCalls"])),
        function(&["get_campaigns"], Kind::OneOf(&["getCampaigns"])),
        member(LISTS, "showAll", Kind::OneOf(&["y", "n"]), true, "with what others share"),
        member(CALLS, "dateStart", Kind::Time, true, "ISO 8601 with an offset"),
        member(CALLS, "dateEnd", Kind::Time, true, "ISO 8601 with an offset"),
        member(CALLS, "filterCampaigns", Kind::List(&Kind::Id), false, "an array of ids"),
        member(CALLS, "filterAgents", Kind::List(&Kind::Id), false, "an array of ids"),
    ],
    bodies: &[],
    further: &[
        also("get_agents", "/dialer/index.php"),
        also("get_calls", "/dialer/index.php"),
        also("get_campaigns", "/dialer/index.php"),
        also("get_agents", "/x_dialer/"),
        also("get_calls", "/x_dialer/"),
        also("get_campaigns", "/x_dialer/"),
        also("get_agents", "/x_dialer/index.php"),
        also("get_calls", "/x_dialer/index.php"),
        also("get_campaigns", "/x_dialer/index.php"),
    ],
    credentials: &[Credential {
        operations: &[],
        name: "affiliate",
        kind: CredentialKind::Body(&["affiliateID", "affiliateKey"]),
        text: "both in every body; without them the request is refused, with status 200",
        evidence: Documented("infocu5 2"),
    }],
    replies: &[
        Sent {
            operations: &[],
            status: 200,
            media_types: &["application/json", "text/html"],
            text: "responseCode says what came of it",
            rules: &[
                "infocu5.method",
                "infocu5.json",
                "infocu5.credentials",
                "infocu5.function",
                "infocu5.parameter",
                "infocu5.no_calls",
                "infocu5.no_campaigns",
                "infocu5.no_agents",
                "infocu5.internal",
            ],
            evidence: Assumed("infocu5 1"),
        },
        Sent {
            operations: &[],
            status: 301,
            media_types: &["text/html"],
            text: "the web server's own page: the path without its slash",
            rules: &["infocu5.directory"],
            evidence: Assumed("infocu5 1"),
        },
        Sent {
            operations: &[],
            status: 404,
            media_types: &["text/html"],
            text: "the web server's own page",
            rules: &["infocu5.path"],
            evidence: Assumed("infocu5 1"),
        },
        Sent {
            operations: &[],
            status: 405,
            media_types: &["application/json", "text/html"],
            text: "with the switch other_method",
            rules: &["infocu5.method"],
            evidence: Assumed("infocu5 4.1"),
        },
    ],
    paths_text: "the path only has to be one of four; dialerFunction in the body decides",
    signed: &[],
    names_in_any_case: false,
    repeated: Repeated::First,
    ignored: &[],
    other_names: OTHER_NAMES,
};

/// What the parameters are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("id", "affiliateID"),
    ("username", "affiliateID"),
    ("user", "affiliateID"),
    ("password", "affiliateKey"),
    ("secret", "affiliateKey"),
    ("apiID", "affiliateID"),
    ("affiliate", "affiliateID"),
    ("key", "affiliateKey"),
    ("transactionKey", "affiliateKey"),
    ("apiKey", "affiliateKey"),
    ("token", "affiliateKey"),
    ("function", "dialerFunction"),
    ("action", "dialerFunction"),
    ("method", "dialerFunction"),
    ("startDate", "dateStart"),
    ("fromDate", "dateStart"),
    ("from", "dateStart"),
    ("endDate", "dateEnd"),
    ("toDate", "dateEnd"),
    ("to", "dateEnd"),
    ("filterCampaign", "filterCampaigns"),
    ("campaigns", "filterCampaigns"),
    ("campaign", "filterCampaigns"),
    ("filterAgent", "filterAgents"),
    ("agents", "filterAgents"),
    ("agent", "filterAgents"),
    ("all", "showAll"),
    ("agentID", "filterAgents"),
    ("agentIDs", "filterAgents"),
    ("campaignID", "filterCampaigns"),
    ("campaignIDs", "filterCampaigns"),
    ("dateFrom", "dateStart"),
    ("dateTo", "dateEnd"),
    ("start", "dateStart"),
    ("begin", "dateStart"),
    ("end", "dateEnd"),
    ("until", "dateEnd"),
];
