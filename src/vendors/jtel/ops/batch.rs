//! Reading many contacts at once, with result code and history.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::base::nearest::nearest;
use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::errors::{BAD_FIELD, MISSING_FIELD, Stop};
use crate::vendors::jtel::fields::{FIRST_FIELD, RESULT_CODE};
use crate::vendors::jtel::ops::enter::{NAME_CHARS_MAX, body, integer_parameter, run};
use crate::vendors::jtel::store::history::{Asked, Whose};
use crate::vendors::jtel::store::{contact, history};
use crate::vendors::jtel::variants::{BatchEmpty, HistoryOrder};
use crate::vendors::jtel::wire::{self, Form, Records, kind};

/// The contacts of two lists, each once, by ID. What is not there is silently missing.
///
/// Source: jtel 2.1 row 13, 3.4, 4.11.
pub(crate) fn get_contacts_batch(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let language = integer_parameter(call, "languagesID")?;
        let body = body(cx, call, LISTS)?;
        let user_data = list(body, LISTS[0], "texts", Value::as_str)?;
        let asked_ids = list(body, LISTS[1], "integers", Value::as_i64)?;
        if user_data.is_empty()
            && asked_ids.is_empty()
            && cx.variant::<BatchEmpty>() == BatchEmpty::Refuse
        {
            return Err(Stop::of(
                "UserDataList or IDList",
                &MISSING_FIELD,
                "UserDataList or IDList with at least one element",
                neither(body),
                "send {\"UserDataList\": [\"…\"], \"IDList\": [1]}, either or both",
            ));
        }
        let mut ids: BTreeSet<i64> = asked_ids.into_iter().collect();
        for text in user_data {
            ids.extend(contact::ids(cx.db(), client_id, text, None)?);
        }
        let form = Form::of(cx);
        let mut records = Records::new(wire::RECORDS_HEAD);
        for id in ids {
            extended(cx, client_id, id, language, &form, &mut records)?;
        }
        Ok(wire::respond(cx, StatusCode::OK, records.finish(wire::records_tail)))
    })
}

/// The members of a batch retrieval.
const LISTS: &[&str] = &["UserDataList", "IDList"];

/// What is found where both lists are missing or empty, with the member that may be meant.
fn neither(body: &Map<String, Value>) -> String {
    let others = || body.keys().map(String::as_str).filter(|name| !LISTS.contains(name));
    match LISTS.iter().find_map(|name| nearest(name, others())) {
        Some(near) => format!("neither, but {}", excerpt(near, NAME_CHARS_MAX)),
        None => "neither".into(),
    }
}

/// A list of the body; empty where it is left out or null.
fn list<'b, T>(
    body: &'b Map<String, Value>,
    name: &'static str,
    of: &str,
    read: impl Fn(&'b Value) -> Option<T>,
) -> Result<Vec<T>, Stop> {
    let no = |found: String| {
        let hint = "IDs are numbers without quotes, UserData is text in quotes";
        Err(Stop::of(name, &BAD_FIELD, format!("{name}: an array of {of}"), found, hint))
    };
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            let mut all = Vec::with_capacity(items.len());
            for (idx, item) in items.iter().enumerate() {
                match read(item) {
                    Some(value) => all.push(value),
                    None => return no(format!("{} as element {}", kind(item), idx + 1)),
                }
            }
            Ok(all)
        }
        Some(other) => no(kind(other).to_owned()),
    }
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
