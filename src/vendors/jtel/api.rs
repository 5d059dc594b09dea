//! The wire of the operations, for documents. The further paths are aliases of what is assumed, and
//! the methods that the switch `lock_methods` opens.

use crate::contract::api::Place::{Json, Path, Query};
use crate::contract::api::{
    Api, Body, Credential, CredentialKind, Further, Ignored, Param, Place, Repeated, Sent,
};
use crate::contract::evidence::Evidence;
use crate::contract::evidence::Evidence::{Assumed, Documented};
use crate::contract::fields::Kind;

const BY_ID: &[&str] = &[
    "get_contact",
    "delete_contact_by_id",
    "lock_contact_by_id",
    "unlock_contact_by_id",
    "get_history_by_id",
    "get_campaign",
];

const BY_USER_DATA: &[&str] = &[
    "find_contacts_by_user_data",
    "delete_contact_by_user_data",
    "lock_contact_by_user_data",
    "unlock_contact_by_user_data",
    "get_history_by_user_data",
];

const LIST: &[&str] = &["list_contacts"];

const IMPORT: &[&str] = &["import_contact"];

const BATCH: &[&str] = &["get_contacts_batch"];

const INTEGER: Kind = Kind::Integer { min: 0, max: i64::MAX };

/// Where an ID that cannot be is as good as one that is not there.
const ANY_INTEGER: Kind = Kind::Integer { min: i64::MIN, max: i64::MAX };

const IN_PATH: &[Place] = &[Path];

const IN_QUERY: &[Place] = &[Query];

const IN_BODY: &[Place] = &[Json];

const fn param(
    operations: &'static [&'static str],
    name: &'static str,
    places: &'static [Place],
    kind: Kind,
    text: &'static str,
    evidence: Evidence,
) -> Param {
    Param { operations, name, places, kind, required: false, text, evidence }
}

const fn required(mut param: Param) -> Param {
    param.required = true;
    param
}

const fn further(operation: &'static str, method: &'static str, path: &'static str) -> Further {
    let text = match method.as_bytes() {
        b"POST" | b"GET" if is_lock(operation) => "only where the switch lock_methods opens it",
        _ => {
            "taken unless a switch says otherwise: an alias, or a method that lock_methods takes by \
              default"
        }
    };
    let opened_by = match method.as_bytes() {
        b"POST" | b"GET" if is_lock(operation) => Some("lock_methods"),
        _ => None,
    };
    Further { operation, method, path, text, opened_by, evidence: Assumed("jtel 2.1") }
}

/// Whether an operation locks or unlocks.
const fn is_lock(operation: &str) -> bool {
    matches!(operation.as_bytes(), [b'l', b'o', b'c', b'k', ..] | [b'u', b'n', b'l', b'o', ..])
}

