//! `autodialer_change_campaign_status`.

use crate::base::planted::{self, Fault as Planted};
use crate::base::text::counted;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Refusal, Reply};
use crate::vendors::mor::errors::{
    START_ACTIONS, START_BALANCE, START_BLOCKED, START_CREDIT, START_NUMBERS, Stop,
};
use crate::vendors::mor::method::CHANGE_STATUS;
use crate::vendors::mor::model::{Campaign, NoStart};
use crate::vendors::mor::ops::enter::{Entered, run};
use crate::vendors::mor::store::{campaigns, numbers};
use crate::vendors::mor::{dialler, wire};

/// Starts a campaign that stands, stops one that runs: there is no target state, so the same
/// request twice undoes itself.
///
/// Source: mor 2.3, 4.1 to 4.3.
pub(crate) fn change_campaign_status(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, &CHANGE_STATUS, toggle)
}

fn toggle(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Vec<u8>, Stop> {
    let campaign = &entered.campaign;
    if campaign.running {
        dialler::stop(cx, campaign.id)?;
        return Ok(wire::page("success", "Campaign stopped"));
    }
    let blocked = |it: &NoStart| matches!(it, NoStart::Blocked);
    let passes = |it: &NoStart| blocked(it) && planted::is(Planted::BlockedUserStarts);
    if let Some(reason) = campaigns::check_start(cx.db(), campaign)?.filter(|it| !passes(it)) {
        let n_numbers = numbers::count_numbers(cx.db(), campaign.id)?;
        return Err(no_start(campaign, reason, n_numbers));
    }
    dialler::start(cx, campaign.id, &entered.settings)?;
    Ok(wire::page("success", "Campaign started"))
}

fn no_start(campaign: &Campaign, reason: NoStart, n_numbers: i64) -> Stop {
    let (id, user) = (campaign.id, &campaign.username);
    let of_user = |refusal, expected: &str, found: &str, hint: &str| {
        (refusal, format!("user {user:?} {expected}"), found.to_owned(), hint.to_owned())
    };
    let of_campaign = |refusal, expected: &str, found: &str, hint: &str| {
        (refusal, format!("campaign {id} {expected}"), found.to_owned(), hint.to_owned())
    };
    let (refusal, expected, found, hint): (&'static Refusal, _, _, _) = match reason {
        NoStart::Blocked => of_user(
            &START_BLOCKED,
            "who is not blocked",
            "the user is blocked",
            "it comes as message, not as error; the event block_user lets the user in again with \
             blocked = false",
        ),
        NoStart::EmptyBalance => of_user(
            &START_BALANCE,
            "with a balance, being prepaid",
            "the balance is not above zero",
            "it comes as message, not as error; top up with the event set_user",
        ),
        NoStart::NoCredit => of_user(
            &START_CREDIT,
            "with credit left, being postpaid",
            "balance and credit together are not above zero",
            "it comes as message, not as error; a credit of -1 is unlimited",
        ),
        NoStart::NoNumbers if n_numbers == 0 => of_campaign(
            &START_NUMBERS,
            "with a free number",
            "it has no number at all",
            "it comes as message, not as error; upload numbers first",
        ),
        NoStart::NoNumbers => of_campaign(
            &START_NUMBERS,
            "with a free number",
            &format!(
                "none of its {} is new: each was dialled",
                counted(n_numbers, "number", "numbers")
            ),
            "it comes as message, not as error; upload more, or free some with the event \
             reactivate_number or redial_failed",
        ),
        NoStart::NoActions => of_campaign(
            &START_ACTIONS,
            "with an action",
            "it has none",
            "it comes as message, not as error; actions come from the scenario",
        ),
    };
    let mut stop = Stop::no(refusal, expected, found, hint);
    if let Stop::No(no) = &mut stop {
        no.filled = Some(campaign.name.clone());
    }
    stop
}
