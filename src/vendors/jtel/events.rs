//! What happens outside the vendor's API: campaigns start and stop, contacts are dialled and call,
//! result codes are recorded, tokens come and go.

use serde_json::{Value, json};

use crate::base::limits::ID_MAX;
use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::reply::InternalError;
use crate::vendors::jtel::fields::NUMBERS;
use crate::vendors::jtel::incoming;
use crate::vendors::jtel::model::CodeKind;
use crate::vendors::jtel::store::{self, contact};
use crate::vendors::jtel::timers::{self, Recorded};

const ID: Kind = Kind::Integer { min: 1, max: ID_MAX };

const CAMPAIGN: &[Field] = &[Field::required("campaign", ID, "ID of the campaign")];

const DIAL_CONTACT: &[Field] = &[
    Field::required("contact", ID, "ID of the contact"),
    Field::optional(
        "number",
        Kind::Integer { min: 1, max: 6 },
        "which of its six numbers; the dialler's choice where left out",
    ),
    Field::optional("user", ID, "UsersID of the agent; the first who is free where left out"),
];

const RECORD_RESULT: &[Field] = &[
    Field::required("contact", ID, "ID of the contact; if it is on a call, that ends"),
    Field::required("result_code", ID, "a result code of its campaign"),
    Field::optional("at", Kind::Time, "when to try again, of a delay or an appointment"),
];

const INCOMING_CALL: &[Field] = &[
    Field::required("client", ID, "ClientsID of the account that is called"),
    Field::required("number", Kind::Text, "the caller's number, as a contact has it"),
];

const ROTATE_TOKEN: &[Field] = &[
    Field::required("client", ID, "ClientsID"),
    Field::required("token", Kind::Id, "the new token"),
    Field::optional("old_token", Kind::Id, "the token that it replaces; all where left out"),
];

const TOKEN: &[Field] =
    &[Field::required("client", ID, "ClientsID"), Field::required("token", Kind::Id, "the token")];

pub(crate) static EVENTS: &[Event] = &[
    Event { name: "start_campaign", text: "a campaign begins to dial", fields: CAMPAIGN },
    Event {
        name: "stop_campaign",
        text: "a campaign stops dialling; calls that are up go on",
        fields: CAMPAIGN,
    },
    Event {
        name: "dial_contact",
        text: "a contact is dialled at once, whatever the campaign does and however often it was tried",
        fields: DIAL_CONTACT,
    },
    Event {
        name: "record_result",
        text: "an agent records a result code; a call that is up ends",
        fields: RECORD_RESULT,
    },
    Event {
        name: "incoming_call",
        text: "somebody calls; campaigns that close contacts on incoming calls do so",
        fields: INCOMING_CALL,
    },
    Event {
        name: "rotate_token",
        text: "an account gets a new token; the old one is refused from the next request on",
        fields: ROTATE_TOKEN,
    },
    Event { name: "add_token", text: "an account gets one more token", fields: TOKEN },
    Event {
        name: "remove_token",
        text: "a token is removed; it is refused from the next request on",
        fields: TOKEN,
    },
];

pub(crate) fn happen(cx: &mut Cx<'_>, name: &str, row: &Row<'_>) -> Result<Value, EventError> {
    match name {
        "start_campaign" => {
            let id = row.int("campaign");
            if !timers::start(cx, id)? {
                return Err(missing("campaign", id));
            }
            Ok(json!({ "campaign": id, "running": true }))
        }
        "stop_campaign" => {
            let id = row.int("campaign");
            if !timers::stop(cx, id)? {
                return Err(missing("campaign", id));
            }
            cx.effect(format!("campaign {id} stopped"));
            Ok(json!({ "campaign": id, "running": false }))
        }
        "dial_contact" => dial_contact(cx, row),
        "record_result" => record_result(cx, row),
        "incoming_call" => incoming_call(cx, row),
        "rotate_token" => rotate_token(cx, row),
        "add_token" => {
            let client_id = client(cx, row)?;
            add_token(cx, client_id, row.text("token"))?;
            cx.effect(format!("client account {client_id} has one more token"));
            Ok(json!({ "client": client_id }))
        }
        "remove_token" => {
            let client_id = client(cx, row)?;
            revoke(cx, client_id, Some(row.text("token")))?;
            cx.effect(format!("a token of client account {client_id} was removed"));
            Ok(json!({ "client": client_id }))
        }
        other => Err(InternalError::new(format!("event {other} is not written")).into()),
    }
}

fn missing(what: &str, id: i64) -> EventError {
    EventError::Refused(format!("there is no {what} {id} in this world"))
}

fn refused(text: String) -> EventError {
    EventError::Refused(text)
}

/// The campaign of the contact that an event names.
fn campaign_of(cx: &Cx<'_>, contact_id: i64) -> Result<i64, EventError> {
    contact::campaign(cx.db(), contact_id)?.ok_or_else(|| missing("contact", contact_id))
}

