//! What happens to agents and calls, whoever asked for it: a request, a timer or an event. Each
//! change says so as an effect, and an agent's state follows from its calls.
//!
//! Not here: whether it may happen (`model::machine`, asked by the callers).

use std::num::ParseIntError;

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::timer::Timer;
use crate::sim::outside::line::FarEnd;
use crate::vendors::maxcontact::model::machine::{
    AgentState, CallState, Recording, RecordingCommand, recording,
};
use crate::vendors::maxcontact::model::{Call, Disposition, FIRST_CALL_ID, NewCall, NewLead, User};
use crate::vendors::maxcontact::settings::{LINE, LINE_MANUAL, RING_AFTER};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::AfterDispose;

/// The timer of a call: the next thing that its far end does.
pub(crate) const CALL_TIMER: &str = "call";

/// The timer of a break that was asked for by a ready agent.
pub(crate) const BREAK_TIMER: &str = "break";

/// Counters: ids of calls, leads and lead phones.
const CALL_COUNT: &str = "call";
pub(crate) const LEAD_COUNT: &str = "lead";
pub(crate) const LEAD_PHONE_COUNT: &str = "lead_phone";

/// First ids of leads and their phones where the scenario has none.
const FIRST_LEAD_ID: i64 = 1;

/// From dialling to ringing where the scenario says nothing. Assumed: maxcontact 4.5.
const RING_AFTER_DEFAULT: Span = Span::SECOND;

/// The agent or the call that a timer is about.
///
/// # Errors
/// Where its key is no id.
pub(crate) fn id_of(timer: &Timer) -> Result<i64, InternalError> {
    timer.key.parse().map_err(|error: ParseIntError| {
        InternalError::from(error).doing(format!("read the timer's key {:?}", timer.key))
    })
}

/// Whether calls go on by themselves. In a manual world only events move them.
pub(crate) fn is_timed(cx: &Cx<'_>) -> rusqlite::Result<bool> {
    Ok(store::setting(cx.db(), LINE)?.as_deref() != Some(LINE_MANUAL))
}

/// Brings an agent's state into line with its calls. Where the last call has left, the agent takes
/// the break that it asked for, or goes where a disposition leads.
pub(crate) fn settle(cx: &mut Cx<'_>, user_id: i64) -> rusqlite::Result<()> {
    let Some(user) = store::user(cx.db(), user_id)? else { return Ok(()) };
    let calls = store::call_states_of(cx.db(), user_id)?;
    if let Some(state) = AgentState::of_calls(&calls) {
        return enter_state(cx, &user, state);
    }
    if !user.state.has_calls() {
        return Ok(());
    }
    if user.break_pending {
        return begin_break(cx, &user);
    }
    let resting = match cx.variant() {
        AfterDispose::Ready => AgentState::Ready,
        AfterDispose::NotReady => AgentState::NotReady,
    };
    enter_state(cx, &user, resting)
}

/// Puts an agent into a state, if it is not there already.
pub(crate) fn enter_state(cx: &mut Cx<'_>, user: &User, state: AgentState) -> rusqlite::Result<()> {
    if user.state != state {
        store::set_state(&cx.tx(), user.id, state, cx.now())?;
        let moves = [("agent", user.state.word(), state.word())];
        cx.moved(format!("agent {} {}", user.id, state.word()), &moves);
    }
    Ok(())
}

/// Lets an agent's break begin.
pub(crate) fn begin_break(cx: &mut Cx<'_>, user: &User) -> rusqlite::Result<()> {
    forget_break(cx, user)?;
    enter_state(cx, user, AgentState::OnBreak)
}

/// Takes back a break that has not begun.
pub(crate) fn forget_break(cx: &mut Cx<'_>, user: &User) -> rusqlite::Result<()> {
    cx.cancel_timers(BREAK_TIMER, &user.id.to_string())?;
    store::set_break_pending(&cx.tx(), user.id, false)
}

/// A call to be made or delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) user_id: i64,
    pub(crate) campaign_id: i64,
    /// `dialled`, `offered`, `queue 3`.
    pub(crate) source: &'a str,
    pub(crate) number: &'a str,
    pub(crate) lead_id: i64,
    /// `None` counts one more call of the campaign to the number.
    pub(crate) attempt: Option<i64>,
}

