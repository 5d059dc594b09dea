//! `world diff`: which rows differ between a world and its seed, a checkpoint, or another world.

use clap::Args;
use http::Method;
use serde_json::Value;

use crate::cli::asking::{Naming, list, shown, text};
use crate::cli::failure::Failure;
use crate::client::control::escaped;

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// What the world is held against: `seed`, `checkpoint:NAME` or `world:NAME`
    #[arg(long, env = "RINGBACK_FROM", default_value = "seed")]
    from: String,
    /// How many rows to show at the most
    #[arg(long, env = "RINGBACK_LIMIT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    naming: Naming,
}

impl DiffArgs {
    pub(super) fn run(self) -> Result<(), Failure> {
        let path = format!("/diff?from={}&limit={}", escaped(&self.from), self.limit);
        let asking = self.naming.asking();
        let answer = asking.ask(Method::GET, &path, &Value::Null)?;
        asking.asking.show(&answer, lines)
    }
}

fn lines(told: &Value) -> Vec<String> {
    let from = text(told, "from");
    if told["same"] == true {
        return vec![format!("no row differs from {from}")];
    }
    let mut lines = vec![format!("since {from}: {}", counts(told))];
    for table in list(told, "tables") {
        lines.push(format!(
            "{} {}: {}",
            text(table, "vendor"),
            text(table, "table"),
            counts(table)
        ));
        lines.extend(list(table, "rows").iter().map(line));
    }
    let n_all: u64 =
        ["added", "removed", "changed"].iter().filter_map(|name| told[*name].as_u64()).sum();
    let n_more = n_all.saturating_sub(told["shown"].as_u64().unwrap_or_default());
    if n_more > 0 {
        lines.push(format!("and {n_more} more; --limit shows further ones"));
    }
    lines
}

fn counts(told: &Value) -> String {
    format!("{} added, {} removed, {} changed", told["added"], told["removed"], told["changed"])
}

/// `+` for a row that came, `-` for one that went, `~` for one that changed, with its fields.
fn line(row: &Value) -> String {
    let members = |value: &Value| {
        let members = value.as_object().into_iter().flatten();
        let members = members.filter(|(_, value)| !value.is_null());
        members
            .map(|(name, value)| format!("{name}={}", shown(value)))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let whole = members(&row["row"]);
    match text(row, "how") {
        "added" => format!("  + {whole}"),
        "removed" => format!("  - {whole}"),
        _ => {
            let fields = row["fields"].as_object().into_iter().flatten();
            let value = |value: &Value| if value.is_null() { "none".into() } else { shown(value) };
            let fields = fields.map(|(name, values)| {
                format!("{name}: {} -> {}", value(&values["from"]), value(&values["to"]))
            });
            format!("  ~ {whole}: {}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}
