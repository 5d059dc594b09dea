//! Lists and leads that a request of lead management names, and why there are none.

use crate::contract::cx::Cx;
use crate::vendors::maxcontact::errors::{LEAD, PARAM, Stop};
use crate::vendors::maxcontact::ops::enter::SHOWN_MAX;
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::{NoLeadMatches, UnknownList};

/// Stops where there is no such list, unless that is not looked at.
pub(crate) fn check_list(cx: &Cx<'_>, name: &'static str, list_id: i64) -> Result<(), Stop> {
    let taken = cx.variant::<UnknownList>() == UnknownList::Taken;
    if taken || store::has_list(cx.db(), list_id)? {
        return Ok(());
    }
    let found = match list_id {
        0 => format!("no {name}"),
        id => format!("list {id}"),
    };
    let lists = store::some_lists(cx.db(), SHOWN_MAX)?;
    let lists: Vec<_> = lists.into_iter().map(|(id, name)| format!("{id} ({name})")).collect();
    let of_world = match lists.len() {
        0 => "this world has no lists; seed one in [maxcontact] lists".to_owned(),
        _ => format!("lists of this world: {}", lists.join(", ")),
    };
    let hint = match store::campaign(cx.db(), list_id)?.filter(|_| list_id != 0) {
        Some(rules) => format!("{list_id} is a campaign, and its list is {}", rules.list_id),
        None => of_world,
    };
    let fills: &[(&str, &dyn std::fmt::Display)] = &[("name", &name)];
    Err(Stop::no(&PARAM, fills, format!("{name}: the id of a list"), found, hint))
}

/// By what a request names leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Number,
    Reference,
    Id,
}

impl By {
    fn words(self) -> &'static str {
        match self {
            By::Number => "that number",
            By::Reference => "that ReferenceID",
            By::Id => "that id",
        }
    }
}

/// Stops where no lead matches, unless that is success. `list_id` is 0 for any list.
pub(crate) fn matched(
    cx: &Cx<'_>,
    leads: Vec<i64>,
    by: By,
    key: &str,
    list_id: i64,
) -> Result<Vec<i64>, Stop> {
    if !leads.is_empty() || cx.variant::<NoLeadMatches>() == NoLeadMatches::Ok {
        return Ok(leads);
    }
    let place = match list_id {
        0 => String::new(),
        id => format!(" in list {id}"),
    };
    let expected = format!("a lead with {}{place}", by.words());
    let hint = near(cx, by, key, list_id)?;
    let hint = hint.unwrap_or_else(|| "the table leads shows ids, references and lists".into());
    Err(Stop::no(&LEAD, &[("id", &key)], expected, format!("none with {key:?}"), hint))
}

/// The lead that is meant, where one is near.
fn near(cx: &Cx<'_>, by: By, key: &str, list_id: i64) -> rusqlite::Result<Option<String>> {
    let db = cx.db();
    let elsewhere = match by {
        By::Number if list_id != 0 => store::leads_by_number(db, key, 0)?,
        By::Reference if list_id != 0 => store::leads_by_reference(db, key, 0)?,
        _ => Vec::new(),
    };
    if let Some(id) = elsewhere.first() {
        let list = store::list_of_lead(db, *id)?.unwrap_or_default();
        return Ok(Some(format!("lead {id} has it, and is in list {list}")));
    }
    let id: Option<i64> = key.trim().parse().ok();
    if by != By::Id && store::has_lead(db, id.unwrap_or_default())? {
        let what = if by == By::Number { "a telephone number" } else { "a ReferenceID" };
        return Ok(Some(format!("{key} is a lead's id, and this method takes {what}")));
    }
    if by != By::Number
        && let Some(id) = store::newest_lead(db, key)?
    {
        return Ok(Some(format!(
            "{key} is a number of lead {id}, and this method takes no number"
        )));
    }
    if by == By::Reference
        && let Some((id, reference)) = store::like_reference(db, key)?
    {
        return Ok(Some(format!(
            "lead {id} has {reference:?}; references are compared letter by letter"
        )));
    }
    let alike = match by {
        By::Number => store::like_number(db, key)?,
        _ => None,
    };
    Ok(alike.map(|(id, number)| {
        format!("lead {id} has {number}; numbers are compared as they are written")
    }))
}
