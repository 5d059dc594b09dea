//! Every answer that is not a success: text, envelope, and when.

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence::{Assumed, Documented, Inferred};
use crate::contract::operation::Call;
use crate::contract::reply;
use crate::contract::reply::Refusal;
use crate::contract::reply::{Reply, Why};
use crate::vendors::mor::variants::{GateEnvelope, GateWords, GetOffShape};
use crate::vendors::mor::wire::{self, Form};
use crate::web::diagnosis::report::Diagnosis;
use crate::web::message::Response;

/// The HTTP status of everything that the API itself says; the vendor has no codes.
const OK: &str = "200";

pub(crate) static NO_ROUTE: Refusal = Refusal {
    rule: "mor.route",
    code: "404",
    text: "",
    when: "the path is not below /billing/api/ or /api/, or the method is neither GET nor POST",
    evidence: Assumed("mor 1.1"),
};

pub(crate) static NO_FUNCTION: Refusal = Refusal {
    rule: "mor.function",
    code: OK,
    text: "Undefined method",
    when: "the path names no function",
    evidence: Assumed("mor 1.7"),
};

pub(crate) static API_OFF: Refusal = Refusal {
    rule: "mor.api_off",
    code: OK,
    text: "API Requests are disabled",
    when: "Allow API is off, globally or for the reseller whose key counts",
    evidence: Assumed("mor 7"),
};

pub(crate) static GET_OFF: Refusal = Refusal {
    rule: "mor.get_off",
    code: OK,
    text: "GET Requests are disabled",
    when: "the method is GET and Allow GET API is off",
    evidence: Documented("mor 5"),
};

pub(crate) static ADDRESS: Refusal = Refusal {
    rule: "mor.address",
    code: OK,
    text: "Access Denied",
    when: "Restrict API access by IP is on and the client's address is not on the list",
    evidence: Assumed("mor 7"),
};

pub(crate) static NO_KEY: Refusal = Refusal {
    rule: "mor.no_key",
    code: OK,
    text: "API must have Secret Key",
    when: "a hash is checked and the key that counts is empty",
    evidence: Assumed("mor 5"),
};

pub(crate) static HASH: Refusal = Refusal {
    rule: "mor.hash",
    code: OK,
    text: "Incorrect hash",
    when: "the hash is missing, malformed, or not the one of the listed values and the key",
    evidence: Documented("mor 1.3"),
};

pub(crate) static USER: Refusal = Refusal {
    rule: "mor.user",
    code: OK,
    text: "Access Denied",
    when: "u is missing or names no user",
    evidence: Documented("mor 5"),
};

pub(crate) static PERMISSION: Refusal = Refusal {
    rule: "mor.permission",
    code: OK,
    text: "You are not authorized to use this functionality",
    when: "the caller's permission group, reseller or account type does not allow the method",
    evidence: Assumed("mor 7"),
};

pub(crate) static CAMPAIGN: Refusal = Refusal {
    rule: "mor.campaign",
    code: OK,
    text: "Campaign was not found",
    when: "there is no such campaign, or the caller does not see it",
    evidence: Assumed("mor 4"),
};

pub(crate) static NO_NUMBERS: Refusal = Refusal {
    rule: "mor.no_numbers",
    code: OK,
    text: "Campaign does not have any Numbers",
    when: "poll results or statistics of a campaign without numbers",
    evidence: Documented("mor 5"),
};

pub(crate) static PERIOD: Refusal = Refusal {
    rule: "mor.period",
    code: OK,
    text: "Date from is greater than date till",
    when: "period_start lies after period_end",
    evidence: Documented("mor 5"),
};

pub(crate) static NO_CALLS: Refusal = Refusal {
    rule: "mor.no_calls",
    code: OK,
    text: "Campaign does not have any Calls in selected time period",
    when: "the campaign made no call in the period of the statistics: refused, no zeros are sent",
    evidence: Documented("mor 5"),
};

pub(crate) static NO_FILE: Refusal = Refusal {
    rule: "mor.no_file",
    code: OK,
    text: "Please provide a file",
    when: "the upload has no part called file",
    evidence: Documented("mor 5"),
};

pub(crate) static EMPTY_FILE: Refusal = Refusal {
    rule: "mor.empty_file",
    code: OK,
    text: "File is empty",
    when: "the uploaded file has no bytes",
    evidence: Documented("mor 5"),
};

pub(crate) static NOT_CSV: Refusal = Refusal {
    rule: "mor.not_csv",
    code: OK,
    text: "Please provide CSV file",
    when: "the uploaded file's name does not end in .csv",
    evidence: Documented("mor 5"),
};

pub(crate) static NONE_IMPORTED: Refusal = Refusal {
    rule: "mor.none_imported",
    code: OK,
    text: "0 out of <count> numbers were imported",
    when: "no line of the uploaded file is a number that can be imported; sent as success",
    evidence: Assumed("mor 4"),
};

pub(crate) static START_BLOCKED: Refusal = Refusal {
    rule: "mor.start_blocked",
    code: OK,
    text: "User is blocked",
    when: "a campaign is to start whose user is blocked; sent as message",
    evidence: Assumed("mor 2.3"),
};

pub(crate) static START_BALANCE: Refusal = Refusal {
    rule: "mor.start_balance",
    code: OK,
    text: "User has empty balance",
    when: "a campaign is to start whose prepaid user has no balance; sent as message",
    evidence: Assumed("mor 2.3"),
};

