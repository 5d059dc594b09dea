//! Reading contacts.

use std::io;
use std::ops::ControlFlow;

use http::StatusCode;
use rusqlite::Connection;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply, Rows};
use crate::vendors::jtel::errors::{BAD_PARAMETER, Stop, told};
use crate::vendors::jtel::ops::enter::{
    in_database_order, integer_parameter, no_campaign, no_contact, path_id, reply, run,
};
use crate::vendors::jtel::ops::user_data::{no_user_data, user_data};
use crate::vendors::jtel::store;
use crate::vendors::jtel::store::contact::{self, Listed, New};
use crate::vendors::jtel::variants::{UnknownCampaign, UserDataNoMatch};
use crate::vendors::jtel::wire::{self, Form, Records};
use crate::web::message::Response;

/// Longest list that goes out whole; a longer one is written while it is sent. Small enough that
/// nobody waits for it, and it stands in the journal.
const WHOLE_BYTES_MAX: usize = 256 * 1024;

/// Lists the contacts of a campaign, or of the client account, by name.
///
/// Source: jtel 2.1 row 1, 4.10.
pub(crate) fn list_contacts(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    reply(cx, call, |cx, client_id| {
        campaign_by_its_name(cx, call, client_id)?;
        let listed = match integer_parameter(call, CAMPAIGN)? {
            None => Listed::Client(client_id),
            Some(id) if store::has_campaign(cx.db(), client_id, id)? => Listed::Campaign(id),
            Some(id) => match cx.variant() {
                UnknownCampaign::NotFound => return Err(no_campaign(cx, client_id, Some(id))?),
                UnknownCampaign::EmptyList => {
                    let body = Records::new(wire::LIST_HEAD).finish(wire::list_tail);
                    let reply = Reply::ok(wire::respond(cx, StatusCode::OK, body));
                    return told(reply, no_campaign(cx, client_id, Some(id))?);
                }
            },
        };
        let long = LongList { listed, form: Form::of(cx) };
        let mut records = Records::new(wire::LIST_HEAD);
        let is_whole = contact::each::<rusqlite::Error>(cx.db(), listed, |row| {
            wire::contact(records.next(), row, &long.form)?;
            let is_long = records.n_bytes() > WHOLE_BYTES_MAX;
            let goes_on = if is_long { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            Ok(goes_on)
        })?;
        if is_whole {
            let body = records.finish(wire::list_tail);
            return Ok(Reply::ok(wire::respond(cx, StatusCode::OK, body)));
        }
        Ok(Reply::streamed(wire::respond(cx, StatusCode::OK, ""), long))
    })
}

/// The parameter that picks a campaign's contacts.
const CAMPAIGN: &str = "diallerCampaignsID";

/// Refuses a campaign's name where its ID belongs, with that ID; all else is for others to refuse.
fn campaign_by_its_name(cx: &Cx<'_>, call: &Call<'_>, client_id: i64) -> Result<(), Stop> {
    let sent = call.params.query.first(CAMPAIGN).unwrap_or_default();
    if sent.is_empty() || sent.parse::<i64>().is_ok() {
        return Ok(());
    }
    let Some(id) = store::campaign_by_name(cx.db(), client_id, sent)? else { return Ok(()) };
    let expected = format!("{CAMPAIGN}: an integer");
    let found = format!("{sent:?}, the name of campaign {id}");
    Err(Stop::of(CAMPAIGN, &BAD_PARAMETER, expected, found, format!("send its ID: {id}")))
}

/// A list of contacts on its way out, row by row.
#[derive(Debug)]
struct LongList {
    listed: Listed,
    form: Form,
}

impl Rows for LongList {
    fn write(
        self: Box<Self>,
        db: &Connection,
        out: &mut dyn io::Write,
    ) -> Result<(), InternalError> {
        out.write_all(wire::LIST_HEAD.as_bytes())?;
        let mut record = Vec::with_capacity(RECORD_BYTES);
        let mut count = 0;
        contact::each::<InternalError>(db, self.listed, |row| {
            record.clear();
            if count > 0 {
                record.push(b',');
            }
            count += 1;
            wire::contact(&mut record, row, &self.form)?;
            out.write_all(&record)?;
            Ok(ControlFlow::Continue(()))
        })?;
        record.clear();
        wire::list_tail(&mut record, count);
        out.write_all(&record)?;
        Ok(())
    }
}

/// About the size of one contact on the wire.
const RECORD_BYTES: usize = 4096;

/// One contact.
///
/// Source: jtel 2.1 row 2, 4.9.
pub(crate) fn get_contact(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let id = path_id(call);
        let shown = id.map(|id| one(cx, client_id, id)).transpose()?.flatten();
        match shown {
            Some(response) => Ok(response),
            None => Err(no_contact(cx, client_id, id)?),
        }
    })
}

/// One contact as `RECORDS`.
pub(crate) fn one(cx: &Cx<'_>, client_id: i64, id: i64) -> rusqlite::Result<Option<Response>> {
    let form = Form::of(cx);
    let mut records = Records::new(wire::RECORDS_HEAD);
    let found =
        contact::one(cx.db(), client_id, id, |row| wire::contact(records.next(), row, &form))?;
    Ok(found.map(|()| wire::respond(cx, StatusCode::OK, records.finish(wire::records_tail))))
}

/// A contact as `RECORDS` that was written just now: what `one` gives, without reading it back.
pub(crate) fn written(cx: &Cx<'_>, client_id: i64, new: &New) -> rusqlite::Result<Response> {
    let form = Form::of(cx);
    let mut records = Records::new(wire::RECORDS_HEAD);
    wire::contact_of(records.next(), (new.id, new.campaign_id), &new.values, &form)?;
    let response = wire::respond(cx, StatusCode::OK, records.finish(wire::records_tail));
    if cfg!(debug_assertions) {
        let read = one(cx, client_id, new.id)?.map(|response| response.body);
        assert_eq!(read.as_ref(), Some(&response.body), "what was written reads otherwise");
    }
    Ok(response)
}

/// All contacts with a `UserData`.
///
/// Source: jtel 2.1 row 3, 4.2, 4.3.
pub(crate) fn find_contacts_by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    reply(cx, call, |cx, client_id| {
        let user_data = user_data(call)?;
        let mut ids = contact::ids(cx.db(), client_id, user_data, None)?;
        if ids.is_empty() {
            let no = no_user_data(cx, call, client_id, user_data)?;
            if cx.variant::<UserDataNoMatch>() == UserDataNoMatch::NotFound {
                return Err(no);
            }
            let body = Records::new(wire::RECORDS_HEAD).finish(wire::records_tail);
            return told(Reply::ok(wire::respond(cx, StatusCode::OK, body)), no);
        }
        in_database_order(cx, user_data, &mut ids);
        let form = Form::of(cx);
        let mut records = Records::new(wire::RECORDS_HEAD);
        for id in ids {
            contact::one(cx.db(), client_id, id, |row| wire::contact(records.next(), row, &form))?;
        }
        let body = records.finish(wire::records_tail);
        Ok(Reply::ok(wire::respond(cx, StatusCode::OK, body)))
    })
}
