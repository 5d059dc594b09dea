//! What happens outside the vendor's API: agents come and go, far ends answer, calls are offered,
//! the system restarts.

use serde_json::{Value, json};

use crate::contract::cx::Cx;
use crate::contract::event::{Event, EventError};
use crate::contract::fields::{Field, Kind, Row};
use crate::contract::reply::InternalError;
use crate::vendors::maxcontact::floor::{self, Placed};
use crate::vendors::maxcontact::model::machine::{
    AgentCell, AgentCommand, AgentState, CallCell, CallCommand, Recording, agent, call,
    states_for_agent, states_for_call,
};
use crate::vendors::maxcontact::model::{Call, Disposition, Exit, User, check_phone};
use crate::vendors::maxcontact::ops::lead_for;
use crate::vendors::maxcontact::seed::{ID, LONG_ID};
use crate::vendors::maxcontact::variants::AfterBreak;
use crate::vendors::maxcontact::{store, timers};

const USER: &[Field] = &[Field::required("user", ID, "the UserID of the agent")];

const LOGIN: &[Field] = &[
    Field::required("user", ID, "the UserID of the agent"),
    Field::required("campaign", ID, "the campaign that the agent logs in to"),
];

const CALL: &[Field] = &[Field::required("call", ID, "CallId")];

const OFFER: &[Field] = &[
    Field::optional(
        "user",
        ID,
        "the agent; left out with a queue: the one of it who has been ready longest",
    ),
    Field::optional("queue", ID, "the skill queue that it comes through; none: predictive"),
    Field::optional("phone", Kind::Checked(check_phone), "the number; the lead's where left out"),
    Field::optional("lead", LONG_ID, "the lead; the newest with the number where left out"),
];

const BUTTON: &[Field] = &[
    Field::required("call", ID, "CallId"),
    Field::required("on", Kind::Bool, "whether the agent switches the recording on or off"),
];

const REVOKE: &[Field] = &[
    Field::optional("token", Kind::Text, "one token"),
    Field::optional("login", Kind::Text, "all valid tokens of a login"),
];

const ACCOUNT: &[Field] = &[Field::required("login", Kind::Text, "the account")];

const PASSWORD: &[Field] = &[
    Field::required("login", Kind::Text, "the account"),
    Field::required("password", Kind::Text, "its new password"),
];

const RIGHT: &[Field] = &[
    Field::required("login", Kind::Text, "the account"),
    Field::required("api", Kind::Bool, "whether it may use the API from now on"),
];

const fn event(name: &'static str, text: &'static str, fields: &'static [Field]) -> Event {
    Event { name, text, fields }
}

pub(crate) static EVENTS: &[Event] = &[
    event("agent_login", "an agent logs in to a campaign and is not ready", LOGIN),
    event("agent_logout", "an agent without calls logs out", USER),
    event("go_not_ready", "an agent without calls is not ready", USER),
    event("request_break", "an agent asks for a break: at once, soon, or after its calls", USER),
    event("cancel_break", "an agent does not want the break any more", USER),
    event("end_break", "an agent's break is over", USER),
    event("far_end_rings", "the dialled phone rings", CALL),
    event("far_end_answers", "the far end picks up", CALL),
    event("far_end_is_busy", "the far end is busy", CALL),
    event("far_end_does_not_answer", "nobody answers, and the line gives up", CALL),
    event("far_end_rejects", "the far end rejects the call", CALL),
    event("far_end_hangs_up", "the far end hangs up", CALL),
    event("offer_call", "a connected call is put to a ready agent", OFFER),
    event("press_record_button", "the agent switches the recording in the web agent", BUTTON),
    event("system_restart", "calls are dropped, and their ids begin at 1000 again", &[]),
    event("revoke_token", "tokens are taken back before their time", REVOKE),
    event("expire_tokens", "all valid tokens of a login expire now", ACCOUNT),
    event("set_password", "an account gets another password", PASSWORD),
    event("set_api_right", "an account gets or loses the right to use the API", RIGHT),
];

