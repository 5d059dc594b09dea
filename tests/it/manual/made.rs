//! Tables that the code's own tables make: each stands in a page between `<!-- made: NAME -->` and
//! `<!-- end -->`.
//!
//! Not here: the floors of the source in `docs/architecture.md` (`tidy::picture`).

use std::fmt::Write as _;
use std::fs;

use clap::Command;
use ringback::contract::evidence::Evidence;
use ringback::contract::lesson::lesson;
use ringback::contract::surface::Surface;
use ringback::inside::{app, cli};
use serde_json::{Value, json};

use super::pages::pages;
use super::{assert_none, is_update, reckoned, rewrite, root, states};
use crate::mcp::assistant::Assistant;
use crate::planted;
use crate::support::http::{body_of, http};
use crate::support::program::serve;

const BEGIN: &str = "\n<!-- made: ";
const END: &str = "<!-- end -->\n";

#[test]
fn what_is_made_is_fresh() {
    let mut faults = Vec::new();
    let mut n_made = 0;
    for page in pages() {
        let mut new = String::new();
        let mut rest = page.text.as_str();
        while let Some((before, after)) = rest.split_once(BEGIN) {
            let (name, after) = after.split_once(" -->\n").expect("a marker ends on its line");
            let (old, after) = after.split_once(END).expect("what is made has an end");
            let made = format!("\n{}\n", made(name).trim_end_matches('\n'));
            let made = format!("{made}\n");
            n_made += 1;
            if old != made {
                faults
                    .push(format!("{}: {name} is stale; UPDATE_MANUAL=1 makes it anew", page.path));
            }
            write!(new, "{before}{BEGIN}{name} -->\n{made}{END}").unwrap();
            rest = after;
        }
        new.push_str(rest);
        if is_update() {
            rewrite(&page.path, &page.text, &new);
        }
    }
    if !is_update() {
        assert_none(&faults);
    }
    assert!(n_made > 10, "the tables were not found");
}

fn made(name: &str) -> String {
    let (kind, of) = name.split_once(' ').unwrap_or((name, ""));
    match (kind, of) {
        ("commands", "") => commands(),
        ("variables", "") => variables(),
        ("endpoints", "") => endpoints(),
        ("limits", "") => reckoned::limits(),
        ("exit-codes", "") => reckoned::exit_codes(),
        ("tools", "") => tools(),
        ("grades", "") => grades(),
        ("embedded", "") => embedded(),
        ("planted", "") => planted(),
        ("rules", "") => {
            app::vendors().0.iter().map(|it| rules(it.surface, (it.rules)())).collect()
        }
        ("switches", "") => switches(),
        ("variants", "") => app::vendors().0.iter().map(|it| variants(it.surface)).collect(),
        ("operations", vendor) => operations(surface(vendor)),
        ("refusals", vendor) => refusals(surface(vendor)),
        ("events", vendor) => events(surface(vendor)),
        ("states", vendor) => states::states(surface(vendor)),
        ("missing", vendor) => missing(surface(vendor)),
        _ => panic!("nobody makes {name:?}"),
    }
}

fn surface(vendor: &str) -> &'static Surface {
    app::vendors().find(vendor).unwrap_or_else(|| panic!("no vendor {vendor:?}")).surface
}

/// The tools of `ringback mcp`, as an assistant that may write is told them.
fn tools() -> String {
    let mut assistant = Assistant::new(&["--writes"], &[]);
    let listed = assistant.ask("tools/list", &json!({}));
    let mut text =
        "| tool | arguments | what it does | changes |\n| --- | --- | --- | --- |\n".to_owned();
    for tool in listed["result"]["tools"].as_array().unwrap() {
        let schema = &tool["inputSchema"];
        let is_needed = |name: &str| {
            schema["required"].as_array().is_some_and(|it| it.iter().any(|it| it == name))
        };
        let arguments = schema["properties"].as_object().unwrap().keys().map(|name| {
            if is_needed(name) { format!("**`{name}`**") } else { format!("`{name}`") }
        });
        let arguments: Vec<String> = arguments.collect();
        let hints = &tool["annotations"];
        let changes = match (&hints["readOnlyHint"], &hints["destructiveHint"]) {
            (Value::Bool(true), _) => "",
            (_, Value::Bool(true)) => "yes, and loses something",
            _ => "yes",
        };
        let name = tool["name"].as_str().unwrap();
        let what = cell(tool["description"].as_str().unwrap());
        writeln!(text, "| `{name}` | {} | {what} | {changes} |", arguments.join(", ")).unwrap();
    }
    text
}

