//! Importing one contact.

use std::sync::LazyLock;

use rusqlite::types::Value as Sql;
use serde_json::{Map, Value};

use crate::base::nearest::nearest;
use crate::base::text::excerpt;
use crate::base::time::Instant;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Reply};
use crate::sim::outside::people::person::Person;
use crate::vendors::jtel::errors::{BAD_FIELD, BAD_PARAMETER, MISSING_FIELD, NO_CAMPAIGN, Stop};
use crate::vendors::jtel::fields::{
    EMAIL, FIELDS, FIRST_NAME, IMPORTED, NAME, NUMBERS, PHONE_NUMBER1, SetBy, TRIES1, USER_DATA,
};
use crate::vendors::jtel::ops::contacts::{one, written};
use crate::vendors::jtel::ops::enter::{
    NAME_CHARS_MAX, body, no_campaign, no_contact, parameter, pick, run,
};
use crate::vendors::jtel::ops::mandatory::{
    self, CAMPAIGN_ID, CAMPAIGN_NAME, EITHER_CAMPAIGN, IMPORTABLE, is_empty,
};
use crate::vendors::jtel::ops::misfit;
use crate::vendors::jtel::store;
use crate::vendors::jtel::store::contact::{self, New};
use crate::vendors::jtel::timers::{self, FRESH};
use crate::vendors::jtel::variants::{
    BothCampaignKeys, FieldTypes, MatchScope, OverwriteAbsent, OverwriteExtent, OverwriteInvalid,
    ResetContact,
};
use crate::vendors::jtel::wire::{Given, kind, read_field};

const OVERWRITE: &str = "overwriteDuplicates";
const RESET: &str = "ResetContact";

/// First ID of a contact in a world that was seeded with none.
const FIRST_ID: i64 = 1;

/// Imports a contact: a new one, or with `overwriteDuplicates` over one with the same `UserData`.
///
/// Source: jtel 2.1 row 4, 3.2, 4.4, 4.5.
pub(crate) fn import_contact(cx: &mut Cx<'_>, call: &Call<'_>) -> Result<Reply, InternalError> {
    run(cx, call, |cx, client_id| {
        let overwrites = overwrites(cx, call)?;
        let body = body(cx, call, &IMPORTABLE)?;
        let fields = read(cx, body)?;
        mandatory::check(call, body, &fields)?;
        let campaign_id = campaign(cx, client_id, body)?;
        let ignored = ignored(cx, body);
        let overruled = overruled(cx, client_id, campaign_id, body)?;
        let duplicate = duplicate(cx, client_id, campaign_id, overwrites, &fields)?;
        let shown = if let Some(id) = duplicate {
            let reset = cx.variant::<ResetContact>() == ResetContact::Taken
                && body.get(RESET) == Some(&Value::Bool(true));
            overwrite(cx, client_id, id, fields, reset)?;
            one(cx, client_id, id)?.ok_or(id)
        } else {
            let new = insert(cx, client_id, campaign_id, fields)?;
            Ok(written(cx, client_id, &new)?)
        };
        for passed_over in [ignored, overruled].into_iter().flatten() {
            cx.effect(passed_over);
        }
        match shown {
            Ok(response) => Ok(response),
            Err(id) => Err(no_contact(cx, client_id, Some(id))?),
        }
    })
}

/// Whether duplicates are overwritten.
fn overwrites(cx: &Cx<'_>, call: &Call<'_>) -> Result<bool, Stop> {
    match parameter(call, OVERWRITE)? {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        None => Ok(cx.variant::<OverwriteAbsent>() == OverwriteAbsent::True),
        Some(_) if cx.variant::<OverwriteInvalid>() == OverwriteInvalid::AsFalse => Ok(false),
        Some(other) => {
            let expected = format!("{OVERWRITE}: true or false");
            let found = excerpt(other, NAME_CHARS_MAX);
            Err(Stop::of(OVERWRITE, &BAD_PARAMETER, expected, found, misfit::no_flag(other)))
        }
    }
}

