//! hangup, dispose, hold, retrieve, stoprecord, startrecord.

use crate::base::planted::{self, Fault as Planted};
use crate::contract::cx::Cx;
use crate::contract::operation::Call as Requested;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{CALL_STATE, CALL_UNKNOWN, Stop};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::machine::{
    CallCell, CallCommand, CallState, RecordingCommand, call, legal_for_call, recording,
    states_for_call,
};
use crate::vendors::maxcontact::model::{Call, Disposition, Exit, User};
use crate::vendors::maxcontact::ops::agent::call_id;
use crate::vendors::maxcontact::ops::enter::{logged_in, telephony};
use crate::vendors::maxcontact::ops::result_code::known_code;
use crate::vendors::maxcontact::ops::view::Numbers;
use crate::vendors::maxcontact::store::{self, CodeRules};
use crate::vendors::maxcontact::variants::{ActionData, RetrieveWhileDialling};
use crate::vendors::maxcontact::wire::entities::Data;

/// Ends a call; its agent wraps up.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn hangup(cx: &mut Cx<'_>, requested: &Requested<'_>) -> Result<Reply, InternalError> {
    act(cx, requested, CallCommand::Hangup, |cx, call| Ok(floor::end(cx, call, "hung up")?))
}

/// Puts a call on hold.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn hold(cx: &mut Cx<'_>, requested: &Requested<'_>) -> Result<Reply, InternalError> {
    act(cx, requested, CallCommand::Hold, |cx, call| move_by(cx, call, CallCommand::Hold))
}

/// Takes a held call back.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn retrieve(cx: &mut Cx<'_>, requested: &Requested<'_>) -> Result<Reply, InternalError> {
    act(cx, requested, CallCommand::Retrieve, |cx, call| {
        if call.state == CallState::Held {
            no_other_call(cx, call)?;
        }
        move_by(cx, call, CallCommand::Retrieve)
    })
}

/// Stops where another call of the agent's is in the way of this one.
fn no_other_call(cx: &Cx<'_>, held: &Call) -> Result<(), Stop> {
    let waits = cx.variant::<RetrieveWhileDialling>() == RetrieveWhileDialling::Refused;
    for other in store::calls_of(cx.db(), held.user_id)? {
        let in_the_way = match other.state {
            CallState::Connected => true,
            CallState::Dialling | CallState::Ringing => waits,
            CallState::Held | CallState::Ended => false,
        };
        if in_the_way {
            let in_the_way = if waits { "connected, dialling or ringing" } else { "connected" };
            let expected = format!("no other call of the agent's that is {in_the_way}");
            let found = format!("call {} is {}", other.id, other.state.word());
            let hint = match other.state {
                CallState::Connected => format!("hold or hang up call {} first", other.id),
                _ => format!("hang up call {} first, or hold it when it is connected", other.id),
            };
            let fills: &[(&str, &dyn std::fmt::Display)] =
                &[("id", &held.id), ("state", &held.state.word())];
            return Err(Stop::no(&CALL_STATE, fills, expected, found, hint));
        }
    }
    Ok(())
}

fn move_by(cx: &mut Cx<'_>, moved: &Call, command: CallCommand) -> Result<(), Stop> {
    if let CallCell::To(state) = call(command, moved.state) {
        floor::move_to(cx, moved, state)?;
    }
    Ok(())
}

/// Stops the recording of a call. What the web agent's button shows stays as it is.
///
/// Source: maxcontact 2.2, 4.1.
pub(crate) fn stop_recording(
    cx: &mut Cx<'_>,
    requested: &Requested<'_>,
) -> Result<Reply, InternalError> {
    act(cx, requested, CallCommand::StopRecording, |cx, call| {
        record(cx, call, RecordingCommand::Stop)
    })
}

/// Starts the recording of a call, or goes on with it. What the web agent's button shows stays as
/// it is.
///
/// Source: maxcontact 2.2, 4.1.
pub(crate) fn start_recording(
    cx: &mut Cx<'_>,
    requested: &Requested<'_>,
) -> Result<Reply, InternalError> {
    act(cx, requested, CallCommand::StartRecording, |cx, call| {
        record(cx, call, RecordingCommand::Start)
    })
}

fn record(cx: &mut Cx<'_>, call: &Call, command: RecordingCommand) -> Result<(), Stop> {
    let after = recording(command, call.recording);
    if after != call.recording {
        store::set_recording(&cx.tx(), call.id, after)?;
        let moves = [("recording", call.recording.word(), after.word())];
        cx.moved(format!("recording of call {}: {}", call.id, after.word()), &moves);
    }
    Ok(())
}

