//! `advance`: moves a world's clock on, and tells what fired.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::base::text::counted;
use crate::base::time::{Instant, Span};
use crate::cli::asking::{AskingWorld, list, text};
use crate::cli::failure::{Failure, bad_input};

#[derive(Debug, Args)]
pub(crate) struct AdvanceArgs {
    /// How far (`30s`, `90m`, `8h`), a moment (`2026-03-02T12:00:00Z`), or `next` for the next due
    /// timer
    #[arg(env = "RINGBACK_STEP", required_unless_present_any = ["by", "to"])]
    step: Option<String>,
    /// How far to move the clock on: 30s, 90m, 8h
    #[arg(long, env = "RINGBACK_BY", conflicts_with_all = ["step", "to"])]
    by: Option<String>,
    /// A moment, or `next` for the next due timer
    #[arg(long, env = "RINGBACK_TO", conflicts_with = "step")]
    to: Option<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

impl AdvanceArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let body = match (self.step, self.by, self.to) {
            (Some(step), ..) => stepped(&step)?,
            (None, Some(by), _) => json!({ "by": by }),
            (None, None, to) => json!({ "to": to }),
        };
        let answer = self.asking.ask(Method::POST, "/clock/advance", &body)?;
        self.asking.asking.show(&answer, lines)
    }
}

/// The body of a step whose words do not say whether they are a length or a moment.
fn stepped(step: &str) -> Result<Value, Failure> {
    let Err(by) = step.parse::<Span>() else { return Ok(json!({ "by": step })) };
    let to = match step.parse::<Instant>() {
        Ok(_) => return Ok(json!({ "to": step })),
        Err(_) if step == "next" => return Ok(json!({ "to": step })),
        Err(unfit) => unfit,
    };
    // A date begins as no length does.
    let hint = if step.contains(['-', ':', 'T']) { to.hint() } else { by.hint() };
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    Err(bad_input(format!(
        "{} is no step; expected a length of time such as 30s, 90m or 8h, a moment such as \
         2026-03-02T12:00:00Z, or next{hint}",
        by.found()
    )))
}

fn lines(advanced: &Value) -> Vec<String> {
    let counts = advanced["kinds"].as_object().into_iter().flatten().flat_map(|(vendor, kinds)| {
        let kinds = kinds.as_object().into_iter().flatten();
        kinds.map(move |(kind, count)| format!("{vendor} {kind} {count}"))
    });
    let counts: Vec<String> = counts.collect();
    let fired = match advanced["fired"].as_u64() {
        // A step to the next timer tells of it, be it that there is none.
        Some(0) | None if advanced.get("due").is_some_and(Value::is_null) => {
            "nothing is due: no timer is set".to_owned()
        }
        Some(0) | None => "nothing was due".to_owned(),
        Some(n_fired) => format!("{} fired", counted(n_fired, "timer", "timers")),
    };
    let of_what =
        if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    let (from, now) = (text(advanced, "from"), text(advanced, "now"));
    let mut lines = vec![format!("{from} -> {now}, {fired}{of_what}")];
    let effects = list(advanced, "effects").iter();
    lines
        .extend(effects.map(|it| {
            format!("  {} {}: {}", text(it, "at"), text(it, "vendor"), text(it, "text"))
        }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_none_is_told_by_what_was_typed() {
        for (step, body) in [
            ("3h", json!({ "by": "3h" })),
            ("next", json!({ "to": "next" })),
            ("2026-03-02T12:00:00Z", json!({ "to": "2026-03-02T12:00:00Z" })),
        ] {
            assert_eq!(stepped(step).map_err(|it| it.text), Ok(body));
        }
        for (step, words) in [
            ("3", "the unit is missing: d, h, m, s or ms"),
            ("3hours", "write h for hours"),
            ("1.5h", "1h30m"),
            ("2026-03-02T12:00:00", "Z"),
            ("nxt", "or next"),
        ] {
            let told = stepped(step).unwrap_err().text;
            let begins = format!("{step:?} is no step; expected a length of time such as 30s");
            assert!(told.starts_with(&begins) && told.contains(words), "{told}");
        }
    }
}