pub(crate) fn happen(cx: &mut Cx<'_>, name: &str, row: &Row<'_>) -> Result<Value, EventError> {
    match name {
        "agent_login" => log_in(cx, row),
        "agent_logout" => agent_event(cx, row, AgentCommand::LogOut),
        "go_not_ready" => agent_event(cx, row, AgentCommand::GoNotReady),
        "request_break" => agent_event(cx, row, AgentCommand::RequestBreak),
        "cancel_break" => agent_event(cx, row, AgentCommand::CancelBreak),
        "end_break" => agent_event(cx, row, AgentCommand::EndBreak),
        "far_end_rings" => call_event(cx, row, CallCommand::FarRings),
        "far_end_answers" => call_event(cx, row, CallCommand::FarAnswers),
        "far_end_is_busy" => call_event(cx, row, CallCommand::FarBusy),
        "far_end_does_not_answer" => call_event(cx, row, CallCommand::FarNoAnswer),
        "far_end_rejects" => call_event(cx, row, CallCommand::FarRejects),
        "far_end_hangs_up" => call_event(cx, row, CallCommand::FarHangsUp),
        "offer_call" => offer(cx, row),
        "press_record_button" => press_record_button(cx, row),
        "system_restart" => restart(cx),
        "revoke_token" => revoke(cx, row),
        "expire_tokens" => {
            let login = known_account(cx, row)?;
            let n_tokens = store::expire_tokens_of(&cx.tx(), login, cx.now())?;
            cx.effect(format!("tokens of {login} expired: {n_tokens}"));
            Ok(json!({ "tokens": n_tokens }))
        }
        "set_password" => {
            let login = known_account(cx, row)?;
            store::set_password(cx, login, row.text("password"))?;
            cx.effect(format!("{login} has a new password"));
            Ok(json!({ "login": login }))
        }
        "set_api_right" => {
            let (login, api) = (known_account(cx, row)?, row.bool_or("api", true));
            store::set_api(&cx.tx(), login, api)?;
            let word = if api { "may" } else { "may not" };
            cx.effect(format!("{login} {word} use the API"));
            Ok(json!({ "login": login, "api": api }))
        }
        other => Err(InternalError::new(format!("event {other} is not written")).into()),
    }
}

fn refuse<T>(reason: impl Into<String>) -> Result<T, EventError> {
    Err(EventError::Refused(reason.into()))
}

fn missing(what: &str, id: impl std::fmt::Display) -> EventError {
    EventError::Refused(format!("there is no {what} {id} in this world"))
}

fn known_user(cx: &Cx<'_>, row: &Row<'_>) -> Result<User, EventError> {
    let id = row.int("user");
    store::user(cx.db(), id)?.ok_or_else(|| missing("agent", id))
}

fn known_account<'r>(cx: &Cx<'_>, row: &'r Row<'_>) -> Result<&'r str, EventError> {
    let login = row.text("login");
    let known = store::account(cx.db(), login)?;
    known.map(|_| login).ok_or_else(|| missing("account", login))
}

/// The cell of an agent's event, or why it cannot happen.
fn allowed(user: &User, command: AgentCommand) -> Result<AgentCell, EventError> {
    match agent(command, user.state) {
        AgentCell::Refused | AgentCell::NotLoggedIn => refuse(format!(
            "agent {} cannot {} while {}; expected {}",
            user.id,
            command.words(),
            user.state.word(),
            states_for_agent(command)
        )),
        cell => Ok(cell),
    }
}

fn log_in(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let user = known_user(cx, row)?;
    let campaign_id = row.int("campaign");
    if store::campaign(cx.db(), campaign_id)?.is_none() {
        return Err(missing("campaign", campaign_id));
    }
    if let AgentCell::To(state) = allowed(&user, AgentCommand::LogIn)? {
        store::set_campaign(&cx.tx(), user.id, Some(campaign_id))?;
        cx.effect(format!("agent {} logged in to campaign {campaign_id}", user.id));
        floor::enter_state(cx, &user, state)?;
    }
    shown(cx, user.id)
}

