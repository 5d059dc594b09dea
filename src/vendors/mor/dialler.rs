//! What a running campaign does by itself: it dials its numbers, one at a time.
//!
//! The vendor says that a started campaign begins within five minutes, and which times a campaign
//! has. One call at a time is Ringback's choice.
//!
//! Not here: what the far end does (`sim::outside::line`).

use rand::RngExt;
use serde_json::Value;

use crate::contract::cx::Cx;
use crate::contract::reply::InternalError;
use crate::contract::timer::Timer;
use crate::sim::outside::line::FarEnd;
use crate::vendors::mor::model::{Campaign, Settings, Zone};
use crate::vendors::mor::store::calls::{self, Dialling, NewCall};
use crate::vendors::mor::store::{campaigns, numbers};

/// How long after its start a campaign begins to dial. The vendor: within five minutes (mor 4.4).
const START_DELAY_MS: i64 = 5 * 60 * 1000;

/// The timer that dials the next number; its key is the campaign.
const DIAL: &str = "dial";

/// The timer that ends an answered call; its key is the campaign and the number's id.
const HANG_UP: &str = "hang_up";

/// Starts a campaign.
pub(crate) fn start(
    cx: &mut Cx<'_>,
    campaign_id: i64,
    settings: &Settings,
) -> rusqlite::Result<()> {
    campaigns::set_running(&cx.tx(), campaign_id, true)?;
    cx.effect(format!("campaign {campaign_id} started"));
    if settings.auto_dial {
        let due_ms = cx.now_ms().saturating_add(START_DELAY_MS);
        cx.set_timer(due_ms, DIAL, &campaign_id.to_string())?;
    }
    Ok(())
}

/// Stops a campaign. A call that is under way goes on to its end.
pub(crate) fn stop(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    campaigns::set_running(&cx.tx(), campaign_id, false)?;
    cx.effect(format!("campaign {campaign_id} stopped"));
    cx.cancel_timers(DIAL, &campaign_id.to_string())
}

/// Has a running campaign dial again that had nothing left to dial.
pub(crate) fn resume(
    cx: &mut Cx<'_>,
    campaign_id: i64,
    settings: &Settings,
) -> rusqlite::Result<()> {
    if !settings.auto_dial {
        return Ok(());
    }
    let key = campaign_id.to_string();
    cx.cancel_timers(DIAL, &key)?;
    cx.set_timer(cx.now_ms().saturating_add(START_DELAY_MS), DIAL, &key)
}

/// Runs one of the dialler's timers.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let broken =
        || InternalError::new(format!("timer key {:?} is none of the dialler's", timer.key));
    match timer.kind.as_str() {
        DIAL => {
            let campaign_id = timer.key.parse().map_err(|_| broken())?;
            dial_next(cx, campaign_id)?;
        }
        HANG_UP => {
            let (campaign, number) = timer.key.split_once(' ').ok_or_else(broken)?;
            let parse = |part: &str| part.parse().map_err(|_| broken());
            hang_up(cx, parse(campaign)?, parse(number)?)?;
        }
        other => return Err(InternalError::new(format!("timer kind {other} is not written"))),
    }
    Ok(())
}

fn dial_next(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    let Some(dialling) = calls::dialling(cx.db(), campaign_id)? else { return Ok(()) };
    let key = campaign_id.to_string();
    if let Some(wait_s) = closed_for_s(&dialling, cx.now_ms()) {
        return cx.set_timer(cx.now_ms() + wait_s * 1000, DIAL, &key);
    }
    let number = if let Some(number) = calls::next_free(cx.db(), campaign_id)? {
        number
    } else {
        let retry = calls::next_to_retry(cx.db(), campaign_id, dialling.max_retries)?;
        // With nothing left the campaign runs on and waits for numbers.
        let Some(number) = retry else { return Ok(()) };
        let due_ms = number.executed_ms.unwrap_or(cx.now_ms()) + dialling.retry_time_s * 1000;
        if due_ms > cx.now_ms() {
            return cx.set_timer(due_ms, DIAL, &key);
        }
        number
    };
    let course = cx.far_end(&key, &number.digits, number.n_tries + 1)?;
    let ends_ms = cx.now_ms() + course.ring.as_millis() + course.talk.as_millis();
    if let Some(disposition) = unanswered(course.far_end) {
        let (at_ms, number_text) = (cx.now_ms(), number.digits.as_str());
        let call = NewCall { campaign_id, number: number_text, at_ms, disposition, billed_s: 0 };
        record(cx, number.id, &call, None, &[])?;
    } else {
        calls::set_dialled(&cx.tx(), campaign_id, number.id, cx.now_ms(), None)?;
        cx.set_timer(ends_ms, HANG_UP, &format!("{campaign_id} {}", number.id))?;
        cx.effect(format!("campaign {campaign_id}: {} is dialled", number.digits));
    }
    cx.set_timer(ends_ms + dialling.wait_time_s * 1000, DIAL, &key)
}

/// How the vendor calls a call that nobody took; `None` for one that somebody did. A machine that
/// takes it is somebody to the vendor, and a call that is rejected is busy (assumed).
fn unanswered(far_end: FarEnd) -> Option<&'static str> {
    match far_end {
        FarEnd::Answers | FarEnd::Machine | FarEnd::HangsUp => None,
        FarEnd::Busy | FarEnd::Rejects => Some("busy"),
        FarEnd::NoAnswer => Some("no_answer"),
        FarEnd::Invalid => Some("failed"),
    }
}

