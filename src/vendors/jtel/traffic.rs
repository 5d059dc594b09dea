//! Campaigns that are started and stopped by the clock, and get contacts to dial. The dialling is the
//! dialler's (`timers`), which never takes a contact that is locked.

use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::section::SeedError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::Hour;
use crate::contract::traffic::kind::{Traffic, TrafficKind};
use crate::contract::traffic::source::Source;
use crate::sim::outside::people::roster;
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

/// Somebody becomes a contact. Key: the campaign. Payload: the digits of the number.
const CONTACT_COMES: &str = "contact_comes";

/// # Errors
/// Where the campaign is not there, or there are no people to feed it with.
fn check(cx: &Cx<'_>, source: &Source) -> Result<(), SeedError> {
    source.check_campaign(|id| dialler::campaign(cx.db(), id))?;
    source.check_people(cx)
}

fn plan(cx: &mut Cx<'_>, hour: Hour, sources: &[Source]) -> Result<(), InternalError> {
    for source in sources {
        let id = source.number("campaign").unwrap_or_default();
        for arrival in source.arrivals(cx.seed, hour) {
            let person = source.next_person(cx)?;
            cx.set_timer_with(arrival.at, CONTACT_COMES, &id.to_string(), &person.digits)?;
        }
    }
    Ok(())
}

/// Runs a due timer.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    if timer.kind != CONTACT_COMES {
        return timers::wake(cx, timer);
    }
    let id: i64 = timer.key.parse().doing("read which campaign a contact comes to")?;
    let campaign = dialler::campaign(cx.db(), id)?;
    let person = roster::by_phone(cx.db(), &timer.payload)?;
    if let (Some(campaign), Some(person)) = (campaign, person) {
        ops::insert_person(cx, campaign.client_id, id, &person)?;
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
        }
        (false, Some(true)) => {
            timers::stop(cx, id)?;
            cx.effect(format!("campaign {id} stopped"));
        }
        _ => {}
    }
    Ok(())
}