fn agent_event(cx: &mut Cx<'_>, row: &Row<'_>, command: AgentCommand) -> Result<Value, EventError> {
    let user = known_user(cx, row)?;
    match (allowed(&user, command)?, command) {
        (AgentCell::BreakLater, _) => timers::break_later(cx, &user)?,
        (AgentCell::To(_), AgentCommand::EndBreak) => {
            let state = match cx.variant() {
                AfterBreak::NotReady => AgentState::NotReady,
                AfterBreak::Ready => AgentState::Ready,
            };
            floor::enter_state(cx, &user, state)?;
        }
        (AgentCell::To(state), _) => {
            floor::forget_break(cx, &user)?;
            if state == AgentState::LoggedOut {
                store::set_campaign(&cx.tx(), user.id, None)?;
            }
            floor::enter_state(cx, &user, state)?;
        }
        (_, AgentCommand::CancelBreak) => {
            if !user.break_pending {
                return refuse(format!("agent {} has not asked for a break", user.id));
            }
            floor::forget_break(cx, &user)?;
            cx.effect(format!("agent {} waits for no break", user.id));
        }
        _ => {}
    }
    shown(cx, user.id)
}

fn shown(cx: &Cx<'_>, user_id: i64) -> Result<Value, EventError> {
    let user = store::user(cx.db(), user_id)?.ok_or_else(|| missing("agent", user_id))?;
    Ok(json!({ "user": user.id, "state": user.state.word() }))
}

fn known_call(cx: &Cx<'_>, row: &Row<'_>) -> Result<Call, EventError> {
    let id = row.int("call");
    store::call(cx.db(), id)?.ok_or_else(|| missing("call", id))
}

fn call_event(cx: &mut Cx<'_>, row: &Row<'_>, command: CallCommand) -> Result<Value, EventError> {
    let of = known_call(cx, row)?;
    let cell = call(command, of.state);
    match (cell, command) {
        (CallCell::Refused, _) => {
            return refuse(format!(
                "call {} is {}; expected {}",
                of.id,
                of.state.word(),
                states_for_call(command)
            ));
        }
        (CallCell::To(_), CallCommand::FarAnswers) => floor::connect(cx, &of)?,
        (CallCell::To(_), CallCommand::FarBusy) => floor::end(cx, &of, "busy")?,
        (CallCell::To(_), CallCommand::FarNoAnswer) => floor::end(cx, &of, "no answer")?,
        (CallCell::To(_), CallCommand::FarRejects) => floor::end(cx, &of, "rejected")?,
        (CallCell::To(_), CallCommand::FarHangsUp) => {
            floor::end(cx, &of, "the far end hung up")?;
        }
        (CallCell::To(state), _) => floor::move_to(cx, &of, state)?,
        _ => {}
    }
    floor::settle(cx, of.user_id)?;
    let state = store::call(cx.db(), of.id)?.map(|call| call.state.word());
    Ok(json!({ "call": of.id, "state": state }))
}

fn offer(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let queue_id = row.opt_int("queue");
    if let Some(id) = queue_id
        && store::queue_rate(cx.db(), id)?.is_none()
    {
        return Err(missing("queue", id));
    }
    let user = match (row.opt_int("user"), queue_id) {
        (Some(_), _) => known_user(cx, row)?,
        (None, Some(queue_id)) => match store::ready_for_queue(cx.db(), queue_id)? {
            Some(user) => user,
            None => return refuse(format!("no agent of queue {queue_id} is ready")),
        },
        (None, None) => return refuse("expected user or queue, so that there is an agent"),
    };
    allowed(&user, AgentCommand::OfferCall)?;
    let campaign_id = user.campaign_id.unwrap_or_default();
    let (lead_id, number) = lead_and_number(cx, row, campaign_id)?;
    let source = queue_id.map_or_else(|| "predictive".to_owned(), |id| format!("queue {id}"));
    let placed = Placed {
        user_id: user.id,
        campaign_id,
        source: &source,
        number: &number,
        lead_id,
        attempt: None,
    };
    let call_id = floor::offer(cx, &placed)?;
    Ok(json!({ "call": call_id, "user": user.id, "lead": lead_id, "phone": number }))
}