/// Seconds until the campaign's times of day begin; `None` within them.
fn closed_for_s(dialling: &Dialling, now_ms: i64) -> Option<i64> {
    const DAY_S: i64 = 24 * 3600;
    let (start, stop) = (dialling.start_s, dialling.stop_s);
    let now = Zone::kept(&dialling.time_zone).time_of_day_s(now_ms);
    // Times that are equal mean all day; a stop before the start means over midnight.
    let since_start = (now - start).rem_euclid(DAY_S);
    let length = (stop - start).rem_euclid(DAY_S);
    (length != 0 && since_start >= length).then_some(DAY_S - since_start)
}

/// Ends a call that was answered.
fn hang_up(cx: &mut Cx<'_>, campaign_id: i64, number_id: i64) -> rusqlite::Result<()> {
    let Some(number) = calls::number_by_id(cx.db(), campaign_id, number_id)? else {
        return Ok(());
    };
    let Some(started_ms) = number.executed_ms else { return Ok(()) };
    // The attempt that is ending was counted when it was dialled.
    let course = cx.far_end(&campaign_id.to_string(), &number.digits, number.n_tries)?;
    let ends_ms = started_ms + course.ring.as_millis() + course.talk.as_millis();
    // Somebody may have put the number back, or dialled it, in the meantime.
    if number.status != "executed" || ends_ms != cx.now_ms() {
        return Ok(());
    }
    let call = NewCall {
        campaign_id,
        number: &number.digits,
        at_ms: started_ms,
        disposition: "answered",
        // A second that has begun is billed.
        billed_s: (course.talk.as_millis() + 999).div_euclid(1000),
    };
    let answers = answer(cx, &call, started_ms + course.ring.as_millis())?;
    note(cx, number.id, &call, &answers)?;
    calls::set_completed(&cx.tx(), campaign_id, number.id, ends_ms)
}

/// What the called answered to the poll, at some moment of the call.
fn answer(cx: &Cx<'_>, call: &NewCall<'_>, taken_ms: i64) -> rusqlite::Result<Vec<(i64, String)>> {
    let kept = calls::answers(cx.db(), call.campaign_id)?;
    let texts: Vec<String> = serde_json::from_str(&kept).unwrap_or_default();
    if texts.is_empty() || call.billed_s == 0 {
        return Ok(Vec::new());
    }
    let (campaign, at) = (call.campaign_id.to_string(), call.at_ms.to_string());
    let mut random = cx.random("mor.answer", &[&campaign, call.number, &at]);
    let after_s = random.random_range(0..call.billed_s);
    let idx = random.random_range(0..texts.len());
    let text = texts.into_iter().nth(idx).unwrap_or_default();
    Ok(vec![(taken_ms + after_s * 1000, text)])
}

/// Records a call that has ended: the number's state, the answers, and the call itself.
pub(crate) fn record(
    cx: &mut Cx<'_>,
    number_id: i64,
    call: &NewCall<'_>,
    completed_ms: Option<i64>,
    answers: &[(i64, String)],
) -> rusqlite::Result<()> {
    calls::set_dialled(&cx.tx(), call.campaign_id, number_id, call.at_ms, completed_ms)?;
    note(cx, number_id, call, answers)
}

fn note(
    cx: &mut Cx<'_>,
    number_id: i64,
    call: &NewCall<'_>,
    answers: &[(i64, String)],
) -> rusqlite::Result<()> {
    let tx = cx.tx();
    for (at_ms, text) in answers {
        calls::insert_log(&tx, call.campaign_id, number_id, *at_ms, text)?;
    }
    calls::insert_call(&tx, call)?;
    let (campaign_id, number, outcome) = (call.campaign_id, call.number, call.disposition);
    cx.effect(format!("campaign {campaign_id}: {number} dialled, {outcome}"));
    Ok(())
}

/// Has a running campaign go on where it had run out of numbers before `change` gave it some.
pub(crate) fn with_more_numbers<T>(
    cx: &mut Cx<'_>,
    campaign: &Campaign,
    settings: &Settings,
    change: impl FnOnce(&mut Cx<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let had_numbers = numbers::has_free_numbers(cx.db(), campaign.id)?;
    let changed = change(cx)?;
    if campaign.running && !had_numbers && numbers::has_free_numbers(cx.db(), campaign.id)? {
        resume(cx, campaign.id, settings)?;
    }
    Ok(changed)
}

/// The texts of a list as they are kept.
pub(crate) fn answers_json<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.collect::<Value>().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_to_the_times_of_day() {
        let dialling = |start_s, stop_s| Dialling {
            start_s,
            stop_s,
            max_retries: 0,
            retry_time_s: 60,
            wait_time_s: 10,
            time_zone: "+01:00".into(),
        };
        let hour = 3600;
        // 08:00 UTC is 09:00 there.
        let now_ms = 8 * hour * 1000;
        assert_eq!(closed_for_s(&dialling(0, 0), now_ms), None);
        assert_eq!(closed_for_s(&dialling(9 * hour, 17 * hour), now_ms), None);
        assert_eq!(closed_for_s(&dialling(10 * hour, 17 * hour), now_ms), Some(hour));
        assert_eq!(closed_for_s(&dialling(7 * hour, 9 * hour), now_ms), Some(22 * hour));
        assert_eq!(closed_for_s(&dialling(22 * hour, 10 * hour), now_ms), None);
        assert_eq!(closed_for_s(&dialling(22 * hour, 6 * hour), now_ms), Some(13 * hour));
    }
}
