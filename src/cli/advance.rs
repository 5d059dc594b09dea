//! `advance`: moves a world's clock on, and tells what fired.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::base::time::Span;
use crate::cli::asking::{AskingWorld, list, text};
use crate::cli::failure::Failure;

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
            (Some(step), ..) if step.parse::<Span>().is_ok() => json!({ "by": step }),
            (Some(step), ..) => json!({ "to": step }),
            (None, Some(by), _) => json!({ "by": by }),
            (None, None, to) => json!({ "to": to }),
        };
        let answer = self.asking.ask(Method::POST, "/clock/advance", &body)?;
        self.asking.asking.show(&answer, lines)
    }
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
        Some(1) => "1 timer fired".to_owned(),
        Some(n_fired) => format!("{n_fired} timers fired"),
    };
    let of_what =
        if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    let (from, now) = (text(advanced, "from"), text(advanced, "now"));
    let mut lines = vec![format!("{from} -> {now}, {fired}{of_what}")];
    let effects = list(advanced, "effects").iter();
    lines.extend(effects.map(|it| format!("  {} {}", text(it, "at"), text(it, "text"))));
    lines
}
