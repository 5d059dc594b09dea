//! campaigns, users, resultcodes, acdqueues: answered in every state of the agent.

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maxcontact::ops::enter::telephony;
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::wire::entities::Data;

/// Lists all campaigns of the system.
///
/// Source: maxcontact 2.2, 3.7.
pub(crate) fn list_campaigns(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::campaigns(cx.db(), began(cx)?)?)))
}

fn began(cx: &Cx<'_>) -> rusqlite::Result<Instant> {
    Ok(store::began(cx.db())?.unwrap_or(cx.now()))
}

/// Lists all agents. The token's own login is none of them.
///
/// Source: maxcontact 2.2, 3.3.
pub(crate) fn list_users(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::users(cx.db())?)))
}

/// Lists all result codes.
///
/// Source: maxcontact 2.2, 3.5.
pub(crate) fn list_result_codes(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::result_codes(cx.db())?)))
}

/// Lists the skill queues.
///
/// Source: maxcontact 2.2, 3.6.
pub(crate) fn list_acd_queues(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::queues(cx.db(), began(cx)?)?)))
}
