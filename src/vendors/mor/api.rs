//! The wire of the operations, for documents: parameters may stand anywhere, and the campaign also
//! in the path.

use crate::contract::api::Place::{File, Form, Json, Part, Path, Query};
use crate::contract::api::{
    Api, Credential, CredentialKind, Further, Ignored, Param, Place, Repeated, Sent, Signed,
};
use crate::contract::evidence::Evidence;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred, Observed};
use crate::contract::fields::Kind;
use crate::vendors::mor::method::{self, Method};

const ANYWHERE: &[Place] = &[Query, Form, Json, Part];

const CAMPAIGN_PLACES: &[Place] = &[Path, Query, Form, Json, Part];

const BY_USER: &[&str] =
    &["get_campaign_ivr_poll_results", "get_campaign_statistics", "change_campaign_status"];

const STATISTICS: &[&str] = &["get_campaign_statistics"];

const UPLOAD: &[&str] = &["upload_numbers"];

const fn param(
    operations: &'static [&'static str],
    name: &'static str,
    required: bool,
    text: &'static str,
    evidence: Evidence,
) -> Param {
    Param { operations, name, places: ANYWHERE, kind: Kind::Text, required, text, evidence }
}

const fn also(operation: &'static str, method: &'static str, path: &'static str) -> Further {
    let text = "GET only where the settings allow it";
    Further { operation, method, path, text, opened_by: None, evidence: Documented("mor 1.1") }
}

/// The campaign as a segment of the path: a sibling method has its argument there, these four are
/// taken to be alike.
const fn by_id(operation: &'static str, method: &'static str, path: &'static str) -> Further {
    let text = "the campaign as a segment of the path; GET only where the settings allow it";
    Further { operation, method, path, text, opened_by: None, evidence: Assumed("mor 1.1") }
}

/// How the hash of a method is made.
const fn signed(method: &Method) -> Signed {
    Signed {
        operation: method.operation,
        param: "hash",
        values: method.hashed,
        text: "SHA-1, as 40 lower-case hexadecimal digits, of the values that are sent, decoded, one \
               after the other without names or separators, and the secret key behind them",
        evidence: Observed("mor 1.3"),
    }
}

