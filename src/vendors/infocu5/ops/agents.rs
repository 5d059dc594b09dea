//! getAgents.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal, Reply};
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
    let show_all = show_all(cx, entered)?;
    let agents = store::agents(cx.db(), entered.affiliate_id, show_all)?;
    if agents.is_empty() {
        let unlisted = store::unlisted_agents(cx.db(), entered.affiliate_id)?;
        let n_shared = store::agents(cx.db(), entered.affiliate_id, true)?.len();
        let nothing = Nothing { what: "agent", event: "set_agent_active", unlisted, n_shared };
        return Err(nothing.stop(&NO_AGENTS, entered, show_all));
    }
    Ok(wire::agents(cx, &agents))
}

/// Why a list of agents or campaigns is empty.
pub(crate) struct Nothing {
    pub(crate) what: &'static str,
    /// The event that makes one current again.
    pub(crate) event: &'static str,
    pub(crate) unlisted: store::Unlisted,
    /// How many there are with `showAll`.
    pub(crate) n_shared: usize,
}

impl Nothing {
    pub(crate) fn stop(
        &self,
        refusal: &'static Refusal,
        entered: &Entered<'_>,
        show_all: bool,
    ) -> Stop {
        let Nothing { what, event, unlisted, n_shared } = self;
        let id = entered.affiliate_id;
        let shared = if show_all { "or shared with it" } else { "itself" };
        let expected = format!("a current {what} of {id} {shared}");
        let of_others = match (unlisted.n_foreign, n_shared) {
            (0, _) => "none of other affiliates".to_owned(),
            (n_foreign, 0) => format!("{n_foreign} of other affiliates, none shared with it"),
            (n_foreign, n) => format!("{n_foreign} of other affiliates, {n} shared with it"),
        };
        let found = format!("{} of its own that are not current, {of_others}", unlisted.n_inactive);
        let hint = if !show_all && *n_shared > 0 {
            "showAll \"y\" adds those that other affiliates share with it".to_owned()
        } else if unlisted.n_inactive > 0 {
            format!("only current ones are listed; here the event {event} makes one current again")
        } else {
            format!("this is an answer, not a mistake: {id} has no {what} in this world")
        };
        Stop::no(refusal, expected, found, hint)
    }
}
