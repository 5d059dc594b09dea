//! `fault`: the rules by which requests to a world go wrong.

use clap::{Args, Subcommand};
use http::Method;
use serde_json::Value;

use crate::app;
use crate::base::nearest::did_you_mean;
use crate::base::text::counted;
use crate::cli::asking::{AskingWorld, list, shown, text};
use crate::cli::failure::{Failure, bad_input};
use crate::cli::table;
use crate::cli::words;

#[derive(Debug, Args)]
pub(crate) struct FaultArgs {
    #[command(subcommand)]
    command: FaultCommand,
}

#[derive(Debug, Subcommand)]
enum FaultCommand {
    /// Adds a rule, from the next request on
    Add(AddArgs),
    /// Lists the rules, with what has come of them
    List(AskingWorld),
    /// Takes one rule away, or all
    Clear(ClearArgs),
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The rule as in a scenario's `[[fault]]`: `then=lose_reply on.vendor=jtel on.nth=1`, one JSON
    /// object, or `-` for one from stdin
    #[arg(env = "RINGBACK_FIELDS", value_name = "NAME=VALUE", required = true)]
    fields: Vec<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

#[derive(Debug, Args)]
struct ClearArgs {
    /// The rule's id or name, as `fault list` shows them; all where left out
    #[arg(env = "RINGBACK_FAULT")]
    fault: Option<String>,
    #[command(flatten)]
    asking: AskingWorld,
}

impl FaultArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            FaultCommand::Add(AddArgs { fields, asking }) => {
                let rule = words::body(&fields, app::rows_of_scenario("fault"), "on.vendor=jtel")?;
                let answer = asking.ask(Method::POST, "/faults", &rule)?;
                asking.asking.show(&answer, |told| vec![format!("rule {}", shown(&told["ids"]))])
            }
            FaultCommand::List(asking) => {
                let answer = asking.ask(Method::GET, "/faults", &Value::Null)?;
                asking.asking.show(&answer, rows)
            }
            FaultCommand::Clear(ClearArgs { fault, asking }) => {
                let path = match fault {
                    Some(fault) => format!("/faults/{}", id_of(&fault, &asking)?),
                    None => "/faults".into(),
                };
                let answer = asking.ask(Method::DELETE, &path, &Value::Null)?;
                asking.asking.show(&answer, |told| {
                    vec![format!("{} gone", counted(&told["removed"], "rule is", "rules are"))]
                })
            }
        }
    }
}

/// The id of a rule that is meant by it or by its name.
fn id_of(fault: &str, asking: &AskingWorld) -> Result<u64, Failure> {
    if let Ok(id) = fault.parse() {
        return Ok(id);
    }
    let answer = asking.ask(Method::GET, "/faults", &Value::Null)?;
    let faults = list(&answer, "faults");
    let found = faults.iter().find(|it| text(it, "name") == fault);
    found.and_then(|it| it["id"].as_u64()).ok_or_else(|| {
        let near = did_you_mean(fault, faults.iter().map(|it| text(it, "name")));
        bad_input(format!(
            "there is no fault called {fault:?}{near}; `ringback fault list` lists them"
        ))
    })
}

fn rows(answer: &Value) -> Vec<String> {
    let faults = list(answer, "faults");
    if faults.is_empty() {
        return vec!["no rules".into()];
    }
    let head = ["id", "name", "then", "work", "matched", "fired", "active", "on"];
    let row = |fault: &Value| {
        let on = fault["on"].as_object().into_iter().flatten();
        let on = on.map(|(name, value)| format!("{name}={}", shown(value)));
        let mut cells: Vec<String> =
            head[..head.len() - 1].iter().map(|name| shown(&fault[*name])).collect();
        cells.push(on.collect::<Vec<_>>().join(" "));
        cells
    };
    table::lines(&head, &faults.iter().map(row).collect::<Vec<_>>())
}
