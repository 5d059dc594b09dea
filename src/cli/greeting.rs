//! What `serve` tells a person on a terminal: what is up and where, what to try first, how to stop,
//! and then a line for each request that was refused. Where stderr is no terminal, nothing.

use std::io;
use std::sync::Arc;

use clap::builder::styling::{AnsiColor, Style};
use serde::Deserialize;
use serde_json::Value;

use crate::app::{Person, Refused, RowsTold};
use crate::cli::asking::{shown, text};
use crate::cli::entry_shown::{BelowArgs, EntryShown};
use crate::cli::log::Queue;
use crate::cli::progress::{Progress, Unit};
use crate::cli::terminal::{Terminal, colour};
use crate::client::entry::Seen;
use crate::client::line::Of;
use crate::client::plain::plain;
use crate::sim::worlds::name::DEFAULT;

/// What the commands ask where nothing else is said.
const ADMIN_DEFAULT: &str = "http://127.0.0.1:8081";

/// A first request, of the scenario that is served where none is given.
const DEMO: (&str, &str, &str) =
    ("demo", "jtel", "curl -H 'Authorization: Bearer SIMTOKEN-7A' {}7/dialler/contacts/301501");

/// Whoever sits before the program; `None` where nobody does.
pub(super) fn person(queue: Queue, is_quiet: bool) -> Option<Person> {
    let terminal = Terminal::of(&io::stderr());
    terminal.width?;
    let greeting = queue.clone();
    let progress = Progress::new("rows loaded", None, Unit::Things);
    let rows = RowsTold(progress.told());
    let is_up = move |ready: &Value, world: &Value| {
        progress.end();
        for line in lines(terminal, ready, world) {
            greeting.say(&line);
        }
    };
    let look = EntryShown { terminal, json: false, below: BelowArgs::default() };
    let refused = move |world: &str, entry: &Value| {
        for line in refusal(look, world, entry) {
            queue.say(&line);
        }
    };
    let refused: Arc<Refused> = Arc::new(refused);
    Some(Person { is_up: Box::new(is_up), rows, refused: (!is_quiet).then_some(refused) })
}

fn lines(terminal: Terminal, ready: &Value, world: &Value) -> Vec<String> {
    let bold = |text: &str| terminal.painted(Style::new().bold(), text);
    let quiet = |text: &str| terminal.painted(colour(AnsiColor::BrightBlack), text);
    let clock = &world["clock"];
    let of_world = format!(
        "{}, seed {}, clock {} at {}",
        text(world, "title"),
        shown(&ready["seed"]),
        text(clock, "mode"),
        text(clock, "now")
    );
    let of_world = if world.is_null() { "no default world".into() } else { plain(&of_world) };
    let version = format!("ringback {}", text(ready, "version"));
    let mut lines = vec![format!("{}: {} ({of_world})", bold(&version), text(ready, "scenario"))];
    let vendors = ready["vendors"].as_object().into_iter().flatten();
    let vendors = vendors.map(|(name, address)| (name.as_str(), shown(address)));
    let admin = text(ready, "admin");
    let own = [("control", admin.to_owned()), ("page", text(ready, "page").to_owned())];
    for (name, address) in vendors.chain(own) {
        lines.push(format!("  {name:<12} {}", terminal.painted(colour(AnsiColor::Cyan), &address)));
    }
    lines.push("try first:".into());
    let (scenario, vendor, first) = DEMO;
    if let (true, Some(address)) =
        (ready["scenario"] == scenario, ready["vendors"][vendor].as_str())
    {
        lines.push(format!("  {}", first.replace("{}", address)));
    }
    let there = if admin == ADMIN_DEFAULT { String::new() } else { format!(" --admin {admin}") };
    for (command, what) in [
        (format!("ringback tail{there}"), "follows what is asked and answered"),
        ("ringback routes -v".into(), "what can be asked, and where credentials go"),
    ] {
        lines.push(format!("  {command:<24} {}", quiet(what)));
    }
    lines.push(quiet("Ctrl+C stops; what is in flight is answered first"));
    lines
}

/// A refused request, with the world where it is not the one that is always there.
fn refusal(look: EntryShown, world: &str, entry: &Value) -> Vec<String> {
    let Ok(seen) = Seen::deserialize(entry) else { return Vec::new() };
    let of = if world.is_empty() { Of::Nobody } else { Of::World };
    let mut lines = look.lines(&seen, "", of);
    if let (Some(first), false) = (lines.first_mut(), ["", DEFAULT].contains(&world)) {
        *first = format!("{first} (world {world})");
    }
    lines
}
