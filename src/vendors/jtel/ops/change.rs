//! Deleting, locking and unlocking contacts, by ID and by `UserData`.

use http::Method;

use crate::base::planted::{self, Fault as Planted};
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::errors::{self, ON_A_CALL, Stop};
use crate::vendors::jtel::ops::enter::{done, no_contact, path_id, pick, run};
use crate::vendors::jtel::ops::user_data::{no_user_data, user_data};
use crate::vendors::jtel::store::contact;
use crate::vendors::jtel::timers;
use crate::vendors::jtel::variants::{LockConflict, LockMethods};
use crate::web::message::Response;

/// Deletes a contact with everything that belongs to it.
///
/// Source: jtel 2.1 row 5, 4.7.
pub(crate) fn delete_contact_by_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let id = by_id(cx, call, client_id)?;
        delete(cx, id)
    })
}

/// Deletes one of the contacts with a `UserData`.
///
/// Source: jtel 2.1 row 6, 4.2, 4.7.
pub(crate) fn delete_contact_by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let id = by_user_data(cx, call, client_id, "delete")?;
        delete(cx, id)
    })
}

/// Locks a contact: the dialler leaves it alone.
///
/// Source: jtel 2.1 row 7, 4.6.
pub(crate) fn lock_contact_by_id(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        takes_method(cx, call)?;
        let id = by_id(cx, call, client_id)?;
        set_lock(cx, client_id, id, true)
    })
}

/// Locks one of the contacts with a `UserData`.
///
/// Source: jtel 2.1 row 8, 4.2, 4.6.
pub(crate) fn lock_contact_by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        takes_method(cx, call)?;
        let id = by_user_data(cx, call, client_id, "lock")?;
        set_lock(cx, client_id, id, true)
    })
}

/// Unlocks a contact.
///
/// Source: jtel 2.1 row 9, 4.6.
pub(crate) fn unlock_contact_by_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        takes_method(cx, call)?;
        let id = by_id(cx, call, client_id)?;
        set_lock(cx, client_id, id, false)
    })
}

/// Unlocks one of the contacts with a `UserData`.
///
/// Source: jtel 2.1 row 10, 4.2, 4.6.
pub(crate) fn unlock_contact_by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        takes_method(cx, call)?;
        let id = by_user_data(cx, call, client_id, "unlock")?;
        set_lock(cx, client_id, id, false)
    })
}

/// The contact of the ID in the path.
fn by_id(cx: &Cx<'_>, call: &Call<'_>, client_id: i64) -> Result<i64, Stop> {
    let id = path_id(call);
    if let Some(id) = id
        && contact::owner(cx.db(), id)? == Some(client_id)
    {
        return Ok(id);
    }
    Err(no_contact(cx, client_id, id)?)
}

/// One of the contacts with the `UserData` in the query.
fn by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
    client_id: i64,
    operation: &str,
) -> Result<i64, Stop> {
    let user_data = user_data(call)?;
    let ids = contact::ids(cx.db(), client_id, user_data, None)?;
    match pick(cx, operation, user_data, &ids) {
        Some(id) => Ok(id),
        None => Err(no_user_data(cx, call, client_id, user_data)?),
    }
}

fn delete(cx: &mut Cx<'_>, id: i64) -> Result<Response, Stop> {
    let call = contact::call(cx.db(), id)?;
    let n_entries = contact::delete(&cx.tx(), id)?;
    let history = match n_entries {
        0 => String::new(),
        1 => " with 1 history entry".into(),
        n => format!(" with {n} history entries"),
    };
    cx.effect(format!("contact {id} deleted{history}"));
    if let Some(call_id) = call {
        cx.effect(format!(
            "call {call_id} with contact {id} is up: it goes on, and nothing is kept of it"
        ));
    }
    Ok(done(cx))
}

fn set_lock(cx: &mut Cx<'_>, client_id: i64, id: i64, locked: bool) -> Result<Response, Stop> {
    let Some(lock) = contact::lock(cx.db(), client_id, id)? else {
        return Err(no_contact(cx, client_id, Some(id))?);
    };
    let call = contact::call(cx.db(), id)?;
    if let Some(call_id) = call
        && cx.variant::<LockConflict>() == LockConflict::Conflict
    {
        let found = format!("contact {id} on call {call_id}");
        let hint = "try again when the call is over; the switch lock_conflict asks for 409";
        return Err(Stop::no(&ON_A_CALL, "a contact that is not on a call", found, hint));
    }
    let word = if locked { "locked" } else { "unlocked" };
    if lock.locked == locked {
        cx.effect(format!("contact {id} was {word} already"));
        return Ok(done(cx));
    }
    contact::set_lock(&cx.tx(), id, locked || planted::is(Planted::UnlockLeavesTheLock))?;
    cx.effect(format!("contact {id} {word}"));
    if let Some(call_id) = call.filter(|_| locked) {
        cx.effect(format!(
            "call {call_id} with contact {id} is up: it goes on, and is the last one"
        ));
    }
    if let Some(due) = lock.due.filter(|_| !locked) {
        timers::look_at(cx, lock.campaign_id, due)?;
    }
    Ok(done(cx))
}

/// The methods that lock and unlock are taken with, in words.
pub(crate) fn lock_methods(switch: LockMethods) -> &'static str {
    match switch {
        LockMethods::PatchPut => "PATCH or PUT",
        LockMethods::Patch => "PATCH",
        LockMethods::Put => "PUT",
        LockMethods::Post => "POST",
        LockMethods::Get => "GET",
        LockMethods::PatchPost => "PATCH or POST",
        LockMethods::PatchGet => "PATCH or GET",
        LockMethods::PutPost => "PUT or POST",
        LockMethods::PutGet => "PUT or GET",
        LockMethods::PostGet => "POST or GET",
        LockMethods::PatchPutPost => "PATCH, PUT or POST",
        LockMethods::PatchPutGet => "PATCH, PUT or GET",
        LockMethods::PatchPostGet => "PATCH, POST or GET",
        LockMethods::PutPostGet => "PUT, POST or GET",
        LockMethods::Any => "PATCH, PUT, POST or GET",
    }
}

/// The same methods, as `Allow` has them.
pub(crate) fn lock_allowed(switch: LockMethods) -> Vec<Method> {
    let names = lock_methods(switch);
    let is_named = |method: &Method| names.split([' ', ',']).any(|name| name == method.as_str());
    let known = [Method::PATCH, Method::PUT, Method::POST, Method::GET];
    known.into_iter().filter(is_named).collect()
}

/// The method that a hint locks with: the one that was sent where it is taken, else the first.
pub(crate) fn lock_method(switch: LockMethods, sent: &Method) -> &'static str {
    let mut names =
        lock_methods(switch).split([' ', ',']).filter(|name| !["", "or"].contains(name));
    let first = names.clone().next().unwrap_or("PATCH");
    names.find(|name| *name == sent.as_str()).unwrap_or(first)
}

/// Whether this world takes the method for lock and unlock.
///
/// Source: jtel 2.1.
fn takes_method(cx: &Cx<'_>, call: &Call<'_>) -> Result<(), Stop> {
    let names = lock_methods(cx.variant());
    let allowed = lock_allowed(cx.variant());
    if allowed.contains(errors::method(call.request)) {
        return Ok(());
    }
    let hint = "nobody outside the vendor knows the method; the switch lock_methods says which \
                are taken here";
    Err(Stop::method(allowed, names, call.request.method.as_str(), hint))
}
