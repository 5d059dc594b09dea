//! leadphones, changelead, createnewlead.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::errors::{LEAD_PHONE, Stop};
use crate::vendors::maxcontact::model::machine::CallCommand;
use crate::vendors::maxcontact::ops::agent::{
    call_id, check_number, known_lead, lead_with, no_lead,
};
use crate::vendors::maxcontact::ops::call::{after, allowed, own_call};
use crate::vendors::maxcontact::ops::enter::{logged_in, telephony};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::{LeadphoneEmitId, UnknownLeadPhones};
use crate::vendors::maxcontact::wire::entities::Data;

/// Lists the phones of a lead, without their ids unless asked.
///
/// Source: maxcontact 2.2, 3.4.
pub(crate) fn list_lead_phones(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, asked, _| {
        let lead_id = asked.path_long("LeadID")?;
        if cx.variant::<UnknownLeadPhones>() == UnknownLeadPhones::Refused {
            known_lead(cx, lead_id)?;
        }
        let with_id = cx.variant::<LeadphoneEmitId>() == LeadphoneEmitId::Yes;
        let phones = store::phones_of(cx.db(), lead_id, with_id)?;
        if phones.is_empty() && !store::has_lead(cx.db(), lead_id)? {
            let hint = no_lead(cx, lead_id)?;
            cx.effect(format!("{lead_id} is the id of no lead, so the list is empty: {hint}"));
        }
        Ok(Data::many(phones))
    })
}

/// Attaches a live call to the lead that owns a lead phone. The call's number stays.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn change_lead(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, asked, user| {
        let id = call_id(asked)?;
        let phone_id = asked.path_long("LeadPhoneID")?;
        logged_in(&user)?;
        let call = own_call(cx, &user, id)?;
        allowed(&call, CallCommand::ChangeLead)?;
        let Some(lead_id) = store::lead_of_phone(cx.db(), phone_id)? else {
            let hint = no_lead_phone(cx, phone_id, asked.path_text("LeadPhoneID"))?;
            let fills: &[(&str, &dyn std::fmt::Display)] = &[("id", &phone_id)];
            let found = phone_id.to_string();
            return Err(Stop::no(&LEAD_PHONE, fills, "the id of a lead phone", found, hint));
        };
        attach(cx, id, lead_id)?;
        after(cx, id)
    })
}

/// Makes a lead with a number and attaches a live call to it.
///
/// Source: maxcontact 2.2, 4.4.
pub(crate) fn create_lead(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, asked, user| {
        let id = call_id(asked)?;
        logged_in(&user)?;
        let call = own_call(cx, &user, id)?;
        allowed(&call, CallCommand::CreateLead)?;
        let number = asked.path_text("PhoneNum");
        check_number(number)?;
        let lead_id = lead_with(cx, call.campaign_id, number)?;
        attach(cx, id, lead_id)?;
        after(cx, id)
    })
}

fn attach(cx: &mut Cx<'_>, call_id: i64, lead_id: i64) -> Result<(), Stop> {
    store::set_call_lead(&cx.tx(), call_id, lead_id)?;
    cx.effect(format!("call {call_id} attached to lead {lead_id}"));
    Ok(())
}

/// What an id is that is no lead phone's.
fn no_lead_phone(cx: &Cx<'_>, id: i64, sent: &str) -> rusqlite::Result<String> {
    let phones = |lead: i64| -> rusqlite::Result<String> {
        let phones = store::phones_of(cx.db(), lead, true)?;
        let ids = phones.iter().filter_map(|phone| phone.phone_id);
        Ok(ids.take(PHONES_SHOWN_MAX).map(|id| id.to_string()).collect::<Vec<_>>().join(", "))
    };
    if store::has_lead(cx.db(), id)? {
        return Ok(format!("{id} is a lead; its phones have the ids {}", phones(id)?));
    }
    if let Some(lead) = store::newest_lead(cx.db(), sent)? {
        return Ok(format!(
            "{sent} is a number of lead {lead}, whose phones have the ids {}",
            phones(lead)?
        ));
    }
    Ok("leadphones shows the ids with the switch leadphone_emit_id, and so does the table lead_phones"
        .into())
}

/// Phones of a lead that a reason lists.
const PHONES_SHOWN_MAX: usize = 8;
