//! getCalls.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::infocu5::auth::kind;
use crate::vendors::infocu5::errors::{Function, NO_CALLS, PARAMETER, Stop};
use crate::vendors::infocu5::members::absent;
use crate::vendors::infocu5::model::{BadDate, parse_date};
use crate::vendors::infocu5::ops::enter::{Entered, run};
use crate::vendors::infocu5::store::{self, CallQuery};
use crate::vendors::infocu5::variants::Window;
use crate::vendors::infocu5::wire;
use crate::web::message::Response;

/// Lists the calls of a window of time, oldest first, of the campaigns that the affiliate owns or
/// may use.
///
/// Source: infocu5 2, 4.3, 4.6, 4.7.
pub(crate) fn get_calls(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, Function::Calls, list)
}

/// The parameters of getCalls.
#[derive(Debug)]
struct Asked {
    from: Instant,
    to: Instant,
    campaigns: Option<Vec<String>>,
    agents: Option<Vec<String>>,
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Response, Stop> {
    let asked = Asked {
        from: date(entered.body, "dateStart")?,
        to: date(entered.body, "dateEnd")?,
        campaigns: filter(entered.body, "filterCampaigns")?,
        agents: filter(entered.body, "filterAgents")?,
    };
    let as_json =
        |ids: &Option<Vec<String>>| ids.as_ref().map(|ids| Value::from(ids.clone()).to_string());
    let (campaigns, agents) = (as_json(&asked.campaigns), as_json(&asked.agents));
    let query = CallQuery {
        affiliate_id: entered.affiliate_id,
        from: asked.from,
        // Calls start at whole seconds, so an open end is one second earlier.
        to: match cx.variant() {
            Window::Closed => asked.to,
            Window::HalfOpen => asked.to.saturating_sub(Span::SECOND),
        },
        campaigns: campaigns.as_deref(),
        agents: agents.as_deref(),
    };
    let calls_max = store::setting(cx.db(), store::CALLS_MAX)?;
    let calls_max =
        calls_max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let mut calls = wire::Calls::new(cx);
    store::each_call(cx.db(), &query, |call| {
        // What is not over is not on record.
        if !cx.has_come(call.ended) {
            return ControlFlow::Continue(());
        }
        calls.push(call.id, call.record);
        if calls.n_records() < calls_max {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    if calls.n_records() == 0 {
        return Err(nothing(cx, &query, &asked)?);
    }
    Ok(calls.respond(cx))
}

fn date(body: &Value, name: &str) -> Result<Instant, Stop> {
    let expected = format!("{name}: a date with its offset, such as 2022-01-01T00:13:13+00:00");
    let refuse =
        |found: String, hint: &str| Err(Stop::no(&PARAMETER, expected.clone(), found, hint));
    let text = match body.get(name) {
        None => return refuse(absent(body, name), "getCalls needs dateStart and dateEnd"),
        Some(Value::String(text)) => text,
        Some(other) => return refuse(kind(other).into(), "send the date as text"),
    };
    let hint = match parse_date(text) {
        Ok(at) => return Ok(at),
        Err(BadDate::NoOffset) => "the offset is missing; append +00:00, or the one of your zone",
        Err(BadDate::NoTime) => "the time and its offset are missing: 2022-01-01T00:00:00+00:00",
        Err(BadDate::OffsetWithoutColon) => "the offset is written with a colon: +00:00",
        Err(BadDate::BlankForT) => "date and time are joined by a T, not by a blank",
        Err(BadDate::Other) if text.is_empty() => "the text is empty",
        Err(BadDate::Other) => "write it as ISO 8601 with a numeric offset",
    };
    refuse(format!("{text:?}"), hint)
}

/// A filter: ids as texts or numbers, or one text. An empty array is no filter.
fn filter(body: &Value, name: &str) -> Result<Option<Vec<String>>, Stop> {
    let refuse = |found: String| {
        let expected = format!("{name}: an array of ids");
        Err(Stop::no(&PARAMETER, expected, found, "send ids as texts or numbers: [\"2040\"]"))
    };
    let id = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(one)) => Ok(Some(vec![one.clone()])),
        Some(Value::Array(items)) if items.is_empty() => Ok(None),
        Some(Value::Array(items)) => match items.iter().map(id).collect() {
            Some(ids) => Ok(Some(ids)),
            None => refuse("an array with something that is neither text nor number".into()),
        },
        Some(other) => refuse(kind(other).into()),
    }
}

/// Why nothing was found: the first of the usual reasons that holds.
fn nothing(cx: &Cx<'_>, query: &CallQuery<'_>, asked: &Asked) -> Result<Stop, Stop> {
    let (from, to) = (wire::call_date(asked.from), wire::call_date(asked.to));
    let expected = format!("a call between {from} and {to}");
    let refuse = |expected: String, found: String, hint: String| {
        Ok(Stop::no(&NO_CALLS, expected, found, hint))
    };
    if asked.from > asked.to {
        let hint = "dateStart has to lie before dateEnd; the vendor has no code for this";
        return refuse(expected, "a window that ends before it starts".into(), hint.into());
    }
    let count = |campaigns: Option<&str>, agents: Option<&str>| {
        n_calls(cx, &CallQuery { campaigns, agents, ..query.clone() })
    };
    let (n_in_window, n_running) = count(None, None)?;
    if n_in_window > 0 {
        let filtered = [
            ("filterCampaigns", &asked.campaigns, count(query.campaigns, None)?.0),
            ("filterAgents", &asked.agents, count(None, query.agents)?.0),
        ];
        for (name, ids, n_left) in filtered {
            let Some(ids) = ids.as_ref().filter(|_| n_left == 0) else { continue };
            let expected = format!("{expected} that passes {name}");
            let found = format!("{n_in_window} in the window, none with {name} {}", ids.join(", "));
            return refuse(expected, found, unknown_ids(cx, name, ids)?);
        }
        let found = format!("{n_in_window} in the window, none that passes both filters");
        let hint = "both filters have to hold; drop one to see what it hides";
        return refuse(format!("{expected} that passes both filters"), found, hint.into());
    }
    Ok(outside(cx, query, &expected, n_running)?)
}

/// Why a window holds nothing, whatever the filters.
fn outside(
    cx: &Cx<'_>,
    query: &CallQuery<'_>,
    expected: &str,
    n_running: usize,
) -> rusqlite::Result<Stop> {
    let no = |found: String, hint: &str| Ok(Stop::no(&NO_CALLS, expected, found, hint));
    if n_running > 0 {
        let found = format!("{n_running} in the window, not over yet");
        return no(found, "a call is listed when it has ended; ask again, or advance the clock");
    }
    let n_hidden = store::n_calls_between(cx.db(), query.from, query.to)?;
    if n_hidden > 0 {
        let id = query.affiliate_id;
        let found = format!("{n_hidden} in the window, all of campaigns that {id} may not use");
        let hint = "ask as the affiliate that owns the campaign, or share it (shared_with)";
        return no(found, hint);
    }
    let (before, after) = store::nearest_calls(cx.db(), query)?;
    let found = match (before, after) {
        (None, None) => "no call outside the window either".to_owned(),
        (Some(before), None) => format!("the last call before it at {}", wire::call_date(before)),
        (None, Some(after)) => format!("the first call after it at {}", wire::call_date(after)),
        (Some(before), Some(after)) => format!(
            "the nearest calls at {} and {}",
            wire::call_date(before),
            wire::call_date(after)
        ),
    };
    let hint = "this is an answer, not a mistake, where nothing happened; else check the offsets, \
                and that the campaign is the affiliate's own or shared with it";
    no(found, hint)
}

/// How many calls a query has that are over, and how many that are not.
fn n_calls(cx: &Cx<'_>, query: &CallQuery<'_>) -> rusqlite::Result<(usize, usize)> {
    let (mut n_over, mut n_running) = (0, 0);
    store::each_call(cx.db(), query, |call| {
        if cx.has_come(call.ended) {
            n_over += 1;
        } else {
            n_running += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok((n_over, n_running))
}

/// Which ids of a filter do not exist at all.
fn unknown_ids(cx: &Cx<'_>, name: &str, ids: &[String]) -> Result<String, Stop> {
    let is_agents = name == "filterAgents";
    let mut unknown = Vec::new();
    for id in ids {
        let name = if is_agents { store::agent_name } else { store::campaign_name };
        if name(cx.db(), id)?.is_none() {
            unknown.push(id.as_str());
        }
    }
    let source = if is_agents { "getAgents" } else { "getCampaigns" };
    if unknown.is_empty() {
        return Ok("the ids exist, but have no call in the window".into());
    }
    Ok(format!("there is no {}; take the ids from {source}", unknown.join(", ")))
}
