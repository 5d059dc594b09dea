//! What was sent as a period of statistics, in words: what counts in its place, and what to send.

use crate::vendors::mor::hash_diagnosis::cut;
use crate::vendors::mor::ops::enter::Entered;
use crate::vendors::mor::zone::{UnixTime, Zone};
use crate::web::diagnosis::disguise::unfilled;

/// Unix time in milliseconds has thirteen digits since 2001; in seconds it has ten until 2286.
const MILLIS_DIGITS: usize = 13;

/// The two ends, with what stands in for one that is not there and the second of a day that is meant
/// by a date.
const ENDS: [(&str, &str, (u32, u32, u32)); 2] =
    [("period_start", "today 00:00", (0, 0, 0)), ("period_end", "today 23:59", (23, 59, 59))];

/// What is to be said of the ends as they were sent; `None` where both are as they should be.
pub(super) fn notes(entered: &Entered<'_>, zone: Zone) -> Option<String> {
    let absent = ENDS.iter().filter(|(name, ..)| entered.asked.given(name).is_none());
    let absent =
        absent.map(|(name, default, _)| format!("{name} was not sent, so {default} counts"));
    let notes: Vec<String> = absent.chain(odd(entered, zone)).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// What is to be said of the ends that were sent and are read as something else, or as nothing.
pub(super) fn odd(entered: &Entered<'_>, zone: Zone) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, default, of_day) in ENDS {
        let Some(value) = entered.asked.given(name) else { continue };
        if UnixTime::parse(&value).is_none() {
            let meant = meant(&value, zone, of_day);
            let send = match (meant, unfilled(&value)) {
                (Some(secs), _) => format!("; send {secs}"),
                (None, Some(unfilled)) => format!("; {}", unfilled.cure()),
                (None, None) => String::new(),
            };
            let value = cut(&value);
            notes.push(format!(
                "{name} {value:?} is no number of Unix seconds, so {default} counts{send}"
            ));
        } else if value.len() >= MILLIS_DIGITS {
            let secs = &value[..value.len() - 3];
            notes.push(format!("{name} looks like milliseconds; send seconds: {secs}"));
        }
    }
    notes
}

/// The Unix seconds that a text means: a date in the caller's zone, or a number with a fraction.
fn meant(text: &str, zone: Zone, of_day: (u32, u32, u32)) -> Option<UnixTime> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_number = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let whole = UnixTime::parse(whole).filter(|_| is_number);
    whole.or_else(|| zone.read(text.trim(), of_day))
}
