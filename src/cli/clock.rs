//! `clock`: reads a world's clock, or sets it.

use clap::Args;
use http::Method;
use serde_json::Value;

use crate::app::ClockWanted;
use crate::base::text::counted;
use crate::cli::asking::{AskingWorld, text};
use crate::cli::failure::Failure;

#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    /// What to set it to: `frozen`, `frozen@2026-03-02T09:00:00Z`, `real` or `scaled:60`; it is read
    /// where left out
    // Not the variable of `serve --clock`: where that is set, a look at the clock would turn it.
    #[arg(env = "RINGBACK_SET_CLOCK")]
    set_clock: Option<ClockWanted>,
    #[command(flatten)]
    asking: AskingWorld,
}

impl ClockArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let answer = match self.set_clock {
            Some(wanted) => self.asking.ask(Method::PUT, "/clock", &wanted.to_json())?,
            None => self.asking.ask(Method::GET, "/clock", &Value::Null)?,
        };
        self.asking.asking.show(&answer, |clock| vec![line(clock)])
    }
}

fn line(clock: &Value) -> String {
    let mut line = format!("{} {}", text(clock, "now"), text(clock, "mode"));
    if let Some(rate) = clock["rate"].as_f64() {
        line = format!("{line}, {rate} s to a real one");
    }
    line = match clock["next_due"].as_str() {
        Some(due) => {
            let waiting = counted(&clock["timers"], "timer waits", "timers wait");
            format!("{line}, next due {due}, {waiting}")
        }
        None => format!("{line}, nothing is due"),
    };
    match (clock["timers_failed"].as_u64(), clock["fired"].as_u64()) {
        (Some(n_failed @ 1..), _) => format!("{line}, {n_failed} failed and are off"),
        (_, Some(n_fired)) => format!("{line}, {n_fired} fired on the way"),
        _ => line,
    }
}
