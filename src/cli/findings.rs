//! `findings`: what clients of a world do wrong although they are answered, and what is looked for.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::base::text::counted;
use crate::cli::asking::{AskingWorld, list, shown, text};
use crate::cli::declared::wanted;
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::exit;
use crate::sim::documents::findings;

#[derive(Debug, Args)]
pub(crate) struct FindingsArgs {
    /// Lists what is looked for, without asking a running program
    #[arg(long, env = "RINGBACK_LIST")]
    list: bool,
    #[command(flatten)]
    asking: AskingWorld,
}

impl FindingsArgs {
    pub(crate) fn run(self) -> Result<(), Failure> {
        if self.list {
            return self.asking.asking.show(&looked_for()?, |found| {
                let members = ["name", "vendor", "about", "matters"];
                let row = |it: &Value| members.map(|name| shown(&it[name])).to_vec();
                let rows: Vec<_> = list(found, "findings").iter().map(row).collect();
                table::lines(&["name", "vendor", "about", "meaning"], &rows)
            });
        }
        let answer = self.asking.ask(Method::GET, "/findings", &Value::Null)?;
        self.asking.asking.show(&answer, lines)?;
        match answer["strict"]["verdict"].as_str() {
            None | Some("pass") => Ok(()),
            // What differs stands on stdout already.
            Some(_) => Err(Failure { text: String::new(), code: exit::DIFFERED }),
        }
    }
}

/// What the vendors declare.
fn looked_for() -> Result<Value, Failure> {
    let declared = wanted(None)?.into_iter().flat_map(|surface| {
        findings::looked_for(surface).map(|mut told| {
            told["vendor"] = surface.vendor.into();
            told
        })
    });
    Ok(json!({ "findings": declared.collect::<Value>() }))
}

fn lines(found: &Value) -> Vec<String> {
    let findings = list(found, "findings");
    let mut lines = Vec::new();
    for it in findings {
        lines.push(format!("{} {}: {}", text(it, "name"), text(it, "vendor"), text(it, "what")));
        let (count, entries) = (&it["count"], shown(&it["entries"]));
        let shows = counted(count, "entry shows", "entries show");
        lines.push(format!("  {shows} it: {entries}"));
        lines.push(format!("  it matters: {}", text(it, "matters")));
        lines.push(format!("  what to do: {}", text(it, "remedy")));
    }
    match found["more"].as_u64() {
        Some(n_more @ 1..) => lines.push(format!("and {n_more} more")),
        _ if findings.is_empty() => {
            let entries = counted(&found["entries"], "entry", "entries");
            lines.push(format!("nothing found in {entries}"));
        }
        _ => {}
    }
    if let Some(n_evicted @ 1..) = found["evicted"].as_u64() {
        let evicted = counted(
            n_evicted,
            "entry went to make room and was",
            "entries went to make room and were",
        );
        lines.push(format!("{evicted} not looked at"));
    }
    lines.extend(strict(&found["strict"]));
    lines
}

/// What a strict world says of its run.
fn strict(judged: &Value) -> Vec<String> {
    if judged.is_null() {
        return Vec::new();
    }
    let mut lines = vec![format!("strict: {}", text(judged, "verdict"))];
    let unexpected = list(judged, "unexpected").iter();
    lines.extend(
        unexpected.map(|it| {
            format!("  entry {}: {}: {}", it["seq"], text(it, "line"), text(it, "reason"))
        }),
    );
    let unmet = list(judged, "unmet").iter();
    lines.extend(unmet.map(|it| format!("  {}: {}", text(it, "expected"), text(it, "reason"))));
    lines
}
