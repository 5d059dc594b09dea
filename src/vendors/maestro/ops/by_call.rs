//! fetchCallersByCall.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maestro::auth::shown;
use crate::vendors::maestro::errors::{
    FOREIGN_CALL, NO_OPT_IN, No, RUNNING_CALL, Stop, UNKNOWN_CALL,
};
use crate::vendors::maestro::model::{CallFacts, sql_time};
use crate::vendors::maestro::ops::by_date::{is_over, opted_in_words};
use crate::vendors::maestro::ops::enter::{Entered, Found, run};
use crate::vendors::maestro::store::{self, Wanted};
use crate::vendors::maestro::variants::{AcceptCallUid, UnknownCall};
use crate::vendors::maestro::wire;

/// Lists the opted-in callers of one call that has ended.
///
/// Source: maestro 2, 4.1.
pub(crate) fn fetch_callers_by_call(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, list)
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Found, Stop> {
    let also = match cx.variant() {
        AcceptCallUid::On => entered.asked.value("callUID"),
        AcceptCallUid::Off => None,
    };
    let uid = match (entered.asked.value("call"), also) {
        (None, Some(uid)) => uid,
        _ => entered.asked.required("call")?,
    };
    let Some(call) = store::call(cx.db(), uid)? else {
        let no = unknown(cx, uid)?;
        return match cx.variant() {
            UnknownCall::EmptyList => Ok(Found::Nothing(no)),
            UnknownCall::Error => Err(no.into()),
        };
    };
    if !is_over(cx, &call) {
        return Ok(Found::Nothing(running(cx, &call)));
    }
    match entered.callers(cx, Wanted::OfCall(call.id))? {
        Some(reply) => Ok(Found::Callers(reply)),
        None => Ok(Found::Nothing(nothing(cx, entered.offer_id, &call)?)),
    }
}

fn unknown(cx: &Cx<'_>, uid: &str) -> Result<No, Stop> {
    let db = cx.db();
    let (found, hint) = if let Some(call) = store::call_of_caller(db, uid)? {
        (
            format!("{uid}, the UID of a caller in call {call}"),
            "send the column callUID, not callerUID".to_owned(),
        )
    } else if let Some(call) = store::call(db, &uid.trim().to_ascii_uppercase())? {
        (
            format!("{}, which differs from {} in capitals or blanks", shown(uid), call.uid),
            "a UID is compared letter by letter".to_owned(),
        )
    } else {
        (
            format!("{}, which is none", shown(uid)),
            "the vendor may as well refuse this (variant unknown_call); is it the right world?"
                .to_owned(),
        )
    };
    Ok(No::new(&UNKNOWN_CALL, "call", "the UID of a call", found, hint))
}

fn running(cx: &Cx<'_>, call: &CallFacts) -> No {
    let zone = wire::zone(cx);
    let started = sql_time(zone, call.start);
    No::new(
        &RUNNING_CALL,
        "",
        "a call that has ended",
        if cx.has_come(call.start) {
            format!("call {}, started {started} ({zone}) and still running", call.uid)
        } else {
            format!("call {}, which starts {started} ({zone})", call.uid)
        },
        match call.end {
            None => "ask again when it has ended; the event end_call ends it".to_owned(),
            Some(end) => format!("ask again from {} on, when it has ended", sql_time(zone, end)),
        },
    )
}

fn nothing(cx: &Cx<'_>, offer_id: &str, call: &CallFacts) -> Result<No, Stop> {
    let offers = store::offers_of_call(cx.db(), call.id)?;
    let expected = format!("callers of call {} who opted in to offer {offer_id}", call.uid);
    let found = opted_in_words(&offers, call.n_callers);
    Ok(if offers.is_empty() {
        let hint = "this is an answer, not a mistake; the event opt_in lets a caller opt in";
        No::new(&NO_OPT_IN, "", expected, found, hint)
    } else {
        let hint = "callers who opted in to another offer are never shown; use that offer's id \
                    and token";
        No::new(&FOREIGN_CALL, "", expected, found, hint)
    })
}
