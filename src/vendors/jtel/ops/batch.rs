//! Reading many contacts at once, with result code and history.

use std::collections::BTreeSet;

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::fields::{FIRST_FIELD, RESULT_CODE};
use crate::vendors::jtel::ops::enter::{body, integer_parameter, reply};
use crate::vendors::jtel::ops::lists::{self, LISTS};
use crate::vendors::jtel::ops::missing::Missing;
use crate::vendors::jtel::store::history::{Asked, Whose};
use crate::vendors::jtel::store::{self, contact, history};
use crate::vendors::jtel::variants::{BatchEmpty, HistoryOrder};
use crate::vendors::jtel::wire::{self, Form, Records};

/// The contacts of two lists, each once, by ID. What is not there is silently missing.
///
/// Source: jtel 2.1 row 13, 3.4, 4.11.
pub(crate) fn get_contacts_batch(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    reply(cx, call, |cx, client_id| {
        let language = integer_parameter(call, "languagesID")?;
        let body = match body(cx, call, LISTS) {
            Ok(body) => body,
            Err(stop) => return Err(lists::other_body(call, stop)),
        };
        let user_data = lists::user_data(body)?;
        let asked_ids = lists::ids(body)?;
        if user_data.is_empty()
            && asked_ids.is_empty()
            && cx.variant::<BatchEmpty>() == BatchEmpty::Refuse
        {
            return Err(lists::neither(call, body));
        }
        if let Some(language) = language
            && !store::has_language(cx.db(), language)?
        {
            cx.effect(format!(
                "languagesID {language}: no result code has a text in it; each comes in its campaign's \
                 language, or else in the first that it has"
            ));
        }
        let mut missing = Missing::default();
        let mut ids: BTreeSet<i64> = BTreeSet::new();
        for id in asked_ids {
            if contact::owner(cx.db(), id)? == Some(client_id) {
                ids.insert(id);
            } else {
                missing.id(cx, client_id, id)?;
            }
        }
        for text in user_data {
            let found = contact::ids(cx.db(), client_id, text, None)?;
            if found.is_empty() {
                missing.user_data(cx, client_id, text)?;
            }
            ids.extend(found);
        }
        let form = Form::of(cx);
        let mut records = Records::new(wire::RECORDS_HEAD);
        for id in ids {
            extended(cx, client_id, id, language, &form, &mut records)?;
        }
        let body = records.finish(wire::records_tail);
        let mut reply = Reply::ok(wire::respond(cx, StatusCode::OK, body));
        reply.why = missing.why(client_id).map(Box::new);
        Ok(reply)
    })
}

/// Writes one contact with its result code and its history, where it is there.
fn extended(
    cx: &Cx<'_>,
    client_id: i64,
    id: i64,
    language: Option<i64>,
    form: &Form,
    records: &mut Records,
) -> rusqlite::Result<()> {
    let mut code_id = None;
    let found = contact::one(cx.db(), client_id, id, |row| {
        code_id = row.get(FIRST_FIELD + RESULT_CODE)?;
        wire::contact_open(records.next(), row, form)
    })?;
    if found.is_none() {
        return Ok(());
    }
    let out = records.open();
    out.extend_from_slice(br#","DiallerCampaignsResultCodes":"#);
    match code_id {
        Some(code_id) => {
            history::code(cx.db(), code_id, language, |row| wire::code(out, row))?;
        }
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(br#","DiallerContactsHistory":["#);
    let newest_first = cx.variant::<HistoryOrder>() == HistoryOrder::NewestFirst;
    let asked = Asked { client_id, whose: Whose::Contact(id), language, newest_first };
    let mut is_first = true;
    history::each(cx.db(), &asked, |row| {
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        wire::entry(out, row, form.dates)
    })?;
    out.extend_from_slice(b"]}");
    Ok(())
}
