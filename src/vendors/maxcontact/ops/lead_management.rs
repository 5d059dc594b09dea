//! Lead management: add, deactivate, reactivate, do not call, move.
//!
//! Paths, verbs and names are documented; what the answers hold beside `Success`, and what happens
//! where nothing matches, is not.
//!
//! Source: maxcontact 2.4.

use http::header;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{BODY, LEAD, PARAM, Stop};
use crate::vendors::maxcontact::floor;
use crate::vendors::maxcontact::model::{LeadStatus, NewLead, parse_bool, parse_int};
use crate::vendors::maxcontact::ops::agent::check_number;
use crate::vendors::maxcontact::ops::enter::{Asked, bad_query_number, lead_management};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::{NoLeadMatches, UnknownList};
use crate::vendors::maxcontact::wire::body::{self, Sent, Unreadable};
use crate::web::diagnosis::body::diagnose;
use crate::web::diagnosis::report::{self as diagnosis, Wanted};
use crate::web::message::Request;

/// Adds a lead with its phones.
pub(crate) fn add_lead(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let request = asked.call.request;
        let media_type = request.media_type();
        let sent = body::lead(media_type.as_deref(), &request.body)
            .map_err(|unreadable| no_lead(request, unreadable))?;
        check_lead(cx, &sent.lead).map_err(|stop| explained(stop, &sent))?;
        let id = floor::new_lead(cx, &sent.lead)?;
        if !sent.passed_over.is_empty() {
            cx.effect(format!("lead {id}: {}", passed_over(&sent)));
        }
        Ok(())
    })
}

/// The members of a lead that clients send.
const KNOWN: &[&str] = &["ListID", "LeadPhones", "Name", "Name2", "ReferenceID"];

/// Why a body is no lead: what its bytes show, else what was said about them.
fn no_lead(request: &Request, unreadable: Unreadable) -> Stop {
    let is_xml = matches!(request.media_type().as_deref(), Some("application/xml" | "text/xml"));
    let wanted = if is_xml { Wanted::Xml } else { Wanted::JsonObject };
    let takes = [Wanted::JsonObject, Wanted::Xml];
    let asked = diagnosis::Asked::new(wanted).taking(&takes).knowing(KNOWN).refused();
    let expected = "a lead as JSON or XML";
    let (found, hint) = match unreadable {
        Unreadable::Member(found) => {
            return Stop::no(&BODY, &[], expected, found, "the member is an int");
        }
        Unreadable::Bytes(found) => (found, "send one lead, as {…} or as an element with members"),
        Unreadable::MediaType(found) => (found, "send application/json or application/xml"),
    };
    match diagnose(&diagnosed_body(request), &asked) {
        Some(diagnosis) => Stop::diagnosed(&BODY, diagnosis),
        None => Stop::no(&BODY, &[], expected, found, hint),
    }
}

/// A request's body and what its headers say about it.
pub(crate) fn diagnosed_body(request: &Request) -> diagnosis::Body<'_> {
    diagnosis::Body {
        bytes: &request.body,
        content_type: request.header(&header::CONTENT_TYPE),
        content_encoding: request.header(&header::CONTENT_ENCODING),
    }
}

/// A refusal that may come of members which the platform did not see.
fn explained(stop: Stop, sent: &Sent) -> Stop {
    match stop {
        Stop::No(no) if !sent.passed_over.is_empty() => {
            Stop::No(Box::new(no.with_hint(passed_over(sent))))
        }
        other => other,
    }
}

fn passed_over(sent: &Sent) -> String {
    let names = sent.passed_over.join(", ");
    format!(
        "{names} passed over; in XML members stand in ordinal order, as Cost, LeadPhones, ListID, Name"
    )
}

/// Stops where a lead has no phone, a phone has no number, or the list is not there.
pub(crate) fn check_lead(cx: &Cx<'_>, lead: &NewLead) -> Result<(), Stop> {
    if lead.phones.is_empty() {
        let hint = "a lead needs at least one phone: LeadPhones, each with a PhoneNum";
        let fills: &[(&str, &dyn std::fmt::Display)] = &[("name", &"LeadPhones")];
        return Err(Stop::no(&PARAM, fills, "LeadPhones with a phone", "none", hint));
    }
    for phone in &lead.phones {
        check_number(&phone.number)?;
    }
    check_list(cx, "ListID", lead.list_id)
}