/// The place in the table of a field that an import sets.
fn importable(name: &str) -> Option<usize> {
    static PLACES: LazyLock<Vec<(&str, usize)>> = LazyLock::new(|| {
        let fields = FIELDS.iter().enumerate().filter(|(_, it)| it.set_by == SetBy::Import);
        let mut places: Vec<_> = fields.map(|(idx, field)| (field.name, idx)).collect();
        places.sort_unstable();
        places
    });
    let at = PLACES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(PLACES[at].1)
}

/// Reads the fields that an import sets, with their places. Anything else is left aside.
fn read(cx: &Cx<'_>, body: &Map<String, Value>) -> Result<Vec<(usize, Sql)>, Stop> {
    let given = Given::of(cx);
    // In the order of the table, so that of several mistakes the same one is told.
    let mut named: Vec<(usize, &Value)> =
        body.iter().filter_map(|(name, value)| Some((importable(name)?, value))).collect();
    named.sort_unstable_by_key(|(idx, _)| *idx);
    let mut fields = Vec::with_capacity(named.len());
    for (idx, value) in named {
        let field = &FIELDS[idx];
        match read_field(field, value, given) {
            Ok(value) => fields.push((idx, value)),
            Err(amiss) => return Err(misfit::field(field, value, body, &amiss)),
        }
    }
    Ok(fields)
}

/// The campaign of the import.
fn campaign(cx: &Cx<'_>, client_id: i64, body: &Map<String, Value>) -> Result<i64, Stop> {
    let key = |name: &str| body.get(name).filter(|value| !is_empty(value));
    let by_name = cx.variant::<BothCampaignKeys>() == BothCampaignKeys::Name;
    match (key(CAMPAIGN_ID), key(CAMPAIGN_NAME)) {
        (Some(id), name) if name.is_none() || !by_name => campaign_by_id(cx, client_id, id, body),
        (_, Some(name)) => campaign_by_name(cx, client_id, name),
        // `mandatory` has seen to it that one is there.
        _ => Err(Stop::of(EITHER_CAMPAIGN, &MISSING_FIELD, EITHER_CAMPAIGN, "neither", "name one")),
    }
}

fn campaign_by_id(
    cx: &Cx<'_>,
    client_id: i64,
    value: &Value,
    body: &Map<String, Value>,
) -> Result<i64, Stop> {
    let lenient = cx.variant::<FieldTypes>() == FieldTypes::Lenient;
    let id = match value {
        Value::String(text) if lenient => text.trim().parse().ok(),
        other => other.as_i64(),
    };
    let Some(id) = id else {
        let of_name = match value {
            Value::String(name) => store::campaign_by_name(cx.db(), client_id, name)?,
            _ => None,
        };
        return Err(misfit::campaign_id(value, of_name, body));
    };
    if store::has_campaign(cx.db(), client_id, id)? {
        return Ok(id);
    }
    Err(no_campaign(cx, client_id, Some(id))?)
}

fn campaign_by_name(cx: &Cx<'_>, client_id: i64, value: &Value) -> Result<i64, Stop> {
    let Some(name) = value.as_str() else {
        let expected = format!("{CAMPAIGN_NAME}: text");
        let hint = match value {
            Value::Array(_) => "one contact goes into one campaign; send its name itself",
            Value::Object(_) => "send the name itself, not an object round it",
            _ => "send the name in quotes, or the ID as DiallerCampaignsID",
        };
        return Err(Stop::of(CAMPAIGN_NAME, &BAD_FIELD, expected, kind(value), hint));
    };
    if let Some(id) = store::campaign_by_name(cx.db(), client_id, name)? {
        return Ok(id);
    }
    let names = store::campaign_names(cx.db(), client_id)?;
    let own = match name.trim().parse::<i64>() {
        Ok(id) => store::has_campaign(cx.db(), client_id, id)?.then_some(id),
        Err(_) => None,
    };
    let elsewhere = store::campaign_of_others(cx.db(), client_id, name)?;
    let hint = match (own, nearest(name, names.iter().map(String::as_str))) {
        (Some(id), _) => format!("that is the ID of a campaign: send it as {CAMPAIGN_ID}: {id}"),
        (None, Some(near)) => {
            format!("did you mean {near:?}? Names are compared letter by letter")
        }
        (None, None) if let Some(owner) = elsewhere => {
            format!(
                "client account {owner} has a campaign of that name; it is as good as absent here"
            )
        }
        (None, None) => "GET …/dialler/campaigns lists the names".into(),
    };
    let expected = format!("the name of a campaign of client account {client_id}");
    Err(Stop::no(&NO_CAMPAIGN, expected, format!("{:?}", cut(name)), hint))
}

