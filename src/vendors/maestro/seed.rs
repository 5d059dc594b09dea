//! The vendor's section of a scenario.

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::fields::{Field, Kind, Row, Rows};
use crate::contract::section::{Section, SeedError};
use crate::sim::outside::people::roster;
use crate::vendors::maestro::model::{
    self, CallFacts, NewCall, NewCaller, check_address, check_name, check_offer_id, check_text,
    check_token, check_uid,
};
use crate::vendors::maestro::store;

/// The section's fields, in the order in which they are loaded.
pub(crate) const SCENARIO: &[Field] = &[
    Field::optional("offers", Kind::Rows(&Rows { fields: OFFERS }), "what callers opt in to"),
    Field::optional("calls", Kind::Rows(&Rows { fields: CALLS }), "calls, running or ended"),
    Field::optional(
        "callers",
        Kind::Rows(&Rows { fields: CALLERS }),
        "callers, one row per connection",
    ),
    Field::optional(
        "opt_ins",
        Kind::Rows(&Rows { fields: OPT_INS }),
        "opt-ins with a time of their own; for the others callers.offers will do",
    ),
];

const OFFERS: &[Field] = &[
    Field::required("id", Kind::Id, "offer_id, digits").unique(),
    Field::required("token", Kind::Checked(check_token), "offer_token").unique(),
    Field::optional("name", Kind::Text, "for people; not on the wire"),
];

const UID: Kind = Kind::Checked(check_uid);
const TEXT: Kind = Kind::Checked(check_text);
const ADDRESSES: Kind = Kind::List(&Kind::Checked(check_address));

const CALLS: &[Field] = &[
    Field::required("uid", UID, "callUID").unique(),
    Field::required("name", Kind::Checked(check_name), "callName"),
    Field::required("start", Kind::Time, "callTime"),
    Field::optional("end", Kind::Time, "what windows are compared with; running where left out"),
    Field::required("customer_emails", ADDRESSES, "customerEmail"),
    Field::optional("conference_emails", ADDRESSES, "conferenceEmail"),
    Field::optional("affiliate", TEXT, "affiliate"),
];

const CALLERS: &[Field] = &[
    Field::optional("uid", UID, "callerUID; drawn where left out").unique(),
    Field::required("call", UID, "the call's uid").refers("calls"),
    Field::optional("joined", Kind::Time, "start of the call where left out"),
    Field::optional("ani", TEXT, "ANI"),
    Field::optional("name", TEXT, "name; of the person of that number where left out"),
    Field::optional("email", TEXT, "email; likewise"),
    Field::optional("offers", Kind::List(&Kind::Id), "offers opted in to on joining")
        .refers("offers"),
];

const OPT_INS: &[Field] = &[
    Field::required("caller", UID, "the caller's uid").refers("callers"),
    Field::required("offer", Kind::Id, "the offer").refers("offers"),
    Field::optional("at", Kind::Time, "when; on joining where left out"),
];

/// The fields of a call that an event starts: as in a scenario, but without an end, and the UID and
/// the start may be left out.
pub(crate) const START_CALL: &[Field] = &[
    Field::optional("uid", UID, "callUID; drawn where left out"),
    CALLS[1],
    Field::optional("start", Kind::Time, "callTime; the world's time where left out"),
    CALLS[4],
    CALLS[5],
    CALLS[6],
];

/// The fields of a caller who joins by an event. What it refers to is looked up in the world.
pub(crate) const CALLER_JOINS: &[Field] = &[
    Field::required("call", Kind::Id, "the call's uid"),
    Field::optional("uid", UID, "callerUID; drawn where left out"),
    Field::optional("joined", Kind::Time, "the world's time where left out"),
    CALLERS[3],
    CALLERS[4],
    CALLERS[5],
    Field::optional("offers", Kind::List(&Kind::Id), "offers opted in to on joining"),
];

pub(crate) fn load(cx: &mut Cx<'_>, source: &mut dyn Section) -> Result<(), SeedError> {
    let tx = cx.tx();
    source.rows("offers", &mut |row| {
        let id = row.text("id");
        check_offer_id(id).map_err(|expected| {
            SeedError::field("id", format!("is {id:?}; expected {expected}"))
        })?;
        let name = row.opt_text("name").unwrap_or_default();
        Ok(store::insert_offer(&tx, id, row.text("token"), name)?)
    })?;
    source.rows("calls", &mut |row| {
        let end = row.opt_time("end");
        insert_call(cx, row, row.text("uid"), row.time("start"), end)
    })?;
    // Rows of one call mostly follow each other.
    let mut last: Option<CallFacts> = None;
    source.rows("callers", &mut |row| {
        let uid = row.text("call");
        let call = match &mut last {
            Some(call) if call.uid == uid => call,
            other => {
                if let Some(call) = other {
                    store::set_n_callers(&tx, call)?;
                }
                other.insert(known_call(cx, uid)?)
            }
        };
        let joined = row.opt_time("joined").unwrap_or(call.start);
        insert_caller(cx, row, call, joined)?;
        call.n_callers += 1;
        Ok(())
    })?;
    if let Some(call) = &last {
        store::set_n_callers(&tx, call)?;
    }
    source.rows("opt_ins", &mut |row| {
        let uid = row.text("caller");
        let caller = store::caller_by_uid(cx.db(), uid)?;
        let (caller_id, call_id, joined) = caller
            .ok_or_else(|| SeedError::field("caller", format!("there is no caller {uid}")))?;
        let at = row.opt_time("at").unwrap_or(joined);
        opt_in(cx, row.text("offer"), caller_id, call_id, joined, at)
    })?;
    Ok(())
}

