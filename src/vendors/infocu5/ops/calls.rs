//! getCalls.

use std::ops::ControlFlow;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::base::planted::{self, Fault as Planted};
use crate::base::text::excerpt;
use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Why};
use crate::vendors::infocu5::auth::kind;
use crate::vendors::infocu5::dates::{self, Slip};
use crate::vendors::infocu5::errors::{Function, NO_CALLS, PARAMETER, Stop};
use crate::vendors::infocu5::members::{absent, with};
use crate::vendors::infocu5::model::parse_date;
use crate::vendors::infocu5::ops::enter::{Entered, run};
use crate::vendors::infocu5::store::{self, CallQuery};
use crate::vendors::infocu5::variants::Window;
use crate::vendors::infocu5::wire;
use crate::web::diagnosis::thousands::thousands;
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
        from: date(entered, "dateStart")?,
        to: date(entered, "dateEnd")?,
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
            Window::Closed if !planted::is(Planted::WindowIsHalfOpen) => asked.to,
            Window::Closed | Window::HalfOpen => asked.to.saturating_sub(Span::SECOND),
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

fn date(entered: &Entered<'_>, name: &str) -> Result<Instant, Stop> {
    let Entered { call, body, .. } = entered;
    let expected = format!("{name}: a date with its offset, such as 2022-01-01T00:13:13+00:00");
    let (found, slip) = match body.get(name) {
        None => {
            let hint = "getCalls needs dateStart and dateEnd";
            return Err(absent(call, &PARAMETER, body, name, &expected, hint));
        }
        Some(Value::String(text)) => match parse_date(text) {
            Some(at) => return Ok(at),
            None => (excerpt(text, SHOWN_CHARS_MAX), dates::slip(text)),
        },
        Some(Value::Number(number)) => ("a number".to_owned(), dates::slip(&number.to_string())),
        Some(other) => {
            (kind(other).to_owned(), Slip { hint: "send the date as text".into(), mended: None })
        }
    };
    let mut why = Why::new(&PARAMETER, expected, found, slip.hint);
    why.edit = slip.mended.and_then(|date| with(body, name, date.into()));
    Err(Stop::because(&PARAMETER, why))
}

/// Most characters of a client's value that a reason shows.
const SHOWN_CHARS_MAX: usize = 60;

/// A filter: ids as texts or numbers, or one text. An empty array is no filter.
fn filter(body: &Value, name: &str) -> Result<Option<Vec<String>>, Stop> {
    let refuse = |found: &str, hint: &str, mended: Option<Value>| {
        let expected = format!("{name}: an array of ids");
        let mut why = Why::new(&PARAMETER, expected, found, hint);
        why.edit = mended.and_then(|ids| with(body, name, ids));
        Err(Stop::because(&PARAMETER, why))
    };
    let id = |item: &Value| match item {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let ids = "send ids as texts or numbers: [\"2040\"]";
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(one)) => Ok(Some(vec![one.clone()])),
        Some(Value::Array(items)) if items.is_empty() => Ok(None),
        Some(Value::Array(items)) => match items.iter().map(id).collect() {
            Some(ids) => Ok(Some(ids)),
            None => refuse("an array with something that is neither text nor number", ids, None),
        },
        Some(Value::Null) => {
            let hint = "leave the member out, or send [], where nothing is filtered";
            refuse("null", hint, Some(Value::Array(Vec::new())))
        }
        Some(Value::Number(one)) => {
            let one = Value::String(one.to_string());
            refuse("a number", &format!("put [ ] round it: [{one}]"), Some(Value::from(vec![one])))
        }
        Some(other) => refuse(kind(other), ids, None),
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
            ("filterCampaigns", &asked.campaigns, query.campaigns, None),
            ("filterAgents", &asked.agents, None, query.agents),
        ];
        for (name, ids, campaigns, agents) in filtered {
            let (n_left, n_running) = count(campaigns, agents)?;
            let Some(ids) = ids.as_ref().filter(|_| n_left == 0) else { continue };
            let alone = CallQuery { campaigns, agents, ..query.clone() };
            let (found, hint) = kept_out(cx, &alone, n_running, (name, ids))?;
            let expected = format!("{expected} that passes {name}");
            return refuse(expected, format!("{n_in_window} in the window, {found}"), hint);
        }
        let (_, n_running) = count(query.campaigns, query.agents)?;
        let both = "both filters";
        let expected = format!("{expected} that passes {both}");
        if let Some((found, hint)) = hidden(cx, query, n_running, both)? {
            return refuse(expected, format!("{n_in_window} in the window, {found}"), hint.into());
        }
        let found = format!("{n_in_window} in the window, none that passes {both}");
        let hint = "both filters have to hold; drop one to see what it hides";
        return refuse(expected, found, hint.into());
    }
    Ok(outside(cx, query, asked, &expected, n_running)?)
}

/// Why one filter, which stands alone in the query, lets none of a window's calls through.
fn kept_out(
    cx: &Cx<'_>,
    alone: &CallQuery<'_>,
    n_running: usize,
    (name, ids): (&str, &[String]),
) -> Result<(String, String), Stop> {
    let shown: Vec<String> = ids.iter().map(|id| excerpt(id, SHOWN_CHARS_MAX)).collect();
    let filter = format!("{name} {}", shown.join(", "));
    if let Some((found, hint)) = hidden(cx, alone, n_running, &filter)? {
        return Ok((found, hint.into()));
    }
    Ok((format!("none with {filter}"), unknown_ids(cx, name, ids)?))
}

