//! The same inputs to a world in memory, one in a file, one in a file whose program is killed between
//! them, and one that is now and then made anew of an export of the first, or of a fork of itself; then to
//! the first again after a reset. Replies and rows agree, the clock and the rules for
//! faults as well; and right behind the reset all is as it was at the beginning.

use std::collections::BTreeMap;

use serde_json::Value;
use tempfile::TempDir;

use super::client::{Client, Reply, get, request};
use super::dice::Dice;
use super::inputs::{Corpus, Input};
use super::server::Server;
use super::task::{Counts, Fault, Task, failed};

const WORLD: &str = "sim";
/// The one whose world moves.
const MOVED: &str = "moved";
/// Ways back to a state that is known to one world alone.
const GOING_BACK: [&str; 3] = ["/checkpoint", "/rollback", "/reset"];
/// Inputs of one round; then all rows are compared, and new worlds are made.
const ROUND: usize = 400;
/// Of a hundred inputs, so many come after a kill.
const KILLS: usize = 1;
/// Of a hundred inputs, so many come after a world has moved.
const MOVES: usize = 2;
/// Tries to leave inputs out of a case, at the most.
const SHRINK_MAX: usize = 200;

/// One of those that have to agree.
struct Side<'t> {
    task: &'t Task,
    name: &'static str,
    server: Server,
    vendors: Client,
    control: Client,
    /// Where it keeps its worlds.
    folder: Option<TempDir>,
    n_kills: u64,
    n_moves: u64,
}

impl<'t> Side<'t> {
    fn new(task: &'t Task, name: &'static str, is_kept: bool) -> Result<Self, Fault> {
        let folder =
            if is_kept { Some(TempDir::new().map_err(|it| failed("folder", it))?) } else { None };
        let server = match &folder {
            Some(folder) => Server::start_in(task, folder.path())?,
            None => Server::start(task, &[])?,
        };
        let (vendors, control) = (server.vendors(), server.control());
        Ok(Side { task, name, server, vendors, control, folder, n_kills: 0, n_moves: 0 })
    }

    fn make(&self, seed: u64) -> Result<(), Fault> {
        self.server.tell("DELETE", &format!("/v1/worlds/{WORLD}"), "")?;
        let body = format!(
            r#"{{"name":"{WORLD}","scenario":"demo","seed":{},"clock":{{"mode":"frozen","at":"2026-03-02T09:00:00Z"}}}}"#,
            seed % 1_000_000
        );
        let reply = self.server.tell("POST", "/v1/worlds", &body)?;
        if reply.status() == 201 {
            Ok(())
        } else {
            Err(format!("{} makes no world: {}", self.name, reply.text()))
        }
    }

    /// The reply; a connection that a fault ended is told as such.
    fn send(&mut self, input: &Input) -> String {
        let client = if input.is_for_vendor() { &mut self.vendors } else { &mut self.control };
        match client.send(&input.bytes(WORLD)) {
            Ok(reply) if input.is_for_vendor() => format!("{}{}", reply.head, reply.text()),
            Ok(reply) => format!("{} {}", reply.status(), of_world(&reply)),
            Err(error) => {
                self.vendors = self.server.vendors();
                self.control = self.server.control();
                format!("no reply: {:?}", error.kind())
            }
        }
    }