/// Stops where there is no such list, unless that is not looked at.
pub(crate) fn check_list(cx: &Cx<'_>, name: &'static str, list_id: i64) -> Result<(), Stop> {
    let taken = cx.variant::<UnknownList>() == UnknownList::Taken;
    if taken || store::has_list(cx.db(), list_id)? {
        return Ok(());
    }
    let found = match list_id {
        0 => format!("no {name}"),
        id => format!("list {id}"),
    };
    let hint = "seed the list in [maxcontact] lists, or set unknown_list";
    let fills: &[(&str, &dyn std::fmt::Display)] = &[("name", &name)];
    Err(Stop::no(&PARAM, fills, format!("{name}: the id of a list"), found, hint))
}

/// Takes leads with a number out of dialling. What `Scope` can be is not known: it is taken and
/// changes nothing.
pub(crate) fn deactivate_lead_by_phone(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let leads = by_number(cx, asked)?;
        each(cx, &leads, "deactivated", |cx, id| {
            store::set_lead_status(&cx.tx(), id, LeadStatus::Inactive)
        })
    })
}

/// Takes leads with a reference out of dialling.
pub(crate) fn deactivate_lead_by_ref_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let leads = by_reference(cx, asked, "listID")?;
        each(cx, &leads, "deactivated", |cx, id| {
            store::set_lead_status(&cx.tx(), id, LeadStatus::Inactive)
        })
    })
}

/// Takes one lead out of dialling.
pub(crate) fn deactivate_lead_id(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let leads = by_id(cx, asked.path_long("leadId")?)?;
        each(cx, &leads, "deactivated", |cx, id| {
            store::set_lead_status(&cx.tx(), id, LeadStatus::Inactive)
        })
    })
}

/// Puts a number on the do-not-call list, for the leads that have it.
pub(crate) fn dnc_lead_phone_number(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let number = asked.path_text("phoneNumber");
        let categories = asked.query("dnccategories").unwrap_or_default();
        let leads = by_number(cx, asked)?;
        each(cx, &leads, "not to be called on this number", |cx, id| {
            store::set_phone_dnc(&cx.tx(), id, Some(number), Some(&categories))
        })
    })
}

/// Puts a lead on the do-not-call list.
pub(crate) fn dnc_lead_id(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let leads = by_id(cx, asked.path_long("leadId")?)?;
        each(cx, &leads, "not to be called", |cx, id| {
            store::set_lead_status(&cx.tx(), id, LeadStatus::Dnc)?;
            store::set_phone_dnc(&cx.tx(), id, None, Some(""))
        })
    })
}

/// Puts leads with a number back into dialling.
pub(crate) fn reactivate_lead_by_phone(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let with_dnc = query_bool(asked, "reactivateDnc")?;
        let leads = by_number(cx, asked)?;
        reactivate(cx, &leads, with_dnc)
    })
}

/// Puts one lead back into dialling. The vendor prints the path as `{leadId}&reactivateDnc=…`; that
/// is taken, and so is a question mark.
pub(crate) fn reactivate_lead_by_lead_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let text = asked.path_text("leadId");
        let (id, rest) = text.split_once('&').unwrap_or((text, ""));
        let in_path = rest.split('&').filter_map(|pair| pair.split_once('='));
        let in_path = in_path
            .filter(|(name, _)| name.eq_ignore_ascii_case("reactivateDnc"))
            .map(|(_, value)| value)
            .next();
        let with_dnc = match in_path {
            Some(value) => read_bool("reactivateDnc", value)?,
            None => query_bool(asked, "reactivateDnc")?,
        };
        // The variable without what was printed behind it.
        let id = if rest.is_empty() { asked.path_long("leadId")? } else { long(id)? };
        let leads = by_id(cx, id)?;
        reactivate(cx, &leads, with_dnc)
    })
}

fn long(text: &str) -> Result<i64, Stop> {
    crate::vendors::maxcontact::model::parse_long(text)
        .ok_or_else(|| bad_query_number("leadId", text, "long"))
}

/// Puts leads with a reference back into dialling. `LeadBy` stands twice in its name, as printed.
pub(crate) fn reactivate_lead_by_lead_by_ref_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let with_dnc = query_bool(asked, "reactivateDnc")?;
        let leads = by_reference(cx, asked, "listID")?;
        reactivate(cx, &leads, with_dnc)
    })
}