/// What passes a query's filters and is not shown all the same, with what to do about it: what runs,
/// and what is another affiliate's. `None` where nothing passes.
fn hidden(
    cx: &Cx<'_>,
    query: &CallQuery<'_>,
    n_running: usize,
    filters: &str,
) -> rusqlite::Result<Option<(String, &'static str)>> {
    if n_running > 0 {
        return Ok(Some((format!("{n_running} with {filters} not over yet"), WHEN_OVER)));
    }
    let n_hidden = store::n_calls_of_all(cx.db(), query)?;
    let id = query.affiliate_id;
    let found = format!(
        "none with {filters} that {id} may see, {n_hidden} of campaigns that {id} may not use"
    );
    Ok((n_hidden > 0).then_some((found, OF_OTHERS)))
}

/// What to do about calls that are running.
const WHEN_OVER: &str = "a call is listed when it has ended; ask again, or advance the clock";

/// What to do about calls that the affiliate may not see (infocu5 4.7).
const OF_OTHERS: &str = "ask as the affiliate that owns the campaign, or share it (shared_with)";

/// Why a window holds nothing, whatever the filters.
fn outside(
    cx: &Cx<'_>,
    query: &CallQuery<'_>,
    asked: &Asked,
    expected: &str,
    n_running: usize,
) -> rusqlite::Result<Stop> {
    let no = |found: String, hint: &str| Ok(Stop::no(&NO_CALLS, expected, found, hint));
    if n_running > 0 {
        let found = format!("{n_running} in the window, not over yet");
        return no(found, WHEN_OVER);
    }
    let everything = CallQuery { campaigns: None, agents: None, ..query.clone() };
    let n_hidden = store::n_calls_of_all(cx.db(), &everything)?;
    if n_hidden > 0 {
        let id = query.affiliate_id;
        let found = format!("{n_hidden} in the window, all of campaigns that {id} may not use");
        return no(found, OF_OTHERS);
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
    // The query's end may be a second earlier than the one that was asked for.
    let hint = if asked.from == asked.to && asked.from != Instant::MIN {
        "dateStart and dateEnd are the same second, so that the window has no length; a day ends at \
         23:59:59"
    } else {
        "this is an answer, not a mistake, where nothing happened; else check the offsets, and that \
         the campaign is the affiliate's own or shared with it"
    };
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

/// What is wrong with the ids of a filter that nothing passes.
fn unknown_ids(cx: &Cx<'_>, name: &str, ids: &[String]) -> Result<String, Stop> {
    let is_agents = name == "filterAgents";
    let (of_filter, of_other) = if is_agents {
        (store::agent_name as Named, store::campaign_name as Named)
    } else {
        (store::campaign_name as Named, store::agent_name as Named)
    };
    let source = if is_agents { "getAgents" } else { "getCampaigns" };
    let mut unknown = Vec::new();
    for id in ids {
        if of_filter(cx.db(), id)?.is_some() {
            continue;
        }
        let shown = excerpt(id, SHOWN_CHARS_MAX);
        let is_known = |id: &str| of_filter(cx.db(), id).map(|name| name.is_some());
        let parts: Vec<&str> = id
            .trim_matches(['[', ']'])
            .split([',', ';'])
            .map(|it| it.trim().trim_matches('"'))
            .collect();
        if id.trim().is_empty() {
            return Ok("the text is empty; leave the member out where nothing is filtered".into());
        }
        if ["*", "all", "any", "%"].contains(&id.to_lowercase().as_str()) {
            return Ok(format!("there is no word for all: leave {name} out"));
        }
        if is_known(id.trim())? {
            return Ok(format!("take the blanks away: {:?}", id.trim()));
        }
        if let Some(thousands) = thousands(id)
            && is_known(&thousands.number)?
            && !thousands.are_all(is_known)?
        {
            let number = thousands.number;
            return Ok(format!("an id has no sign between its thousands: {number:?}"));
        }
        if is_known(parts[0])? {
            return Ok(format!("send each id as an element of its own: {}", json!(parts)));
        }
        let bare = id.trim_start_matches('0').trim_end_matches(".0");
        if is_known(bare)? {
            return Ok(format!("ids are compared as texts: {bare:?}"));
        }
        if of_other(cx.db(), id)?.is_some() {
            let other = if is_agents { "a campaign" } else { "an agent" };
            return Ok(format!("{shown} is the id of {other}; take the ids from {source}"));
        }
        if let Some(of_name) = id_of_name(cx, is_agents, id)? {
            return Ok(format!("{shown} is a name; its id is {of_name:?}"));
        }
        if store::list(cx.db(), id)?.is_some() {
            return Ok(format!("{shown} is the id of a list; take the ids from {source}"));
        }
        unknown.push(shown);
    }
    if unknown.is_empty() {
        return Ok("the ids exist, but have no call in the window".into());
    }
    Ok(format!("there is no {}; take the ids from {source}", unknown.join(", ")))
}

/// The name of what has an id.
type Named = fn(&Connection, &str) -> rusqlite::Result<Option<String>>;

/// The id of an agent or a campaign of that name.
fn id_of_name(cx: &Cx<'_>, is_agents: bool, name: &str) -> rusqlite::Result<Option<String>> {
    if is_agents {
        let agents = store::workers(cx.db())?;
        return Ok(agents.into_iter().find(|(_, own, _)| own == name).map(|(id, ..)| id));
    }
    store::campaign_of_name(cx.db(), name)
}
