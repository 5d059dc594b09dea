//! fetchCallersByCall.

use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::vendors::maestro::auth::shown;
use crate::vendors::maestro::errors::{
    FOREIGN_CALL, NO_OPT_IN, No, RUNNING_CALL, Stop, UNKNOWN_CALL,
};
use crate::vendors::maestro::model::{CallFacts, UID_CHARS, check_uid, sql_time};
use crate::vendors::maestro::ops::by_date::{is_over, opted_in_words};
use crate::vendors::maestro::ops::enter::{Entered, Found, run};
use crate::vendors::maestro::store::{self, Wanted};
use crate::vendors::maestro::variants::{AcceptCallUid, UnknownCall};
use crate::vendors::maestro::wire;
use crate::web::diagnosis::disguise::{readings, unfilled};

/// Lists the opted-in callers of one call that has ended.
///
/// Source: maestro 2, 4.1.
pub(crate) fn fetch_callers_by_call(
    cx: &mut Cx<'_>,
    call: &Call<'_>,
) -> Result<Reply, InternalError> {
    run(cx, call, list)
}

fn list(cx: &mut Cx<'_>, entered: &Entered<'_>) -> Result<Found, Stop> {
    let also = match cx.variant() {
        AcceptCallUid::On => entered.asked.value("callUID"),
        AcceptCallUid::Off => None,
    };
    let uid = match (entered.asked.value("call"), also) {
        (None, Some(uid)) => uid,
        _ => entered.asked.required("call")?,
    };
    let Some(call) = store::call(cx.db(), uid)? else {
        return match cx.variant() {
            UnknownCall::EmptyList => {
                let hint = "the vendor may as well refuse this (variant unknown_call); is it the \
                            right world?";
                Ok(Found::Nothing(unknown(cx, uid, hint)?))
            }
            UnknownCall::Error => {
                let hint = "take the UID from the column callUID; is it the right world?";
                Err(unknown(cx, uid, hint)?.into())
            }
        };
    };
    if !is_over(cx, &call) {
        return Ok(Found::Nothing(running(cx, &call)));
    }
    match entered.callers(cx, Wanted::OfCall(call.id))? {
        Some(reply) => Ok(Found::Callers(reply)),
        None => Ok(Found::Nothing(nothing(cx, entered.offer_id, &call)?)),
    }
}

/// Why a UID is no call's; `hint` is for one of which nothing is known.
fn unknown(cx: &Cx<'_>, uid: &str, hint: &str) -> Result<No, Stop> {
    let no = |found: String, hint: &str| {
        Ok(No::new(&UNKNOWN_CALL, "call", "the UID of a call", found, hint))
    };
    let db = cx.db();
    if let Some(call) = store::call_of_caller(db, uid)? {
        let found = format!("{uid}, the UID of a caller in call {call}");
        return no(found, "send the column callUID, not callerUID");
    }
    if let Some(call) = store::call(db, &uid.trim().to_ascii_uppercase())? {
        let found =
            format!("{}, which differs from {} in capitals or blanks", shown(uid), call.uid);
        return no(found, "a UID is compared letter by letter");
    }
    for reading in readings(uid) {
        if let Some(call) = store::call(db, &reading.value)? {
            let found = format!("the UID of call {} {}", call.uid, reading.how);
            return no(found, reading.cure);
        }
    }
    // Letters that look like digits, as when a UID is typed from paper.
    let typed = uid.to_ascii_uppercase().replace('O', "0").replace('I', "1");
    if let Some(call) = store::call(db, &typed)? {
        let found =
            format!("{}, which is {} but for letters and digits alike", shown(uid), call.uid);
        return no(found, "write 0 and 1 for O and I, as the UID has them");
    }
    if store::tokens_of(db, uid)?.is_some() {
        let found = format!("{}, the id of an offer", shown(uid));
        return no(found, "offer_id names the offer; call takes the column callUID");
    }
    if !is_drawn(uid)
        && let Some(call) = store::call_named(db, uid)?
    {
        let found = format!("{}, the name of call {call}", shown(uid));
        return no(found, "send the column callUID, not callName");
    }
    if let Some(unfilled) = unfilled(uid) {
        return no(unfilled.words(uid), unfilled.cure());
    }
    let latin: String = uid.chars().map(|it| latin(it).unwrap_or(it)).collect();
    if latin != uid && store::call(db, &latin)?.is_some() {
        let found = format!("{}, with letters of another alphabet that look alike", shown(uid));
        return no(found, "write the letters and digits of ASCII; copy the UID from callUID");
    }
    if check_uid(uid).is_ok()
        && uid.len() >= CUT_CHARS_MIN
        && let Some(call) = store::call_begun_by(db, uid)?
    {
        let (sent, whole) = (uid.len(), call.len());
        let found = format!("{}, the first {sent} of the {whole} characters of {call}", shown(uid));
        return no(found, "the UID was cut; send the whole of callUID");
    }
    if is_number(uid)
        && let Some(call) = store::call_of_number(db, uid.trim())?
    {
        let found = format!("{}, the number of a caller in call {call}", shown(uid));
        return no(found, "send the column callUID, not callerANI");
    }
    let first = uid.split([',', ';', ' ']).next().unwrap_or_default();
    if first.len() < uid.len() && store::call(db, first)?.is_some() {
        let found = format!("{}, several in one", shown(uid));
        return no(found, "one call per request; fetchCallersByDate takes many at once");
    }
    no(format!("{}, which is none", shown(uid)), hint)
}

