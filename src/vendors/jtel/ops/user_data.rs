//! `userData`, which every function that goes by it needs: where it stands, and why no contact has it.

use http::Method;

use crate::base::text::excerpt;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::Why;
use crate::vendors::jtel::api::API;
use crate::vendors::jtel::errors::{MISSING_PARAMETER, NO_CONTACT, Stop};
use crate::vendors::jtel::fields::{FIELDS, USER_DATA};
use crate::vendors::jtel::ops::enter::{NAME_CHARS_MAX, parameter};
use crate::vendors::jtel::store::contact;
use crate::web::diagnosis::disguise::{readings, unfilled};

/// The query parameter.
pub(crate) const USER_DATA_PARAMETER: &str = "userData";

/// The value of the parameter.
pub(crate) fn user_data<'c>(call: &Call<'c>) -> Result<&'c str, Stop> {
    let (found, hint) = match parameter(call, USER_DATA_PARAMETER)? {
        Some(text) if !text.is_empty() => return Ok(text),
        Some(_) => ("an empty userData".to_owned(), SEND.to_owned()),
        None => absent(call),
    };
    Err(Stop::of(USER_DATA_PARAMETER, &MISSING_PARAMETER, "userData in the query", found, hint))
}

const SEND: &str = "send ?userData=…, percent-encoded; names are compared letter by letter";

/// What stands there where the parameter is not.
fn absent(call: &Call<'_>) -> (String, String) {
    let query = || call.params.query.iter();
    if let Some((name, _)) =
        query().find(|(name, _)| name.eq_ignore_ascii_case(USER_DATA_PARAMETER))
    {
        return (format!("{name}, in other capitals"), SEND.into());
    }
    let is_id = |value: &str| !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let by_id = query().find(|(name, value)| {
        ["id", "contactid", "diallercontactsid"].contains(&name.to_lowercase().as_str())
            && is_id(value)
    });
    if let Some((name, id)) = by_id {
        let path = call.request.path();
        let (parent, verb) = match path.rsplit_once('/') {
            Some((parent, verb)) if verb != "contact" => (parent, format!("/{verb}")),
            _ => (path, String::new()),
        };
        let hint = format!("by ID it is {} {parent}/{id}{verb}", call.request.method);
        return (format!("no userData, but {name} in the query"), hint);
    }
    let near = query().find(|(name, _)| API.near(name, [USER_DATA_PARAMETER]).is_some());
    if let Some((name, _)) = near {
        let found = format!("no userData, but {}", excerpt(name, NAME_CHARS_MAX));
        return (found, format!("call it userData; {SEND}"));
    }
    let has = |word: &str| {
        call.request.body.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
    };
    if has(USER_DATA_PARAMETER) {
        return (
            "no userData in the query, but in the body".into(),
            format!("{SEND}; no body is read here"),
        );
    }
    if has("\"ID\"") {
        let hint = format!("an ID goes into the path, behind /contact/; by userData: {SEND}");
        return ("no userData in the query, but an ID in the body".into(), hint);
    }
    ("no parameter userData in the query".into(), SEND.into())
}

/// There is no contact with that `UserData`.
pub(crate) fn no_user_data(
    cx: &Cx<'_>,
    call: &Call<'_>,
    client_id: i64,
    user_data: &str,
) -> Result<Stop, Stop> {
    if let Some(why) = escaped(cx, call, client_id, user_data)? {
        return Ok(Stop::because(&NO_CONTACT, why));
    }
    let expected = format!("the UserData of a contact of client account {client_id}");
    let (found, mut hint) = why_none(cx, client_id, user_data)?;
    if hint == COMPARE && call.request.method == Method::DELETE {
        hint =
            format!("where a delete before this one took the last, 404 is right; else {COMPARE}");
    }
    Ok(Stop::no(&NO_CONTACT, expected, found, hint))
}

/// What to do about a `UserData` of which nothing is known.
const COMPARE: &str = "compare it with GET …/dialler/contacts, which shows each contact's UserData";

