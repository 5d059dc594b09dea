//! The reason of a refusal as it is kept: one where the vendor told none, and without the credentials that
//! the request carried.
//!
//! Not here: credentials that a world knows, which are masked whenever something is shown
//! (`sim::journal`).

use http::header;
use serde_json::Value;

use crate::contract::bare;
use crate::contract::cx::Cx;
use crate::contract::operation::Call;
use crate::contract::reply::{InternalError, Outcome, Reply, Why};
use crate::contract::vendor::{Vendor, Vendors};
use crate::web::mask::known::is_telling;
use crate::web::mask::masker::tagged;
use crate::web::params::{Json, Pairs};

/// Sees to the reason of a reply.
pub(crate) fn told(
    cx: &Cx<'_>,
    vendors: Vendors,
    vendor: &'static Vendor,
    call: &Call<'_>,
    mut reply: Reply,
) -> Result<Reply, InternalError> {
    let is_silent = reply.outcome == Outcome::Ok && reply.why.is_none();
    let is_error = reply.response.status.is_client_error();
    if call.operation.is_none() && is_silent && is_error {
        reply.outcome = Outcome::Refused;
        reply.why = Some(Box::new(bare::no_operation(vendor.surface, call.request)));
    }
    if let Some(why) = &mut reply.why {
        let carried = carried(vendor, call);
        let is_unknown =
            vendor.surface.unknown_credentials.iter().any(|refusal| refusal.rule == why.rule);
        if reply.outcome == Outcome::Refused
            && is_unknown
            && let Some(other) =
                of_another(cx, vendors, vendor, login(call).iter().chain(&carried))?
        {
            // What the vendor makes of it, cut or rotated, is about a credential of its own.
            why.hint =
                format!("it is a credential of {other}'s, another vendor: send one of this one's");
        }
        veil(why, carried);
    }
    Ok(reply)
}

/// Credentials of one request that are looked for; each is held against every secret column, and a form
/// can repeat a name a million times.
const LOOKED_FOR_MAX: usize = 4;

/// The vendor in whose tables a credential stands that was sent to this one. A short one may be many
/// vendors' by chance, and what this one has in its own tables is no stranger.
fn of_another<'c>(
    cx: &Cx<'_>,
    vendors: Vendors,
    vendor: &'static Vendor,
    carried: impl Iterator<Item = &'c String>,
) -> rusqlite::Result<Option<&'static str>> {
    // A scheme stands before what a header carries.
    let last = |value: &'c String| value.rsplit(' ').next().unwrap_or_default();
    let telling = carried.map(last).filter(|it| is_telling(it));
    let values: Vec<&str> = telling.take(LOOKED_FOR_MAX).collect();
    if values.is_empty() || is_in(cx, vendor, &values)? {
        return Ok(None);
    }
    for other in vendors.0.iter().filter(|it| !std::ptr::eq(**it, vendor)) {
        if is_in(cx, other, &values)? {
            return Ok(Some(other.surface.vendor));
        }
    }
    Ok(None)
}

/// Whether one of the values stands in a secret column of a vendor's.
fn is_in(cx: &Cx<'_>, vendor: &'static Vendor, values: &[&str]) -> rusqlite::Result<bool> {
    let columns = vendor
        .surface
        .tables
        .iter()
        .flat_map(|table| table.secrets.iter().map(|column| (table.rows, *column)));
    for (rows, column) in columns {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM ({rows}) WHERE \"{column}\" = ?1)");
        let mut statement = cx.db().prepare_cached(&sql)?;
        for value in values {
            if statement.query_row([value], |row| row.get(0))? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What a request logs in with by header: the one for that, those that are named after it, and cookies.
fn login(call: &Call<'_>) -> Vec<String> {
    let is_login = |name: &str| ["auth", "token", "key"].iter().any(|word| name.contains(word));
    let headers = call.request.headers.iter().filter(|(name, _)| is_login(name.as_str()));
    let cookies = call.request.headers.get_all(header::COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(';'));
    let cookies = cookies.filter_map(|pair| Some(pair.split_once('=')?.1.trim().to_owned()));
    headers.filter_map(|(_, value)| value.to_str().ok()).map(str::to_owned).chain(cookies).collect()
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
/// all that was found. A long one goes first: another may be a part of it.
fn veil(why: &mut Why, mut values: Vec<String>) {
    values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    values.dedup();
    for value in &values {
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
