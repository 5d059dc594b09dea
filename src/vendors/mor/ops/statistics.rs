//! `autodialer_get_campaign_statistics`.

use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::mor::errors::{NO_CALLS, PERIOD, Stop};
use crate::vendors::mor::method::STATISTICS;
use crate::vendors::mor::ops::enter::{Entered, run};
use crate::vendors::mor::ops::periods;
use crate::vendors::mor::ops::poll_results::no_numbers;
use crate::vendors::mor::store::numbers;
use crate::vendors::mor::variants::PeriodEnd;
use crate::vendors::mor::wire;
use crate::vendors::mor::zone::{UnixTime, Zone, stamp};

/// Numbers by state, and the calls of a period by outcome.
///
/// Source: mor 2.2, 3.5, 4.11.
pub(crate) fn get_campaign_statistics(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, &STATISTICS, count)
}

fn count(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Vec<u8>, Stop> {
    let (caller, campaign) = (&entered.caller, &entered.campaign);
    let zone = Zone::kept(&caller.time_zone);
    let (start, end) = period(cx, entered, zone);
    let shown = |at: UnixTime| {
        if at.is_shown() {
            stamp(zone.local(at))
        } else {
            format!("Unix second {at}, which is in no year of four digits")
        }
    };
    let comma = if start.is_shown() { "" } else { "," };
    let both = format!("{}{comma} and {}", shown(start), shown(end));
    if start > end {
        let expected = "period_start at or before period_end";
        let exchanged = "both were sent and are Unix seconds; exchange the two";
        let hint = periods::notes(entered, zone).unwrap_or_else(|| exchanged.into());
        return Err(Stop::no(&PERIOD, expected, both, hint));
    }
    if !numbers::has_numbers(cx.db(), campaign.id)? {
        return Err(no_numbers(campaign.id));
    }
    let (from, to) = (start.begins(), end.ends());
    let figures = numbers::statistics(cx.db(), campaign.id, from, to)?;
    if figures.n_calls() == 0 {
        let expected = format!("a call of campaign {} between {both}", campaign.id);
        let (before, after) = numbers::nearest_calls(cx.db(), campaign.id, from, to)?;
        let at = |at: Instant| stamp(zone.local(at));
        let found = match (before, after) {
            (None, None) => "no call at all".to_owned(),
            (Some(before), None) => format!("the last call before it at {}", at(before)),
            (None, Some(after)) => format!("the first call after it at {}", at(after)),
            (Some(before), Some(after)) => {
                format!("the nearest calls at {} and {}", at(before), at(after))
            }
        };
        let both =
            "both ends are Unix seconds and belong to the period; send one that holds a call";
        let hint = periods::notes(entered, zone).unwrap_or_else(|| both.into());
        return Err(Stop::no(&NO_CALLS, expected, found, hint));
    }
    // The vendor counts in another period without a word.
    for note in periods::odd(entered, zone) {
        cx.effect(note);
    }
    Ok(wire::statistics(&campaign.name, (start, end), zone, &figures, cx.variant()))
}

/// The period, with today in the caller's zone for what was not sent. What is no number counts as
/// not sent.
fn period(cx: &Cx<'_>, entered: &Entered<'_>, zone: Zone) -> (UnixTime, UnixTime) {
    let sent = |name: &str| entered.asked.given(name).and_then(|value| UnixTime::parse(&value));
    let start = || zone.of_day(cx.now(), 0, 0, 0);
    let end = || {
        let second = if cx.variant::<PeriodEnd>() == PeriodEnd::Second { 59 } else { 0 };
        zone.of_day(cx.now(), 23, 59, second)
    };
    (sent("period_start").unwrap_or_else(start), sent("period_end").unwrap_or_else(end))
}