/// What the escapes of the query did to a value, unless the value is known but for its blanks.
fn escaped(
    cx: &Cx<'_>,
    call: &Call<'_>,
    client_id: i64,
    user_data: &str,
) -> rusqlite::Result<Option<Why>> {
    let trimmed = user_data.trim();
    if trimmed != user_data && !contact::ids(cx.db(), client_id, trimmed, None)?.is_empty() {
        return Ok(None);
    }
    Ok(Why::of_query_value(&NO_CONTACT, call.request, USER_DATA_PARAMETER))
}

/// What was found and what to do, where no contact has a `UserData`.
pub(crate) fn why_none(
    cx: &Cx<'_>,
    client_id: i64,
    user_data: &str,
) -> rusqlite::Result<(String, String)> {
    let no = |found: String, hint: String| Ok((found, hint));
    let (n_chars, chars_max) = (user_data.chars().count(), FIELDS[USER_DATA].chars_max);
    if let Some(chars_max) = chars_max.filter(|chars_max| n_chars > *chars_max) {
        let hint = format!("UserData has at most {chars_max} characters, so no contact has this");
        return no(format!("a text of {n_chars} characters"), hint);
    }
    let shown = format!("{user_data:?}");
    let known =
        |text: &str| contact::ids(cx.db(), client_id, text, None).map(|ids| !ids.is_empty());
    let trimmed = user_data.trim();
    if trimmed != user_data && known(trimmed)? {
        return no(shown, format!("without the blanks around it there is one: {trimmed:?}"));
    }
    for other in [user_data.to_uppercase(), user_data.to_lowercase()] {
        if other != user_data && known(&other)? {
            return no(shown, format!("in other capitals there is one: {other:?}"));
        }
    }
    if let Some(other) = alike(user_data).find(|other| known(other).unwrap_or(false)) {
        let hint = "some of its signs only look like those that are meant".to_owned();
        return no(format!("{shown}, which looks like {other:?}"), hint);
    }
    for reading in readings(user_data) {
        if known(&reading.value)? {
            return no(format!("a UserData {}: {shown}", reading.how), reading.cure.into());
        }
    }
    if let Some(unfilled) = unfilled(user_data) {
        return no(unfilled.words(user_data), unfilled.cure().into());
    }
    if let Some(owner) = contact::other_client(cx.db(), client_id, user_data)? {
        let hint = "the objects of another client account are as good as absent";
        return no(format!("{shown}, which client account {owner} has"), hint.into());
    }
    if let Ok(id) = user_data.parse::<i64>()
        && contact::owner(cx.db(), id)? == Some(client_id)
    {
        let hint = "an ID goes into the path: …/dialler/contacts/contact/{id}";
        return no(format!("{shown}, the ID of a contact"), hint.into());
    }
    let parts: Vec<&str> = user_data.split([',', ';', '|']).map(str::trim).collect();
    if parts.len() > 1 && known(parts[0])? {
        let hint = "one UserData per request; many are read with POST …/dialler/contacts and \
                    {\"UserDataList\": [\"…\"]}";
        return no(format!("{shown}, several in one"), hint.into());
    }
    if user_data.contains(['*', '%']) {
        let hint = "UserData is compared whole; there are no wildcards";
        return no(format!("{shown}, which none has"), hint.into());
    }
    if let Some(id) = contact::by_name(cx.db(), client_id, trimmed)? {
        let hint =
            "a contact's Name is no key; send its UserData, or its ID in the path".to_owned();
        return no(format!("{shown}, the Name of contact {id}"), hint);
    }
    no(format!("{shown}, which none has"), COMPARE.into())
}

/// What a text may be in other signs that look like its own: noughts for letters and the reverse, and
/// the hyphens and blanks that text programs put in.
fn alike(text: &str) -> impl Iterator<Item = String> {
    let plain: String = text
        .chars()
        .map(|it| match it {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}' => '-',
            '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect();
    let noughts = plain.replace(['O', 'o'], "0");
    let ones = noughts.replace(['I', 'l'], "1");
    let letters = plain.replace('0', "O");
    let own = text.to_owned();
    [plain, noughts, ones, letters].into_iter().filter(move |other| *other != own)
}
