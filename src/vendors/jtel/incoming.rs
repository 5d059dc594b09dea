//! A contact calls by himself or herself, which closes the contact where the campaign says so.

use crate::contract::cx::Cx;
use crate::vendors::jtel::model::Code;
use crate::vendors::jtel::store as codes;
use crate::vendors::jtel::store::dialler::{self as store, Dialling, Settled};
use crate::vendors::jtel::store::history::{self, Entry};
use crate::vendors::jtel::timers::{
    FIRST_CALL_ID, FIRST_HISTORY_ID, Recorded, in_words, look_at, settle_with,
};

/// A contact calls. Where the campaign closes such contacts, its incoming code is recorded; one that
/// is closed with a final code stays so, and only the call is. Answers whether it was open.
pub(crate) fn incoming(
    cx: &mut Cx<'_>,
    contact_id: i64,
    campaign: &Dialling,
    number: &str,
) -> rusqlite::Result<bool> {
    if let Some(code) = store::closing_code(cx.db(), contact_id)? {
        record_incoming(cx, contact_id, number, None)?;
        cx.effect(format!(
            "contact {contact_id} called from {number} and stays closed with result code {code}"
        ));
        return Ok(false);
    }
    let code = campaign.incoming_code.map(|id| codes::code(cx.db(), id)).transpose()?.flatten();
    let again = |code: &Code| cx.now().checked_add(code.delay);
    let settled = match code {
        Some(code) => settle_with(&Recorded { again: again(&code), code }),
        None => Settled::default(),
    };
    record_incoming(cx, contact_id, number, settled.result_code)?;
    store::settle(&cx.tx(), contact_id, settled)?;
    cx.effect(format!("contact {contact_id} called from {number} and {}", in_words(settled)));
    if let Some(due) = settled.due {
        look_at(cx, campaign.id, due)?;
    }
    Ok(true)
}

/// The history's entry for a call of a contact.
fn record_incoming(
    cx: &Cx<'_>,
    contact_id: i64,
    number: &str,
    result_code: Option<i64>,
) -> rusqlite::Result<()> {
    let id = cx.next_count("history", FIRST_HISTORY_ID)?;
    let call_id = cx.next_count("call", FIRST_CALL_ID)?;
    history::insert(
        &cx.tx(),
        &Entry {
            id,
            contact_id,
            at: cx.now(),
            result_code,
            call_id: Some(call_id),
            outbound: false,
            users_id: None,
            number: Some(number),
            end: Some(cx.now()),
        },
    )
}