pub(crate) static START_CREDIT: Refusal = Refusal {
    rule: "mor.start_credit",
    code: OK,
    text: "User has no credit left",
    when: "a campaign is to start whose postpaid user has used up the credit; sent as message",
    evidence: Assumed("mor 2.3"),
};

pub(crate) static START_NUMBERS: Refusal = Refusal {
    rule: "mor.start_numbers",
    code: OK,
    text: "No free numbers for Campaign: <campaign name>",
    when: "a campaign is to start that has no new number; sent as message",
    evidence: Documented("mor 2.3"),
};

pub(crate) static START_ACTIONS: Refusal = Refusal {
    rule: "mor.start_actions",
    code: OK,
    text: "No actions for Campaign: <campaign name>",
    when: "a campaign is to start that has no action; sent as message",
    evidence: Documented("mor 2.3"),
};

pub(crate) static INTERNAL: Refusal = Refusal {
    rule: "mor.internal",
    code: "500",
    text: "",
    when: "something failed that is not the client's fault",
    evidence: Inferred("mor 0"),
};

pub(crate) static REFUSALS: &[&Refusal] = &[
    &NO_ROUTE,
    &NO_FUNCTION,
    &API_OFF,
    &GET_OFF,
    &ADDRESS,
    &NO_KEY,
    &HASH,
    &USER,
    &PERMISSION,
    &CAMPAIGN,
    &NO_NUMBERS,
    &PERIOD,
    &NO_CALLS,
    &NO_FILE,
    &EMPTY_FILE,
    &NOT_CSV,
    &NONE_IMPORTED,
    &START_BLOCKED,
    &START_BALANCE,
    &START_CREDIT,
    &START_NUMBERS,
    &START_ACTIONS,
    &INTERNAL,
];

/// Why an operation stops before its end.
pub(crate) type Stop = reply::Stop<No>;

/// A refusal and what is behind it.
#[derive(Debug)]
pub(crate) struct No {
    pub(crate) refusal: &'static Refusal,
    /// Put in place of `<campaign name>` or `<count>`.
    pub(crate) filled: Option<String>,
    pub(crate) expected: String,
    pub(crate) found: String,
    pub(crate) hint: String,
    /// The reason as it was told elsewhere, such as for a body; it stands in place of the three.
    pub(crate) why: Option<Box<Why>>,
}

impl Stop {
    pub(crate) fn no(
        refusal: &'static Refusal,
        expected: impl Into<String>,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (expected, found, hint) = (expected.into(), found.into(), hint.into());
        let (filled, why) = (None, None);
        Stop::No(Box::new(No { refusal, filled, expected, found, hint, why }))
    }

    /// For a body that is not what was wanted there.
    pub(crate) fn diagnosed(refusal: &'static Refusal, diagnosis: Diagnosis) -> Self {
        Stop::because(refusal, Why::diagnosed(refusal, diagnosis))
    }

    /// For a reason that is told already.
    pub(crate) fn because(refusal: &'static Refusal, why: Why) -> Self {
        let (filled, expected, found, hint) = Default::default();
        let why = Some(Box::new(why));
        Stop::No(Box::new(No { refusal, filled, expected, found, hint, why }))
    }
}

/// What a refusal's text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Envelope {
    /// Of steps 1 to 4 of the vendor's checks: before it knows who calls.
    Gate,
    /// An error of a method.
    Method,
    /// A start that does not happen is no error to the vendor.
    Message,
    /// Nor is an upload of which nothing was taken.
    Success,
}

fn envelope(refusal: &Refusal) -> Envelope {
    let is = |group: &[&Refusal]| group.iter().any(|it| it.rule == refusal.rule);
    if is(&[&API_OFF, &GET_OFF, &ADDRESS, &NO_KEY, &HASH]) {
        Envelope::Gate
    } else if is(&[&START_BLOCKED, &START_BALANCE, &START_CREDIT, &START_NUMBERS, &START_ACTIONS]) {
        Envelope::Message
    } else if is(&[&NONE_IMPORTED]) {
        Envelope::Success
    } else {
        Envelope::Method
    }
}

/// Puts a refusal on the wire.
pub(crate) fn refuse(cx: &Cx<'_>, form: Form, no: No) -> Reply {
    let rule = no.refusal.rule;
    let text = match &no.filled {
        Some(text) => no.refusal.text.replace("<campaign name>", text).replace("<count>", text),
        None => no.refusal.text.to_owned(),
    };
    let body = match envelope(no.refusal) {
        Envelope::Message => wire::page("message", &text),
        Envelope::Success => wire::page("success", &text),
        Envelope::Method => wire::page("error", &text),
        Envelope::Gate => {
            let is_old = cx.variant::<GateWords>() == GateWords::AccessDenied
                && [API_OFF.rule, HASH.rule].contains(&rule);
            let is_plain = cx.variant::<GetOffShape>() == GetOffShape::StatusText;
            match cx.variant::<GateEnvelope>() {
                _ if is_old => wire::page("error", USER.text),
                _ if is_plain && rule == GET_OFF.rule => wire::bare_text(&text),
                GateEnvelope::Bare => wire::bare("error", &text),
                GateEnvelope::Page => wire::page("error", &text),
            }
        }
    };
    let response = wire::respond(form, body);
    match no.why {
        Some(why) => Reply::refused_because(response, *why),
        None => Reply::refused(response, no.refusal, no.expected, no.found, no.hint),
    }
}

/// What is sent when Ringback itself fails.
pub(crate) fn failure(_: &Call<'_>) -> Response {
    wire::failure()
}
