//! Places whose values are known beforehand: one that no entry can have would be met by nothing, and by
//! every `never`.
//!
//! Not here: the names that vendors have (`parse`).

use serde_json::Value;

use crate::contract::reply::Outcome;
use crate::contract::vendor::Vendors;
use crate::sim::fault::kind::Kind;
use crate::sim::journal::action;
use crate::sim::judge::verify::found::plain;
use crate::sim::judge::verify::place::Place;

/// Methods of requests: those of RFC 9110, and PATCH.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

const FAULTS: [&str; Kind::ALL.len()] = {
    let mut words = [""; Kind::ALL.len()];
    let mut idx = 0;
    while idx < words.len() {
        words[idx] = Kind::ALL[idx].word();
        idx += 1;
    }
    words
};

/// What a request's target has before the path that a vendor sees, where it names a world so.
const WORLD_PREFIX: &str = "w";

/// What is wrong with a value.
pub(crate) enum Unfit {
    /// It is none of these.
    NoneOf(&'static [&'static str]),
    /// It is not what is said here.
    Not(&'static str),
}

/// Why no entry can have a value at a place.
pub(crate) fn unfit(vendors: Vendors, place: &Place, value: &Value) -> Option<Unfit> {
    let text = plain(value);
    let known: &'static [&'static str] = match place {
        Place::Outcome => &Outcome::NAMES,
        Place::Fault => &FAULTS,
        Place::Action => &action::ALL,
        Place::Method => &METHODS,
        Place::Status => {
            let is_status = text.parse::<u16>().is_ok_and(|it| (100..1000).contains(&it));
            return (!is_status).then_some(Unfit::Not("a status of HTTP, 100 to 999"));
        }
        Place::Path => {
            let what = "the path as the vendor sees it, such as /billing/api/…: without a world's \
                        /w/NAME, without a vendor's name before it, and without a query";
            return (!is_path(vendors, &text)).then_some(Unfit::Not(what));
        }
        _ => return None,
    };
    (!known.contains(&text.as_str())).then_some(Unfit::NoneOf(known))
}

fn is_path(vendors: Vendors, text: &str) -> bool {
    let first = text.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    let is_prefix = |first: &str| first == WORLD_PREFIX || vendors.find(first).is_some();
    text.starts_with('/') && !text.contains('?') && !first.is_some_and(|(it, _)| is_prefix(it))
}