/// Records the outcome of a call, and hangs it up if it is still up.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn dispose(cx: &mut Cx<'_>, requested: &Requested<'_>) -> Result<Reply, InternalError> {
    telephony(cx, requested, |cx, asked, user| {
        let id = call_id(asked)?;
        logged_in(&user)?;
        let call = own_call(cx, &user, id)?;
        let result_code = asked.query("resultcode").unwrap_or_default();
        let rules = known_code(cx, asked, "resultcode", &result_code)?;
        if call.state != CallState::Ended {
            floor::end(cx, &call, "hung up")?;
        }
        let disposition = Disposition {
            exit: Exit::Disposed,
            result_code: &result_code,
            notes: "",
            n_sales: rules.n_sales,
        };
        floor::leave(cx, &call, &disposition)?;
        close_lead(cx, &call, &result_code, rules)?;
        floor::settle(cx, user.id)?;
        Ok(Data::Null)
    })
}

/// A lead whose outcome is final is not dialled again by itself.
pub(crate) fn close_lead(
    cx: &Cx<'_>,
    call: &Call,
    result_code: &str,
    rules: CodeRules,
) -> rusqlite::Result<()> {
    let is_final = rules.is_final && !planted::is(Planted::FinalCodeIsForgotten);
    let final_code = if is_final { result_code } else { "" };
    store::set_final_code(&cx.tx(), call.lead_id, final_code)
}

/// Runs a command on one of the agent's calls, if the call's state allows it.
pub(crate) fn act(
    cx: &mut Cx<'_>,
    requested: &Requested<'_>,
    command: CallCommand,
    work: impl FnOnce(&mut Cx<'_>, &Call) -> Result<(), Stop>,
) -> Result<Reply, InternalError> {
    telephony(cx, requested, |cx, asked, user| {
        let id = call_id(asked)?;
        logged_in(&user)?;
        let call = own_call(cx, &user, id)?;
        allowed(&call, command)?;
        work(cx, &call)?;
        floor::settle(cx, user.id)?;
        after(cx, id)
    })
}

/// `Data` of a command that acts on a call.
pub(crate) fn after(cx: &Cx<'_>, call_id: i64) -> Result<Data, Stop> {
    if cx.variant::<ActionData>() == ActionData::Null {
        return Ok(Data::Null);
    }
    let numbers = Numbers::of(cx)?;
    let call = store::call(cx.db(), call_id)?;
    Ok(call.map_or(Data::Null, |call| Data::One(Box::new(numbers.view(cx, call)))))
}

/// One of the agent's own calls.
pub(crate) fn own_call(cx: &Cx<'_>, user: &User, id: i64) -> Result<Call, Stop> {
    let known = store::call(cx.db(), id)?;
    let (found, hint) = match known {
        Some(call) if call.user_id == user.id => return Ok(call),
        Some(call) => (
            format!("call {id} is agent {}'s", call.user_id),
            format!("name the agent who has it: …/user/{}/call/{id}", call.user_id),
        ),
        None => no_such_call(cx, user, id)?,
    };
    let fills: &[(&str, &dyn std::fmt::Display)] = &[("id", &id), ("user", &user.id)];
    Err(Stop::no(&CALL_UNKNOWN, fills, format!("a call of agent {}", user.id), found, hint))
}

fn no_such_call(cx: &Cx<'_>, user: &User, id: i64) -> rusqlite::Result<(String, String)> {
    let calls = store::calls_of(cx.db(), user.id)?;
    let shown: Vec<_> =
        calls.iter().map(|call| format!("{} ({})", call.id, call.state.word())).collect();
    let in_hand = match calls.len() {
        0 => format!("agent {} has no call in hand", user.id),
        _ => format!("agent {} has {}", user.id, shown.join(" and ")),
    };
    if let Some((of, how)) = store::last_past_call(cx.db(), id)? {
        let over = if how == Exit::Dropped.word() {
            format!("a system restart took call {id}, and ids begin at 1000 again")
        } else {
            format!("nothing more can be done with call {id}")
        };
        return Ok((
            format!("call {id} was agent {of}'s and is {how}"),
            format!("{over}; {in_hand}"),
        ));
    }
    let of_lead = calls.iter().find(|call| call.lead_id == id);
    let hint = match of_lead {
        Some(call) => format!("{id} is the lead of call {}; CallID is the call's own id", call.id),
        None if calls.is_empty() => format!("{in_hand}; dial one first, its answer has the CallId"),
        None => in_hand,
    };
    Ok((format!("no call {id}"), hint))
}

/// Stops where the call's state does not allow a command.
pub(crate) fn allowed(of: &Call, command: CallCommand) -> Result<(), Stop> {
    if call(command, of.state) != CallCell::Refused {
        return Ok(());
    }
    let (id, state) = (of.id, of.state.word());
    let expected = format!("call {id} in the state {}", states_for_call(command));
    let found = format!("{} while the call is {state:?}", command.name());
    let cure = match of.state {
        CallState::Dialling | CallState::Ringing => "wait until it is answered; ",
        CallState::Ended => "it is over and waits for its result code; ",
        CallState::Connected | CallState::Held => "",
    };
    let hint = format!("{cure}legal now: {}", legal_for_call(of.state));
    let fills: &[(&str, &dyn std::fmt::Display)] = &[("id", &id), ("state", &state)];
    Err(Stop::no(&CALL_STATE, fills, expected, found, hint))
}
