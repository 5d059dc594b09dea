//! The timers of traffic: planning each hour, and opening and closing the hours of a source.

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::timer::Timer;
use crate::contract::traffic::hours::Hour;
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
    vendor: &'static Vendor,
    cx: &mut Cx<'_>,
    timer: &Timer,
) -> Result<(), InternalError> {
    match timer.kind.as_str() {
        PLAN_TIMER => plan(vendor, cx, &timer.key),
        OPEN_TIMER | CLOSE_TIMER => {
            let source = cx.traffic_source(&timer.key)?;
            vendor.traffic.turn.map_or(Ok(()), |turn| turn(cx, &source, timer.kind == OPEN_TIMER))
        }
        _ => (vendor.wake)(cx, timer),
    }
}

/// Plans the hour that has begun. The first of a world may have begun before it.
fn plan(vendor: &'static Vendor, cx: &mut Cx<'_>, only: &str) -> Result<(), InternalError> {
    let now = cx.now();
    let hour = Hour { start: now.period_start(Span::HOUR) };
    let end = hour.start.saturating_add(Span::HOUR);
    let mut sources = cx.traffic()?;
    if !only.is_empty() {
        sources.retain(|source| source.name == only);
    }
    for source in &sources {
        let kind = vendor.traffic.kinds.iter().find(|kind| kind.name == source.kind);
        if kind.is_some_and(|kind| kind.opens) {
            let begins = now <= source.from;
            for (at, opens) in source.hours.edges(now, end, begins) {
                cx.set_timer(at, if opens { OPEN_TIMER } else { CLOSE_TIMER }, &source.name)?;
            }
        }
    }
    (vendor.traffic.plan)(cx, hour, &sources)?;
    if !only.is_empty() {
        return Ok(());
    }
    // There is no hour behind the last of the calendar.
    if let Some(next) = hour.start.checked_add(Span::HOUR) {
        cx.set_timer(next, PLAN_TIMER, "")?;
    }
    Ok(())
}
