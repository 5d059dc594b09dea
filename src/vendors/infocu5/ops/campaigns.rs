//! getCampaigns.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::infocu5::errors::{Function, NO_CAMPAIGNS, Stop};
use crate::vendors::infocu5::ops::agents::Nothing;
use crate::vendors::infocu5::ops::enter::{Entered, run, show_all};
use crate::vendors::infocu5::{store, wire};
use crate::web::message::Response;

/// Lists the current campaigns with their lists: the affiliate's own, or with `showAll` also those
/// that it may interact with.
///
/// Source: infocu5 2, 3.3, 4.4.
pub(crate) fn get_campaigns(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, Function::Campaigns, list)
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Response, Stop> {
    let show_all = show_all(cx, entered)?;
    let campaigns = store::campaigns(cx.db(), entered.affiliate_id, show_all)?;
    if campaigns.is_empty() {
        let unlisted = store::unlisted_campaigns(cx.db(), entered.affiliate_id)?;
        let n_shared = store::campaigns(cx.db(), entered.affiliate_id, true)?.len();
        let nothing =
            Nothing { what: "campaign", event: "set_campaign_active", unlisted, n_shared };
        return Err(nothing.stop(&NO_CAMPAIGNS, entered, show_all));
    }
    Ok(wire::campaigns(cx, &campaigns))
}
