//! The history of contacts.

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::errors::{NO_CONTACT, Stop};
use crate::vendors::jtel::ops::enter::{no_contact, path_id, run};
use crate::vendors::jtel::ops::user_data::{no_user_data, user_data};
use crate::vendors::jtel::store::contact;
use crate::vendors::jtel::store::history::{self, Asked, Whose};
use crate::vendors::jtel::variants::{HistoryEmpty, HistoryOrder};
use crate::vendors::jtel::wire::{self, Records};
use crate::web::message::Response;

/// The history of one contact.
///
/// Source: jtel 2.1 row 11, 3.5, 4.8.
pub(crate) fn get_history_by_id(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let id = path_id(call);
        let is_there = match id {
            Some(id) => contact::owner(cx.db(), id)? == Some(client_id),
            None => false,
        };
        match id.filter(|_| is_there) {
            Some(id) => shown(cx, client_id, Whose::Contact(id)),
            None => Err(no_contact(cx, client_id, id)?),
        }
    })
}

/// The history of all contacts with a `UserData`.
///
/// Source: jtel 2.1 row 12, 4.2, 4.8.
pub(crate) fn get_history_by_user_data(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let user_data = user_data(call)?;
        if contact::ids(cx.db(), client_id, user_data, None)?.is_empty() {
            return Err(no_user_data(cx, call, client_id, user_data)?);
        }
        shown(cx, client_id, Whose::UserData(user_data))
    })
}

fn shown(cx: &Cx<'_>, client_id: i64, whose: Whose<'_>) -> Result<Response, Stop> {
    let newest_first = cx.variant::<HistoryOrder>() == HistoryOrder::NewestFirst;
    let asked = Asked { client_id, whose, language: None, newest_first };
    let (mut records, dates) = (Records::new(wire::RECORDS_HEAD), cx.variant());
    history::each(cx.db(), &asked, |row| wire::entry(records.next(), row, dates))?;
    if records.is_empty() && cx.variant::<HistoryEmpty>() == HistoryEmpty::NotFound {
        let hint = "the contact is there; the switch history_empty asks for 404 all the same";
        return Err(Stop::no(&NO_CONTACT, "a contact with a call", "a contact without", hint));
    }
    Ok(wire::respond(cx, StatusCode::OK, records.finish(wire::records_tail)))
}