fn dial_contact(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let id = row.int("contact");
    let campaign_id = campaign_of(cx, id)?;
    let standing = store::dialler::standing(cx.db(), id)?;
    let campaign = store::dialler::campaign(cx.db(), campaign_id)?;
    let (Some(standing), Some(campaign)) = (standing, campaign) else {
        return Err(missing("contact", id));
    };
    if standing.locked {
        return Err(refused(format!(
            "contact {id} is locked; expected one that is not: unlock it first"
        )));
    }
    if let Some(call_id) = contact::call(cx.db(), id)? {
        return Err(refused(format!(
            "contact {id} is on call {call_id}; expected one that is on no call"
        )));
    }
    if let Some(code) = store::dialler::closing_code(cx.db(), id)? {
        return Err(refused(format!(
            "contact {id} is closed with result code {code}, which is final; expected one that is \
             open: the event record_result can give it a code that asks for another call"
        )));
    }
    let number_idx = match row.opt_int("number") {
        Some(number) => usize::try_from(number - 1).unwrap_or(NUMBERS),
        None => standing
            .next_number(&campaign.rules)
            .ok()
            .or_else(|| standing.numbers.iter().position(Option::is_some))
            .unwrap_or(NUMBERS),
    };
    if standing.numbers.get(number_idx).is_none_or(Option::is_none) {
        return Err(refused(format!("contact {id} has no such number; expected one that is set")));
    }
    let users_id = match row.opt_int("user") {
        Some(users_id) => Some(users_id),
        None => store::dialler::free_agent(cx.db(), campaign_id)?,
    };
    let call_id = timers::place_call(cx, &campaign, &standing, number_idx, users_id, true)?;
    Ok(json!({ "call": call_id, "contact": id, "number": standing.numbers[number_idx] }))
}

fn record_result(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let (id, code_id) = (row.int("contact"), row.int("result_code"));
    let campaign_id = campaign_of(cx, id)?;
    let of_campaign = store::campaign_of_code(cx.db(), code_id)?;
    let code = store::code(cx.db(), code_id)?.ok_or_else(|| missing("result code", code_id))?;
    if of_campaign != Some(campaign_id) {
        return Err(refused(format!(
            "result code {code_id} is not one of campaign {campaign_id}, to which contact {id} \
             belongs"
        )));
    }
    let stated = row.opt_time("at");
    if code.kind.is_final() && stated.is_some() {
        let kind = if code.kind == CodeKind::Done { "done" } else { "aborted" };
        return Err(refused(format!(
            "result code {code_id} is final ({kind}); expected no \"at\""
        )));
    }
    if let Some(at) = stated.filter(|at| *at < cx.now()) {
        return Err(refused(format!(
            "at is {at}, in the past; expected a time from {} on",
            cx.now()
        )));
    }
    let again = stated.or_else(|| cx.now().checked_add(code.delay));
    let call = contact::call(cx.db(), id)?;
    timers::record(cx, id, campaign_id, call, Recorded { code, again })?;
    Ok(json!({ "contact": id, "result_code": code_id }))
}

fn incoming_call(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let client_id = client(cx, row)?;
    let number = row.text("number");
    let mut closed = Vec::new();
    for campaign_id in store::dialler::closing_campaigns(cx.db(), client_id)? {
        let Some(campaign) = store::dialler::campaign(cx.db(), campaign_id)? else { continue };
        for id in store::dialler::called_by(cx.db(), campaign_id, number)? {
            if contact::call(cx.db(), id)?.is_some() {
                cx.effect(format!("contact {id} calls from {number} and is on a call: left alone"));
                continue;
            }
            if incoming::incoming(cx, id, &campaign, number)? {
                closed.push(id);
            }
        }
    }
    if closed.is_empty() {
        cx.effect(format!("a call from {number} closed no contact"));
    }
    Ok(json!({ "contacts": closed }))
}

fn client(cx: &Cx<'_>, row: &Row<'_>) -> Result<i64, EventError> {
    let id = row.int("client");
    if store::has_client(cx.db(), id)? { Ok(id) } else { Err(missing("client account", id)) }
}

fn rotate_token(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let client_id = client(cx, row)?;
    revoke(cx, client_id, row.opt_text("old_token"))?;
    add_token(cx, client_id, row.text("token"))?;
    cx.effect(format!("client account {client_id} has a new token"));
    Ok(json!({ "client": client_id }))
}

/// Takes back one token, or all; there has to be one where it is named.
fn revoke(cx: &Cx<'_>, client_id: i64, token: Option<&str>) -> Result<(), EventError> {
    let n_revoked = store::revoke(cx, client_id, token)?;
    if n_revoked == 0 && token.is_some() {
        return Err(refused(format!("client account {client_id} has no such token")));
    }
    Ok(())
}

fn add_token(cx: &Cx<'_>, client_id: i64, token: &str) -> Result<(), EventError> {
    if store::add_token(cx, client_id, token)? {
        return Ok(());
    }
    Err(refused("the token is in use already; expected one that nobody has".into()))
}
