//! Who is calling: `offer_id` and `offer_token`, in every request.

use rusqlite::Connection;
use subtle::ConstantTimeEq;

use crate::base::text::counted;
use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::maestro::errors::{CREDENTIALS, No, Stop};
use crate::vendors::maestro::store;
use crate::web::diagnosis::disguise::{Reading, readings, unfilled, within_more};
use crate::web::diagnosis::thousands::thousands;
use crate::web::message::Request;
use crate::web::params::Params;

/// What a client is told by: both halves of its credentials.
pub(crate) const CLAIMABLE: &[Credential] = &[
    Credential { name: TOKEN, text: "the parameter offer_token", secret: true },
    Credential { name: ID, text: "the parameter offer_id", secret: false },
];

pub(crate) const TOKEN: &str = "offer_token";
const ID: &str = "offer_id";

/// The credentials of a request, whether they are good or not.
pub(crate) fn credentials(_request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
    let Params { query, form, .. } = &routed.params;
    let sent = |name| Some((name, query.first(name).or(form.first(name))?.to_owned()));
    [TOKEN, ID].into_iter().filter_map(sent).collect()
}

/// Checks that the two belong together; `in_body` is another token that the body has beside the query's.
pub(crate) fn check(
    cx: &Cx<'_>,
    offer_id: &str,
    token: &str,
    in_body: Option<&str>,
) -> Result<(), Stop> {
    let known = store::tokens_of(cx.db(), offer_id)?;
    let same = |known: &str| bool::from(known.as_bytes().ct_eq(token.as_bytes()));
    match &known {
        Some((known, _)) if same(known) => Ok(()),
        Some((known, _)) if in_body == Some(known) => {
            let found = "another token in the query, and the right one in the body";
            let hint = "the query counts where both have it; send it once";
            let expected = format!("the {TOKEN} of offer {offer_id}");
            Err(No::new(&CREDENTIALS, "", expected, found, hint).into())
        }
        Some((known, before)) => {
            Err(wrong_token(cx.db(), offer_id, token, known, before.as_deref())?.into())
        }
        None => Err(unknown_offer(cx.db(), offer_id, token)?.into()),
    }
}

/// Which of the usual mistakes it is. The vendor tells none of this; a token itself is never named.
fn wrong_token(
    db: &Connection,
    offer_id: &str,
    token: &str,
    known: &str,
    before: Option<&str>,
) -> rusqlite::Result<No> {
    let (found, hint) = if let Some(owner) = store::offer_with_token(db, token)? {
        (
            format!("the token of offer {owner}"),
            "id and token are a pair; use both of the same offer",
        )
    } else if before == Some(token) {
        (
            "the token that the offer had before it was rotated".to_owned(),
            "take the new one; no function of the vendor's returns it",
        )
    } else if token.eq_ignore_ascii_case(known) {
        ("the right token in other capitals".to_owned(), "a token is compared letter by letter")
    } else if let Some(reading) = readings(token).into_iter().find(|it| it.value == known) {
        (format!("the right token {}", reading.how), reading.cure)
    } else if let Some(unfilled) = unfilled(token) {
        (unfilled.words(token), unfilled.cure())
    } else if token.strip_prefix(known).is_some_and(|more| more.starts_with(';')) {
        ("the right token with something behind it".to_owned(), "pairs are joined by &, not by ;")
    } else if let Some(reading) = within_more(token, known) {
        (format!("the right token {}", reading.how), reading.cure)
    } else if token.chars().count() < known.chars().count() {
        (
            format!("a token of {}", counted(token.chars().count(), "character", "characters")),
            "the offer's has another length; was it cut?",
        )
    } else if token.chars().count() > known.chars().count() {
        (
            format!("a token of {}", counted(token.chars().count(), "character", "characters")),
            "the offer's has another length; something was added",
        )
    } else {
        (
            "a token of the right length that no offer has".to_owned(),
            "compare it with the scenario's; it may have been rotated",
        )
    };
    Ok(No::new(&CREDENTIALS, "", format!("the {TOKEN} of offer {offer_id}"), found, hint))
}

fn unknown_offer(db: &Connection, offer_id: &str, token: &str) -> rusqlite::Result<No> {
    let swapped = store::offer_with_token(db, offer_id)?;
    let owner = store::offer_with_token(db, token)?;
    let mut known = None;
    let is_offer = |id: &str| store::tokens_of(db, id).map(|it| it.is_some());
    let is_list = thousands(offer_id).map_or(Ok(false), |it| it.are_all(is_offer))?;
    for reading in id_readings(offer_id) {
        if store::tokens_of(db, &reading.value)?.is_some() {
            known = Some(reading);
            break;
        }
    }
    let (found, hint) = if let Some(offer) = swapped {
        (
            format!("the token of offer {offer} as offer_id"),
            "offer_id and offer_token are exchanged",
        )
    } else if is_list {
        (format!("several offers in offer_id: {}", shown(offer_id)), ONE_OFFER)
    } else if let Some(reading) = known {
        (format!("an offer_id {}: {}", reading.how, shown(offer_id)), reading.cure)
    } else if let Some(unfilled) = unfilled(offer_id) {
        (unfilled.words(offer_id), unfilled.cure())
    } else if let Some(owner) = owner {
        (
            format!("offer_id {}, with the token of offer {owner}", shown(offer_id)),
            "id and token are a pair; use both of the same offer",
        )
    } else if offer_id.bytes().all(|byte| byte.is_ascii_digit()) {
        (
            format!("offer_id {}, which is none", shown(offer_id)),
            "seed the offer in [maestro] offers, or check which world was asked",
        )
    } else {
        (format!("offer_id {}", shown(offer_id)), "an offer_id is digits only")
    };
    Ok(No::new(&CREDENTIALS, "", "the offer_id of an offer of this world", found, hint))
}

/// What an offer's id may have been before it was disguised.
fn id_readings(offer_id: &str) -> Vec<Reading> {
    let mut found = readings(offer_id);
    let mut add = |value: &str, how, cure| {
        if value != offer_id {
            found.push(Reading { value: value.to_owned(), how, cure });
        }
    };
    add(offer_id.trim_start_matches('0'), "with leading zeros", "take the zeros away");
    add(offer_id.trim_end_matches(".0"), "with a fraction", "an id has no fraction");
    if let Some(thousands) = thousands(offer_id) {
        let cure = "an id has no sign between its thousands";
        add(&thousands.number, "in groups of thousands", cure);
    }
    found
}

/// What to do about a list in `offer_id`.
const ONE_OFFER: &str = "one offer per request; ask once for each, with its own token";

/// Longest value that a reason repeats. A client can send megabytes.
const SHOWN_CHARS_MAX: usize = 60;

/// A client's value, for people.
pub(crate) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARS_MAX) {
        None => format!("{value:?}"),
        Some((end, _)) => format!("{:?}… of {} bytes", &value[..end], value.len()),
    }
}
