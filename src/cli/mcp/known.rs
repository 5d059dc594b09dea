//! Tools that tell what is built in: rules, operations, events, contracts, the manual. They need no
//! running program.

use std::future::ready;

use serde_json::{Value, json};

use crate::base::nearest::did_you_mean;
use crate::cli::declared::{named, wanted};
use crate::cli::mcp::bounded::{PIECE_CHARS_MAX, page, piece};
use crate::cli::mcp::tool::{Effect, FROM, LIMIT, OFFSET, Sent, Tool};
use crate::cli::{events, explain, manual, routes};
use crate::contract::fields::{Field, Kind};
use crate::contract::paper;
use crate::contract::vendor::Vendor;
use crate::sim::documents::chapters::{CHAPTERS, Chapter};

const OF_VENDOR: Field = Field::optional("vendor", Kind::Text, "only this vendor's");

/// The tools of this file.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "explain",
        title: "Explain a rule",
        text: "What a rule of a refusal (`why.rule`, such as mor.hash) is about: why it is there, what \
               commonly breaks it and what mends that, and how it is known; the same of a finding. \
               All are listed in short where none is named.",
        effect: Effect::Reads,
        arguments: &[
            Field::optional("rule", Kind::Text, "a rule, the end of its name, or a finding"),
            OF_VENDOR,
            OFFSET,
            LIMIT,
        ],
        rest: "name a rule",
        work: |_, sent| Box::pin(ready(tell_rule(&sent))),
    },
    Tool {
        name: "list_operations",
        title: "List operations",
        text: "The vendors' operations with method and path; of one that is named all: credential, \
               parameters, and how it is known.",
        effect: Effect::Reads,
        arguments: &[
            OF_VENDOR,
            Field::optional("operation", Kind::Text, "this one, with all of it"),
            OFFSET,
            LIMIT,
        ],
        rest: "name an operation",
        work: |_, sent| Box::pin(ready(list_operations(&sent))),
    },
    Tool {
        name: "list_events",
        title: "List events",
        text: "What can be brought about outside the vendors' APIs, such as an answered call; of one \
               that is named all: its fields and an example.",
        effect: Effect::Reads,
        arguments: &[
            OF_VENDOR,
            Field::optional("event", Kind::Text, "this one, with all of it"),
            OFFSET,
            LIMIT,
        ],
        rest: "name an event",
        work: |_, sent| Box::pin(ready(list_events(&sent))),
    },
    Tool {
        name: "read_contract",
        title: "Read a contract",
        text: "A section of a vendor's contract, which `why.source` names; the list of its sections \
               where none is named.",
        effect: Effect::Reads,
        arguments: &[
            Field::required("vendor", Kind::Text, "the vendor"),
            Field::optional("section", Kind::Id, "its number, such as 3.4"),
            FROM,
        ],
        rest: "give `from`",
        work: |_, sent| Box::pin(ready(read_contract(&sent))),
    },
    Tool {
        name: "read_manual",
        title: "Read the manual",
        text: "A chapter of Ringback's manual; the list of chapters where none is named.",
        effect: Effect::Reads,
        arguments: &[Field::optional("chapter", Kind::Text, "its name, such as verify"), FROM],
        rest: "give `from`",
        work: |_, sent| Box::pin(ready(read_manual(&sent))),
    },
];

fn tell_rule(sent: &Sent) -> Result<Value, String> {
    if let Some(rule) = sent.text("rule") {
        return explain::told(rule).map_err(|failure| failure.text);
    }
    let vendor = sent.text("vendor").map(named).transpose().map_err(|failure| failure.text)?;
    let (shown, next) = page(explain::in_short(vendor), sent.count("offset"), sent.limit());
    Ok(json!({ "rules": shown, "next": next }))
}

