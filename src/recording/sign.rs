//! Signs a request again, whose values are pseudonyms now.

use crate::contract::recorded::RECORDED_KEY;
use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::whose::request;
use crate::web::params::Pairs;

/// The exchange with its signature under the scenario's key. One whose signature was refused keeps
/// what it had.
pub(crate) fn again(vendor: &'static Vendor, mut it: Recorded) -> Recorded {
    if String::from_utf8_lossy(&it.reply).contains("hash") {
        return it;
    }
    let Some(request) = request(&it) else { return it };
    let routed = (vendor.route)(&request);
    let Some((name, value)) = (vendor.recorded.sign)(&request, &routed, RECORDED_KEY) else {
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
