//! Rules for faults that belong together, by the name of what they make of a vendor.

use crate::base::time::Span;
use crate::sim::fault::headers::Headers;
use crate::sim::fault::rule::{Delay, On, Rule, Then};

/// The names.
pub(crate) const NAMES: &[&str] = &["flaky", "slow-vendor", "outage-10m", "lost-replies"];

/// The rules of a preset, on the requests that `on` names. Each has a name of its own, from which
/// its draws come.
pub(crate) fn rules(preset: &str, name: &str, on: &On) -> Vec<Rule> {
    let rule = |end: &str, on: On, then: Then, delay: Option<Delay>| Rule {
        name: Some(if end.is_empty() { name.to_owned() } else { format!("{name}.{end}") }),
        on,
        then,
        delay,
        close: false,
    };
    let at_times = |probability: f64| On { probability: Some(probability), ..on.clone() };
    let unavailable = || Then::Status {
        status: 503,
        body: None,
        content_type: None,
        headers: Headers::default(),
    };
    match preset {
        // One request in ten goes wrong, in the ways in which a busy service does.
        "flaky" => vec![
            rule("unavailable", at_times(0.05), unavailable(), None),
            rule("reset", at_times(0.02), Then::Reset, None),
            rule(
                "late",
                at_times(0.03),
                Then::Delay,
                Some(Delay::Uniform { from: Span::secs(1), to: Span::secs(3) }),
            ),
        ],
        // Half of all replies take longer than 800 ms, one in twenty longer than about 2 s.
        "slow-vendor" => {
            let delay = Delay::LogNormal { median: Span::millis(800), sigma: 0.6 };
            vec![rule("", on.clone(), Then::Delay, Some(delay))]
        }
        "outage-10m" => {
            let on = On { lasts: Some(Span::mins(10)), ..on.clone() };
            vec![rule("", on, unavailable(), None)]
        }
        // The case that tells a client with safe retries from one without.
        _ => {
            let on = On { access: on.access.clone().or(Some("writes".into())), ..at_times(0.1) };
            vec![rule("", on, Then::LoseReply, None)]
        }
    }
}
