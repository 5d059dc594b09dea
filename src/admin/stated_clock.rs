//! A clock that a new world is to have, as a body states it or in one word of a query.

use serde_json::Value;

use crate::admin::problem::Problem;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::fields::Kind;
use crate::sim::loading::clock_wanted::ClockWanted;
use crate::sim::loading::settings::ClockSpec;

/// A clock in one word.
pub(super) const CLOCK_WORD: Kind = Kind::Checked(|text| match of_word(text) {
    Some(_) => Ok(()),
    None => Err("real, frozen@2026-03-02T09:00:00Z, or scaled:60@2026-03-02T09:00:00Z".to_owned()),
});

/// The clock that a body wants.
pub(super) fn read(wanted: &Value) -> Result<Option<ClockSpec>, Problem> {
    if wanted.is_null() {
        return Ok(None);
    }
    // What the mode has no use for is not passed over.
    let says_all = |clock: &ClockSpec| {
        let read = clock.to_json();
        let mut stated = wanted.as_object().into_iter().flatten();
        stated.all(|(name, value)| value.is_null() || !read[name].is_null())
    };
    let clock = ClockSpec::from_json(wanted).filter(says_all);
    clock.map(Some).ok_or_else(|| {
        let detail = format!(
            "clock: found {}; expected {{\"mode\": \"real\"}}, {{\"mode\": \"frozen\", \"at\": \
             \"2026-03-02T09:00:00Z\"}}, or {{\"mode\": \"scaled\", \"at\": …, \"rate\": 60}}",
            excerpt(&wanted.to_string(), EXCERPT_CHARS_MAX)
        );
        Problem::bad_request(detail)
    })
}

/// The clock that a word of a query wants. It says where it begins: what is asked for twice is to be
/// one clock.
pub(super) fn of_word(word: &str) -> Option<ClockSpec> {
    let clock: ClockWanted = word.parse().ok()?;
    clock.says_when().then(|| clock.spec())
}