/// Fewest characters of a UID that tell it; fewer begin many.
const CUT_CHARS_MIN: usize = 6;

/// Fewest digits of a telephone number; fewer are an extension.
const NUMBER_DIGITS_MIN: usize = 7;

/// Whether a text may be a caller's number.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits.len() >= NUMBER_DIGITS_MIN && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text looks like the UIDs that the vendor gives out, and so like no name.
fn is_drawn(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    text.len() == UID_CHARS && check_uid(text).is_ok() && has_digit
}

/// The capital of ASCII that a Greek or Cyrillic letter, or a wide one, looks like.
fn latin(letter: char) -> Option<char> {
    const CYRILLIC: &[(char, char)] = &[
        ('А', 'A'),
        ('В', 'B'),
        ('С', 'C'),
        ('Е', 'E'),
        ('Н', 'H'),
        ('К', 'K'),
        ('М', 'M'),
        ('О', 'O'),
        ('Р', 'P'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('Ѕ', 'S'),
        ('І', 'I'),
        ('Ј', 'J'),
        ('Α', 'A'),
        ('Β', 'B'),
        ('Ε', 'E'),
        ('Ζ', 'Z'),
        ('Η', 'H'),
        ('Ι', 'I'),
        ('Κ', 'K'),
        ('Μ', 'M'),
        ('Ν', 'N'),
        ('Ο', 'O'),
        ('Ρ', 'P'),
        ('Τ', 'T'),
        ('Υ', 'Y'),
        ('Χ', 'X'),
    ];
    let wide = u32::from(letter).checked_sub(0xfee0).and_then(char::from_u32);
    let wide = wide.filter(char::is_ascii_alphanumeric);
    wide.or_else(|| CYRILLIC.iter().find(|(it, _)| *it == letter).map(|(_, latin)| *latin))
}

fn running(cx: &Cx<'_>, call: &CallFacts) -> No {
    let zone = wire::zone(cx);
    let started = sql_time(zone, call.start);
    No::new(
        &RUNNING_CALL,
        "",
        "a call that has ended",
        if cx.has_come(call.start) {
            format!("call {}, started {started} ({zone}) and still running", call.uid)
        } else {
            format!("call {}, which starts {started} ({zone})", call.uid)
        },
        match call.end {
            None => "ask again when it has ended; the event end_call ends it".to_owned(),
            Some(end) => format!("ask again from {} on, when it has ended", sql_time(zone, end)),
        },
    )
}

fn nothing(cx: &Cx<'_>, offer_id: &str, call: &CallFacts) -> Result<No, Stop> {
    let offers = store::offers_of_call(cx.db(), call.id, |at| cx.has_come(at))?;
    let expected = format!("callers of call {} who opted in to offer {offer_id}", call.uid);
    let found = opted_in_words(&offers, call.n_callers);
    Ok(if offers.is_empty() {
        let hint = "this is an answer, not a mistake; the event opt_in lets a caller opt in";
        No::new(&NO_OPT_IN, "", expected, found, hint)
    } else {
        let hint = "callers who opted in to another offer are never shown; use that offer's id \
                    and token";
        No::new(&FOREIGN_CALL, "", expected, found, hint)
    })
}
