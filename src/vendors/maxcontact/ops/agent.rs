//! getcalls, goready, dial.

use crate::base::phone::digits;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{AGENT_STATE, LEAD, PHONE, Stop};
use crate::vendors::maxcontact::floor::{self, Placed};
use crate::vendors::maxcontact::model::machine::{
    AgentCell, AgentCommand, AgentState, CallState, agent, legal_for_agent, quoted,
    states_for_agent,
};
use crate::vendors::maxcontact::model::{
    CALLS_PER_AGENT_MAX, NewLead, NewPhone, User, check_phone,
};
use crate::vendors::maxcontact::ops::enter::{Asked, logged_in, telephony};
use crate::vendors::maxcontact::ops::view::Numbers;
use crate::vendors::maxcontact::variants::{
    DialInNotReady, DialNeedsHold, GetcallsListsWrapping, GoReadyWhileWrapping,
};
use crate::vendors::maxcontact::wire::entities::Data;
use crate::vendors::maxcontact::{model, no_number, store};

/// Lists the calls that an agent has in hand.
///
/// Source: maxcontact 2.2, 4.3.
pub(crate) fn get_calls(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, user| {
        logged_in(&user)?;
        let numbers = Numbers::of(cx)?;
        let lists_ended = cx.variant::<GetcallsListsWrapping>() == GetcallsListsWrapping::Yes;
        let mut calls = store::calls_of(cx.db(), user.id)?;
        calls.retain(|call| lists_ended || call.state != CallState::Ended);
        Ok(Data::many(calls.into_iter().map(|call| numbers.view(cx, call)).collect()))
    })
}

/// Makes an agent ready on its campaign.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn go_ready(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, user| {
        logged_in(&user)?;
        let ignores = cx.variant::<GoReadyWhileWrapping>() == GoReadyWhileWrapping::Ignored;
        if user.state == AgentState::Wrapping && ignores {
            return Ok(Data::Null);
        }
        if let AgentCell::To(state) = allowed(cx, &user, AgentCommand::GoReady)? {
            floor::enter_state(cx, &user, state)?;
        }
        Ok(Data::Null)
    })
}

/// Stops where the agent's state does not allow a command.
fn allowed(cx: &Cx<'_>, user: &User, command: AgentCommand) -> Result<AgentCell, Stop> {
    match agent(command, user.state) {
        AgentCell::Refused | AgentCell::NotLoggedIn => {
            let cure = cure(cx, user, command)?;
            Err(refuse(user, command, &states_for_agent(command), &cure))
        }
        cell => Ok(cell),
    }
}

/// What leads an agent to where a command is allowed.
fn cure(cx: &Cx<'_>, user: &User, command: AgentCommand) -> rusqlite::Result<String> {
    let calls = store::calls_of(cx.db(), user.id)?;
    let ids = |wanted: &dyn Fn(CallState) -> bool| {
        let ids = calls.iter().filter(|call| wanted(call.state)).map(|call| call.id.to_string());
        ids.collect::<Vec<_>>().join(" and ")
    };
    let ended = |state| state == CallState::Ended;
    Ok(match (command, user.state) {
        (_, AgentState::Wrapping) => format!("dispose call {} first", ids(&ended)),
        (_, AgentState::OnBreak) => "goready first".to_owned(),
        (AgentCommand::Dial, AgentState::Talking) if calls.len() >= CALLS_PER_AGENT_MAX => calls
            .iter()
            .find(|call| call.state != CallState::Connected)
            .map_or_else(|| with_both_hands_full(&calls[0]), with_both_hands_full),
        (AgentCommand::Dial, AgentState::Talking) => {
            let talking = ids(&|state| state == CallState::Connected);
            format!("hold call {talking} first, then dial the second")
        }
        (AgentCommand::Dial, AgentState::Calling) => format!(
            "call {} is on its way already; a dial that is sent again because its reply was lost \
             shows in getcalls",
            ids(&|state| matches!(state, CallState::Dialling | CallState::Ringing))
        ),
        _ => format!("hang up and dispose call {} first", ids(&|_| true)),
    })
}

fn refuse(user: &User, command: AgentCommand, states: &str, cure: &str) -> Stop {
    let (id, state) = (user.id, user.state.word());
    let expected = format!("agent {id} in the state {states}");
    let found = format!("{} while {state:?}", command.name());
    let mut hint = format!("{cure}; legal now: {}", legal_for_agent(user.state));
    if user.state.has_calls() && user.state != AgentState::Wrapping {
        hint.push_str(", and the commands of its calls");
    }
    let fills: &[(&str, &dyn std::fmt::Display)] =
        &[("id", &id), ("command", &command.words()), ("state", &state)];
    Stop::no(&AGENT_STATE, fills, expected, found, hint)
}

/// Dials a number for an agent.
///
/// The method is a GET: a client or a proxy that repeats it dials twice.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn dial(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, asked, user| {
        let lead_id = asked.query_long("leadid")?.filter(|id| *id != 0);
        logged_in(&user)?;
        may_dial(cx, &user)?;
        let number = asked.path_text("PhoneNum");
        check_number(number)?;
        let campaign_id = user.campaign_id.unwrap_or_default();
        let lead_id = match lead_id {
            Some(id) => known_lead(cx, id)?,
            None => lead_for(cx, campaign_id, number)?,
        };
        let placed = Placed {
            user_id: user.id,
            campaign_id,
            source: "dialled",
            number,
            lead_id,
            attempt: None,
        };
        let id = floor::dial(cx, &placed)?;
        let phones = store::phones_of(cx.db(), lead_id, false)?;
        if !phones.iter().any(|phone| digits(&phone.number) == digits(number)) {
            cx.effect(format!(
                "call {id} is for lead {lead_id}, which has not the number {number}: a leadid counts \
                 whatever is dialled"
            ));
        }
        let numbers = Numbers::of(cx)?;
        let call = store::call(cx.db(), id)?;
        Ok(call.map_or(Data::Null, |call| Data::One(Box::new(numbers.view(cx, call)))))
    })
}