pub(crate) static API: Api = Api {
    params: &[
        required(param(
            &[],
            "ClientsID",
            IN_PATH,
            INTEGER,
            "the client account",
            Documented("jtel 1"),
        )),
        required(param(BY_ID, "id", IN_PATH, INTEGER, "the ID", Documented("jtel 2.1"))),
        required(param(
            BY_USER_DATA,
            "userData",
            IN_QUERY,
            Kind::Text,
            "key of the foreign system",
            Documented("jtel 2.1"),
        )),
        param(
            LIST,
            "diallerCampaignsID",
            IN_QUERY,
            // Nothing reads it beside userData, so there any text goes.
            Kind::Text,
            "only this campaign's: its ID, an integer",
            Documented("jtel 2.1"),
        ),
        param(
            LIST,
            "userData",
            IN_QUERY,
            Kind::Text,
            "only contacts with it: find_contacts_by_user_data",
            Assumed("jtel 2.1"),
        ),
        param(
            BATCH,
            "languagesID",
            IN_QUERY,
            ANY_INTEGER,
            "language of the result codes",
            Documented("jtel 2.1"),
        ),
        param(
            BATCH,
            "UserDataList",
            IN_BODY,
            Kind::List(&Kind::Text),
            "keys of the foreign system",
            Documented("jtel 2.1"),
        ),
        param(
            BATCH,
            "IDList",
            IN_BODY,
            Kind::List(&ANY_INTEGER),
            "IDs of contacts",
            Documented("jtel 2.1"),
        ),
        param(
            IMPORT,
            "overwriteDuplicates",
            IN_QUERY,
            Kind::Bool,
            "over one with the same UserData",
            Documented("jtel 2.1"),
        ),
        param(
            IMPORT,
            "DiallerCampaignsName",
            IN_BODY,
            Kind::Text,
            "the campaign by its name",
            Documented("jtel 3.2"),
        ),
    ],
    bodies: &[Body { operation: "import_contact", entity: "DiallerContacts", xml: false }],
    further: &[
        further("get_contact", "GET", "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}"),
        further(
            "lock_contact_by_id",
            "PATCH",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock/{id}",
        ),
        further(
            "lock_contact_by_id",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/lock",
        ),
        further(
            "lock_contact_by_user_data",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock",
        ),
        further(
            "lock_contact_by_id",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock/{id}",
        ),
        further(
            "lock_contact_by_id",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/lock",
        ),
        further(
            "lock_contact_by_user_data",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock",
        ),
        further(
            "lock_contact_by_id",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock/{id}",
        ),
        further(
            "lock_contact_by_id",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/lock",
        ),
        further(
            "lock_contact_by_user_data",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock",
        ),
        further(
            "lock_contact_by_id",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/lock/{id}",
        ),
        further(
            "unlock_contact_by_id",
            "PATCH",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock/{id}",
        ),
        further(
            "unlock_contact_by_id",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/unlock",
        ),
        further(
            "unlock_contact_by_user_data",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock",
        ),
        further(
            "unlock_contact_by_id",
            "PUT",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock/{id}",
        ),
        further(
            "unlock_contact_by_id",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/unlock",
        ),
        further(
            "unlock_contact_by_user_data",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock",
        ),
        further(
            "unlock_contact_by_id",
            "POST",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock/{id}",
        ),
        further(
            "unlock_contact_by_id",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/{id}/unlock",
        ),
        further(
            "unlock_contact_by_user_data",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock",
        ),
        further(
            "unlock_contact_by_id",
            "GET",
            "/rest/v1.0/{ClientsID}/dialler/contacts/contact/unlock/{id}",
        ),
    ],
    credentials: &[Credential {
        operations: &[],
        name: "token",
        kind: CredentialKind::Bearer,
        text: "the client account's token",
        evidence: Documented("jtel 1"),
    }],
    replies: &[
        Sent {
            operations: &[],
            status: 200,
            media_types: JSON,
            text: "done; a list of records, or STATUS",
            rules: &[],
            evidence: Documented("jtel 2"),
        },
        Sent {
            operations: &[],
            status: 400,
            media_types: JSON,
            text: "the request cannot be read",
            rules: &[
                "jtel.id",
                "jtel.json",
                "jtel.parameter_missing",
                "jtel.parameter",
                "jtel.field_missing",
                "jtel.phone_missing",
                "jtel.field",
                "jtel.field_length",
            ],
            evidence: Assumed("jtel 5"),
        },
        Sent {
            operations: &[],
            status: 401,
            media_types: JSON,
            text: "the token is not the client account's",
            rules: &["jtel.token"],
            evidence: Assumed("jtel 5"),
        },
        Sent {
            operations: &[],
            status: 404,
            media_types: JSON_OR_NOTHING,
            text: "no such endpoint, contact or campaign",
            rules: &["jtel.endpoint", "jtel.id", "jtel.method", "jtel.campaign", "jtel.contact"],
            evidence: Assumed("jtel 5"),
        },
        Sent {
            operations: &[],
            status: 405,
            media_types: &[],
            text: "the path takes other methods",
            rules: &["jtel.method"],
            evidence: Assumed("jtel 5"),
        },
        Sent {
            operations: &[],
            status: 409,
            media_types: JSON,
            text: "with lock_conflict: the contact is on a call",
            rules: &["jtel.on_a_call"],
            evidence: Assumed("jtel 4.6"),
        },
        Sent {
            operations: &[],
            status: 415,
            media_types: &[],
            text: "with request_content_type: a POST that is not JSON",
            rules: &["jtel.content_type"],
            evidence: Assumed("jtel 5"),
        },
        Sent {
            operations: &[],
            status: 500,
            media_types: JSON,
            text: "not the client's fault",
            rules: &["jtel.internal"],
            evidence: Assumed("jtel 5"),
        },
    ],
    paths_text: "letter by letter; contacts/import and contacts/contact come before an ID",
    signed: &[],
    names_in_any_case: false,
    repeated: Repeated::First,
    ignored: &[
        Ignored {
            operation: "list_contacts",
            names: &[
                "page",
                "per_page",
                "limit",
                "offset",
                "limitStart",
                "limitPageSize",
                "filter",
                "orderBy",
                "ascending",
            ],
            because: "a list always comes whole and in the order of Name; these are members of replies alone",
        },
        Ignored {
            operation: "get_contacts_batch",
            names: &[
                "page",
                "per_page",
                "limit",
                "offset",
                "limitStart",
                "limitPageSize",
                "filter",
                "orderBy",
                "ascending",
            ],
            because: "what is named comes whole; these are members of replies alone",
        },
    ],
    other_names: OTHER_NAMES,
};