/// Keeps a call.
///
/// # Errors
/// Where the UID is taken, the call ends before it starts, or SQLite fails.
pub(crate) fn insert_call(
    cx: &Cx<'_>,
    row: &Row<'_>,
    uid: &str,
    start: Instant,
    end: Option<Instant>,
) -> Result<(), SeedError> {
    if store::call(cx.db(), uid)?.is_some() {
        return Err(SeedError::field("uid", format!("there is a call {uid} already")));
    }
    if end.is_some_and(|end| end < start) {
        return Err(SeedError::field("end", "the end lies before the start"));
    }
    let emails = |name: &str| row.texts(name).collect::<Vec<_>>().join(",");
    let call = NewCall {
        uid,
        name: row.text("name"),
        start,
        end,
        customer_emails: &emails("customer_emails"),
        conference_emails: &emails("conference_emails"),
        affiliate: row.opt_text("affiliate").unwrap_or_default(),
    };
    if call.customer_emails.is_empty() {
        return Err(SeedError::field(
            "customer_emails",
            "there is no address; expected at least one",
        ));
    }
    Ok(store::insert_call(&cx.tx(), &call)?)
}

/// Keeps a caller with the offers opted in to on joining. Answers the UID. The caller of this
/// function counts the call's callers.
///
/// # Errors
/// Where the UID is taken, the call was not on at the time, an offer is not there, or SQLite fails.
pub(crate) fn insert_caller(
    cx: &Cx<'_>,
    row: &Row<'_>,
    call: &CallFacts,
    joined: Instant,
) -> Result<String, SeedError> {
    if joined < call.start || call.end.is_some_and(|end| joined > end) {
        let message =
            format!("the caller would join before the start or after the end of call {}", call.uid);
        return Err(SeedError::field("joined", message));
    }
    let uid = match row.opt_text("uid") {
        Some(uid) => uid.to_owned(),
        None => free_caller_uid(cx, call)?,
    };
    let text = |name: &str| row.opt_text(name).unwrap_or_default();
    // Whose number it is, says the rest where the row does not.
    let known = match (row.opt_text("name"), row.opt_text("email")) {
        (None, None) => roster::by_phone(cx.db(), text("ani"))?,
        _ => None,
    };
    let (name, email) = match &known {
        Some(person) => (person.full_name(), person.email.as_str()),
        None => (text("name").to_owned(), text("email")),
    };
    let ani = text("ani");
    let caller = NewCaller { uid: &uid, call_id: call.id, joined, ani, name: &name, email };
    let Some(caller_id) = store::insert_caller(&cx.tx(), &caller)? else {
        return Err(SeedError::field("uid", format!("there is a caller {uid} already")));
    };
    for offer_id in row.texts("offers") {
        opt_in(cx, offer_id, caller_id, call.id, joined, joined)?;
    }
    Ok(uid)
}

/// Lets a caller opt in to an offer, on joining or later.
///
/// # Errors
/// Where the offer is not there, the caller has opted in to it before or had not joined yet, or
/// SQLite fails.
pub(crate) fn opt_in(
    cx: &Cx<'_>,
    offer_id: &str,
    caller_id: i64,
    call_id: i64,
    joined: Instant,
    at: Instant,
) -> Result<(), SeedError> {
    if at < joined {
        return Err(SeedError::field("at", "the opt-in lies before the caller joined"));
    }
    if store::insert_opt_in(&cx.tx(), offer_id, caller_id, call_id, at)? {
        return Ok(());
    }
    if store::tokens_of(cx.db(), offer_id)?.is_none() {
        return Err(SeedError::row(format!("there is no offer {offer_id:?}")));
    }
    Err(SeedError::row(format!("the caller has opted in to offer {offer_id} before")))
}

/// A call that has to be there.
///
/// # Errors
/// Where it is not, or SQLite fails.
pub(crate) fn known_call(cx: &Cx<'_>, uid: &str) -> Result<CallFacts, SeedError> {
    let call = store::call(cx.db(), uid)?;
    call.ok_or_else(|| SeedError::field("call", format!("there is no call {uid:?}")))
}

/// A UID for a caller: drawn by the call and by how many were in it before, so that other calls do
/// not move it.
pub(crate) fn free_caller_uid(cx: &Cx<'_>, call: &CallFacts) -> Result<String, SeedError> {
    let nth = call.n_callers.to_string();
    for attempt in 0_u64.. {
        let key = [call.uid.as_str(), &nth, &attempt.to_string()];
        let uid = model::draw_uid(cx.random("maestro.caller", &key));
        if store::caller_by_uid(cx.db(), &uid)?.is_none() {
            return Ok(uid);
        }
    }
    unreachable!("a world has fewer callers than there are attempts")
}

/// What a caller opted in to on joining, behind "joined call".
pub(crate) fn agreed_words(offers: &[&str]) -> String {
    match offers {
        [] => String::new(),
        some => format!(" and opted in to {}", some.join(", ")),
    }
}

/// A UID for a call that an event starts, drawn by its name and start.
///
/// # Errors
/// Where SQLite fails.
pub(crate) fn free_call_uid(cx: &Cx<'_>, name: &str, start: Instant) -> Result<String, SeedError> {
    for attempt in 0_u64.. {
        let key = [name, &start.as_millis().to_string(), &attempt.to_string()];
        let uid = model::draw_uid(cx.random("maestro.call", &key));
        if store::call(cx.db(), &uid)?.is_none() {
            return Ok(uid);
        }
    }
    unreachable!("a world has fewer calls than there are attempts")
}