/// A text as a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

pub(super) fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut made = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        writeln!(made, "| {} |", row.join(" | ")).unwrap();
    }
    made
}

fn evidence(evidence: Evidence) -> String {
    let source = evidence.source();
    format!("{}, {}", evidence.grade(), source.trim_start_matches("ringback contract "))
}

/// Every command with its flags, in the order of the help.
fn commands() -> String {
    let all = cli::command();
    let mut made = String::new();
    for command in all.get_subcommands() {
        command_part(command, "ringback", &mut made);
    }
    made
}

fn command_part(command: &Command, before: &str, made: &mut String) {
    let name = format!("{before} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    writeln!(made, "### {name}\n\n{}.\n", about.trim_end_matches('.')).unwrap();
    let args =
        command.get_arguments().filter(|arg| arg.get_id() != "help" && arg.get_id() != "version");
    let mut rows = args
        .map(|arg| {
            let takes = arg.get_action().takes_values();
            let value = arg.get_value_names().and_then(|names| names.first());
            let value = value.map_or(arg.get_id().as_str(), |it| it).to_uppercase();
            let value = if takes { value.replace(['_', ' '], "-") } else { String::new() };
            let flag = match (arg.get_long(), arg.get_short()) {
                (Some(long), Some(short)) => format!("-{short}, --{long} {value}"),
                (Some(long), None) => format!("--{long} {value}"),
                _ => value,
            };
            let default: Vec<_> =
                arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect();
            let default = if takes { code(&default.join(" ")) } else { String::new() };
            let variable = arg.get_env().map(|it| it.to_string_lossy().into_owned());
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            vec![code(flag.trim()), cell(&help), default, code(&variable.unwrap_or_default())]
        })
        .peekable();
    if rows.peek().is_some() {
        let head = ["flag or argument", "what", "default", "variable"];
        writeln!(made, "{}", table(&head, rows)).unwrap();
    }
    for inner in command.get_subcommands().filter(|it| it.get_name() != "help") {
        command_part(inner, &name, made);
    }
}

/// Every variable of the environment with the flags that it stands for.
fn variables() -> String {
    fn collect(command: &Command, before: &str, found: &mut Vec<(String, String)>) {
        let name = format!("{before} {}", command.get_name()).trim().to_owned();
        for arg in command.get_arguments() {
            let variable = arg.get_env().map(|it| it.to_string_lossy().into_owned());
            let flag = arg.get_long().map(|it| format!("--{it}"));
            let flag = flag.unwrap_or_else(|| arg.get_id().to_string().to_uppercase());
            found.extend(variable.map(|it| (it, format!("{name} {flag}"))));
        }
        command.get_subcommands().for_each(|inner| collect(inner, &name, found));
    }
    let all = cli::command();
    let mut found = Vec::new();
    all.get_subcommands().for_each(|command| collect(command, "", &mut found));
    found.sort();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (variable, flag) in found {
        let variable = code(&variable);
        match rows.last_mut() {
            Some(row) if row[0] == variable => {
                row[1].push_str(", ");
                row[1].push_str(&code(&flag));
            }
            _ => rows.push(vec![variable, code(&flag)]),
        }
    }
    table(&["variable", "stands for"], rows.into_iter())
}

/// Every route of the control plane, from its own description.
fn endpoints() -> String {
    let running = serve(&[]);
    let reply = running.raw("admin", http("GET", "/openapi.json", &[], "").as_bytes());
    let document: Value = serde_json::from_str(&body_of(&reply)).unwrap();
    let mut rows = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(summary) = operation["summary"].as_str() else { continue };
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let query: Vec<String> = parameters
                .iter()
                .filter(|it| it["in"] == "query")
                .filter_map(|it| it["name"].as_str().map(code))
                .collect();
            let method = method.to_uppercase();
            rows.push(vec![code(&format!("{method} {path}")), cell(summary), query.join(", ")]);
        }
    }
    assert!(rows.len() > 30, "the routes were not found");
    table(&["call", "what", "query"], rows.into_iter())
}

/// The planted faults, each with the proof that finds it.
fn planted() -> String {
    let rows = planted::ALL.iter().map(|it| vec![code(it.name), cell(it.what), code(it.proof)]);
    table(&["planted fault", "what is wrong", "found by"], rows)
}

