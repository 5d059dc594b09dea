//! Who is calling, whose key counts, and whether the hash is right (mor 1.2 to 1.6).

use crate::base::nearest::nearest;
use crate::contract::cx::Cx;
use crate::contract::operation::Routed;
use crate::contract::surface::Credential;
use crate::vendors::mor::errors::{HASH, NO_KEY, Stop, USER};
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::key::listed;
use crate::vendors::mor::key::readings;
use crate::vendors::mor::method::{Method, STATISTICS, UPLOAD_NUMBERS};
use crate::vendors::mor::model::Caller;
use crate::vendors::mor::params::{self, Asked};
use crate::vendors::mor::store::users;
use crate::vendors::mor::variants::{NumericUser, Uniquehash, UploadHash};
use crate::vendors::mor::{hash, hash_diagnosis, missing, unread};
use crate::web::diagnosis::disguise::unfilled;
use crate::web::message::Request;

/// What a client is told by: the user in whose name it asks. The key itself is never sent.
pub(crate) const CLAIMABLE: &[Credential] =
    &[Credential { name: "u", text: "the parameter u, a username", secret: false }];

/// The user of a request, whether there is one of that name or not.
pub(crate) fn credentials(_request: &Request, routed: &Routed) -> Vec<(&'static str, String)> {
    let sent = params::in_either(&routed.params, CLAIMABLE[0].name);
    sent.into_iter().map(|user| (CLAIMABLE[0].name, user)).collect()
}

/// The user that `u` names; `None` where it is missing or names none.
pub(crate) fn caller(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    method: &Method,
) -> rusqlite::Result<Option<Caller>> {
    let Some(u) = asked.given("u") else { return Ok(None) };
    if let Some(caller) = users::caller(cx.db(), &u)? {
        return Ok(Some(caller));
    }
    let takes_id = method.operation == STATISTICS.operation
        || cx.variant::<NumericUser>() == NumericUser::Everywhere;
    match u.parse() {
        Ok(id) if takes_id && !u.starts_with(['+', '-']) => users::caller_by_id(cx.db(), id),
        _ => Ok(None),
    }
}

/// Checks the hash.
pub(crate) fn check_hash(
    cx: &Cx<'_>,
    asked: &Asked<'_>,
    method: &'static Method,
    caller: Option<&Caller>,
    owner: KeyOwner<'_>,
) -> Result<(), Stop> {
    let is_upload = method.operation == UPLOAD_NUMBERS.operation;
    let always = is_upload && cx.variant::<UploadHash>() == UploadHash::Always;
    if owner.disables_hash() && !always {
        return Ok(());
    }
    if owner.key().is_empty() {
        let expected = format!("an API Secret Key of {}", owner.name());
        let hint = match owner.reseller {
            None => "seed secret_key in [mor.settings], or set it with the event set_setting",
            Some(_) => "a reseller enters a key of their own; the administrator's does not count",
        };
        return Err(Stop::no(&NO_KEY, expected, "none was entered", hint));
    }
    let sent = asked.get("hash").unwrap_or_default();
    let values = listed(asked, method);
    for with_u in readings(cx) {
        let values: Vec<&str> = values
            .iter()
            .filter(|(name, _)| *with_u || *name != "u")
            .map(|(_, value)| value.as_ref())
            .collect();
        if hash::is_right(&sent, &values, owner.key(), cx.variant(), cx.variant()) {
            return Ok(());
        }
    }
    if cx.variant::<Uniquehash>() == Uniquehash::Accepted && !sent.is_empty() {
        let uniquehash = owner.uniquehash(cx)?;
        if uniquehash == sent {
            return Ok(());
        }
    }
    let plain = if sent.is_empty() {
        unread::parameters(asked.call, &HASH)
    } else {
        unread::encoding(asked.call, method.hashed, &HASH)
    };
    if let Some(stop) = plain {
        return Err(stop);
    }
    let diagnosis = hash_diagnosis::wrong_hash(cx, asked, method, caller, owner)?;
    Err(Stop::no(&HASH, diagnosis.expected, diagnosis.found, diagnosis.hint))
}

