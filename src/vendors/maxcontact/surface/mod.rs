//! What the vendor declares about itself.

pub(crate) mod machines;
mod operations;
mod tables;

use crate::contract::evidence::Evidence::{Assumed, Documented};
use crate::contract::oracle::Oracle;
use crate::contract::secret::Secret;
use crate::contract::surface::{Gap, Host, Surface};
use crate::vendors::maxcontact::boards::BOARDS;
use crate::vendors::maxcontact::variants::VARIANTS;
use crate::vendors::maxcontact::wire::entities::WIRE_FIELDS;
use crate::vendors::maxcontact::{api, errors, events, seed};

pub(crate) use operations::OPERATIONS;

/// The password stands in the login's query by the vendor's own design.
const ORACLES: &[Oracle] = &[
    Oracle::Repeated { operation: "add_lead", made: " created in list " },
    Oracle::Repeated { operation: "import_csv_files", made: " created in list " },
    Oracle::Repeated { operation: "create_lead", made: " created in list " },
    Oracle::LoginEachTime { operation: "log_in", account: "login" },
    Oracle::TwoCalls {
        agent: "UserID",
        call: "CallID",
        free: &[
            "call {} ended",
            "call {} on hold",
            "call {} disposed",
            "call {} bridged",
            "call {} dropped",
        ],
    },
    Oracle::SecretInQuery { parameter: "TokenKey", belongs: "the cookie TokenKey" },
];

pub(crate) static SURFACE: Surface = Surface {
    vendor: "maxcontact",
    title: "MaxContact Telephony Data Services (agent remote control), token and lead management",
    hosts: &[Host::Suffix(".maxcontact.com")],
    prefixes: &["/webservices/services/"],
    operations: OPERATIONS,
    api: &api::API,
    refusals: errors::REFUSALS,
    unknown_credentials: &[&errors::LOGIN, &errors::TOKEN],
    variants: VARIANTS,
    wire_fields: &WIRE_FIELDS,
    events: events::EVENTS,
    tables: tables::TABLES,
    boards: BOARDS,
    machines: machines::MACHINES,
    scenario: seed::SCENARIO,
    secrets: &[
        Secret::named("TokenKey"),
        Secret::named("token"),
        Secret::named("password"),
        // The old form of the login has it in the path (maxcontact 1.7).
        Secret::segment("/apitoken/login/{login}/{password}"),
    ],
    read_back: crate::vendors::maxcontact::read_back::READ_BACK,
    omitted: crate::vendors::maxcontact::read_back::OMITTED,
    credentials: crate::vendors::maxcontact::auth::CLAIMABLE,
    oracles: ORACLES,
    not_simulated: &[
        Gap {
            what: "Log In, Log Out, Go Not Ready, Request Break",
            why: "document version 1.8 names them and their paths are not known; the events \
                  agent_login, agent_logout, go_not_ready and request_break do it",
            evidence: Documented("maxcontact 2.3"),
        },
        Gap {
            what: "Dial Ext, Dial Preview, Shotgun Dial, Transfer To User, Complete Transfer",
            why: "document version 1.8 names them and their paths are not known",
            evidence: Documented("maxcontact 2.3"),
        },
        Gap {
            what: "preview campaigns",
            why: "the state of an agent who looks at a lead has no documented method",
            evidence: Assumed("maxcontact 4.2"),
        },
        Gap {
            what: "tokens whose time is extended by use",
            why: "whether the vendor does it is not known; tokens end when their login said",
            evidence: Assumed("maxcontact 1.2"),
        },
        Gap {
            what: "lead management by many ids or references, lead info, move by phone number, \
                   update of lead phones",
            why: "version 2.0 lists them by title only",
            evidence: Documented("maxcontact 2.4"),
        },
        Gap {
            what: "the meaning of Scope and of do-not-call categories",
            why: "the values are not known; they are taken and change nothing",
            evidence: Documented("maxcontact 2.4"),
        },
        Gap {
            what: "Callbacks API",
            why: "paths, bodies and replies are not known",
            evidence: Documented("maxcontact 2.5"),
        },
        Gap {
            what: "Management API and Lead Web API",
            why: "only their purpose is known",
            evidence: Documented("maxcontact 2.6"),
        },
    ],
};
