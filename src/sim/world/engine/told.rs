//! The reason of a refusal as it is kept: one where the vendor told none, and without the credentials that
//! the request carried.
//!
//! Not here: credentials that a world knows, which are masked whenever something is shown
//! (`sim::journal`).

use serde_json::Value;

use crate::contract::bare;
use crate::contract::operation::Call;
use crate::contract::reply::{Outcome, Reply, Why};
use crate::contract::vendor::Vendor;
use crate::web::mask::known::is_telling;
use crate::web::mask::masker::tagged;
use crate::web::params::{Json, Pairs};

/// Sees to the reason of a reply.
pub(crate) fn told(vendor: &'static Vendor, call: &Call<'_>, mut reply: Reply) -> Reply {
    let is_silent = reply.outcome == Outcome::Ok && reply.why.is_none();
    let is_error = reply.response.status.is_client_error();
    if call.operation.is_none() && is_silent && is_error {
        reply.outcome = Outcome::Refused;
        reply.why = Some(Box::new(bare::no_operation(vendor.surface, call.request)));
    }
    if let Some(why) = &mut reply.why {
        veil(why, &carried(vendor, call));
    }
    reply
}

/// What a request carries under a name that the vendor declares secret.
pub(super) fn carried(vendor: &'static Vendor, call: &Call<'_>) -> Vec<String> {
    let surface = vendor.surface;
    let is_secret =
        |name: &str| surface.secrets.iter().any(|it| it.name.eq_ignore_ascii_case(name));
    let of_pairs = |pairs: &Pairs| -> Vec<String> {
        let found = pairs.iter().filter(|(name, _)| is_secret(name));
        found.map(|(_, value)| value.to_owned()).collect()
    };
    let params = call.params;
    let mut found = [&params.path, &params.query, &params.form].map(of_pairs).concat();
    if let Json::Value(Value::Object(members)) = &params.json {
        let texts = members.iter().filter(|(name, _)| is_secret(name));
        found.extend(texts.filter_map(|(_, value)| value.as_str()).map(str::to_owned));
    }
    for (name, value) in &call.request.headers {
        if is_secret(name.as_str()) {
            found.extend(value.to_str().map(str::to_owned));
        }
    }
    found.retain(|value| !value.is_empty());
    found
}

/// Takes values out of a reason. A short one may be any word of a sentence, so it goes only where it is
/// all that was found.
fn veil(why: &mut Why, values: &[String]) {
    for value in values {
        if why.found == *value {
            why.found = tagged(value);
        }
        if !is_telling(value) {
            continue;
        }
        let shown = tagged(value);
        let texts = [&mut why.expected, &mut why.found, &mut why.hint];
        for text in texts.into_iter().chain(why.at.as_mut()) {
            if text.contains(value.as_str()) {
                *text = text.replace(value.as_str(), &shown);
            }
        }
    }
}