/// Users that are looked at for the one that was meant; of a large system the first.
const NEAR_USERS_MAX: i64 = 500;

/// Why there is no caller.
pub(crate) fn no_caller(cx: &Cx<'_>, asked: &Asked<'_>, method: &Method) -> Result<Stop, Stop> {
    let expected = "u: the username of a user of this world";
    let refuse = |found: String, hint: String| Ok(Stop::no(&USER, expected, found, hint));
    let Some(u) = asked.given("u") else {
        if missing::other_name(asked, "u").is_none()
            && let Some(stop) = unread::parameters(asked.call, &USER)
        {
            return Ok(stop);
        }
        let (found, hint) = missing::parameter(asked, "u");
        return refuse(found, hint);
    };
    if let Some(stop) = unread::encoding(asked.call, &["u"], &USER) {
        return Ok(stop);
    }
    let found = format!("{:?}, which is none", hash_diagnosis::cut(&u));
    let names = users::usernames(cx.db(), NEAR_USERS_MAX)?;
    if let Some(same) = names.iter().find(|name| name.to_lowercase() == u.to_lowercase()) {
        return refuse(
            found,
            format!("{same:?} differs in its capitals alone; names are compared letter by letter"),
        );
    }
    if u.trim() != u {
        return refuse(found, "take the blanks away; values are not trimmed".into());
    }
    if let Some(unfilled) = unfilled(&u) {
        return refuse(unfilled.words(&u), unfilled.cure().into());
    }
    if let Ok(id) = u.parse::<i64>()
        && let Some(name) = users::username(cx.db(), id)?
    {
        let function = method.function;
        return refuse(found, format!("{id} is the id of {name:?}; {function} takes the username"));
    }
    let with_plus = u.replace(' ', "+");
    if with_plus != u && names.contains(&with_plus) {
        let hint =
            format!("did you mean {with_plus:?}? In a query a + is a blank; send %2B for it");
        return refuse(found, hint);
    }
    if let Some(name) = names.iter().find(|name| are_composed_alike(name, &u)) {
        let hint = format!(
            "{name:?} is written with other code points that look the same; send it composed (NFC)"
        );
        return refuse(found, hint);
    }
    match nearest(&u, names.iter().map(String::as_str)) {
        Some(near) => refuse(found, format!("did you mean {near:?}?")),
        None => refuse(found, some_users(&names)),
    }
}

/// Whether two names differ in nothing but how letters with marks are composed: `ü`, or `u` and a mark.
fn are_composed_alike(name: &str, sent: &str) -> bool {
    let is_mark = |it: char| ('\u{300}'..='\u{36f}').contains(&it);
    if name.contains(is_mark) == sent.contains(is_mark) {
        return false;
    }
    let (composed, apart) = if sent.contains(is_mark) { (name, sent) } else { (sent, name) };
    let bare: Vec<char> = apart.chars().filter(|it| !is_mark(*it)).collect();
    let pairs = composed.chars().zip(&bare);
    // A letter that has no partner of ASCII is one with a mark.
    let alike = pairs
        .filter(|(one, other)| one == *other || !one.is_ascii() && other.is_ascii_alphabetic());
    composed.chars().count() == bare.len() && alike.count() == bare.len()
}

/// Users that a reason lists.
const USERS_SHOWN_MAX: usize = 8;

fn some_users(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(USERS_SHOWN_MAX).map(|name| format!("{name:?}")).collect();
    let more = if names.len() > USERS_SHOWN_MAX { " and others" } else { "" };
    format!("users of this world: {}{more}; check which world was asked", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_but_for_how_their_letters_are_composed() {
        assert!(are_composed_alike("ünal", "u\u{308}nal"));
        assert!(are_composed_alike("u\u{308}nal", "ünal"));
        for sent in ["ünal", "unal", "u\u{308}nel", "u\u{308}n", "x\u{308}anal"] {
            assert!(!are_composed_alike("ünal", sent), "{sent}");
        }
    }
}