/// Makes a call that is dialling. Answers its id.
pub(crate) fn dial(cx: &mut Cx<'_>, placed: &Placed<'_>) -> rusqlite::Result<i64> {
    let id = insert(cx, placed, CallState::Dialling)?;
    cx.effect(format!("call {id} dialling {} for agent {}", placed.number, placed.user_id));
    store::count_lead_attempt(&cx.tx(), placed.lead_id)?;
    if is_timed(cx)? {
        let wait = store::length_setting(cx.db(), RING_AFTER)?.unwrap_or(RING_AFTER_DEFAULT);
        go_on_after(cx, wait, id)?;
    }
    settle(cx, placed.user_id)?;
    Ok(id)
}

/// Puts a connected call to an agent. Answers its id.
pub(crate) fn offer(cx: &mut Cx<'_>, placed: &Placed<'_>) -> rusqlite::Result<i64> {
    let id = insert(cx, placed, CallState::Connected)?;
    cx.effect(format!("call {id} with {} offered to agent {}", placed.number, placed.user_id));
    if let Some(call) = store::call(cx.db(), id)? {
        expect_far_hangup(cx, &call)?;
    }
    settle(cx, placed.user_id)?;
    Ok(id)
}

fn insert(cx: &mut Cx<'_>, placed: &Placed<'_>, state: CallState) -> rusqlite::Result<i64> {
    let id = cx.next_count(CALL_COUNT, FIRST_CALL_ID)?;
    let attempt = match placed.attempt {
        Some(attempt) => attempt,
        None => store::next_attempt(&cx.tx(), placed.campaign_id, placed.number)?,
    };
    let recording = match state {
        CallState::Connected => on_connect(cx, placed.campaign_id, Recording::Off)?,
        _ => Recording::Off,
    };
    let call = NewCall {
        id,
        user_id: placed.user_id,
        campaign_id: placed.campaign_id,
        source: placed.source,
        number: placed.number,
        lead_id: placed.lead_id,
        attempt,
        state,
        recording,
    };
    store::insert_call(&cx.tx(), &call, cx.now())?;
    Ok(id)
}

/// Call ids begin at 1000 again.
pub(crate) fn restart_call_ids(cx: &Cx<'_>) -> rusqlite::Result<()> {
    cx.set_count(CALL_COUNT, FIRST_CALL_ID - 1)
}

fn on_connect(cx: &Cx<'_>, campaign_id: i64, before: Recording) -> rusqlite::Result<Recording> {
    let rules = store::campaign(cx.db(), campaign_id)?;
    let auto_record = rules.is_some_and(|rules| rules.auto_record);
    Ok(if auto_record { recording(RecordingCommand::Connects, before) } else { before })
}

/// The far end has picked up. Another call that the agent is talking on is put on hold, so that an
/// agent never talks on two.
pub(crate) fn connect(cx: &mut Cx<'_>, call: &Call) -> rusqlite::Result<()> {
    for other in store::calls_of(cx.db(), call.user_id)? {
        if other.id != call.id && other.state == CallState::Connected {
            move_to(cx, &other, CallState::Held)?;
        }
    }
    let after = on_connect(cx, call.campaign_id, call.recording)?;
    if after != call.recording {
        store::set_recording(&cx.tx(), call.id, after)?;
        store::set_record_button(&cx.tx(), call.id, after == Recording::On)?;
    }
    let moves = [
        ("call", call.state.word(), CallState::Connected.word()),
        ("recording", call.recording.word(), after.word()),
    ];
    moved_to(cx, call, CallState::Connected, &moves)?;
    cx.cancel_timers(CALL_TIMER, &call.id.to_string())?;
    expect_far_hangup(cx, call)
}

/// Sets the time at which the far end hangs up by itself.
fn expect_far_hangup(cx: &mut Cx<'_>, call: &Call) -> rusqlite::Result<()> {
    if !is_timed(cx)? {
        return Ok(());
    }
    let campaign = call.campaign_id.to_string();
    if call.source.starts_with("queue") {
        let talk = cx.caller_talk(&campaign, &call.number, call.attempt)?;
        return go_on_after(cx, talk, call.id);
    }
    let course = cx.far_end(&campaign, &call.number, call.attempt)?;
    // One who would not have answered was connected by an event, and stays.
    if matches!(course.far_end, FarEnd::Answers | FarEnd::Machine | FarEnd::HangsUp) {
        go_on_after(cx, course.talk, call.id)?;
    }
    Ok(())
}

