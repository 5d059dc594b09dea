//! A right hash whose values stand under other names: `username` for `u`, `campaign_id` for `id`.
//!
//! Not here: a hash that is wrong by itself (`hash_diagnosis`).

use crate::vendors::mor::api::API;
use crate::vendors::mor::hash;
use crate::vendors::mor::hash_mistakes::Seen;
use crate::vendors::mor::key::KeyOwner;
use crate::vendors::mor::store::users;

/// A listed parameter that did not come, with the name and the value that stand for it.
type Stand<'s> = (&'static str, &'s (String, String));

/// Which parameters have to be called otherwise, so that the hash is right; `None` where no other
/// names make it right.
pub(crate) fn explain(seen: &Seen<'_>, sent: &str) -> rusqlite::Result<Option<String>> {
    let missing: Vec<&'static str> = missing(seen);
    let strangers = seen.unlisted();
    for stands in ways(&missing, &strangers) {
        if !stands.is_empty() && is_right(seen, &stands, sent)? {
            return Ok(Some(words(&stands)));
        }
    }
    Ok(None)
}

/// The listed parameters that did not come.
fn missing(seen: &Seen<'_>) -> Vec<&'static str> {
    let listed = seen.method.hashed.iter().copied().filter(|name| seen.with_u || *name != "u");
    listed.filter(|name| seen.asked.given(name).is_none()).collect()
}

/// Every way in which strangers can stand for what is missing, those that are near by name first.
fn ways<'s>(missing: &[&'static str], strangers: &'s [(String, String)]) -> Vec<Vec<Stand<'s>>> {
    let Some((name, rest)) = missing.split_first() else { return vec![Vec::new()] };
    let is_near = |it: &&(String, String)| API.near(&it.0, [*name]).is_some();
    let (near, far): (Vec<_>, Vec<_>) = strangers.iter().partition(is_near);
    let behind = ways(rest, strangers);
    let mut all = Vec::new();
    for stranger in near.into_iter().chain(far).map(Some).chain([None]) {
        for way in &behind {
            if stranger.is_some_and(|it| way.iter().any(|(_, taken)| *taken == it)) {
                continue;
            }
            let own = stranger.map(|it| (*name, it));
            all.push(own.into_iter().chain(way.iter().copied()).collect());
        }
    }
    all
}

fn is_right(seen: &Seen<'_>, stands: &[Stand<'_>], sent: &str) -> rusqlite::Result<bool> {
    let stand = |name: &str| stands.iter().find(|(missing, _)| *missing == name);
    let listed = seen.method.hashed.iter().copied().filter(|name| seen.with_u || *name != "u");
    let values: Vec<String> = listed
        .filter_map(|name| match stand(name) {
            Some((_, (_, value))) => Some(value.clone()),
            None => seen.asked.given(name).map(std::borrow::Cow::into_owned),
        })
        .collect();
    // Who is called by the right name brings the key that counts.
    let caller = match stand("u") {
        Some((_, (_, username))) => users::caller(seen.cx.db(), username)?,
        None => seen.caller.cloned(),
    };
    let key = KeyOwner::of(seen.owner.settings, caller.as_ref()).key();
    Ok(hash::hash(values.iter().map(String::as_str), key) == sent)
}

fn words(stands: &[Stand<'_>]) -> String {
    let cures: Vec<String> =
        stands.iter().map(|(name, (sent, _))| format!("{sent} is called {name} here")).collect();
    format!("your hash is right, but the names are not: {}", cures.join(", and "))
}