fn may_dial(cx: &Cx<'_>, user: &User) -> Result<(), Stop> {
    let busy = matches!(user.state, AgentState::Calling | AgentState::Talking);
    if !(busy && cx.variant::<DialNeedsHold>() == DialNeedsHold::No) {
        allowed(cx, user, AgentCommand::Dial)?;
    }
    let refused = cx.variant::<DialInNotReady>() == DialInNotReady::Refused;
    if user.state == AgentState::NotReady && refused {
        let states =
            quoted([AgentState::Ready, AgentState::Holding].map(AgentState::word).into_iter());
        let (id, state) = (user.id, user.state.word());
        let fills: &[(&str, &dyn std::fmt::Display)] =
            &[("id", &id), ("command", &AgentCommand::Dial.words()), ("state", &state)];
        let expected = format!("agent {id} in the state {states}");
        let hint = "goready first; the switch dial_in_not_ready says so";
        return Err(Stop::no(&AGENT_STATE, fills, expected, format!("dial while {state:?}"), hint));
    }
    has_a_hand_free(cx, user)
}

/// Stops where an agent has as many calls as it can, ended ones included until they are disposed of.
fn has_a_hand_free(cx: &Cx<'_>, user: &User) -> Result<(), Stop> {
    let calls = store::calls_of(cx.db(), user.id)?;
    let n_calls = calls.len();
    let ended = calls.iter().find(|call| call.state == CallState::Ended);
    let Some(in_the_way) = ended.or(calls.last()).filter(|_| n_calls >= CALLS_PER_AGENT_MAX) else {
        return Ok(());
    };
    let id = user.id;
    let shown = calls.iter().map(|call| format!("call {} {}", call.id, call.state.word()));
    let found = format!("{n_calls} in hand: {}", shown.collect::<Vec<_>>().join(", "));
    let expected = format!("fewer than {CALLS_PER_AGENT_MAX} calls in hand of agent {id}");
    let hint = with_both_hands_full(in_the_way);
    let state = format!("{} with {n_calls} calls in hand", user.state.word());
    let command = AgentCommand::Dial.words();
    let fills: &[(&str, &dyn std::fmt::Display)] =
        &[("id", &id), ("command", &command), ("state", &state)];
    Err(Stop::no(&AGENT_STATE, fills, expected, found, hint))
}

/// What frees a hand of an agent who has as many calls as it can, such as this one.
fn with_both_hands_full(one: &model::Call) -> String {
    let call_id = one.id;
    match one.state {
        CallState::Ended => format!(
            "dispose call {call_id} first; an agent has at most {CALLS_PER_AGENT_MAX} calls in hand, \
             and one that has ended is in hand until then"
        ),
        _ => format!(
            "hang up and dispose one first, such as call {call_id}, or connect the two; an agent has \
             at most {CALLS_PER_AGENT_MAX} calls in hand"
        ),
    }
}

/// Stops where a text is no phone number.
pub(crate) fn check_number(number: &str) -> Result<(), Stop> {
    check_phone(number).map_err(|expected| {
        let hint = no_number::phone(number);
        Stop::no(&PHONE, &[("n", &number)], expected, format!("{number:?}"), hint)
    })
}

/// Stops where there is no such lead.
pub(crate) fn known_lead(cx: &Cx<'_>, id: i64) -> Result<i64, Stop> {
    if store::has_lead(cx.db(), id)? {
        return Ok(id);
    }
    let found = id.to_string();
    Err(Stop::no(&LEAD, &[("id", &id)], "the id of a lead", found, no_lead(cx, id)?))
}

/// What an id is that is no lead's.
pub(crate) fn no_lead(cx: &Cx<'_>, id: i64) -> rusqlite::Result<String> {
    if let Some(lead) = store::lead_of_phone(cx.db(), id)? {
        return Ok(format!("{id} is the id of a phone of lead {lead}; send the lead's"));
    }
    // A number that was read as an id has lost the nought that it began with.
    for number in [id.to_string(), format!("0{id}")] {
        if let Some(lead) = store::newest_lead(cx.db(), &number)? {
            return Ok(format!("{number} is a number of lead {lead}; send the lead's id"));
        }
    }
    if store::call(cx.db(), id)?.is_some() {
        return Ok(format!("{id} is a call; getcalls shows its lead as LeadId"));
    }
    Ok("the table leads shows the leads of this world".into())
}

/// The newest lead that has the number; a new one where none has.
pub(crate) fn lead_for(cx: &mut Cx<'_>, campaign_id: i64, number: &str) -> rusqlite::Result<i64> {
    match store::newest_lead(cx.db(), number)? {
        Some(id) => Ok(id),
        None => lead_with(cx, campaign_id, number),
    }
}

/// A new lead with that number, in the list of the campaign.
pub(crate) fn lead_with(cx: &mut Cx<'_>, campaign_id: i64, number: &str) -> rusqlite::Result<i64> {
    let list_id = store::campaign(cx.db(), campaign_id)?.map_or(0, |rules| rules.list_id);
    let phones = vec![NewPhone { number: number.to_owned(), ..NewPhone::default() }];
    floor::new_lead(cx, &NewLead { list_id, phones, ..NewLead::default() })
}

/// The call of a path, for the operations of calls.
pub(crate) fn call_id(asked: &Asked<'_>) -> Result<i64, Stop> {
    asked.path_int("CallID")
}
