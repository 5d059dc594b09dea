//! How a clock is asked for in one word: `real`, `frozen@2026-03-02T09:00:00Z`, `scaled:60`.

use std::str::FromStr;

use serde_json::{Value, json};

use crate::base::clock::system_now;
use crate::base::rate::Rate;
use crate::base::time::Instant;
use crate::sim::loading::settings::ClockSpec;

/// A clock that is asked for. Where it says no moment, the clock stays where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ClockWanted {
    Real,
    Frozen { at: Option<Instant> },
    Scaled { rate: Rate, at: Option<Instant> },
}

impl ClockWanted {
    /// For a world that is to be made, which has no time yet: it begins at the system's.
    pub(crate) fn spec(self) -> ClockSpec {
        let or_now = |at: Option<Instant>| at.unwrap_or_else(|| system_now().as_world_time());
        match self {
            ClockWanted::Real => ClockSpec::Real,
            ClockWanted::Frozen { at } => ClockSpec::Frozen { at: or_now(at) },
            ClockWanted::Scaled { rate, at } => ClockSpec::Scaled { at: or_now(at), rate },
        }
    }

    /// Whether it says where it begins, or needs not to.
    pub(crate) fn says_when(self) -> bool {
        !matches!(self, ClockWanted::Frozen { at: None } | ClockWanted::Scaled { at: None, .. })
    }

    /// As the control plane takes it.
    pub(crate) fn to_json(self) -> Value {
        let (mut shown, at) = match self {
            ClockWanted::Real => (json!({ "mode": "real" }), None),
            ClockWanted::Frozen { at } => (json!({ "mode": "frozen" }), at),
            ClockWanted::Scaled { rate, at } => (json!({ "mode": "scaled", "rate": rate }), at),
        };
        if let Some(at) = at {
            shown["at"] = at.to_string().into();
        }
        shown
    }
}

impl FromStr for ClockWanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, at) = match text.split_once('@') {
            Some((word, at)) => {
                let at = at.parse::<Instant>().map_err(|unfit| format!("{at:?}: {unfit}"))?;
                (word, Some(at))
            }
            None => (text, None),
        };
        let expected = || {
            format!(
                "{text:?} is no clock; expected real, frozen@2026-03-02T09:00:00Z, or scaled:60 for \
                 sixty world seconds to a real one"
            )
        };
        match (word.split_once(':'), word) {
            (None, "real") if at.is_none() => Ok(ClockWanted::Real),
            (None, "frozen") => Ok(ClockWanted::Frozen { at }),
            (Some(("scaled", rate)), _) => {
                let rate = rate.parse::<Rate>().map_err(|unfit| format!("{rate:?}: {unfit}"))?;
                Ok(ClockWanted::Scaled { rate, at })
            }
            _ => Err(expected()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_read_from_one_word() {
        for (text, expected) in [
            ("real", json!({ "mode": "real" })),
            ("frozen", json!({ "mode": "frozen" })),
            ("scaled:60", json!({ "mode": "scaled", "rate": 60.0 })),
            (
                "frozen@2026-03-02T10:00:00+01:00",
                json!({ "mode": "frozen", "at": "2026-03-02T09:00:00Z" }),
            ),
        ] {
            assert_eq!(text.parse::<ClockWanted>().unwrap().to_json(), expected, "{text}");
        }
        for text in ["", "still", "scaled", "scaled:fast", "scaled:0", "frozen@noon", "real:2"] {
            assert!(text.parse::<ClockWanted>().is_err(), "{text}");
        }
    }
}
