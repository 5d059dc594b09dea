//! The timers of traffic: planning each hour, and opening and closing the hours of a source.

use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::{HOUR_MS, Hour};
use crate::contract::vendor::Vendor;
use crate::sim::outside::traffic::sources::PLAN_TIMER;

/// The timers of the beginning and the end of a source's hours; the key is the source.
const OPEN_TIMER: &str = "traffic_opens";

const CLOSE_TIMER: &str = "traffic_closes";

/// Fires a timer: one of traffic's own, or else the vendor's.
///
/// # Errors
/// Only what is Ringback's own fault.
pub(crate) fn wake(
    vendor: &'static dyn Vendor,
    cx: &mut Cx<'_>,
    timer: &Timer,
) -> Result<(), InternalError> {
    match timer.kind.as_str() {
        PLAN_TIMER => plan(vendor, cx, &timer.key),
        OPEN_TIMER | CLOSE_TIMER => {
            let source = cx.traffic_source(&timer.key)?;
            vendor.traffic().turn.map_or(Ok(()), |turn| turn(cx, &source, timer.kind == OPEN_TIMER))
        }
        _ => vendor.wake(cx, timer),
    }
}

/// Plans the hour that has begun. The first of a world may have begun before it.
fn plan(vendor: &'static dyn Vendor, cx: &mut Cx<'_>, only: &str) -> Result<(), InternalError> {
    let hour = Hour { start_ms: cx.now_ms().div_euclid(HOUR_MS) * HOUR_MS };
    let next_ms = hour.start_ms.saturating_add(HOUR_MS);
    let mut sources = cx.traffic()?;
    if !only.is_empty() {
        sources.retain(|source| source.name == only);
    }
    for source in &sources {
        let kind = vendor.traffic().kinds.iter().find(|kind| kind.name == source.kind);
        if kind.is_some_and(|kind| kind.opens) {
            let begins = cx.now_ms() <= source.from_ms;
            for (at_ms, opens) in source.hours.edges(cx.now_ms(), next_ms, begins) {
                cx.set_timer(at_ms, if opens { OPEN_TIMER } else { CLOSE_TIMER }, &source.name)?;
            }
        }
    }
    (vendor.traffic().plan)(cx, hour, &sources)?;
    if !only.is_empty() {
        return Ok(());
    }
    Ok(cx.set_timer(next_ms, PLAN_TIMER, "")?)
}
