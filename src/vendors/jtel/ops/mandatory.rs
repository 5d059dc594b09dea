//! What every import has to have, and what stands there instead where it has not.

use std::sync::LazyLock;

use rusqlite::types::Value as Sql;
use serde_json::{Map, Value};

use crate::base::text::excerpt;
use crate::contract::operation::Call;
use crate::contract::reply::{Refusal, Why};
use crate::vendors::jtel::api::API;
use crate::vendors::jtel::errors::{MISSING_FIELD, NO_PHONE, Stop};
use crate::vendors::jtel::fields::{FIELDS, NAME, NUMBERS, PHONE_NUMBER1, SetBy};
use crate::vendors::jtel::ops::enter::NAME_CHARS_MAX;
use crate::vendors::jtel::ops::lists::edited;
use crate::web::diagnosis::report::{Asked, Kind, Wanted};

pub(crate) const CAMPAIGN_ID: &str = "DiallerCampaignsID";

pub(crate) const CAMPAIGN_NAME: &str = "DiallerCampaignsName";

pub(crate) const EITHER_CAMPAIGN: &str = "DiallerCampaignsID or DiallerCampaignsName";

/// Every member that an import sets.
pub(crate) static IMPORTABLE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let fields = FIELDS.iter().filter(|field| field.set_by == SetBy::Import);
    [CAMPAIGN_ID, CAMPAIGN_NAME].into_iter().chain(fields.map(|field| field.name)).collect()
});

/// Checks what every import has to have.
///
/// Source: jtel 3.2.
pub(crate) fn check(
    call: &Call<'_>,
    body: &Map<String, Value>,
    fields: &[(usize, Sql)],
) -> Result<(), Stop> {
    let is_set = |wanted: usize| {
        let value = fields.iter().find(|(idx, _)| *idx == wanted).map(|(_, value)| value);
        match value {
            // Blanks are no name and no number.
            Some(Sql::Text(text)) => !text.trim().is_empty(),
            other => other.is_some_and(|value| *value != Sql::Null),
        }
    };
    let absent = |subject, refusal, expected: &str, meant: &[&str], words: &str, hint: &str| {
        Absent { call, body, refusal, meant }.stop(subject, expected, words, hint)
    };
    if !is_set(NAME) {
        let words = if body.contains_key("Name") { "an empty Name" } else { "no Name" };
        let hint = "Name is the surname, and mandatory, also when a contact is overwritten";
        return Err(absent("Name", &MISSING_FIELD, "Name", &["Name"], words, hint));
    }
    let is_given = |key: &str| body.get(key).is_some_and(|value| !is_empty(value));
    if !is_given(CAMPAIGN_ID) && !is_given(CAMPAIGN_NAME) {
        let named = [CAMPAIGN_ID, CAMPAIGN_NAME].into_iter().find(|name| body.contains_key(*name));
        let words = named.map_or("neither".into(), |name| format!("an empty {name}"));
        let hint = "the campaign is named in the body, by ID or by name";
        let meant = [CAMPAIGN_ID, CAMPAIGN_NAME];
        let expected = EITHER_CAMPAIGN;
        return Err(absent(expected, &MISSING_FIELD, expected, &meant, &words, hint));
    }
    let numbers = PHONE_NUMBER1..PHONE_NUMBER1 + NUMBERS;
    if !numbers.clone().any(is_set) {
        let names: Vec<&str> = FIELDS[numbers].iter().map(|field| field.name).collect();
        let blank = names.iter().find(|name| body.contains_key(**name));
        let words = match blank {
            Some(name) => format!("none that is set; {name} is empty"),
            None => "none that is set".into(),
        };
        let hint = "any one of the six will do, also when a contact is overwritten";
        let expected = "one of PhoneNumber1 to PhoneNumber6";
        return Err(absent("", &NO_PHONE, expected, &names, &words, hint));
    }
    Ok(())
}

pub(crate) fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Something that an import has to have and has not.
struct Absent<'a> {
    call: &'a Call<'a>,
    body: &'a Map<String, Value>,
    refusal: &'static Refusal,
    /// The members that would do.
    meant: &'a [&'a str],
}