fn list_operations(sent: &Sent) -> Result<Value, String> {
    let surfaces = wanted(sent.text("vendor")).map_err(|failure| failure.text)?;
    let all =
        surfaces.iter().flat_map(|surface| surface.operations.iter().map(|it| (*surface, it)));
    let Some(name) = sent.text("operation") else {
        let rows = all.map(|(surface, it)| {
            json!({
                "vendor": surface.vendor, "operation": it.name, "method": it.method,
                "path": it.path, "text": it.text,
            })
        });
        let (shown, next) = page(rows, sent.count("offset"), sent.limit());
        return Ok(json!({ "operations": shown, "next": next }));
    };
    let found = all.clone().filter(|(_, it)| it.name == name);
    let found: Vec<Value> = found.map(|(surface, it)| routes::to_json(surface, it)).collect();
    if found.is_empty() {
        let near = did_you_mean(name, all.map(|(_, it)| it.name));
        return Err(format!("there is no operation {name:?}{near}; list_operations lists them"));
    }
    Ok(json!({ "operations": found }))
}

fn list_events(sent: &Sent) -> Result<Value, String> {
    let surfaces = wanted(sent.text("vendor")).map_err(|failure| failure.text)?;
    let all = surfaces.iter().flat_map(|surface| surface.events.iter().map(|it| (*surface, it)));
    let Some(name) = sent.text("event") else {
        let rows = all.map(|(surface, it)| {
            let fields = it.fields.iter().map(|field| {
                let needed = if field.is_required() { "" } else { "?" };
                format!("{}{needed}", field.name)
            });
            let fields: Vec<String> = fields.collect();
            json!({
                "vendor": surface.vendor, "event": it.name, "text": it.text,
                "fields": fields.join(", "),
            })
        });
        let (shown, next) = page(rows, sent.count("offset"), sent.limit());
        return Ok(json!({ "events": shown, "next": next }));
    };
    let found = all.clone().filter(|(_, it)| it.name == name);
    let found: Vec<Value> =
        found.map(|(surface, it)| events::to_json(surface.vendor, it)).collect();
    if found.is_empty() {
        let near = did_you_mean(name, all.map(|(_, it)| it.name));
        return Err(format!("there is no event {name:?}{near}; list_events lists them"));
    }
    Ok(json!({ "events": found }))
}

fn read_contract(sent: &Sent) -> Result<Value, String> {
    let vendor = named(sent.text("vendor").unwrap_or_default()).map_err(|failure| failure.text)?;
    let name = vendor.surface.vendor;
    let Some(number) = sent.text("section") else {
        return Ok(json!({ "vendor": name, "sections": sections(vendor) }));
    };
    let text = paper::wanted(vendor, number)?;
    Ok(of_text(json!({ "vendor": name, "section": number }), &text, sent.count("from")))
}

/// The sections of a contract, a line each.
pub(super) fn sections(vendor: &Vendor) -> Value {
    let headings = paper::headings((vendor.contract)()).into_iter();
    headings.map(|it| Value::from(format!("{} {}", it.number, it.title))).collect()
}

fn read_manual(sent: &Sent) -> Result<Value, String> {
    let Some(name) = sent.text("chapter") else {
        let line = |it: &Chapter| Value::from(format!("{}: {}", it.word(), it.title()));
        return Ok(json!({ "chapters": CHAPTERS.iter().map(line).collect::<Value>() }));
    };
    let chapter = manual::named(name).map_err(|failure| failure.text)?;
    let text = chapter.readable();
    Ok(of_text(json!({ "chapter": chapter.word() }), &text, sent.count("from")))
}

/// A reply that is a piece of a text.
fn of_text(mut reply: Value, text: &str, from: usize) -> Value {
    let (shown, next) = piece(text, from, PIECE_CHARS_MAX);
    reply["text"] = shown.into();
    if let Some(next) = next {
        reply["next"] = next.into();
        reply["told"] =
            format!("{} characters in all; call it again with from={next}", text.chars().count())
                .into();
    }
    reply
}