/// Sets the time of the next thing that a call's far end does; none where it would never come.
pub(crate) fn go_on_after(cx: &mut Cx<'_>, wait: Span, call_id: i64) -> rusqlite::Result<()> {
    match cx.now().checked_add(wait) {
        Some(due) => cx.set_timer(due, CALL_TIMER, &call_id.to_string()),
        None => Ok(()),
    }
}

/// Lets a call be in another state, and nothing else.
pub(crate) fn move_to(cx: &mut Cx<'_>, call: &Call, state: CallState) -> rusqlite::Result<()> {
    moved_to(cx, call, state, &[("call", call.state.word(), state.word())])
}

fn moved_to(
    cx: &mut Cx<'_>,
    call: &Call,
    state: CallState,
    moves: &[(&'static str, &'static str, &'static str)],
) -> rusqlite::Result<()> {
    store::set_call_state(&cx.tx(), call.id, state, cx.now())?;
    cx.moved(format!("call {} {}", call.id, state.word()), moves);
    Ok(())
}

/// Ends a call; it waits for its disposition. `how` is for people: "hung up", "busy".
pub(crate) fn end(cx: &mut Cx<'_>, call: &Call, how: &str) -> rusqlite::Result<()> {
    cx.cancel_timers(CALL_TIMER, &call.id.to_string())?;
    store::set_call_state(&cx.tx(), call.id, CallState::Ended, cx.now())?;
    let after = recording(RecordingCommand::Ends, call.recording);
    if after != call.recording {
        store::set_recording(&cx.tx(), call.id, after)?;
        store::set_record_button(&cx.tx(), call.id, false)?;
    }
    let moves = [
        ("call", call.state.word(), CallState::Ended.word()),
        ("recording", call.recording.word(), after.word()),
    ];
    cx.moved(format!("call {} ended: {how}", call.id), &moves);
    wrap_up(cx, call)
}

/// Takes a call from its agent.
pub(crate) fn leave(
    cx: &mut Cx<'_>,
    call: &Call,
    disposition: &Disposition<'_>,
) -> rusqlite::Result<()> {
    cx.cancel_timers(CALL_TIMER, &call.id.to_string())?;
    store::take_call(&cx.tx(), call, disposition, cx.now())?;
    let how = disposition.exit.word();
    let code = match disposition.result_code {
        "" => String::new(),
        code => format!(" as {code}"),
    };
    cx.moved(format!("call {} {how}{code}", call.id), &[("call", call.state.word(), how)]);
    Ok(())
}

/// Makes a lead with its phones. Answers its id.
pub(crate) fn new_lead(cx: &mut Cx<'_>, lead: &NewLead) -> rusqlite::Result<i64> {
    let id = match lead.id {
        Some(id) => {
            cx.raise_count(LEAD_COUNT, id)?;
            id
        }
        None => cx.next_count(LEAD_COUNT, FIRST_LEAD_ID)?,
    };
    store::insert_lead(&cx.tx(), id, lead, lead.created.unwrap_or(cx.now()))?;
    for phone in &lead.phones {
        let phone_id = match phone.id {
            Some(phone_id) => {
                cx.raise_count(LEAD_PHONE_COUNT, phone_id)?;
                phone_id
            }
            None => cx.next_count(LEAD_PHONE_COUNT, FIRST_LEAD_ID)?,
        };
        store::insert_lead_phone(&cx.tx(), phone_id, id, phone)?;
    }
    cx.effect(format!("lead {id} created in list {}", lead.list_id));
    Ok(id)
}

/// An agent records the outcome of a call. Key: the call; payload: its start, because ids begin anew.
pub(crate) const OUTCOME_TIMER: &str = "outcome";

const AFTER_CALL: &str = "5s..30s";

/// A call of an agent has ended: one who works by himself or herself records an outcome after a
/// while.
pub(crate) fn wrap_up(cx: &mut Cx<'_>, call: &Call) -> rusqlite::Result<()> {
    let Some((source, _)) = store::shift(cx.db(), call.user_id)? else { return Ok(()) };
    let source = cx.traffic_source(&source)?;
    let start = start_key(call);
    let mut draw = cx.random("traffic", &[&source.name, &call.number, &start]);
    let wait = source.time("after_call", AFTER_CALL).draw_seconds(&mut draw);
    match cx.now().checked_add(wait) {
        Some(due) => cx.set_timer_with(due, OUTCOME_TIMER, &call.id.to_string(), &start),
        None => Ok(()),
    }
}

/// The start of a call as timers and draws name it.
pub(crate) fn start_key(call: &Call) -> String {
    call.start.as_millis().to_string()
}
