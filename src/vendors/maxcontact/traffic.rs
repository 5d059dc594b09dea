//! Agents who work by themselves, and leads that come in. The calls come from the dialler: a campaign
//! or a queue with `calls_per_hour` puts them to agents who are ready.
//!
//! An agent at work goes ready, talks, and records an outcome when the work after the call is done.
//! A client may do any of it earlier; the agent goes on from there.

use rand::RngExt;

use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::section::SeedError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::Source;
use crate::sim::outside::people::person::Person;
use crate::vendors::maxcontact::floor::{self, start_key};
use crate::vendors::maxcontact::model::machine::{AgentState, CallState};
use crate::vendors::maxcontact::model::{Call, Disposition, Exit, NewLead, NewPhone, User};
use crate::vendors::maxcontact::ops::close_lead;
use crate::vendors::maxcontact::store;

const AGENTS: &str = "agents";

pub(crate) static TRAFFIC: Traffic = Traffic { kinds: KINDS, check, plan, turn: Some(turn) };

const KINDS: &[TrafficKind] = &[
    TrafficKind {
        name: AGENTS,
        text: "agents of a campaign log in when their hours begin, go ready, take calls and record \
               outcomes until their hours end",
        required: &["campaign"],
        optional: &["agents", "after_call"],
        needs_people: false,
        opens: true,
    },
    TrafficKind {
        name: "leads",
        text: "people become leads of a campaign's list, by the hour and in the people's order",
        required: &["campaign", "per_hour"],
        optional: &["first"],
        needs_people: true,
        opens: false,
    },
];

/// # Errors
/// Where the campaign or an agent is not there.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    source.check_campaign(|id| store::campaign(cx.db(), id))?;
    for text in source.texts("agents") {
        let user = text.parse().ok().map(|id| store::user(cx.db(), id)).transpose()?;
        if user.flatten().is_none() {
            return Err(SeedError::field("agents", format!("there is no agent {text:?}")));
        }
    }
    Ok(())
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    for source in sources.iter().filter(|source| source.kind != AGENTS) {
        let campaign_id = source.number("campaign").unwrap_or_default();
        let Some(rules) = store::campaign(cx.db(), campaign_id)? else { continue };
        for _ in source.arrivals(cx.seed, hour) {
            let person = source.next_person(cx)?;
            floor::new_lead(cx, &lead_of(&person, rules.list_id))?;
        }
    }
    Ok(())
}

/// A person as a lead.
pub(crate) fn lead_of(person: &Person, list_id: i64) -> NewLead {
    NewLead {
        list_id,
        name: person.first_name.clone(),
        name2: person.name.clone(),
        phones: vec![NewPhone { id: None, number: format!("+{}", person.digits), type_id: 0 }],
        ..NewLead::default()
    }
}

/// The hours of agents begin, or end.
fn turn(cx: &mut Cx<'_>, source: &Source, opens: bool) -> Result<(), InternalError> {
    let campaign_id = source.number("campaign").unwrap_or_default();
    let named: Vec<i64> = source.texts("agents").filter_map(|id| id.parse().ok()).collect();
    let ids =
        if named.is_empty() { store::users_of_campaign(cx.db(), campaign_id)? } else { named };
    for id in ids {
        let Some(user) = store::user(cx.db(), id)? else { continue };
        if !opens {
            leave_work(cx, &user)?;
            continue;
        }
        store::set_shift(&cx.tx(), id, &source.name, false)?;
        if user.state == AgentState::LoggedOut {
            store::set_campaign(&cx.tx(), id, Some(campaign_id))?;
            cx.effect(format!("agent {id} logged in to campaign {campaign_id}"));
        }
        match user.state {
            AgentState::LoggedOut | AgentState::NotReady => {
                floor::enter_state(cx, &user, AgentState::Ready)?;
            }
            AgentState::OnBreak => {
                cx.effect(format!("agent {id} cannot start: on break until the event end_break"));
            }
            AgentState::Ready
            | AgentState::Calling
            | AgentState::Talking
            | AgentState::Holding
            | AgentState::Wrapping => {}
        }
    }
    Ok(())
}

/// Lets an agent go home: at once, or when the calls in hand have their outcome.
fn leave_work(cx: &mut Cx<'_>, user: &User) -> rusqlite::Result<()> {
    let Some((source, _)) = store::shift(cx.db(), user.id)? else { return Ok(()) };
    if user.state.has_calls() {
        return store::set_shift(&cx.tx(), user.id, &source, true);
    }
    store::set_shift(&cx.tx(), user.id, "", false)?;
    if user.state == AgentState::Ready {
        floor::enter_state(cx, user, AgentState::NotReady)?;
    }
    Ok(())
}

/// Runs the timer of an outcome.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let id = floor::id_of(timer)?;
    let is_it = |call: &Call| call.state == CallState::Ended && start_key(call) == timer.payload;
    match store::call(cx.db(), id)?.filter(is_it) {
        Some(call) => record_outcome(cx, &call).doing("record an agent's outcome"),
        None => Ok(()),
    }
}

fn record_outcome(cx: &mut Cx<'_>, call: &Call) -> rusqlite::Result<()> {
    let codes = store::agent_codes(cx.db())?;
    let key = [call.number.as_str(), &start_key(call)];
    let idx = cx.random("maxcontact.outcome", &key).random_range(0..codes.len().max(1));
    let result_code = codes.get(idx).map_or("", String::as_str);
    let rules = store::code_rules(cx.db(), result_code)?;
    let n_sales = rules.map_or(0, |rules| rules.n_sales);
    let disposition = Disposition { exit: Exit::Disposed, result_code, notes: "", n_sales };
    floor::leave(cx, call, &disposition)?;
    if let Some(rules) = rules {
        close_lead(cx, call, result_code, rules)?;
    }
    floor::settle(cx, call.user_id)?;
    let Some(user) = store::user(cx.db(), call.user_id)? else { return Ok(()) };
    match store::shift(cx.db(), user.id)? {
        Some((_, true)) => leave_work(cx, &user),
        Some((_, false)) if user.state == AgentState::NotReady => {
            floor::enter_state(cx, &user, AgentState::Ready)
        }
        _ => Ok(()),
    }
}
