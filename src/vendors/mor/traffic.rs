//! Campaigns that are started and stopped by the clock, and get numbers to dial. The dialling is the
//! dialler's: within the campaign's own hours, with its retries and answers.

use crate::base::text::counted;
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::Source;
use crate::vendors::mor::dialler;
use crate::vendors::mor::store::{campaigns, numbers, settings};

pub(crate) static TRAFFIC: Traffic = Traffic { kinds: KINDS, check, plan, turn: Some(turn) };

const KINDS: &[TrafficKind] = &[TrafficKind {
    name: "campaign",
    text: "a campaign is started when its hours begin and stopped when they end; within them it \
           gets people's numbers, by the hour and in the people's order",
    required: &["campaign"],
    optional: &["per_hour", "first"],
    needs_people: false,
    opens: true,
}];

/// # Errors
/// Where the campaign is not there, or there are no people to feed it with.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    source.check_campaign(|id| campaigns::campaign(cx.db(), id))?;
    source.check_people(cx)
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    for source in sources {
        let n_numbers = source.arrivals(cx.seed, hour).len();
        let id = source.number("campaign").unwrap_or_default();
        if let Some(campaign) = campaigns::campaign(cx.db(), id)?.filter(|_| n_numbers > 0) {
            let settings = settings::settings(cx)?;
            let n_added = dialler::with_more_numbers(cx, &campaign, &settings, |cx| {
                add(cx, source, campaign.id, campaign.allow_duplicates, n_numbers)
            })?;
            let added = counted(n_added, "number", "numbers");
            cx.effect(format!("campaign {id}: {added} imported"));
        }
    }
    Ok(())
}

/// Adds the numbers of the next people; who is in the campaign already is passed over, and once the
/// campaign has no id left for a number nobody is added. Answers how many were added.
fn add(
    cx: &Cx<'_>,
    source: &Source,
    campaign_id: i64,
    allow_duplicates: bool,
    n_numbers: usize,
) -> rusqlite::Result<usize> {
    let tx = cx.tx();
    let mut last_id = numbers::last_number_id(&tx, campaign_id)?;
    let mut n_added = 0;
    for _ in 0..n_numbers {
        let person = source.next_person(cx)?;
        if allow_duplicates || !numbers::has_number(&tx, campaign_id, &person.digits)? {
            let Some(id) = numbers::id_after(last_id) else { break };
            numbers::insert_free_number(&tx, campaign_id, id, &person.digits)?;
            last_id = id;
            n_added += 1;
        }
    }
    Ok(n_added)
}

/// The hours of a campaign begin, or end. What a client has done with it meanwhile stands.
fn turn(cx: &mut Cx<'_>, source: &Source, opens: bool) -> Result<(), InternalError> {
    let id = source.number("campaign").unwrap_or_default();
    let Some(campaign) = campaigns::campaign(cx.db(), id)? else { return Ok(()) };
    match (opens, campaign.running) {
        (true, false) => match campaigns::check_start(cx.db(), &campaign)? {
            None => {
                let settings = settings::settings(cx)?;
                dialler::start(cx, id, &settings)?;
            }
            Some(reason) => cx.effect(format!("campaign {id} cannot start: {}", reason.words())),
        },
        (false, true) => dialler::stop(cx, id)?,
        (true, true) | (false, false) => {}
    }
    Ok(())
}
