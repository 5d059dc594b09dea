//! Tools that change worlds. They are there only where `ringback mcp` was started with `--writes`.

use http::Method;
use serde_json::{Value, json};

use crate::app::ClockWanted;
use crate::cli::mcp::session::Session;
use crate::cli::mcp::tool::{Effect, Sent, Tool, WORLD};
use crate::cli::mcp::worlds::addresses;
use crate::client::control::escaped;
use crate::contract::fields::{Field, Kind};

const CHECKPOINT: Field = Field::required("name", Kind::Text, "name of the checkpoint");

/// The tools of this file.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "advance_clock",
        title: "Advance a world's clock",
        text: "Moves a world's clock on and lets happen what is due on the way; tells what fired and \
               what came of it. Give `by` or `to`.",
        effect: Effect::Adds,
        arguments: &[
            WORLD,
            Field::optional("by", Kind::Duration, "how far: 30s, 90m, 8h"),
            Field::optional("to", Kind::Text, "a moment, or \"next\" for the next due timer"),
        ],
        rest: "list_exchanges and read_state show what came of it",
        work: |session, sent| Box::pin(advance_clock(session, sent)),
    },
    Tool {
        name: "trigger_event",
        title: "Trigger an event",
        text: "Lets something happen in a world outside a vendor's API, such as a call that is \
               answered; list_events tells the fields.",
        effect: Effect::Adds,
        arguments: &[
            WORLD,
            Field::required("vendor", Kind::Text, "the vendor"),
            Field::required("event", Kind::Text, "the event"),
            Field::optional("fields", Kind::Any, "its fields, as list_events tells them"),
        ],
        rest: "read_state shows what came of it",
        work: |session, sent| Box::pin(trigger_event(session, sent)),
    },
    Tool {
        name: "add_fault",
        title: "Add a rule for faults",
        text: "Lets requests to a world go wrong from the next on: late, cut, lost, refused. The \
               manual's chapter faults (read_manual) tells the kinds.",
        effect: Effect::Adds,
        arguments: &[
            WORLD,
            Field::required(
                "rule",
                Kind::Any,
                "as in a scenario's [[fault]]: {\"then\":\"lose_reply\",\"on\":{\"vendor\":\"jtel\",\
                 \"nth\":1}}",
            ),
        ],
        rest: "list_faults lists the rules",
        work: |session, sent| Box::pin(add_fault(session, sent)),
    },
    Tool {
        name: "clear_faults",
        title: "Clear rules for faults",
        text: "Takes one rule for faults away, or all of a world.",
        effect: Effect::Puts,
        arguments: &[
            WORLD,
            Field::optional(
                "fault",
                Kind::Integer { min: 1, max: i64::MAX },
                "id of the rule, as list_faults shows it; all where left out",
            ),
        ],
        rest: "list_faults lists the rules",
        work: |session, sent| Box::pin(clear_faults(session, sent)),
    },
    Tool {
        name: "seed_world",
        title: "Add rows to a world",
        text: "Takes a piece of scenario into a world as it is, all or nothing: further campaigns, \
               contacts, agents. The manual's chapter scenarios and that of the vendor tell the keys.",
        effect: Effect::Adds,
        arguments: &[
            WORLD,
            Field::required(
                "rows",
                Kind::Any,
                "the piece: {\"jtel\":{\"campaigns\":[{\"id\":613,\"client\":7,\"name\":\"A\"}]}}",
            ),
        ],
        rest: "read_state shows the rows",
        work: |session, sent| Box::pin(seed_world(session, sent)),
    },
    Tool {
        name: "set_variants",
        title: "Turn switches",
        text: "Turns switches of a world, those that are named; list_variants tells how they stand.",
        effect: Effect::Puts,
        arguments: &[
            WORLD,
            Field::required(
                "variants",
                Kind::Any,
                "the positions by vendor: {\"jtel\":{\"pick\":\"highest_id\"}}",
            ),
        ],
        rest: "list_variants tells how they stand",
        work: |session, sent| Box::pin(set_variants(session, sent)),
    },
    Tool {
        name: "make_checkpoint",
        title: "Make a checkpoint",
        text: "Keeps a world's state as it is now under a name, for roll_back.",
        effect: Effect::Adds,
        arguments: &[WORLD, CHECKPOINT],
        rest: "show_world names the checkpoints",
        work: |session, sent| Box::pin(make_checkpoint(session, sent)),
    },
    Tool {
        name: "roll_back",
        title: "Roll a world back",
        text: "Puts a world's state back to a checkpoint; its journal stays.",
        effect: Effect::Puts,
        arguments: &[WORLD, CHECKPOINT],
        rest: "show_world shows the world",
        work: |session, sent| Box::pin(roll_back(session, sent)),
    },
    Tool {
        name: "make_world",
        title: "Make a world",
        text: "Makes a world from a scenario: one that the running Ringback knows by name, or one given \
               as `inline`; tells the URLs that lead clients into it. A frozen clock makes it \
               repeatable.",
        effect: Effect::Adds,
        arguments: &[
            Field::required("name", Kind::Text, "name of the new world"),
            Field::optional(
                "scenario",
                Kind::Text,
                "a name: demo, working-day, empty, or a vendor's; demo where left out",
            ),
            Field::optional("inline", Kind::Any, "a scenario of one's own, in place of a name"),
            Field::optional(
                "seed",
                Kind::Integer { min: 0, max: i64::MAX },
                "of its random values",
            ),
            Field::optional("clock", Kind::Text, "frozen@2026-03-02T09:00:00Z, real, or scaled:60"),
            Field::optional("strict", Kind::Bool, "whether its run fails on what was not expected"),
            Field::optional(
                "variants",
                Kind::Any,
                "switches: {\"jtel\":{\"pick\":\"highest_id\"}}",
            ),
            Field::optional("ttl", Kind::Duration, "how long it lives unused, such as 10m"),
        ],
        rest: "show_world shows the world",
        work: |session, sent| Box::pin(make_world(session, sent)),
    },
    Tool {
        name: "reset_world",
        title: "Reset a world",
        text: "Puts a world back to its seed; its journal and checkpoints stay.",
        effect: Effect::Puts,
        arguments: &[WORLD],
        rest: "show_world shows the world",
        work: |session, sent| Box::pin(reset_world(session, sent)),
    },
    Tool {
        name: "delete_world",
        title: "Delete a world",
        text: "Deletes a world with its journal and checkpoints.",
        effect: Effect::Takes,
        arguments: &[Field::required("world", Kind::Text, "name of the world")],
        rest: "list_worlds lists the others",
        work: |session, sent| Box::pin(delete_world(session, sent)),
    },
];