pub(crate) static API: Api = Api {
    params: &[
        param(BY_USER, "u", true, "username; in statistics also a user id", Documented("mor 1.2")),
        param(UPLOAD, "u", true, "username", Documented("mor 1.2")),
        Param {
            operations: &[],
            name: "id",
            places: CAMPAIGN_PLACES,
            kind: Kind::Text,
            required: true,
            text: "campaign id; also as the path's last segment",
            evidence: Assumed("mor 1.1"),
        },
        param(&[], "hash", true, "40 lower-case hexadecimal digits", Observed("mor 1.3")),
        param(&[], "test", false, "1 shows the answer inline", Assumed("mor 1.7")),
        param(
            STATISTICS,
            "period_start",
            false,
            "Unix seconds; today 00:00 where left out",
            Documented("mor 2.2"),
        ),
        param(
            STATISTICS,
            "period_end",
            false,
            "Unix seconds; today 23:59 where left out",
            Documented("mor 2.2"),
        ),
        Param {
            operations: UPLOAD,
            name: "file",
            places: &[File],
            kind: Kind::Text,
            required: true,
            text: "a part whose file name ends in .csv",
            evidence: Documented("mor 2.4"),
        },
    ],
    bodies: &[],
    further: &[
        also(BY_USER[0], "GET", "/billing/api/autodialer_get_campaign_ivr_poll_results"),
        by_id(BY_USER[0], "GET", "/billing/api/autodialer_get_campaign_ivr_poll_results/{id}"),
        by_id(BY_USER[0], "POST", "/billing/api/autodialer_get_campaign_ivr_poll_results/{id}"),
        also(BY_USER[0], "GET", "/api/autodialer_get_campaign_ivr_poll_results"),
        also(BY_USER[0], "POST", "/api/autodialer_get_campaign_ivr_poll_results"),
        by_id(BY_USER[0], "GET", "/api/autodialer_get_campaign_ivr_poll_results/{id}"),
        by_id(BY_USER[0], "POST", "/api/autodialer_get_campaign_ivr_poll_results/{id}"),
        also(BY_USER[1], "GET", "/billing/api/autodialer_get_campaign_statistics"),
        by_id(BY_USER[1], "GET", "/billing/api/autodialer_get_campaign_statistics/{id}"),
        by_id(BY_USER[1], "POST", "/billing/api/autodialer_get_campaign_statistics/{id}"),
        also(BY_USER[1], "GET", "/api/autodialer_get_campaign_statistics"),
        also(BY_USER[1], "POST", "/api/autodialer_get_campaign_statistics"),
        by_id(BY_USER[1], "GET", "/api/autodialer_get_campaign_statistics/{id}"),
        by_id(BY_USER[1], "POST", "/api/autodialer_get_campaign_statistics/{id}"),
        also(BY_USER[2], "GET", "/billing/api/autodialer_change_campaign_status"),
        by_id(BY_USER[2], "GET", "/billing/api/autodialer_change_campaign_status/{id}"),
        by_id(BY_USER[2], "POST", "/billing/api/autodialer_change_campaign_status/{id}"),
        also(BY_USER[2], "GET", "/api/autodialer_change_campaign_status"),
        also(BY_USER[2], "POST", "/api/autodialer_change_campaign_status"),
        by_id(BY_USER[2], "GET", "/api/autodialer_change_campaign_status/{id}"),
        by_id(BY_USER[2], "POST", "/api/autodialer_change_campaign_status/{id}"),
        by_id(UPLOAD[0], "POST", "/billing/api/autodialer_upload_numbers/{id}"),
        also(UPLOAD[0], "POST", "/api/autodialer_upload_numbers"),
        by_id(UPLOAD[0], "POST", "/api/autodialer_upload_numbers/{id}"),
    ],
    credentials: &[Credential {
        operations: &[],
        name: "hash",
        kind: CredentialKind::Param("hash"),
        text: "the hash of the request, see x-hash; without a right one it is refused, with status 200",
        evidence: Observed("mor 1.3"),
    }],
    replies: &[
        Sent {
            operations: &[],
            status: 200,
            media_types: &["text/html", "text/xml", "application/xml"],
            text: "XML whatever the media type says; refusals too",
            rules: &[
                "mor.function",
                "mor.api_off",
                "mor.get_off",
                "mor.address",
                "mor.no_key",
                "mor.hash",
                "mor.user",
                "mor.permission",
                "mor.campaign",
                "mor.no_numbers",
                "mor.period",
                "mor.no_calls",
                "mor.no_file",
                "mor.empty_file",
                "mor.not_csv",
                "mor.none_imported",
                "mor.start_blocked",
                "mor.start_balance",
                "mor.start_credit",
                "mor.start_numbers",
                "mor.start_actions",
            ],
            evidence: Assumed("mor 1.7"),
        },
        Sent {
            operations: &[],
            status: 404,
            media_types: &["text/html"],
            text: "the web server's own page",
            rules: &["mor.route"],
            evidence: Assumed("mor 1.1"),
        },
        Sent {
            operations: &[],
            status: 500,
            media_types: &["text/html"],
            text: "the web server's own page",
            rules: &["mor.internal"],
            evidence: Inferred("mor 0"),
        },
    ],
    paths_text: "below /billing/api/ or /api/; a segment behind the function is the parameter id",
    signed: &[
        signed(&method::POLL_RESULTS),
        signed(&method::STATISTICS),
        signed(&method::CHANGE_STATUS),
        signed(&method::UPLOAD_NUMBERS),
    ],
    names_in_any_case: false,
    repeated: Repeated::Last,
    ignored: &[Ignored {
        operation: "change_campaign_status",
        names: &[
            "status",
            "new_status",
            "campaign_status",
            "state",
            "action",
            "enable",
            "enabled",
            "active",
            "running",
            "start",
            "stop",
        ],
        because: "the method has no target: it starts a campaign that stands and stops one that runs",
    }],
    other_names: OTHER_NAMES,
};

/// What the parameters are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("username", "u"),
    ("user", "u"),
    ("login", "u"),
    ("user_id", "u"),
    ("uid", "u"),
    ("usr", "u"),
    ("campaign_id", "id"),
    ("campaign", "id"),
    ("cid", "id"),
    ("campaignNumber", "id"),
    ("signature", "hash"),
    ("sign", "hash"),
    ("api_hash", "hash"),
    ("sha1", "hash"),
    ("key", "hash"),
    ("checksum", "hash"),
    ("digest", "hash"),
    ("period_from", "period_start"),
    ("period_to", "period_end"),
    ("period_till", "period_end"),
    ("from", "period_start"),
    ("start", "period_start"),
    ("date_from", "period_start"),
    ("start_date", "period_start"),
    ("till", "period_end"),
    ("to", "period_end"),
    ("end", "period_end"),
    ("date_till", "period_end"),
    ("end_date", "period_end"),
    ("numbers", "file"),
    ("csv", "file"),
    ("upload", "file"),
    ("data", "file"),
];
