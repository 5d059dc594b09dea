//! fetchCallersByDate.

use crate::base::planted::{self, Fault as Planted};
use crate::base::time::{Instant, Span};
use crate::base::zone::Tz;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maestro::auth::shown;
use crate::vendors::maestro::dates::{BadDate, parse_date};
use crate::vendors::maestro::errors::{DATE, EMPTY_WINDOW, No, REVERSED_WINDOW, Stop};
use crate::vendors::maestro::model::{CallFacts, Instants, instants, sql_time};
use crate::vendors::maestro::ops::enter::{Entered, Found, run};
use crate::vendors::maestro::store::{self, Wanted};
use crate::vendors::maestro::variants::{DoubledHour, ReversedWindow, SkippedHour};
use crate::vendors::maestro::wire;

/// Lists the opted-in callers of the calls that ended in the window, by end of call.
///
/// Source: maestro 2, 4.1, 4.2.
pub(crate) fn fetch_callers_by_date(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, list)
}

/// The window that was asked for; its end does not belong to it.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: Instant,
    to: Instant,
    /// Whether two dates became one moment, which a clock change does.
    is_folded: bool,
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Found, Stop> {
    // Both have to be there before the first is read.
    let from = entered.asked.required("dateFrom")?;
    let to = entered.asked.required("dateTo")?;
    let zone = wire::zone(cx);
    let texts = (from, to);
    let (from, to) = (date(cx, zone, "dateFrom", from)?, date(cx, zone, "dateTo", to)?);
    let window = Window { from, to, is_folded: from == to && texts.0 != texts.1 };
    if window.from > window.to {
        return match cx.variant() {
            ReversedWindow::EmptyList => Ok(Found::Nothing(reversed(zone, window, LENIENT))),
            ReversedWindow::Error => Err(reversed(zone, window, "exchange them").into()),
        };
    }
    let mut ended = ended(cx, entered.offer_id, window)?;
    if planted::is(Planted::WindowMissesItsBegin) {
        ended.from = ended.from.saturating_add(Span::MILLISECOND);
    }
    match entered.callers(cx, Wanted::EndedBetween(ended.from, ended.to))? {
        Some(reply) => Ok(Found::Callers(reply)),
        None => Ok(Found::Nothing(nothing(cx, entered.offer_id, zone, window)?)),
    }
}

/// The part of a window that is over for the offer: before the first end in it that has not come. A
/// call that is running has no end yet, whatever a scenario says of it.
///
/// Source: maestro 4.1.
fn ended(cx: &Cx<'_>, offer_id: &str, window: Window) -> rusqlite::Result<Window> {
    let Window { from, mut to, .. } = window;
    // Ends are asked for one by one, from the last: which have come is all that the reply depends on,
    // so that it stays right until the next one comes.
    while !cx.has_come(to) && !planted::is(Planted::RunningCallIsListed) {
        match store::last_end(cx.db(), offer_id, from, to)? {
            Some(end) if !cx.has_come(end) => to = end,
            _ => break,
        }
    }
    Ok(Window { from, to, ..window })
}

/// Whether a call has ended.
pub(crate) fn is_over(cx: &Cx<'_>, call: &CallFacts) -> bool {
    call.end.is_some_and(|end| cx.has_come(end))
}

fn date(cx: &Cx<'_>, zone: Tz, name: &'static str, text: &str) -> Result<Instant, Stop> {
    let local = parse_date(text).map_err(|bad| {
        let expected = format!("{name}: a date such as 2015-09-14 00:00:00");
        No::new(&DATE, name, expected, shown(text), hint(bad))
    })?;
    Ok(match (instants(zone, local), cx.variant(), cx.variant()) {
        (Instants::Once(at), _, _)
        | (Instants::Doubled { earlier: at, .. }, DoubledHour::Earlier, _)
        | (Instants::Doubled { later: at, .. }, DoubledHour::Later, _)
        | (Instants::Skipped { gap_end: at, .. }, _, SkippedHour::GapEnd)
        | (Instants::Skipped { moved: at, .. }, _, SkippedHour::SameDistance) => at,
    })
}

