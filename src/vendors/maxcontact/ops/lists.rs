//! campaigns, users, resultcodes, acdqueues: answered in every state of the agent.

use super::super::store;
use super::super::wire::entities::Data;
use super::enter::telephony;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};

/// The setting for when the world began: dates that the scenario does not name.
pub(in super::super) const BEGAN: &str = "began_ms";

/// Lists all campaigns of the system.
///
/// Source: maxcontact 2.2, 3.7.
pub(in super::super) fn list_campaigns(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::campaigns(cx.db(), began_ms(cx)?)?)))
}

fn began_ms(cx: &Cx<'_>) -> rusqlite::Result<i64> {
    Ok(store::setting_ms(cx.db(), BEGAN)?.unwrap_or(cx.now_ms()))
}

/// Lists all agents. The token's own login is none of them.
///
/// Source: maxcontact 2.2, 3.3.
pub(in super::super) fn list_users(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::users(cx.db())?)))
}

/// Lists all result codes.
///
/// Source: maxcontact 2.2, 3.5.
pub(in super::super) fn list_result_codes(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::result_codes(cx.db())?)))
}

/// Lists the skill queues.
///
/// Source: maxcontact 2.2, 3.6.
pub(in super::super) fn list_acd_queues(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    telephony(cx, call, |cx, _, _| Ok(Data::many(store::queues(cx.db(), began_ms(cx)?)?)))
}