    /// `kill -9`, and started anew on what it kept.
    fn kill(&mut self) -> Result<(), Fault> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let dead = std::mem::replace(&mut self.server, Server::start(self.task, &[])?);
        dead.kill()?;
        self.server = Server::start_in(self.task, folder.path())?;
        (self.vendors, self.control) = (self.server.vendors(), self.server.control());
        self.n_kills += 1;
        Ok(())
    }

    /// Has its world be made anew of an export of another's.
    fn becomes(&mut self, other: &mut Side<'_>) -> Result<(), Fault> {
        let path = format!("/v1/worlds/{WORLD}/export");
        let image = other.control.send(&get(&path)).map_err(|error| failed(&path, error))?;
        self.server.tell("DELETE", &format!("/v1/worlds/{WORLD}"), "")?;
        let path = format!("/v1/worlds/{WORLD}/import");
        let headers = [("Content-Type", "application/vnd.sqlite3")];
        let sent = request("POST", &path, &headers, &image.body);
        let made = self.control.send(&sent).map_err(|error| failed(&path, error))?;
        self.n_moves += 1;
        if made.status() == 201 { Ok(()) } else { Err(format!("no import: {}", made.text())) }
    }

    /// Takes what the control plane is told. Its replies have numbers of a journal of its own; and it has
    /// neither the other's checkpoints nor its beginning, so that it moves where that one goes back.
    fn follows(&mut self, other: &mut Side<'_>, input: &Input) -> Result<(), Fault> {
        match input {
            Input::Control { path, .. } if GOING_BACK.contains(&path.as_str()) => {
                self.becomes(other)
            }
            _ => {
                self.send(input);
                Ok(())
            }
        }
    }

    /// Has its world be a fork of a fork of itself.
    fn forks(&mut self) -> Result<(), Fault> {
        for (from, to) in [(WORLD, "between"), ("between", WORLD)] {
            let (path, body) = (format!("/v1/worlds/{from}/fork"), format!(r#"{{"name":"{to}"}}"#));
            let made = self.server.tell("POST", &path, &body)?;
            if made.status() != 201 {
                return Err(format!("no fork: {}", made.text()));
            }
            self.server.tell("DELETE", &format!("/v1/worlds/{from}"), "")?;
        }
        self.n_moves += 1;
        Ok(())
    }

    /// How the clock stands, and the rules for faults with their counts.
    fn facts(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut client = self.server.control();
        let facts = ["clock", "faults"].map(|name| {
            let path = format!("/v1/worlds/{WORLD}/{name}");
            let reply = client.send(&get(&path)).map_err(|error| failed(&path, error))?;
            Ok((name.to_owned(), of_world(&reply)))
        });
        facts.into_iter().collect()
    }

    /// Notes the facts at a checkpoint, and behind a rollback to it holds them against those of now.
    fn goes_back(&self, input: &Input, round: &mut Round) -> Result<Option<String>, Fault> {
        let Input::Control { path, body, .. } = input else { return Ok(None) };
        if path == "/checkpoint" {
            round.checkpoints.insert(body.clone(), self.facts()?);
        }
        let Some(before) = round.checkpoints.get(body).filter(|_| path == "/rollback") else {
            return Ok(None);
        };
        let after = self.facts()?;
        let differs = before.iter().zip(&after).find(|(left, right)| left != right);
        Ok(differs.map(|(left, right)| {
            let (name, before, after) = (&left.0, &left.1, &right.1);
            format!("behind a rollback {name} differs\nbefore: {before}\nafter: {after}")
        }))
    }

    /// The facts, and all rows of all tables.
    fn rows(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut client = self.server.control();
        let mut rows = self.facts()?;
        let vendors = self.server.ask("/v1/vendors")?;
        for vendor in vendors["vendors"].as_array().into_iter().flatten() {
            let name = vendor["name"].as_str().unwrap_or_default();
            for table in vendor["tables"].as_array().into_iter().flatten().filter_map(Value::as_str)
            {
                let path = format!("/v1/worlds/{WORLD}/state/{name}/{table}?limit=1000");
                let reply = client.send(&get(&path)).map_err(|error| failed(&path, error))?;
                rows.push((format!("{name} {table}"), reply.text()));
            }
        }
        Ok(rows)
    }
}

/// What a reply of the control plane says of the world; where it is kept is not the world's.
fn of_world(reply: &Reply) -> String {
    match serde_json::from_slice::<Value>(&reply.body) {
        Ok(Value::Object(mut told)) => {
            told.remove("world");
            Value::Object(told).to_string()
        }
        _ => reply.text(),
    }
}

/// What the first of them said in a round.
#[derive(Default)]
struct Round {
    /// Its rows before the first input.
    begin: Vec<(String, String)>,
    replies: Vec<String>,
    /// What stood at each checkpoint, by the body that names it.
    checkpoints: BTreeMap<String, Vec<(String, String)>>,
}

/// All of them, beginning with the one that the others are held against.
struct Sides<'t>(Vec<Side<'t>>);

