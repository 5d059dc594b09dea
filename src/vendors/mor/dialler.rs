//! What a running campaign does by itself: it dials its numbers, one at a time. A number that is on a
//! call is left alone until the call has ended, and only then the call counts.
//!
//! The vendor says that a started campaign begins within five minutes, and which times a campaign
//! has. One call at a time is Ringback's choice.
//!
//! Not here: what the far end does (`sim::outside::line`).

use std::num::ParseIntError;

use rand::RngExt;
use serde_json::Value;

use crate::base::time::{Instant, Span};
use crate::contract::cx::Cx;
use crate::contract::reply::{Doing, InternalError};
use crate::contract::timer::Timer;
use crate::sim::outside::line::FarEnd;
use crate::vendors::mor::model::{Campaign, Settings, check_standing};
use crate::vendors::mor::store::calls::{self, Dialling, NewCall, Number};
use crate::vendors::mor::store::{campaigns, in_progress, numbers, settings};
use crate::vendors::mor::zone::{Zone, from_to};

/// How long after its start a campaign begins to dial. The vendor: within five minutes (mor 4.4).
const START_DELAY: Span = Span::mins(5);

/// The timer that dials the next number; its key is the campaign.
const DIAL: &str = "dial";

/// The timer that ends a call; its key is the campaign and the number's id.
const HANG_UP: &str = "hang_up";

/// Starts a campaign.
pub(crate) fn start(
    cx: &mut Cx<'_>,
    campaign_id: i64,
    settings: &Settings,
) -> rusqlite::Result<()> {
    campaigns::set_running(&cx.tx(), campaign_id, true)?;
    cx.effect(format!("campaign {campaign_id} started"));
    resume(cx, campaign_id, settings)
}

/// Stops a campaign. A call that is under way goes on to its end.
pub(crate) fn stop(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    campaigns::set_running(&cx.tx(), campaign_id, false)?;
    cx.effect(format!("campaign {campaign_id} stopped"));
    cx.cancel_timers(DIAL, &campaign_id.to_string())
}

/// Has a running campaign dial, or dial again where it had nothing left to dial. The end of a call that
/// is under way lets it go on, too.
pub(crate) fn resume(
    cx: &mut Cx<'_>,
    campaign_id: i64,
    settings: &Settings,
) -> rusqlite::Result<()> {
    if !settings.auto_dial || in_progress::number_on_call(cx.db(), campaign_id)?.is_some() {
        return Ok(());
    }
    let key = campaign_id.to_string();
    // What is due sooner, such as a retry, is not put off.
    let due = cx.timer_due(DIAL, &key)?;
    if due.is_some_and(|due| due <= cx.now().saturating_add(START_DELAY)) {
        return Ok(());
    }
    cx.cancel_timers(DIAL, &key)?;
    dial_after(cx, START_DELAY, &key)
}

/// Has the running campaigns dial from now on, which did not while `auto_dial` was off.
pub(crate) fn resume_all(cx: &mut Cx<'_>, settings: &Settings) -> rusqlite::Result<()> {
    for campaign_id in campaigns::running(cx.db())? {
        resume(cx, campaign_id, settings)?;
    }
    Ok(())
}

/// The running campaigns of a user who may make no calls: they wait until he or she may.
pub(crate) fn waiting_for_user(cx: &Cx<'_>, username: &str) -> rusqlite::Result<Vec<i64>> {
    let running = campaigns::running_of(cx.db(), username)?;
    // They all wait for the same user.
    match running.first() {
        Some(first) if waits(cx, *first)? => Ok(running),
        _ => Ok(Vec::new()),
    }
}

fn waits(cx: &Cx<'_>, campaign_id: i64) -> rusqlite::Result<bool> {
    let dialling = calls::dialling(cx.db(), campaign_id)?;
    Ok(dialling.is_some_and(|dialling| check_standing(dialling.standing).is_err()))
}

/// Has campaigns go on that waited for their user and need not any more.
pub(crate) fn go_on(
    cx: &mut Cx<'_>,
    campaigns: &[i64],
    settings: &Settings,
) -> rusqlite::Result<()> {
    for id in campaigns {
        if !waits(cx, *id)? {
            resume(cx, *id, settings)?;
        }
    }
    Ok(())
}