/// The one of two keys of a campaign that did not count, where it names another or none; for the journal.
fn overruled(
    cx: &Cx<'_>,
    client_id: i64,
    campaign_id: i64,
    body: &Map<String, Value>,
) -> Result<Option<String>, Stop> {
    let key = |name: &str| body.get(name).filter(|value| !is_empty(value));
    let (Some(id), Some(name)) = (key(CAMPAIGN_ID), key(CAMPAIGN_NAME)) else { return Ok(None) };
    let of_name = match name.as_str() {
        Some(name) => store::campaign_by_name(cx.db(), client_id, name)?,
        None => None,
    };
    let of_id = id.as_i64().or_else(|| id.as_str()?.trim().parse().ok());
    if of_name == of_id {
        return Ok(None);
    }
    let by_name = of_name == Some(campaign_id);
    let (counts, other, leads) = if by_name {
        (CAMPAIGN_NAME, CAMPAIGN_ID, of_id)
    } else {
        (CAMPAIGN_ID, CAMPAIGN_NAME, of_name)
    };
    let leads = match leads {
        Some(other) if store::has_campaign(cx.db(), client_id, other)? => {
            format!("is campaign {other}")
        }
        _ => "names no campaign".to_owned(),
    };
    Ok(Some(format!(
        "{counts} counts, campaign {campaign_id}; {other} {leads}, and is passed over"
    )))
}

/// Keys that an import does not know, for the journal: most likely they are misspelt.
fn ignored(cx: &Cx<'_>, body: &Map<String, Value>) -> Option<String> {
    let takes_reset = cx.variant::<ResetContact>() == ResetContact::Taken;
    let is_known = |key: &str| {
        key == CAMPAIGN_ID
            || key == CAMPAIGN_NAME
            || (key == RESET && takes_reset)
            || importable(key).is_some()
    };
    let unknown: Vec<&str> = body.keys().map(String::as_str).filter(|key| !is_known(key)).collect();
    let named: Vec<&str> = unknown.iter().take(KEYS_NAMED_MAX).map(|key| cut(key)).collect();
    let more = unknown.len() - named.len();
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(format!("not importable, ignored: {}", named.join(", "))),
        _ => Some(format!("not importable, ignored: {} and {more} more", named.join(", "))),
    }
}

/// Most keys that a text names.
const KEYS_NAMED_MAX: usize = 10;

/// Most bytes of a client's text that a text of ours repeats.
const SHOWN_BYTES_MAX: usize = 100;