impl Sides<'_> {
    /// Plays a round, and notes it. Answers at which input something differs, and what.
    fn play(
        &mut self,
        seed: u64,
        inputs: &[Input],
        kills: bool,
        round: &mut Round,
    ) -> Result<Option<String>, Fault> {
        for side in &self.0 {
            side.make(seed)?;
        }
        round.begin = self.0[0].rows()?;
        let mut dice = Dice::new(seed);
        let mut moves = Dice::new(!seed);
        for (idx, input) in inputs.iter().enumerate() {
            if moves.percent(MOVES) {
                self.moved()?;
            }
            let want = self.0[0].send(input);
            if matches!(input, Input::Control { path, .. } if path == "/faults")
                && !want.starts_with('2')
            {
                return Err(format!("the proof is hollow: a rule was not taken: {want}"));
            }
            round.replies.push(want.clone());
            if let Some(found) = self.0[0].goes_back(input, round)? {
                return Ok(Some(format!("input {idx}, {found}")));
            }
            let (memory, others) = self.0.split_at_mut(1);
            for side in others {
                if side.name == MOVED && !input.is_for_vendor() {
                    side.follows(&mut memory[0], input)?;
                    continue;
                }
                let is_killed = kills && side.name == "killed file" && dice.percent(KILLS);
                if is_killed {
                    side.kill()?;
                }
                let found = side.send(input);
                if found != want {
                    return Ok(Some(format!(
                        "input {idx}, {} and memory differ\nmemory: {want}\n{}: {found}",
                        side.name, side.name
                    )));
                }
                if is_killed && side.facts()? != memory[0].facts()? {
                    return Ok(Some(format!(
                        "input {idx}, killed file and memory differ behind the start\nmemory: {:?}\n\
                         killed file: {:?}",
                        memory[0].facts()?,
                        side.facts()?
                    )));
                }
            }
        }
        let want = self.0[0].rows()?;
        for side in &self.0[1..] {
            let found = side.rows()?;
            if let Some((left, right)) = want.iter().zip(&found).find(|(left, right)| left != right)
            {
                return Ok(Some(format!(
                    "rows of {} differ\nmemory: {}\n{}: {}",
                    left.0, left.1, side.name, right.1
                )));
            }
        }
        Ok(None)
    }

    /// The one that moves does so.
    fn moved(&mut self) -> Result<(), Fault> {
        let (memory, others) = self.0.split_at_mut(1);
        for side in others.iter_mut().filter(|side| side.name == MOVED) {
            if side.n_moves.is_multiple_of(2) {
                side.becomes(&mut memory[0])?;
            } else {
                side.forks()?;
            }
        }
        Ok(())
    }

    /// A reset leaves nothing of what was, and the same inputs after it give the same rows and replies.
    fn again(&mut self, inputs: &[Input], round: &Round) -> Result<Option<String>, Fault> {
        let memory = &mut self.0[0];
        let before = memory.rows()?;
        memory.server.tell("POST", &format!("/v1/worlds/{WORLD}/reset"), "")?;
        let reset = memory.rows()?;
        if let Some((left, right)) = round.begin.iter().zip(&reset).find(|it| it.0 != it.1) {
            return Ok(Some(format!(
                "right after a reset {} differs\nat the beginning: {}\nafter it: {}",
                left.0, left.1, right.1
            )));
        }
        for (idx, (input, before)) in inputs.iter().zip(&round.replies).enumerate() {
            let after = memory.send(input);
            // What the control plane says has the numbers of the journal in it, which goes on.
            if input.is_for_vendor() && after != *before {
                return Ok(Some(format!(
                    "after a reset and the same inputs the reply to input {idx} differs\nbefore: \
                     {before}\nafter: {after}"
                )));
            }
        }
        let after = memory.rows()?;
        let differs = before.iter().zip(&after).find(|(left, right)| left != right);
        Ok(differs.map(|(left, right)| {
            format!(
                "after a reset and the same inputs {} differs\nbefore: {}\nafter: {}",
                left.0, left.1, right.1
            )
        }))
    }

    /// Leaves out what is not needed for the difference.
    fn shrink(&mut self, seed: u64, mut inputs: Vec<Input>) -> Result<Vec<Input>, Fault> {
        let (mut size, mut tries) = (inputs.len() / 2, 0);
        while size > 0 && tries < SHRINK_MAX {
            let mut at = 0;
            while at < inputs.len() && tries < SHRINK_MAX {
                let mut fewer = inputs.clone();
                fewer.drain(at..(at + size).min(inputs.len()));
                tries += 1;
                if self.play(seed, &fewer, false, &mut Round::default())?.is_some() {
                    inputs = fewer;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        Ok(inputs)
    }
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let corpus = Corpus::read()?;
    let memory = Side::new(task, "memory", false)?;
    let file = Side::new(task, "file", true)?;
    let killed = Side::new(task, "killed file", true)?;
    let moved = Side::new(task, MOVED, true)?;
    let mut sides = Sides(vec![memory, file, killed, moved]);
    let meter = task.meter();
    let (mut done, mut rounds) = (0, 0);
    while meter.goes_on(done) {
        let seed = task.seed.wrapping_add(rounds);
        let mut dice = Dice::new(seed);
        let mut checkpoints = Vec::new();
        let inputs: Vec<Input> =
            (0..ROUND).map(|_| corpus.draw(&mut dice, &mut checkpoints)).collect();
        let mut round = Round::default();
        let mut found = sides.play(seed, &inputs, true, &mut round)?;
        if found.is_none() {
            found = sides.again(&inputs, &round)?;
        }
        if let Some(found) = found {
            let case = if task.planted.is_some() { inputs } else { sides.shrink(seed, inputs)? };
            return Err(format!("seed {seed}: {found}\n{} inputs show it: {case:#?}", case.len()));
        }
        (done, rounds) = (done + ROUND as u64, rounds + 1);
    }
    let kills = sides.0.iter().map(|side| side.n_kills).sum();
    let moves = sides.0.iter().map(|side| side.n_moves).sum();
    Ok(Counts(vec![("inputs", done), ("rounds", rounds), ("kills", kills), ("moves", moves)]))
}
