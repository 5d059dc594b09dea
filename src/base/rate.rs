//! How fast a scaled clock runs.
//!
//! Not here: the clock (`clock`), and rates of traffic, which are counts in an hour.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::base::limits::CLOCK_RATE_MAX;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::Span;
use crate::base::unfit::Unfit;

/// World seconds to each second of the system's clock: above 0, at most [`CLOCK_RATE_MAX`].
///
/// In JSON it is a number.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Rate(f64);

impl Rate {
    /// A number that was read already.
    ///
    /// # Errors
    /// Where it is 0 or less, too large, or no number.
    pub fn new(number: f64) -> Result<Rate, Unfit> {
        if number > 0.0 && number <= CLOCK_RATE_MAX {
            Ok(Rate(number))
        } else {
            Err(unfit(number.to_string()))
        }
    }

    /// How much of the world's time passes in a length of the system's.
    pub(crate) fn world_span(self, system: Span) -> Span {
        system.scaled(self.0)
    }

    /// How much of the system's time passes in a length of the world's.
    pub(crate) fn system_span(self, world: Span) -> Span {
        world.scaled(self.0.recip())
    }
}

impl TryFrom<f64> for Rate {
    type Error = Unfit;

    fn try_from(number: f64) -> Result<Rate, Unfit> {
        Rate::new(number)
    }
}

impl From<Rate> for f64 {
    fn from(rate: Rate) -> f64 {
        rate.0
    }
}

impl FromStr for Rate {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Rate, Unfit> {
        let number = text.parse().ok().and_then(|number| Rate::new(number).ok());
        number.ok_or_else(|| unfit(excerpt(text, EXCERPT_CHARS_MAX)))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

fn unfit(found: String) -> Unfit {
    Unfit::new(format!("a rate above 0 and up to {CLOCK_RATE_MAX}"), found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn says_what_is_wrong_with_a_rate() {
        for text in ["", "0", "-1", "1e9", "100000.1", "inf", "NaN", "60x", " 60", "1,5"] {
            let expected =
                format!("expected a rate above 0 and up to 100000; found {}", excerpt(text, 80));
            assert_eq!(text.parse::<Rate>().unwrap_err().to_string(), expected);
        }
        let text = Rate::new(1e9).unwrap_err().to_string();
        assert_eq!(text, "expected a rate above 0 and up to 100000; found 1000000000");
        for text in ["0.5", "60", "100000", "1e2"] {
            assert!(text.parse::<Rate>().is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_rate_reads_back_from_its_text(number in any::<f64>()) {
            match Rate::new(number) {
                Ok(rate) => {
                    prop_assert_eq!(rate.to_string().parse(), Ok(rate));
                    let json = serde_json::to_value(rate).unwrap();
                    prop_assert_eq!(json.as_f64(), Some(number));
                    prop_assert_eq!(Rate::deserialize(&json).unwrap(), rate);
                }
                Err(_) => prop_assert!(!(number > 0.0 && number <= 100_000.0)),
            }
        }
    }
}