/// Sets the timer that dials a campaign's next number; none where it would never come.
fn dial_after(cx: &mut Cx<'_>, wait: Span, campaign: &str) -> rusqlite::Result<()> {
    match cx.now().checked_add(wait) {
        Some(due) => cx.set_timer(due, DIAL, campaign),
        None => Ok(()),
    }
}

/// Runs one of the dialler's timers.
pub(crate) fn wake(cx: &mut Cx<'_>, timer: &Timer) -> Result<(), InternalError> {
    let broken = |error: ParseIntError| {
        InternalError::from(error).doing(format!("read the timer's key {:?}", timer.key))
    };
    match timer.kind.as_str() {
        DIAL => {
            let campaign_id = timer.key.parse().map_err(broken)?;
            dial_next(cx, campaign_id).doing("dial a campaign's next number")
        }
        HANG_UP => {
            let (campaign, number) = timer.key.split_once(' ').unwrap_or((&timer.key, ""));
            let campaign_id = campaign.parse().map_err(broken)?;
            let number_id = number.parse().map_err(broken)?;
            hang_up(cx, campaign_id, number_id).doing("end a call")
        }
        other => Err(InternalError::new(format!("timer kind {other} is not written"))),
    }
}

fn dial_next(cx: &mut Cx<'_>, campaign_id: i64) -> rusqlite::Result<()> {
    let Some(dialling) = calls::dialling(cx.db(), campaign_id)? else { return Ok(()) };
    if in_progress::number_on_call(cx.db(), campaign_id)?.is_some() {
        return Ok(());
    }
    if !settings::settings(cx)?.auto_dial {
        cx.effect(format!("campaign {campaign_id} does not dial: auto_dial is off"));
        return Ok(());
    }
    let key = campaign_id.to_string();
    if let Some(wait) = closed_for(&dialling, cx.now()) {
        return dial_after(cx, wait, &key);
    }
    if let Err(reason) = check_standing(dialling.standing) {
        cx.effect(format!("campaign {campaign_id} does not dial: {}", reason.words()));
        return Ok(());
    }
    let number = if let Some(number) = calls::next_free(cx.db(), campaign_id)? {
        number
    } else {
        let retry = calls::next_to_retry(cx.db(), campaign_id, dialling.max_retries)?;
        // With nothing left the campaign runs on and waits for numbers.
        let Some(number) = retry else { return Ok(()) };
        let last = number.executed.unwrap_or(cx.now());
        let Some(due) = last.checked_add(dialling.retry_time) else { return Ok(()) };
        if due > cx.now() {
            return cx.set_timer(due, DIAL, &key);
        }
        number
    };
    call(cx, campaign_id, &number)
}