fn hint(bad: BadDate) -> &'static str {
    match bad {
        BadDate::Impossible => "it has the form, but no calendar has the day or no clock the time",
        BadDate::Hour24 => "a day ends with 00:00:00 of the next one",
        BadDate::Month => "there is no such month; the order is year, month, day",
        BadDate::Unfilled => "nobody filled it in; is the variable set that it comes from?",
        BadDate::Word => "the vendor knows no words for dates; write the date itself",
        BadDate::Slashes => "write hyphens, not slashes",
        BadDate::DayLast | BadDate::DayFirst => "the order is year, month, day, with hyphens",
        BadDate::Dashes => "the dashes are hyphens of the keyboard (U+002D)",
        BadDate::OddBlank => "date and time are joined by one plain blank (U+0020)",
        BadDate::Quotes => "take the quotes away",
        BadDate::Digits => "the year has four digits, all else has two",
        BadDate::HalfDay => "hours count from 00 to 23; write no AM or PM",
        BadDate::ZoneName => {
            "a zone is not taken; write the time in the vendor's zone and nothing behind it"
        }
        BadDate::NoMinutes => "minutes and seconds are missing; append :00:00",
        BadDate::T => "date and time are joined by one blank, not by a T",
        BadDate::NoTime => "the time is missing; append 00:00:00 behind a blank",
        BadDate::NoSeconds => "the seconds are missing; append :00",
        BadDate::EncodedTwice => "it was percent-encoded twice; encode it once",
        BadDate::Plus => {
            "the + came as %2B and so stayed a plus; send the blank as %20, or as a bare +"
        }
        BadDate::Offset => {
            "an offset is not taken (in a query its + becomes a blank); write the time in the \
             vendor's zone and nothing behind it"
        }
        BadDate::Fraction => "fractions of a second are not taken; cut them",
        BadDate::Dots => "dots are the Conference Management API's form; here it is hyphens",
        BadDate::JavaDate => {
            "that is how the Conference Management API answers; here it is year, month, day"
        }
        BadDate::Basic => {
            "write hyphens between the parts of the date and colons between those of the time"
        }
        BadDate::TimeDots => "hours, minutes and seconds are joined by colons, not by dots",
        BadDate::TimeHyphens => "hours, minutes and seconds are joined by colons, not by hyphens",
        BadDate::LineEnd => "take the line end away; a file that was read has one",
        BadDate::Number => "a date as text, not a count of seconds",
        BadDate::Blanks => "the only blank is the one between date and time",
        BadDate::Other => "write it as YYYY-MM-DD HH:MM:SS",
    }
}

/// What to do about a window that ends before it begins, where the world takes it.
const LENIENT: &str = "exchange them; the vendor may as well refuse this (variant reversed_window)";

fn reversed(zone: Tz, window: Window, hint: &str) -> No {
    No::new(
        &REVERSED_WINDOW,
        "dateTo",
        "dateFrom before dateTo",
        format!("a window {}", in_words(zone, window)),
        hint,
    )
}

fn in_words(zone: Tz, window: Window) -> String {
    let shown = |at: Instant| match at {
        Instant::MIN => "the beginning of 1970".to_owned(),
        Instant::MAX => "the end of 9999".to_owned(),
        at => sql_time(zone, at),
    };
    let (from, to) = (shown(window.from), shown(window.to));
    format!("from {from} to before {to} ({zone})")
}

