//! `verify`: whether a condition over a world's journal holds, by the exit code.

use clap::Args;
use http::Method;
use serde_json::Value;

use crate::cli::asking::{AskingWorld, text};
use crate::cli::failure::Failure;
use crate::cli::words;
use crate::exit;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The condition: `vendor=jtel operation=lock_contact_by_id exactly=2`, one JSON object, or `-`
    /// for one from stdin
    #[arg(env = "RINGBACK_FIELDS", value_name = "NAME=VALUE", required = true)]
    fields: Vec<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

impl VerifyArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let condition = words::body(&self.fields, &[], "operation=lock_contact_by_id")?;
        let verdict = self.asking.ask(Method::POST, "/verify", &condition)?;
        self.asking.asking.show(&verdict, lines)?;
        if verdict["verdict"] == "pass" {
            return Ok(());
        }
        // What differs stands on stdout already.
        Err(Failure { text: String::new(), code: exit::DIFFERED })
    }
}

fn lines(verdict: &Value) -> Vec<String> {
    let outcome = text(verdict, "verdict");
    let explanation = text(verdict, "explanation");
    if explanation.is_empty() {
        return vec![format!(
            "{outcome}: {}, found {}",
            text(verdict, "expected"),
            verdict["found"]
        )];
    }
    // An explanation begins with the verdict.
    explanation.lines().map(str::to_owned).collect()
}