const JSON: &[&str] = &["application/json"];

const JSON_OR_NOTHING: &[&str] = &["application/json", ""];

/// What the parameters are called elsewhere.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("campaignId", "DiallerCampaignsID"),
    ("campaign", "DiallerCampaignsID"),
    ("cid", "DiallerCampaignsID"),
    ("campaignName", "DiallerCampaignsName"),
    ("diallerCampaignName", "DiallerCampaignsName"),
    ("diallerCampaignId", "DiallerCampaignsID"),
    ("dialerCampaignsID", "DiallerCampaignsID"),
    ("phone", "PhoneNumber1"),
    ("phoneNumber", "PhoneNumber1"),
    ("telephone", "PhoneNumber1"),
    ("mobile", "PhoneNumber2"),
    ("fax", "FaxNumber"),
    ("lastName", "Name"),
    ("surname", "Name"),
    ("familyName", "Name"),
    ("givenName", "FirstName"),
    ("zip", "PostalCode"),
    ("zipCode", "PostalCode"),
    ("postcode", "PostalCode"),
    ("street", "Address"),
    ("mail", "Email"),
    ("emailAddress", "Email"),
    ("url", "Website"),
    ("externalId", "UserData"),
    ("externalKey", "UserData"),
    ("foreignKey", "UserData"),
    ("customerId", "UserData"),
    ("crmId", "UserData"),
    ("language", "languagesID"),
    ("lang", "languagesID"),
    ("phone1", "PhoneNumber1"),
    ("phone2", "PhoneNumber2"),
    ("tel", "PhoneNumber1"),
    ("keys", "UserDataList"),
    ("reference", "ReferenceNumber"),
    ("overwrite", "overwriteDuplicates"),
    ("ids", "IDList"),
    ("contactIds", "IDList"),
    ("userDatas", "UserDataList"),
    ("iban", "AccountIBAN"),
    ("bic", "AccountBIC"),
    ("notes", "Comment"),
    ("note", "Comment"),
    ("fullName", "Name"),
    // The vendor's customers write German.
    ("nachname", "Name"),
    ("vorname", "FirstName"),
    ("anrede", "Salutation"),
    ("titel", "Title"),
    ("firma", "Company"),
    ("straße", "Address"),
    ("strasse", "Address"),
    ("plz", "PostalCode"),
    ("ort", "City"),
    ("stadt", "City"),
    ("land", "Country"),
    ("telefon", "PhoneNumber1"),
    ("telefonnummer", "PhoneNumber1"),
    ("rufnummer", "PhoneNumber1"),
    ("handy", "PhoneNumber2"),
    ("mobil", "PhoneNumber2"),
    ("kontoinhaber", "AccountOwner"),
    ("betrag", "Amount"),
    ("kommentar", "Comment"),
    ("bemerkung", "Comment"),
    ("notiz", "Comment"),
    ("kampagne", "DiallerCampaignsID"),
    ("kampagnenId", "DiallerCampaignsID"),
    ("page", "limitStart"),
    ("offset", "limitStart"),
    ("pageSize", "limitPageSize"),
    ("limit", "limitPageSize"),
];