/// How many facts of each vendor are of each grade.
fn grades() -> String {
    let mut head = vec!["vendor", "what"];
    head.extend(Evidence::GRADES);
    let rows = app::vendors().0.iter().map(|vendor| {
        let surface = vendor.surface;
        let facts = surface.operations.iter().map(|it| it.evidence);
        let facts = facts.chain(surface.refusals.iter().map(|it| it.evidence));
        let facts = facts.chain(surface.wire_fields.iter().map(|it| it.evidence));
        let values = surface.variants.iter().flat_map(|it| it.values.iter().map(|it| it.evidence));
        let all: Vec<Evidence> = facts.chain(values).collect();
        let count = |grade: &&str| all.iter().filter(|it| it.grade() == *grade).count().to_string();
        let name = surface.vendor;
        let mut row = vec![format!("[{name}](vendors/{name}.md)"), cell(surface.title)];
        row.extend(Evidence::GRADES.iter().map(count));
        row
    });
    table(&head, rows)
}

/// The example of the crate's own API, as a test of ours runs it.
fn embedded() -> String {
    let tests = fs::read_to_string(root().join("tests/it/embed.rs")).unwrap();
    let (_, rest) = tests.split_once("#[test]\nfn example()").expect("the example is there");
    let (body, _) = rest.split_once("\n}\n").expect("the example ends");
    format!(
        "```rust\nuse ringback::{{Ringback, VendorName}};\nuse ringback::embed::Error;\nuse \
             serde_json::json;\n\n#[test]\nfn example(){body}\n}}\n```\n"
    )
}

fn rules(surface: &Surface, text: &str) -> String {
    let mut made = format!("## {}\n\n", surface.title);
    for refusal in surface.refusals {
        let told = lesson(text, refusal.rule).unwrap_or_default();
        writeln!(made, "### {}\n", refusal.rule).unwrap();
        writeln!(
            made,
            "Where {}. Answer: {}. {}.\n",
            cell(refusal.when),
            surface.answer(refusal, &code(refusal.text)),
            sentence(&evidence(refusal.evidence))
        )
        .unwrap();
        for paragraph in told.why {
            writeln!(made, "{paragraph}\n").unwrap();
        }
        for mistake in &told.mistakes {
            writeln!(made, "- {} Cure: {}", mistake.what, mistake.cure).unwrap();
        }
        made.push('\n');
    }
    made
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

fn variants(surface: &Surface) -> String {
    let mut made = format!("## {}\n\n", surface.title);
    for variant in surface.variants {
        writeln!(made, "### {}.{}\n\n{}\n", surface.vendor, variant.name, variant.text).unwrap();
        let rows = variant.values.iter().enumerate().map(|(idx, it)| {
            let default = if idx == 0 { " (default)" } else { "" };
            vec![format!("`{}`{default}", it.name), cell(it.text), evidence(it.evidence)]
        });
        writeln!(made, "{}", table(&["position", "what happens", "evidence"], rows)).unwrap();
    }
    made
}

/// The names of each vendor's switches, each with where its positions stand.
fn switches() -> String {
    let rows = app::vendors().0.iter().map(|vendor| {
        let surface = vendor.surface;
        let link = |name: &str| {
            let anchor = format!("{}{name}", surface.vendor);
            format!("[`{name}`](variants.md#{anchor})")
        };
        let names: Vec<String> = surface.variants.iter().map(|it| link(it.name)).collect();
        let name = surface.vendor;
        vec![format!("[{name}](vendors/{name}.md)"), names.join(", ")]
    });
    table(&["vendor", "switches"], rows)
}

fn operations(surface: &Surface) -> String {
    let row = |it: &ringback::contract::operation::Operation| {
        let call = code(&format!("{} {}", it.method, it.path));
        vec![code(it.name), call, cell(it.text), evidence(it.evidence)]
    };
    table(&["operation", "request", "what it does", "evidence"], surface.operations.iter().map(row))
}

fn refusals(surface: &Surface) -> String {
    let rows = surface.refusals.iter().map(|it| {
        let anchor = it.rule.replace('.', "");
        vec![
            format!("[{}](../rules.md#{anchor})", it.rule),
            surface.answer(it, &code(it.text)),
            cell(it.when),
            evidence(it.evidence),
        ]
    });
    table(&["rule", "answer", "where", "evidence"], rows)
}

fn events(surface: &Surface) -> String {
    let rows = surface.events.iter().map(|it| {
        let fields: Vec<String> = it.fields.iter().map(|field| code(field.name)).collect();
        vec![code(it.name), cell(it.text), fields.join(", ")]
    });
    table(&["event", "what happens", "fields"], rows)
}

fn missing(surface: &Surface) -> String {
    let rows = surface.not_simulated.iter();
    table(&["not simulated", "why"], rows.map(|it| vec![cell(it.what), cell(it.why)]))
}
