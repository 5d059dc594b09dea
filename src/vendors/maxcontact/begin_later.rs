//! A world that begins later than its seed was loaded: what the seed reckoned from then moves along.

use rusqlite::named_params;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::statements;
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::timers::{self, Traffic};

statements! {
    SHIFT_TOKENS = "
        UPDATE maxcontact_token
        SET issued_ms = MIN(issued_ms + :late_ms, :last_ms),
            expires_ms = MIN(expires_ms + :late_ms, :last_ms)";
    SHIFT_USERS = "
        UPDATE maxcontact_user SET since_ms = MIN(since_ms + :late_ms, :last_ms)";
    MOVE_LEADS = "
        UPDATE maxcontact_lead SET created_ms = :now_ms WHERE created_ms = :began_ms";
    LIST_TRAFFIC = "
        SELECT 1 AS of_campaign, id, calls_per_hour FROM maxcontact_campaign
        WHERE calls_per_hour > 0
        UNION ALL
        SELECT 0, id, calls_per_hour FROM maxcontact_queue WHERE calls_per_hour > 0
        ORDER BY of_campaign DESC, id";
}

/// Moves it on.
pub(crate) fn begin_later(cx: &mut Cx<'_>, late: Span) -> Result<(), InternalError> {
    let (tx, now) = (cx.tx(), cx.now());
    for shift in [SHIFT_TOKENS, SHIFT_USERS] {
        tx.prepare_cached(shift)?
            .execute(named_params! { ":late_ms": late, ":last_ms": Instant::MAX })?;
    }
    if let Some(began) = store::began(&tx)? {
        // Leads whose scenario names no time were made as the world began.
        let params = named_params! { ":now_ms": now, ":began_ms": began };
        tx.prepare_cached(MOVE_LEADS)?.execute(params)?;
    }
    store::set_began(&tx, now)?;
    Ok(expect_all_anew(cx)?)
}

/// Sets the times of the next calls of all sources in place of those that were expected.
pub(crate) fn expect_all_anew(cx: &mut Cx<'_>) -> rusqlite::Result<()> {
    let sources = {
        let tx = cx.tx();
        let mut statement = tx.prepare_cached(LIST_TRAFFIC)?;
        let rows = statement.query_map([], |row| {
            let id = row.get(1)?;
            let traffic = if row.get(0)? { Traffic::Campaign(id) } else { Traffic::Queue(id) };
            Ok((traffic, row.get(2)?))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    for (traffic, per_hour) in sources {
        // Arrivals are drawn for hours of the world's time, so moving the old one will not do.
        timers::expect_offer_anew(cx, traffic, per_hour)?;
    }
    Ok(())
}