impl Absent<'_> {
    fn stop(&self, subject: &'static str, expected: &str, words: &str, hint: &str) -> Stop {
        let Absent { call, body, refusal, meant } = self;
        if !body.keys().any(|name| IMPORTABLE.contains(&name.as_str())) {
            let asked = Asked::new(Wanted::JsonObject).knowing(&IMPORTABLE);
            if let Some((why, Kind::Wrapped)) = Why::of_body(refusal, call.request, &asked) {
                return Stop::about(subject, refusal, why);
            }
        }
        if let Some(list) = ["IDList", "UserDataList"].into_iter().find(|it| body.contains_key(*it))
        {
            let found = format!("{words}, but {list}, the batch retrieval's own");
            let hint = "this is the import; many contacts are read with POST …/dialler/contacts";
            return Stop::of(subject, refusal, expected, found, hint);
        }
        if meant.contains(&CAMPAIGN_ID) && body.contains_key("ID") {
            let found = format!("{words}, but ID, the contact's own");
            let hint = format!(
                "the campaign is named as {CAMPAIGN_ID}; the vendor gives out IDs of contacts"
            );
            return Stop::of(subject, refusal, expected, found, hint);
        }
        if let Some((found, hint)) = several(body) {
            return Stop::of(subject, refusal, expected, format!("{words}, but {found}"), hint);
        }
        if let Some((sent, near)) = self.near() {
            let found = format!("{words}, but {}", excerpt(sent, NAME_CHARS_MAX));
            let mut told = format!("call it {near}; {hint}");
            if body.get(sent).is_some_and(Value::is_array) {
                told = format!("each is a member of its own, one text: {near}; {hint}");
            }
            let mut why = Why::new(refusal, expected, found, told);
            why.edit = self.renamed().and_then(|body| edited(&body));
            return Stop::about(subject, refusal, why);
        }
        let in_query = call
            .params
            .query
            .iter()
            .find(|(name, _)| meant.iter().any(|meant| meant.eq_ignore_ascii_case(name)));
        if let Some((name, _)) = in_query {
            let found = format!("{words}, but {name} in the query");
            return Stop::of(
                subject,
                refusal,
                expected,
                found,
                format!("{hint}, not in the query"),
            );
        }
        Stop::of(subject, refusal, expected, words, hint)
    }

    /// The member that is most likely meant to be one of these, and which.
    fn near(&self) -> Option<(&str, &str)> {
        let mut unknown = self.body.keys().filter(|name| !IMPORTABLE.contains(&name.as_str()));
        unknown.find_map(|sent| Some((sent.as_str(), meant(sent, &self.body[sent], self.meant)?)))
    }

    /// The body with every misspelt member under its right name, where an import takes it so.
    fn renamed(&self) -> Option<Value> {
        let mut renamed = Map::new();
        for (sent, value) in self.body {
            let is_known = IMPORTABLE.contains(&sent.as_str());
            let near = if is_known { None } else { meant(sent, value, &IMPORTABLE) };
            let name = near.unwrap_or(sent);
            if renamed.insert(name.to_owned(), value.clone()).is_some() {
                return None;
            }
        }
        let is_text = |name: &str| {
            renamed.get(name).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
        };
        let has_campaign = is_text(CAMPAIGN_NAME)
            || renamed.get(CAMPAIGN_ID).is_some_and(|id| id.as_i64().is_some());
        let mut numbers = FIELDS[PHONE_NUMBER1..PHONE_NUMBER1 + NUMBERS].iter();
        let is_whole = is_text("Name") && has_campaign && numbers.any(|field| is_text(field.name));
        is_whole.then_some(Value::Object(renamed))
    }
}

/// Contacts that stand deeper in a body than an import looks: several in a list, or one in a text.
fn several(body: &Map<String, Value>) -> Option<(String, &'static str)> {
    let is_contact = |value: &Value| {
        let members = value.as_object();
        members.is_some_and(|it| it.keys().any(|name| IMPORTABLE.contains(&name.as_str())))
    };
    body.iter().filter(|(name, _)| !IMPORTABLE.contains(&name.as_str())).find_map(
        |(name, value)| {
            let name = excerpt(name, NAME_CHARS_MAX);
            match value {
                Value::Array(all) if all.len() > 1 && all.iter().all(is_contact) => Some((
                    format!("{} contacts in {name}", all.len()),
                    "import one contact a request, its members at the top of the body",
                )),
                Value::String(text) => {
                    let inner: Value = serde_json::from_str(text).ok()?;
                    is_contact(&inner).then(|| {
                        (
                            format!("a contact in {name}, as JSON in a text"),
                            "send the contact itself as the body, encoded once",
                        )
                    })
                }
                _ => None,
            }
        },
    )
}

/// Which of the known members is meant by one that is none of them. A campaign that is named by a text
/// is named by its name.
fn meant<'k>(sent: &str, value: &Value, known: &[&'k str]) -> Option<&'k str> {
    let near = API.near(sent, known.iter().copied())?;
    let is_name = value.as_str().is_some_and(|text| text.trim().parse::<i64>().is_err());
    match (near == CAMPAIGN_ID && is_name, known.iter().find(|name| **name == CAMPAIGN_NAME)) {
        (true, Some(name)) => Some(name),
        _ => Some(near),
    }
}