/// Why nothing was found: the first of the usual reasons that holds.
fn nothing(cx: &Cx<'_>, offer_id: &str, zone: Tz, window: Window) -> Result<No, Stop> {
    let db = cx.db();
    let Window { from, to, .. } = window;
    let expected =
        format!("a caller of offer {offer_id} in a call that ended {}", in_words(zone, window));
    let why =
        |found: String, hint: &str| Ok(No::new(&EMPTY_WINDOW, "", expected.clone(), found, hint));
    if from == to && [Instant::MIN, Instant::MAX].contains(&from) {
        let hint = "no call lies there; are the dates those that were meant?";
        let found = "a window outside the years 1970 to 9999";
        return Ok(No::new(&EMPTY_WINDOW, "", "a window in which calls lie", found, hint));
    }
    if window.is_folded {
        let found =
            format!("two dates in the hour that clocks leave out, both {}", sql_time(zone, from));
        let hint = "the zone has no such hour on that day, so that the window has no length; choose \
                    dates beside it, or another zone (variants skipped_hour, time_zone)";
        return why(found, hint);
    }
    if from == to {
        let hint = "dateTo does not belong to the window, so this one holds nothing; the next \
                    dateFrom is this dateTo";
        return why("a window of no length".into(), hint);
    }
    if let Some(call) = store::call_started_between(db, offer_id, from, to)? {
        let hint = if is_over(cx, &call) {
            "the end of a call is compared, not its start, which is all that callTime shows; ask \
             for a window that holds the end"
        } else {
            RUNNING_HINT
        };
        return why(format!("a call that starts in it: {}", call_in_words(cx, zone, &call)), hint);
    }
    if let Some(call) = store::call_ended_between(db, from, to)? {
        let call_in_words = call_in_words(cx, zone, &call);
        if !is_over(cx, &call) {
            return why(format!("a call that is to end in it: {call_in_words}"), RUNNING_HINT);
        }
        let offers = store::offers_of_call(db, call.id, |at| cx.has_come(at))?;
        let found = format!(
            "a call that ended in it: {call_in_words}, with {}",
            opted_in_words(&offers, call.n_callers)
        );
        let hint = "only callers who agreed to the terms of this offer are listed; this is an \
                    answer, not a mistake, where nobody did";
        return why(found, hint);
    }
    let past = ended(cx, offer_id, Window { from: Instant::MIN, to: from, is_folded: false })?;
    let before = store::last_end(db, offer_id, past.from, past.to)?;
    let after = store::first_end_from(db, offer_id, to)?.filter(|end| cx.has_come(*end));
    let at = |at: Instant| sql_time(zone, at);
    let found = match (before, after) {
        (None, None) => "no call of the offer that has ended at all".to_owned(),
        (Some(before), None) => format!("the offer's last call before it, ended {}", at(before)),
        (None, Some(after)) => format!("the offer's first call after it, ended {}", at(after)),
        (Some(before), Some(after)) => {
            format!("the offer's nearest calls, ended {} and {}", at(before), at(after))
        }
    };
    let hint = format!(
        "this is an answer, not a mistake, where no call ended; else check the zone: both dates \
         are read as {zone} (variant time_zone)"
    );
    why(found, &hint)
}

/// What to do about a call that has not ended.
const RUNNING_HINT: &str = "a call is listed when it has ended, in the window that holds its end; \
                            ask again then";

/// A call and its times.
fn call_in_words(cx: &Cx<'_>, zone: Tz, call: &CallFacts) -> String {
    let started = if cx.has_come(call.start) { "started" } else { "starts" };
    let started = format!("{}, {started} {}", call.uid, sql_time(zone, call.start));
    match call.end {
        Some(end) if is_over(cx, call) => format!("{started}, ended {}", sql_time(zone, end)),
        _ if cx.has_come(call.start) => format!("{started} and still running"),
        _ => started,
    }
}

/// How many were in a call, and who of them opted in to what.
pub(crate) fn opted_in_words(offers: &[(String, i64)], n_callers: i64) -> String {
    if offers.is_empty() {
        return format!("{n_callers} in the call, none opted in to anything");
    }
    let offers = offers.iter().map(|(offer, n)| format!("{n} opted in to offer {offer}"));
    format!("{n_callers} in the call, {}", offers.collect::<Vec<_>>().join(", "))
}
