//! What happens outside the vendor's API: calls start and end, callers join and opt in, tokens are
//! rotated.

use serde_json::{Value, json};

use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::vendors::maestro::model::{self, check_token};
use crate::vendors::maestro::{seed, store};

const END_CALL: &[Field] = &[
    Field::required("call", Kind::Id, "the call's uid"),
    Field::optional("end", Kind::Time, "when; the world's time where left out"),
];

const OPT_IN: &[Field] = &[
    Field::required("caller", Kind::Id, "the caller's uid"),
    Field::required("offer", Kind::Id, "the offer"),
    Field::optional("at", Kind::Time, "when; the world's time where left out"),
];

const ROTATE_TOKEN: &[Field] = &[
    Field::required("offer", Kind::Id, "the offer"),
    Field::optional(
        "token",
        Kind::Checked(check_token),
        "the new token; drawn and answered where left out",
    ),
];

pub(crate) static EVENTS: &[Event] = &[
    Event {
        name: "start_call",
        text: "a call starts; answers its uid as `call`",
        fields: seed::START_CALL,
    },
    Event { name: "end_call", text: "a call ends, and is found from then on", fields: END_CALL },
    Event {
        name: "caller_joins",
        text: "somebody dials in to a running call; answers the caller's uid as `caller`",
        fields: seed::CALLER_JOINS,
    },
    Event {
        name: "opt_in",
        text: "a caller agrees to an offer's terms, also after the call",
        fields: OPT_IN,
    },
    Event {
        name: "rotate_token",
        text: "an offer gets a new token; the old one is refused from the next request on",
        fields: ROTATE_TOKEN,
    },
];

pub(crate) fn happen(cx: &mut Cx<'_>, name: &str, row: &Row<'_>) -> Result<Value, EventError> {
    match name {
        "start_call" => start_call(cx, row),
        "end_call" => end_call(cx, row),
        "caller_joins" => caller_joins(cx, row),
        "opt_in" => opt_in(cx, row),
        "rotate_token" => rotate_token(cx, row),
        other => Err(InternalError::new(format!("event {other} is not written")).into()),
    }
}

fn start_call(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let start = row.opt_time("start").unwrap_or(cx.now());
    let uid = match row.opt_text("uid") {
        Some(uid) => uid.to_owned(),
        None => seed::free_call_uid(cx, row.text("name"), start).map_err(refused)?,
    };
    seed::insert_call(cx, row, &uid, start, None).map_err(refused)?;
    cx.effect(format!("call {uid} started"));
    Ok(json!({ "call": uid }))
}

fn end_call(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let call = seed::known_call(cx, row.text("call")).map_err(refused)?;
    let uid = call.uid;
    if let Some(end) = call.end {
        let message = format!("call {uid} ended at {end}; expected a running call");
        return Err(EventError::Refused(message));
    }
    let end = row.opt_time("end").unwrap_or(cx.now());
    let last = store::last_joined(cx.db(), call.id)?.unwrap_or(call.start);
    if end < last {
        let message = format!(
            "the end lies before {last}, when call {uid} started or its last caller joined"
        );
        return Err(EventError::Refused(message));
    }
    store::end_call(&cx.tx(), call.id, end)?;
    cx.effect(format!("call {uid} ended"));
    Ok(json!({ "call": uid, "end": end.to_string() }))
}

fn caller_joins(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let mut call = seed::known_call(cx, row.text("call")).map_err(refused)?;
    let joined = row.opt_time("joined").unwrap_or(cx.now());
    let uid = seed::insert_caller(cx, row, &call, joined).map_err(refused)?;
    call.n_callers += 1;
    store::set_n_callers(&cx.tx(), &call)?;
    let offers: Vec<&str> = row.texts("offers").collect();
    let agreed = seed::agreed_words(&offers);
    cx.effect(format!("caller {uid} joined call {}{agreed}", call.uid));
    Ok(json!({ "call": call.uid, "caller": uid }))
}

fn opt_in(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let (uid, offer_id) = (row.text("caller"), row.text("offer"));
    let (caller_id, call_id, joined) =
        store::caller_by_uid(cx.db(), uid)?.ok_or_else(|| missing("caller", uid))?;
    let at = row.opt_time("at").unwrap_or(cx.now());
    seed::opt_in(cx, offer_id, caller_id, call_id, joined, at).map_err(refused)?;
    cx.effect(format!("caller {uid} opted in to offer {offer_id}"));
    Ok(json!({ "caller": uid, "offer": offer_id }))
}

fn rotate_token(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let offer_id = row.text("offer");
    let token = if let Some(token) = row.opt_text("token") {
        token.to_owned()
    } else {
        let nth = cx.next_count(&format!("token {offer_id}"), 1)?.to_string();
        model::draw_token(cx.random("maestro.token", &[offer_id, &nth]))
    };
    if let Some(owner) = store::offer_with_token(cx.db(), &token)? {
        let message = format!("offer {owner} has this token already; expected a new one");
        return Err(EventError::Refused(message));
    }
    if !store::set_token(&cx.tx(), offer_id, &token)? {
        return Err(missing("offer", offer_id));
    }
    cx.effect(format!("offer {offer_id} has a new token"));
    Ok(json!({ "offer": offer_id, "token": token }))
}

/// What a scenario would be refused for, an event is refused for.
fn refused(error: SeedError) -> EventError {
    match error {
        SeedError::Refused { message, .. } => EventError::Refused(message),
        SeedError::Internal(error) => InternalError::new(error).doing("let an event happen").into(),
    }
}

fn missing(what: &str, id: &str) -> EventError {
    EventError::Refused(format!("there is no {what} {id:?} in this world"))
}
