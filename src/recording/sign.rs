//! Signs a request again, whose values are pseudonyms now.

use crate::contract::recorded::RECORDED_KEY;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::whose::request;
use crate::web::params::Pairs;

/// The exchange with its signature under the scenario's key. One whose signature was refused keeps
/// what it had.
pub(crate) fn again(vendor: &'static Vendor, it: Recorded) -> Recorded {
    if String::from_utf8_lossy(&it.reply).contains("hash") {
        it
    } else {
        with(vendor, it, RECORDED_KEY)
    }
}

/// The key among these that an exchange is signed with.
pub(crate) fn key_of<'k>(
    vendor: &'static Vendor,
    it: &Recorded,
    keys: impl Iterator<Item = &'k str>,
) -> Option<&'k str> {
    let request = request(it)?;
    let routed = (vendor.route)(&request);
    (vendor.recorded.sign)(&request, &routed, "")?;
    let is_same = |made: &Recorded| (&made.target, &made.body) == (&it.target, &it.body);
    let mut keys = keys;
    keys.find(|key| is_same(&with(vendor, it.clone(), key)))
}

/// The exchange signed with a key; as it is, where nothing signs it.
pub(crate) fn with(vendor: &'static Vendor, mut it: Recorded, key: &str) -> Recorded {
    let Some(request) = request(&it) else { return it };
    let routed = (vendor.route)(&request);
    let Some((name, value)) = (vendor.recorded.sign)(&request, &routed, key) else {
        return it;
    };
    if let Some((path, query)) = it.target.split_once('?') {
        it.target = format!("{path}?{}", replaced(query, name, &value));
    }
    let is_form = it.headers.iter().any(|(known, kind)| {
        known.eq_ignore_ascii_case("content-type") && kind.contains("x-www-form-urlencoded")
    });
    if is_form && let Ok(text) = std::str::from_utf8(&it.body) {
        it.body = replaced(text, name, &value).into_bytes();
    }
    it
}

/// Pairs of which one has another value; the others stay as they were written.
fn replaced(pairs: &str, name: &str, value: &str) -> String {
    let one = |pair: &str| {
        let is_it = Pairs::parse(pair.as_bytes()).first(name).is_some();
        if is_it { format!("{name}={value}") } else { pair.to_owned() }
    };
    pairs.split('&').map(one).collect::<Vec<_>>().join("&")
}