/// Dials a number. What comes of it counts when the call has ended (mor 3.5).
fn call(cx: &mut Cx<'_>, campaign_id: i64, number: &Number) -> rusqlite::Result<()> {
    let campaign = campaign_id.to_string();
    let course = cx.far_end(&campaign, &number.digits, number.n_tries.saturating_add(1))?;
    calls::set_dialled(&cx.tx(), campaign_id, number.id, cx.now(), None)?;
    in_progress::begin(&cx.tx(), campaign_id, number.id)?;
    // A call that would end after the calendar goes on to its end.
    if let Some(ends) = cx.now().checked_add(course.ring + course.talk) {
        cx.set_timer(ends, HANG_UP, &format!("{campaign} {}", number.id))?;
    }
    cx.effect(format!("campaign {campaign}: {} is dialled", number.digits));
    Ok(())
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

/// How long it is until the campaign's times of day begin; `None` within them.
fn closed_for(dialling: &Dialling, now: Instant) -> Option<Span> {
    let time_of_day = Zone::kept(&dialling.time_zone).time_of_day(now);
    // Times that are equal mean all day; a stop before the start means over midnight.
    let since_start = from_to(dialling.start, time_of_day);
    let length = from_to(dialling.start, dialling.stop);
    let is_closed = !length.is_zero() && since_start >= length;
    is_closed.then_some(Span::DAY.saturating_sub(since_start))
}

/// Ends a call, and has the campaign go on.
fn hang_up(cx: &mut Cx<'_>, campaign_id: i64, number_id: i64) -> rusqlite::Result<()> {
    if in_progress::number_on_call(cx.db(), campaign_id)? != Some(number_id) {
        return Ok(());
    }
    in_progress::end(&cx.tx(), campaign_id)?;
    if let Some(number) = calls::number_by_id(cx.db(), campaign_id, number_id)? {
        let started = number.executed.unwrap_or(cx.now());
        count(cx, campaign_id, &number, started)?;
    }
    match calls::dialling(cx.db(), campaign_id)? {
        Some(dialling) => dial_after(cx, dialling.wait_time, &campaign_id.to_string()),
        None => Ok(()),
    }
}

/// Records a call that ends now.
fn count(
    cx: &mut Cx<'_>,
    campaign_id: i64,
    number: &Number,
    started: Instant,
) -> rusqlite::Result<()> {
    // The attempt that is ending was counted when it was dialled.
    let course = cx.far_end(&campaign_id.to_string(), &number.digits, number.n_tries)?;
    let unanswered = unanswered(course.far_end);
    let call = NewCall {
        campaign_id,
        number: &number.digits,
        at: started,
        disposition: unanswered.unwrap_or("answered"),
        // A second that has begun is billed.
        billed: match unanswered {
            Some(_) => Span::ZERO,
            None => Span::clamped_from_secs(course.talk.as_secs_begun()),
        },
    };
    // A machine presses no keys: it reaches no step that logs an answer (mor 3.4).
    let answers = match course.far_end {
        FarEnd::Machine => Vec::new(),
        _ => answer(cx, &call, started.saturating_add(course.ring))?,
    };
    note(cx, number.id, &call, &answers)?;
    match unanswered {
        Some(_) => Ok(()),
        None => calls::set_completed(&cx.tx(), campaign_id, number.id, cx.now()),
    }
}

/// What the called answered to the poll, at some moment of the call.
fn answer(
    cx: &Cx<'_>,
    call: &NewCall<'_>,
    taken: Instant,
) -> rusqlite::Result<Vec<(Instant, String)>> {
    let kept = calls::answers(cx.db(), call.campaign_id)?;
    let texts: Vec<String> = serde_json::from_str(&kept).unwrap_or_default();
    if texts.is_empty() || call.billed.is_zero() {
        return Ok(Vec::new());
    }
    let (campaign, at) = (call.campaign_id.to_string(), call.at.as_millis().to_string());
    let mut random = cx.random("mor.answer", &[&campaign, call.number, &at]);
    let after = Span::clamped_from_secs(random.random_range(0..call.billed.as_secs()));
    let idx = random.random_range(0..texts.len());
    let text = texts.into_iter().nth(idx).unwrap_or_default();
    Ok(vec![(taken.saturating_add(after), text)])
}

/// Records a call that has ended: the number's state, the answers, and the call itself. One that
/// was before the number's last leaves that the last.
pub(crate) fn record(
    cx: &mut Cx<'_>,
    number: &Number,
    call: &NewCall<'_>,
    completed: Option<Instant>,
    answers: &[(Instant, String)],
) -> rusqlite::Result<()> {
    let last = number.executed.map_or(call.at, |last| last.max(call.at));
    calls::set_dialled(&cx.tx(), call.campaign_id, number.id, last, completed)?;
    note(cx, number.id, call, answers)
}

fn note(
    cx: &mut Cx<'_>,
    number_id: i64,
    call: &NewCall<'_>,
    answers: &[(Instant, String)],
) -> rusqlite::Result<()> {
    let tx = cx.tx();
    for (at, text) in answers {
        calls::insert_log(&tx, call.campaign_id, number_id, *at, text)?;
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
    use crate::vendors::mor::model::Standing;

    #[test]
    fn keeps_to_the_times_of_day() {
        let dialling = |start, stop| Dialling {
            start: Span::hours(start),
            stop: Span::hours(stop),
            max_retries: 0,
            retry_time: Span::MINUTE,
            wait_time: Span::secs(10),
            time_zone: "+01:00".into(),
            standing: Standing { blocked: false, balance: 0.0, credit: -1.0, postpaid: true },
        };
        // 09:00 there.
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let closed_for = |start, stop| closed_for(&dialling(start, stop), now);
        assert_eq!(closed_for(0, 0), None);
        assert_eq!(closed_for(9, 17), None);
        assert_eq!(closed_for(10, 17), Some(Span::HOUR));
        assert_eq!(closed_for(7, 9), Some(Span::hours(22)));
        assert_eq!(closed_for(22, 10), None);
        assert_eq!(closed_for(22, 6), Some(Span::hours(13)));
    }
}
