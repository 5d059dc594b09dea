//! Makes a scenario of a part of a recording.

use serde_json::{Value, json};

use crate::contract::vendor::Vendor;
use crate::recording::exchange::Recorded;
use crate::recording::fit::Stage;
use crate::recording::import::{Imported, count, exchanges, settle};
use crate::recording::live::part::{Exchange, Input, Part, Start};
use crate::recording::moves::{Event, Move};
use crate::recording::prepared::Prepared;

/// What a scenario of a recording is called.
const TITLE: &str = "recorded";

/// What belongs to the run that was recorded, and not to its replay.
const OF_THE_RUN: [&str; 2] = ["strict", "expect"];

/// An input that can be made again.
enum Ready {
    Exchange(Box<Prepared>),
    Event(Event),
}

/// The scenario of a part whose credentials are pseudonyms already.
///
/// # Errors
/// Where no world can be made of it.
pub(crate) fn finish(part: Part) -> Result<Imported, String> {
    let mut imported =
        Imported { skipped: part.left_out, n_entries: part.inputs.len(), ..Imported::default() };
    match part.start {
        None => exchanges(of_a_vendor(part.inputs), &mut imported)?,
        Some(start) => of_a_world(&part.world, start, part.inputs, &mut imported)?,
    }
    Ok(imported)
}

/// What a vendor's own system was asked.
fn of_a_vendor(inputs: Vec<Input>) -> Vec<(&'static Vendor, Recorded)> {
    let exchanges = inputs.into_iter().filter_map(|input| match input {
        Input::Exchange(it) => Some((it.vendor, it.it)),
        Input::Event(_) => None,
    });
    exchanges.collect()
}

fn of_a_world(
    world: &str,
    start: Start,
    inputs: Vec<Input>,
    imported: &mut Imported,
) -> Result<(), String> {
    let (mut scenario, start) = (start.scenario, start.at);
    if let Value::Object(members) = &mut scenario {
        members.retain(|name, _| !OF_THE_RUN.contains(&name.as_str()));
    }
    let before = scenario["title"].as_str().unwrap_or_default();
    let of = if before.is_empty() { format!("world {world}") } else { before.to_owned() };
    scenario["title"] = format!("{TITLE}: {of}").into();
    scenario["clock"] = json!({ "mode": "frozen", "at": start.to_string() });
    let stage = Stage::new()?;
    let mut ready = ready(inputs, imported);
    fill(&stage, &scenario, &mut ready)?;
    let moves = moves(&ready);
    count(moves.iter().filter_map(Move::exchange), imported);
    let events = moves.len() - moves.iter().filter_map(Move::exchange).count();
    if events > 0 {
        imported.understood.push(("events outside the vendors' APIs".to_owned(), events));
    }
    settle(&stage, scenario, start, &moves, imported)
}

fn ready(inputs: Vec<Input>, imported: &mut Imported) -> Vec<Ready> {
    let mut ready = Vec::new();
    for input in inputs {
        match input {
            Input::Event(event) => ready.push(Ready::Event(event)),
            Input::Exchange(exchange) => {
                let Exchange { vendor, it, arrival, is_open } = *exchange;
                let place = it.place.clone();
                match Prepared::new(vendor, it) {
                    Some(mut it) => {
                        (it.arrival, it.is_open) = (arrival, is_open);
                        ready.push(Ready::Exchange(Box::new(it)));
                    }
                    None => {
                        imported.skipped.push(format!("{place}: its request cannot be sent again"));
                    }
                }
            }
        }
    }
    ready
}

/// Long bodies are not kept while they are sent; the world that is made again gives them.
fn fill(stage: &Stage, scenario: &Value, ready: &mut [Ready]) -> Result<(), String> {
    let is_open = |it: &Ready| matches!(it, Ready::Exchange(it) if it.is_open);
    if !ready.iter().any(is_open) {
        return Ok(());
    }
    let bodies = stage.bodies(scenario, moves(ready).into_iter())?;
    let exchanges = ready.iter_mut().filter_map(|it| match it {
        Ready::Exchange(it) => Some(it),
        Ready::Event(_) => None,
    });
    for (exchange, body) in exchanges.zip(bodies).filter(|(it, _)| it.is_open) {
        exchange.fill(&body);
    }
    Ok(())
}

fn moves(ready: &[Ready]) -> Vec<Move<'_>> {
    let mut moves = Vec::with_capacity(ready.len());
    for it in ready {
        moves.push(match it {
            Ready::Exchange(it) => Move::Exchange(it),
            Ready::Event(it) => Move::Event(it),
        });
    }
    moves
}
