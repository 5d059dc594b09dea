//! Lead management: deactivate, reactivate, do not call, move.
//!
//! Paths, verbs and names are documented; what the answers hold beside `Success`, and what happens
//! where nothing matches, is not.
//!
//! Source: maxcontact 2.4.

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::Stop;
use crate::vendors::maxcontact::model::{LeadStatus, parse_bool, parse_int};
use crate::vendors::maxcontact::ops::agent::check_number;
use crate::vendors::maxcontact::ops::enter::{Asked, bad_query_number, lead_management};
use crate::vendors::maxcontact::ops::no_match::{By, check_list, matched};
use crate::vendors::maxcontact::store;

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
        let leads = by_id(cx, asked.path_long("leadId")?, asked.path_text("leadId"))?;
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
        let leads = by_id(cx, asked.path_long("leadId")?, asked.path_text("leadId"))?;
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
        let leads = by_id(cx, id, text)?;
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
        check_list(cx, "newListID", new_list_id).map_err(|stop| match (stop, new_list_id) {
            (Stop::No(no), 0) => {
                let (found, renamed) = asked.absent("newListID");
                match renamed {
                    Some(hint) => Stop::No(Box::new(no.with_found(found, hint))),
                    None => Stop::No(no),
                }
            }
            (stop, _) => stop,
        })?;
        let leads = by_reference(cx, asked, "oldListID")?;
        if updates_final
            && !final_code.is_empty()
            && store::code_rules(cx.db(), &final_code)?.is_none()
        {
            let shown = excerpt(&final_code, CODE_CHARS_MAX);
            cx.effect(format!(
                "finalCode {shown} is no result code of this world; it is set all the same"
            ));
        }
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

/// Characters of a result code that an effect shows.
const CODE_CHARS_MAX: usize = 40;

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
    matched(cx, leads, By::Number, number, list_id)
}

fn by_reference(cx: &Cx<'_>, asked: &Asked<'_>, list_name: &'static str) -> Result<Vec<i64>, Stop> {
    let reference_id = asked.path_text("referenceId");
    let list_id = query_list(asked, list_name)?;
    let leads = store::leads_by_reference(cx.db(), reference_id, list_id)?;
    matched(cx, leads, By::Reference, reference_id, list_id)
}

fn by_id(cx: &Cx<'_>, id: i64, sent: &str) -> Result<Vec<i64>, Stop> {
    let leads = if store::has_lead(cx.db(), id)? { vec![id] } else { Vec::new() };
    matched(cx, leads, By::Id, sent, 0)
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
