//! Campaigns that are started and stopped by the clock, and get contacts to dial. The dialling is the
//! dialler's (`timers`), which never takes a contact that is locked.

use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::section::SeedError;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::Source;
use crate::vendors::jtel::store::dialler;
use crate::vendors::jtel::{ops, timers};

pub(crate) static TRAFFIC: Traffic = Traffic { kinds: KINDS, check, plan, turn: Some(turn) };

const KINDS: &[TrafficKind] = &[TrafficKind {
    name: "campaign",
    text: "a campaign is started when its hours begin and stopped when they end; within them \
           people become its contacts, by the hour and in the people's order",
    required: &["campaign"],
    optional: &["per_hour", "first"],
    needs_people: false,
    opens: true,
}];

/// # Errors
/// Where the campaign is not there, or there are no people to feed it with.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    source.check_campaign(|id| dialler::campaign(cx.db(), id))?;
    source.check_people(cx)
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    for source in sources {
        let id = source.number("campaign").unwrap_or_default();
        for _ in source.arrivals(cx.seed, hour) {
            let person = source.next_person(cx)?;
            if let Some(campaign) = dialler::campaign(cx.db(), id)? {
                ops::insert_person(cx, campaign.client_id, id, &person)?;
            }
        }
    }
    Ok(())
}

/// The hours of a campaign begin, or end.
fn turn(cx: &mut Cx<'_>, source: &Source, opens: bool) -> Result<(), InternalError> {
    let id = source.number("campaign").unwrap_or_default();
    let running = dialler::campaign(cx.db(), id)?.map(|campaign| campaign.running);
    match (opens, running) {
        (true, Some(false)) => {
            timers::start(cx, id)?;
            cx.effect(format!("campaign {id} started"));
        }
        (false, Some(true)) => {
            timers::stop(cx, id)?;
            cx.effect(format!("campaign {id} stopped"));
        }
        _ => {}
    }
    Ok(())
}
