//! When a client that was too quick may come again, as `Retry-After` says it (RFC 9110, 10.2.3).

use serde::{Deserialize, Serialize};

use crate::base::time::rfc3339::http_date;
use crate::base::time::{Instant, Span};

/// How it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// As the seconds until then.
    Seconds,
    /// As the moment in world time.
    Date,
}

impl RetryAfter {
    /// The words for it, as rules state it.
    pub(crate) const WORDS: &'static [&'static str] = &["seconds", "date"];

    /// What a word says.
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "seconds" => Some(RetryAfter::Seconds),
            "date" => Some(RetryAfter::Date),
            _ => None,
        }
    }

    /// The value of the header in a stretch of time of this length: when the next one begins. Both forms
    /// have whole seconds, and a client that keeps to them is never too early.
    pub(crate) fn value(self, now: Instant, per: Span) -> String {
        let next = now.period_start(per).saturating_add(per);
        match self {
            RetryAfter::Seconds => seconds(next.saturating_since(now)).to_string(),
            RetryAfter::Date => {
                let begun = next.into_period(Span::SECOND);
                let rest = if begun.is_zero() { Span::ZERO } else { Span::SECOND };
                http_date(next.saturating_add(rest))
            }
        }
    }
}

/// A length of time in whole seconds that have passed when it has.
fn seconds(length: Span) -> i64 {
    length.as_millis().max(0).div_euclid(1000) + i64::from(length.as_millis() % 1000 > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, per: Span, seconds: &str, date: &str) {
        let now: Instant = now.parse().unwrap();
        assert_eq!(RetryAfter::Seconds.value(now, per), seconds);
        assert_eq!(RetryAfter::Date.value(now, per), date);
    }

    #[test]
    fn it_is_the_end_of_the_stretch_and_never_before_it() {
        let minute = Span::mins(1);
        check("2026-03-02T09:00:10Z", minute, "50", "Mon, 02 Mar 2026 09:01:00 GMT");
        check("2026-03-02T09:00:59.500Z", minute, "1", "Mon, 02 Mar 2026 09:01:00 GMT");
        check("2026-03-02T09:00:00Z", Span::millis(1500), "2", "Mon, 02 Mar 2026 09:00:02 GMT");
    }

    #[test]
    fn each_word_says_something() {
        for word in RetryAfter::WORDS {
            let said = RetryAfter::named(word).unwrap();
            assert_eq!(serde_json::json!(said), *word);
        }
    }
}
