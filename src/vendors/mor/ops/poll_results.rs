//! `autodialer_get_campaign_ivr_poll_results`.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{NO_NUMBERS, Stop};
use crate::vendors::mor::method::POLL_RESULTS;
use crate::vendors::mor::model::{Caller, Settings};
use crate::vendors::mor::ops::enter::{Entered, run};
use crate::vendors::mor::store::numbers::{self, PollNumber};
use crate::vendors::mor::variants::PollColumns;
use crate::vendors::mor::wire::Poll;
use crate::vendors::mor::zone::Zone;

/// One row for each number of a campaign, dialled or not.
///
/// Source: mor 2.1, 3.4, 4.5. `order_by` and `s_reseller` are accepted and mean nothing.
pub(crate) fn get_campaign_ivr_poll_results(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, &POLL_RESULTS, list)
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Vec<u8>, Stop> {
    let (caller, campaign) = (&entered.caller, &entered.campaign);
    let columns = cx.variant::<PollColumns>();
    let zone = Zone::kept(&caller.time_zone);
    let mut poll = Poll::new(separator(caller, &entered.settings), zone);
    let number = |poll: &mut Poll<'_>, row: PollNumber<'_>| {
        poll.number(row.number);
        let times = match columns {
            PollColumns::Dialled => [row.executed, row.completed],
            PollColumns::Validity => [row.valid_from, row.valid_till],
        };
        times.into_iter().flatten().for_each(|at| poll.time(at));
    };
    numbers::each_number(cx.db(), campaign.id, &mut poll, number, |poll, at, text| {
        if columns == PollColumns::Dialled {
            poll.answer(at, text);
        }
    })?;
    if poll.is_empty() {
        return Err(no_numbers(campaign.id));
    }
    Ok(poll.into_page())
}

/// The caller's separator, else the reseller's, else the system's (mor 3.1).
pub(crate) fn separator<'s>(caller: &'s Caller, settings: &'s Settings) -> &'s str {
    let resellers = caller.reseller.as_ref().map(|reseller| reseller.csv_separator.as_str());
    [Some(caller.csv_separator.as_str()), resellers]
        .into_iter()
        .flatten()
        .find(|separator| !separator.is_empty())
        .unwrap_or(&settings.csv_separator)
}

/// Why a campaign has nothing to show.
pub(crate) fn no_numbers(campaign_id: i64) -> Stop {
    let hint = "upload numbers first; a number that was not dialled is enough";
    let expected = format!("campaign {campaign_id} with at least one number");
    Stop::no(&NO_NUMBERS, expected, "it has none", hint)
}