/// Moves leads with a reference to another list.
pub(crate) fn move_lead_by_ref_id(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    lead_management(cx, call, |cx, asked| {
        let new_list_id = query_list(asked, "newListID")?;
        let resets = query_bool(asked, "resetAttempts")?;
        let updates_final = query_bool(asked, "updateFinal")?;
        let final_code = asked.query("finalCode").unwrap_or_default();
        check_list(cx, "newListID", new_list_id)?;
        let leads = by_reference(cx, asked, "oldListID")?;
        let what = format!("moved to list {new_list_id}");
        each(cx, &leads, &what, |cx, id| {
            store::move_lead(&cx.tx(), id, new_list_id)?;
            if resets {
                store::reset_attempts(&cx.tx(), id)?;
            }
            if updates_final {
                store::set_final_code(&cx.tx(), id, &final_code)?;
            }
            Ok(())
        })
    })
}

/// Leads on the do-not-call list stay on it unless that is asked for.
fn reactivate(cx: &mut Cx<'_>, leads: &[i64], with_dnc: bool) -> Result<(), Stop> {
    for id in leads {
        let is_dnc = store::lead_status(cx.db(), *id)? == Some(LeadStatus::Dnc);
        if is_dnc && !with_dnc {
            cx.effect(format!("lead {id} stays on the do-not-call list"));
            continue;
        }
        store::set_lead_status(&cx.tx(), *id, LeadStatus::Active)?;
        store::set_final_code(&cx.tx(), *id, "")?;
        if with_dnc {
            store::set_phone_dnc(&cx.tx(), *id, None, None)?;
        }
        cx.effect(format!("lead {id} reactivated"));
    }
    Ok(())
}

fn each(
    cx: &mut Cx<'_>,
    leads: &[i64],
    what: &str,
    mut work: impl FnMut(&mut Cx<'_>, i64) -> rusqlite::Result<()>,
) -> Result<(), Stop> {
    for id in leads {
        work(cx, *id)?;
        cx.effect(format!("lead {id} {what}"));
    }
    Ok(())
}

fn by_number(cx: &Cx<'_>, asked: &Asked<'_>) -> Result<Vec<i64>, Stop> {
    let number = asked.path_text("phoneNumber");
    let list_id = query_list(asked, "listID")?;
    check_number(number)?;
    let leads = store::leads_by_number(cx.db(), number, list_id)?;
    matched(cx, leads, "with that number", number, list_id)
}

fn by_reference(cx: &Cx<'_>, asked: &Asked<'_>, list_name: &'static str) -> Result<Vec<i64>, Stop> {
    let reference_id = asked.path_text("referenceId");
    let list_id = query_list(asked, list_name)?;
    let leads = store::leads_by_reference(cx.db(), reference_id, list_id)?;
    matched(cx, leads, "with that ReferenceID", reference_id, list_id)
}

fn by_id(cx: &Cx<'_>, id: i64) -> Result<Vec<i64>, Stop> {
    let leads = if store::has_lead(cx.db(), id)? { vec![id] } else { Vec::new() };
    matched(cx, leads, "with that id", &id.to_string(), 0)
}

fn matched(
    cx: &Cx<'_>,
    leads: Vec<i64>,
    how: &str,
    key: &str,
    list_id: i64,
) -> Result<Vec<i64>, Stop> {
    if !leads.is_empty() || cx.variant::<NoLeadMatches>() == NoLeadMatches::Ok {
        return Ok(leads);
    }
    let place = match list_id {
        0 => String::new(),
        id => format!(" in list {id}"),
    };
    let hint = "the table leads shows ids, references and lists";
    let expected = format!("a lead {how}{place}");
    Err(Stop::no(&LEAD, &[("id", &key)], expected, format!("none with {key:?}"), hint))
}

/// A list of the query; 0 where it was left out or is empty, as the vendor's own line prints them.
fn query_list(asked: &Asked<'_>, name: &'static str) -> Result<i64, Stop> {
    match asked.query(name).as_deref() {
        None | Some("") => Ok(0),
        Some(text) => parse_int(text).ok_or_else(|| asked.bad_query(name, text, "int")),
    }
}

fn query_bool(asked: &Asked<'_>, name: &'static str) -> Result<bool, Stop> {
    match asked.query(name).as_deref() {
        None | Some("") => Ok(false),
        Some(text) => parse_bool(text).ok_or_else(|| asked.bad_query(name, text, "true or false")),
    }
}

fn read_bool(name: &'static str, text: &str) -> Result<bool, Stop> {
    parse_bool(text).ok_or_else(|| bad_query_number(name, text, "true or false"))
}
