//! Reading campaigns.

use http::StatusCode;

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::jtel::ops::enter::{no_campaign, path_id, run};
use crate::vendors::jtel::store;
use crate::vendors::jtel::wire::{self, Records};

/// Lists the campaigns of the client account by name.
///
/// Source: jtel 2.2 row 14.
pub(crate) fn list_campaigns(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let (mut records, dates) = (Records::new(wire::LIST_HEAD), cx.variant());
        store::each_campaign(cx.db(), client_id, |row| wire::campaign(records.next(), row, dates))?;
        Ok(wire::respond(cx, StatusCode::OK, records.finish(wire::list_tail)))
    })
}

/// One campaign.
///
/// Source: jtel 2.2 row 15.
pub(crate) fn get_campaign(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let (id, dates) = (path_id(call), cx.variant());
        let mut records = Records::new(wire::RECORDS_HEAD);
        if let Some(id) = id {
            store::campaign(cx.db(), client_id, id, |row| {
                wire::campaign(records.next(), row, dates)
            })?;
        }
        if records.is_empty() {
            return Err(no_campaign(cx, client_id, id)?);
        }
        Ok(wire::respond(cx, StatusCode::OK, records.finish(wire::records_tail)))
    })
}