async fn advance_clock(session: &Session, sent: Sent) -> Result<Value, String> {
    let body = match (sent.millis("by"), sent.text("to")) {
        (Some(by), None) => json!({ "by": format!("{by}ms") }),
        (None, Some(to)) => json!({ "to": to }),
        _ => return Err("expected by or to, and one of them: by=90m, to=next".into()),
    };
    session.ask_world(sent.world(session), Method::POST, "/clock/advance", &body).await
}

async fn trigger_event(session: &Session, sent: Sent) -> Result<Value, String> {
    let word = |name: &str| escaped(sent.text(name).unwrap_or_default());
    let path = format!("/events/{}/{}", word("vendor"), word("event"));
    session.ask_world(sent.world(session), Method::POST, &path, &sent.object("fields")).await
}

async fn add_fault(session: &Session, sent: Sent) -> Result<Value, String> {
    let rule = sent.object("rule");
    session.ask_world(sent.world(session), Method::POST, "/faults", &rule).await
}

async fn clear_faults(session: &Session, sent: Sent) -> Result<Value, String> {
    let path = sent.number("fault").map_or("/faults".into(), |id| format!("/faults/{id}"));
    session.ask_world(sent.world(session), Method::DELETE, &path, &Value::Null).await
}

async fn seed_world(session: &Session, sent: Sent) -> Result<Value, String> {
    let rows = sent.object("rows");
    session.ask_world(sent.world(session), Method::POST, "/seed", &rows).await
}

async fn set_variants(session: &Session, sent: Sent) -> Result<Value, String> {
    let variants = sent.object("variants");
    session.ask_world(sent.world(session), Method::PUT, "/variants", &variants).await
}

async fn make_checkpoint(session: &Session, sent: Sent) -> Result<Value, String> {
    let body = json!({ "name": sent.text("name") });
    session.ask_world(sent.world(session), Method::POST, "/checkpoint", &body).await
}

async fn roll_back(session: &Session, sent: Sent) -> Result<Value, String> {
    let body = json!({ "name": sent.text("name") });
    session.ask_world(sent.world(session), Method::POST, "/rollback", &body).await
}

async fn make_world(session: &Session, sent: Sent) -> Result<Value, String> {
    let scenario = match (sent.text("scenario"), sent.has("inline")) {
        (Some(_), true) => return Err("scenario and inline exclude each other".into()),
        (None, true) => sent.object("inline"),
        (named, false) => named.unwrap_or("demo").into(),
    };
    let mut body = json!({ "name": sent.text("name"), "scenario": scenario });
    if let Some(seed) = sent.number("seed") {
        body["seed"] = seed.into();
    }
    if let Some(clock) = sent.text("clock") {
        let clock = clock.parse::<ClockWanted>().map_err(|told| format!("clock: {told}"))?;
        body["clock"] = clock.spec().to_json();
    }
    if let Some(strict) = sent.is_set("strict") {
        body["strict"] = strict.into();
    }
    if sent.has("variants") {
        body["variants"] = sent.object("variants");
    }
    if let Some(ttl) = sent.millis("ttl") {
        body["ttl"] = format!("{ttl}ms").into();
    }
    let mut made = session.ask(Method::POST, "/v1/worlds", &body).await?;
    made["urls"] = addresses(session, &made).await?;
    Ok(made)
}

async fn reset_world(session: &Session, sent: Sent) -> Result<Value, String> {
    session.ask_world(sent.world(session), Method::POST, "/reset", &json!({})).await
}

async fn delete_world(session: &Session, sent: Sent) -> Result<Value, String> {
    session.ask_world(sent.world(session), Method::DELETE, "", &Value::Null).await
}
