//! What happens outside the vendor's API: calls are made, keys are rotated, people come and go.

use serde_json::{Value, json};

use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::vendors::infocu5::model::{check_affiliate_key, read_hms};
use crate::vendors::infocu5::{seed, store};

const ROTATE_KEY: &[Field] = &[
    Field::required("affiliate", Kind::Id, "affiliateID"),
    Field::required("key", Kind::Checked(check_affiliate_key), "the new affiliateKey"),
];

const SET_ACTIVE: &[Field] = &[
    Field::required("id", Kind::Id, "agentID or campaignID"),
    Field::required("active", Kind::Bool, "whether it is current from now on"),
];

pub(crate) static EVENTS: &[Event] = &[
    Event {
        name: "record_call",
        text: "a call is on record, and listed from its end on",
        fields: seed::RECORD_CALL,
    },
    Event {
        name: "rotate_key",
        text: "an affiliate gets a new key; the old one is refused from the next request on",
        fields: ROTATE_KEY,
    },
    Event { name: "set_agent_active", text: "an agent comes or goes", fields: SET_ACTIVE },
    Event { name: "set_campaign_active", text: "a campaign begins or ends", fields: SET_ACTIVE },
];

/// Where call ids count from when an event names none.
const FIRST_CALL_ID: i64 = 1;

pub(crate) fn happen(cx: &mut Cx<'_>, name: &str, row: &Row<'_>) -> Result<Value, EventError> {
    match name {
        "record_call" => record_call(cx, row),
        "rotate_key" => {
            let id = row.text("affiliate");
            if !store::set_key(cx, id, row.text("key"))? {
                return Err(missing("affiliate", id));
            }
            cx.effect(format!("affiliate {id} has a new key"));
            Ok(json!({ "affiliate": id }))
        }
        "set_agent_active" => {
            let (id, active) = (row.text("id"), row.bool_or("active", true));
            let found = store::set_agent_active(&cx.tx(), id, active)?;
            set_active(cx, "agent", id, active, found)
        }
        "set_campaign_active" => {
            let (id, active) = (row.text("id"), row.bool_or("active", true));
            let found = store::set_campaign_active(&cx.tx(), id, active)?;
            set_active(cx, "campaign", id, active, found)
        }
        other => Err(InternalError::new(format!("event {other} is not written")).into()),
    }
}

fn set_active(
    cx: &mut Cx<'_>,
    what: &str,
    id: &str,
    active: bool,
    found: bool,
) -> Result<Value, EventError> {
    if !found {
        return Err(missing(what, id));
    }
    let word = if active { "current" } else { "not current" };
    cx.effect(format!("{what} {id} is {word}"));
    Ok(json!({ what: id, "active": active }))
}

fn record_call(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let id = match row.opt_text("id") {
        Some(id) => id.to_owned(),
        None => free_call_id(cx)?,
    };
    if store::has_call(cx.db(), &id)? {
        return Err(EventError::Refused(format!(
            "there is a call {id:?} already; expected a new id"
        )));
    }
    let length = row.opt_text("time").and_then(read_hms).unwrap_or_default();
    let date = row.opt_time("date").unwrap_or(cx.now().saturating_sub(length));
    seed::insert_call(cx, row, &id, date).map_err(|error| match error {
        SeedError::Refused { message, .. } => EventError::Refused(message),
        SeedError::Internal(error) => InternalError::new(error).doing("record a call").into(),
    })?;
    cx.effect(format!("call {id} recorded"));
    Ok(json!({ "call": id }))
}

/// The next number that no call has; seeded calls may have taken some.
fn free_call_id(cx: &Cx<'_>) -> rusqlite::Result<String> {
    loop {
        let id = next_call_id(cx)?;
        if !store::has_call(cx.db(), &id)? {
            return Ok(id);
        }
    }
}

/// The next number.
pub(crate) fn next_call_id(cx: &Cx<'_>) -> rusqlite::Result<String> {
    Ok(cx.next_count("call", FIRST_CALL_ID)?.to_string())
}

fn missing(what: &str, id: &str) -> EventError {
    EventError::Refused(format!("there is no {what} {id:?} in this world"))
}