fn lead_and_number(
    cx: &mut Cx<'_>,
    row: &Row<'_>,
    campaign_id: i64,
) -> Result<(i64, String), EventError> {
    match (row.opt_int("lead"), row.opt_text("phone")) {
        (Some(lead_id), _) if !store::has_lead(cx.db(), lead_id)? => Err(missing("lead", lead_id)),
        (Some(lead_id), Some(phone)) => Ok((lead_id, phone.to_owned())),
        (Some(lead_id), None) => {
            let phones = store::phones_of(cx.db(), lead_id, false)?;
            match phones.into_iter().next() {
                Some(phone) => Ok((lead_id, phone.number)),
                None => refuse(format!("lead {lead_id} has no phone; name one")),
            }
        }
        (None, Some(phone)) => Ok((lead_for(cx, campaign_id, phone)?, phone.to_owned())),
        (None, None) => {
            let list_id = store::campaign(cx.db(), campaign_id)?.map_or(0, |rules| rules.list_id);
            match store::next_lead(cx.db(), list_id)? {
                Some(next) => Ok(next),
                None => refuse(format!("list {list_id} has no lead to dial; name phone or lead")),
            }
        }
    }
}

/// The web agent's button: recording and button change together.
fn press_record_button(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let call = known_call(cx, row)?;
    if crate::vendors::maxcontact::events::call(CallCommand::StartRecording, call.state)
        == CallCell::Refused
    {
        return refuse(format!(
            "call {} is {}; expected {}",
            call.id,
            call.state.word(),
            states_for_call(CallCommand::StartRecording)
        ));
    }
    let on = row.bool_or("on", true);
    let recording = if on { Recording::On } else { Recording::Stopped };
    store::set_recording(&cx.tx(), call.id, recording)?;
    store::set_record_button(&cx.tx(), call.id, on)?;
    let word = if on { "on" } else { "off" };
    let moves = [("recording", call.recording.word(), recording.word())];
    cx.moved(format!("record button of call {} {word}", call.id), &moves);
    Ok(json!({ "call": call.id, "recording": recording.word() }))
}

/// Calls are in the engine's memory and do not survive it. Agents stay logged in; those who had
/// calls are not ready. Tokens stay valid.
fn restart(cx: &mut Cx<'_>) -> Result<Value, EventError> {
    let ids = store::call_ids(cx.db())?;
    let dropped = Disposition { exit: Exit::Dropped, result_code: "", notes: "", n_sales: 0 };
    for id in &ids {
        let Some(call) = store::call(cx.db(), *id)? else { continue };
        floor::leave(cx, &call, &dropped)?;
        if let Some(user) = store::user(cx.db(), call.user_id)? {
            floor::forget_break(cx, &user)?;
            floor::enter_state(cx, &user, AgentState::NotReady)?;
        }
    }
    floor::restart_call_ids(cx)?;
    cx.effect("system restarted, calls begin at 1000");
    Ok(json!({ "dropped": ids.len() }))
}

fn revoke(cx: &mut Cx<'_>, row: &Row<'_>) -> Result<Value, EventError> {
    let n_tokens = match (row.opt_text("token"), row.opt_text("login")) {
        (Some(token), None) => {
            if !store::revoke_token(&cx.tx(), token)? {
                return refuse("there is no such token, or it was revoked before");
            }
            1
        }
        (None, Some(login)) => {
            known_account(cx, row)?;
            store::revoke_tokens_of(&cx.tx(), login, cx.now())?
        }
        _ => return refuse("expected either token or login"),
    };
    cx.effect(format!("tokens revoked: {n_tokens}"));
    Ok(json!({ "tokens": n_tokens }))
}