fn cut(text: &str) -> &str {
    let mut end = text.len().min(SHOWN_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The contact that the import overwrites.
fn duplicate(
    cx: &mut Cx<'_>,
    client_id: i64,
    campaign_id: i64,
    overwrites: bool,
    fields: &[(usize, Sql)],
) -> Result<Option<i64>, Stop> {
    let user_data = fields.iter().find_map(|(idx, value)| match value {
        Sql::Text(text) if *idx == USER_DATA && !text.is_empty() => Some(text.as_str()),
        _ => None,
    });
    let (true, Some(user_data)) = (overwrites, user_data) else { return Ok(None) };
    let within = match cx.variant() {
        MatchScope::Campaign => Some(campaign_id),
        MatchScope::Client => None,
    };
    let ids = contact::ids(cx.db(), client_id, user_data, within)?;
    Ok(pick(cx, "overwrite", user_data, &ids))
}

/// The fields of a contact that nobody has dialled yet.
fn fresh(now: Instant) -> Vec<Sql> {
    let mut values = vec![Sql::Null; FIELDS.len()];
    values[TRIES1..TRIES1 + NUMBERS].fill(Sql::Integer(0));
    values[IMPORTED] = Sql::Integer(now.as_millis());
    values
}

fn insert(
    cx: &mut Cx<'_>,
    client_id: i64,
    campaign_id: i64,
    fields: Vec<(usize, Sql)>,
) -> rusqlite::Result<New> {
    let id = cx.next_count("contact", FIRST_ID)?;
    let mut values = fresh(cx.now());
    for (idx, value) in fields {
        values[idx] = value;
    }
    let home = contact::Home { id, campaign_id, client_id, due: Some(FRESH) };
    contact::insert(&cx.tx(), home, &values)?;
    cx.effect(format!("contact {id} imported into campaign {campaign_id}"));
    timers::look_at(cx, campaign_id, cx.now())?;
    Ok(New { id, campaign_id, values })
}

/// Makes a contact of a person, whose number is also the key of the foreign system. Answers its ID.
pub(crate) fn insert_person(
    cx: &mut Cx<'_>,
    client_id: i64,
    campaign_id: i64,
    person: &Person,
) -> rusqlite::Result<i64> {
    let values = [
        (USER_DATA, &person.digits),
        (NAME, &person.name),
        (FIRST_NAME, &person.first_name),
        (PHONE_NUMBER1, &person.digits),
        (EMAIL, &person.email),
    ];
    let given = values.into_iter().filter(|(idx, text)| *idx == NAME || !text.is_empty());
    let fields = given.map(|(idx, text)| (idx, Sql::Text(text.clone()))).collect();
    Ok(insert(cx, client_id, campaign_id, fields)?.id)
}

/// Overwrites a contact. Its ID, its campaign and what the dialler knows of it stay.
fn overwrite(
    cx: &mut Cx<'_>,
    client_id: i64,
    id: i64,
    fields: Vec<(usize, Sql)>,
    reset: bool,
) -> Result<(), Stop> {
    let Some(mut values) = contact::values(cx.db(), client_id, id)? else {
        return Err(no_contact(cx, client_id, Some(id))?);
    };
    if cx.variant::<OverwriteExtent>() == OverwriteExtent::Full {
        for (value, field) in values.iter_mut().zip(FIELDS) {
            if field.set_by == SetBy::Import {
                *value = Sql::Null;
            }
        }
    }
    let call = contact::call(cx.db(), id)?;
    let mut due = contact::due(cx.db(), id)?;
    if reset {
        let imported = values[IMPORTED].clone();
        for ((value, field), fresh) in values.iter_mut().zip(FIELDS).zip(fresh(cx.now())) {
            if field.set_by == SetBy::Dialler {
                *value = fresh;
            }
        }
        values[IMPORTED] = imported;
        due = if call.is_some() { None } else { Some(FRESH) };
    }
    let names: Vec<&str> = fields.iter().map(|(idx, _)| FIELDS[*idx].name).collect();
    cx.effect(format!("contact {id} overwritten: {}", names.join(", ")));
    for (idx, value) in fields {
        values[idx] = value;
    }
    contact::update(&cx.tx(), id, &values, due)?;
    if let Some(call_id) = call {
        cx.effect(format!(
            "call {call_id} with contact {id} is up: it goes on, and its result counts"
        ));
    }
    if reset {
        cx.effect(format!("contact {id} reset to the state of a fresh one"));
        if let Some(campaign_id) = contact::campaign(cx.db(), id)? {
            timers::look_at(cx, campaign_id, cx.now())?;
        }
    }
    Ok(())
}
