//! getAgents.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::infocu5::errors::{Function, NO_AGENTS, Stop};
use crate::vendors::infocu5::ops::enter::{Entered, run, show_all};
use crate::vendors::infocu5::{store, wire};
use crate::web::message::Response;

/// Lists the current agents: the affiliate's own, or with `showAll` also those that it may interact
/// with.
///
/// Source: infocu5 2, 4.7.
pub(crate) fn get_agents(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, Function::Agents, list)
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Response, Stop> {
    let show_all = show_all(cx, entered.body)?;
    let agents = store::agents(cx.db(), entered.affiliate_id, show_all)?;
    if agents.is_empty() {
        let unlisted = store::unlisted_agents(cx.db(), entered.affiliate_id)?;
        return Err(nothing("agent", &NO_AGENTS, entered, show_all, unlisted));
    }
    Ok(wire::agents(cx, &agents))
}

/// Why a list of agents or campaigns is empty.
pub(crate) fn nothing(
    what: &str,
    refusal: &'static crate::contract::reply::Refusal,
    entered: &Entered<'_>,
    show_all: bool,
    unlisted: store::Unlisted,
) -> Stop {
    let id = entered.affiliate_id;
    let shared = if show_all { "or shared with it" } else { "itself" };
    let expected = format!("a current {what} of {id} {shared}");
    let found = format!(
        "{} of its own that are not current, {} of other affiliates",
        unlisted.n_inactive, unlisted.n_foreign
    );
    let hint = match (show_all, unlisted.n_foreign) {
        (false, 1..) => "showAll \"y\" would add those that other affiliates share with it",
        _ => "this is an answer, not a mistake, where the world holds none",
    };
    Stop::no(refusal, expected, found, hint)
}
