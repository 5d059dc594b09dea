//! Each vendor's rules a second time, as a plain model that was written from the contract. Where that is
//! silent (the order of checks where a request has two mistakes, how a dialler chooses and when, what
//! events do, some wordings) it does as the program does: there it guards against change alone. It is
//! tables and no SQL. The model says what the reply to each step is, and both are compared: status,
//! body, the rule of a refusal, and from time to time all rows.
//!
//! A model makes its steps with knowledge of its state, so that most of them come far; a step itself
//! is symbolic ("the third token"), so that it still means something when the shrinking left out
//! others before it.

mod infocu5;
mod jtel;
mod maestro;
mod maxcontact;
mod mor;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use super::client::{Client, Reply, get};
use super::dice::Dice;
use super::inputs::Input;
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task, failed};

const WORLD: &str = "model";
/// Steps of one round; then the journal is held against the model, and a new world begins. Fewer
/// than the journal keeps, so that nothing of it is gone.
const ROUND: u64 = 1000;
/// Steps between two looks at all rows.
const ROWS_EVERY: u64 = 100;
/// Steps after which a model that never met something that it should is hollow.
const HOLLOW_AFTER: u64 = 5000;
/// Steps that are done again to find a shorter case, at the most.
const SHRINK_MAX: usize = 20_000;
/// Where the header tells why a request was refused.
const WHY: &str = "x-ringback-why";
/// Stands in what is expected for a value that the model cannot know.
pub(super) const ANY: &str = "\u{1}any";
/// The same for digits within a text.
pub(super) const ANY_DIGITS: char = '\u{1}';

/// A vendor, from its contract.
pub(super) trait Model: Sized {
    /// As Ringback has it.
    const VENDOR: &'static str;
    /// What Ringback declares, by the names of operations and rules, and no step reaches: each with
    /// the reason.
    const BEYOND: &'static [(&'static str, &'static str)];
    /// What `Expected::states` has to show in a long run.
    const STATES: &'static [&'static str];
    /// What is done; it means something in every state.
    type Step: Clone + fmt::Debug;

    /// A world as it begins; the dice may choose what stands in it.
    fn begin(dice: &mut Dice) -> Self;
    /// That world as a scenario, its clock frozen.
    fn scenario(&self) -> Value;
    fn next(&self, dice: &mut Dice) -> Self::Step;
    /// The step as it is sent now.
    fn input(&self, step: &Self::Step) -> Input;
    /// Does the step in the model.
    fn expect(&mut self, step: &Self::Step) -> Expected;
    /// What only the reply tells, such as the text of a token. It was found to be as expected.
    fn learn(&mut self, _step: &Self::Step, _reply: &Reply) {}
    /// Tables of `/state/{vendor}`, each with all its rows in order and those of their columns that
    /// the model knows.
    fn rows(&self) -> Vec<(&'static str, Vec<Value>)>;
}

/// What a step comes to.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// The operation by Ringback's name, `-` where none takes the request, or what the control plane
    /// was told.
    pub(super) what: &'static str,
    pub(super) status: u16,
    /// Of a refusal, or told beside what was done all the same.
    pub(super) rule: Option<&'static str>,
    pub(super) is_refusal: bool,
    /// Headers that have to be there as they stand, or must not be there.
    pub(super) headers: Vec<(&'static str, Option<&'static str>)>,
    pub(super) body: Body,
    /// States and transitions that the step showed, to be counted.
    pub(super) states: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    /// Whatever it is.
    Any,
    Empty,
    /// To the letter, but for `ANY_DIGITS`.
    Text(String),
    /// The same JSON, whatever the order of its members; `ANY` stands for any value.
    Json(Value),
    /// JSON that has at least these members.
    Has(Value),
}

impl Expected {
    pub(super) fn ok(what: &'static str, body: Body) -> Self {
        let (headers, states) = (Vec::new(), Vec::new());
        Expected { what, status: 200, rule: None, is_refusal: false, headers, body, states }
    }

    pub(super) fn refused(what: &'static str, status: u16, rule: &'static str, body: Body) -> Self {
        Expected { status, is_refusal: true, ..Expected::ok(what, body) }.tells(rule)
    }

    /// A rule that is told beside an answer.
    pub(super) fn tells(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, Some(value)));
        self
    }

    pub(super) fn without(mut self, name: &'static str) -> Self {
        self.headers.push((name, None));
        self
    }

    pub(super) fn shows(mut self, state: &'static str) -> Self {
        self.states.push(state);
        self
    }

    fn is_met_by(&self, reply: &Reply, is_for_vendor: bool) -> Result<(), String> {
        if reply.status() != self.status {
            return Err(format!("status {} instead of {}", reply.status(), self.status));
        }
        let rule = reply.header(WHY).and_then(|it| it.split(':').next());
        if is_for_vendor && rule != self.rule {
            return Err(format!("rule {rule:?} instead of {:?}", self.rule));
        }
        for (name, value) in &self.headers {
            if reply.header(name) != *value {
                return Err(format!("{name} {:?} instead of {value:?}", reply.header(name)));
            }
        }
        match &self.body {
            Body::Any => Ok(()),
            Body::Empty if reply.body.is_empty() => Ok(()),
            Body::Text(text) if is_text(text, &reply.body) => Ok(()),
            Body::Empty => Err("a body where there is none".into()),
            Body::Text(text) => Err(format!("another body than\n  {text}")),
            Body::Json(want) => same_json(want, &reply.body, true),
            Body::Has(want) => same_json(want, &reply.body, false),
        }
    }
}

fn is_text(want: &str, found: &[u8]) -> bool {
    let mut left = found;
    let mut parts = want.split(ANY_DIGITS);
    let begin = parts.next().unwrap_or_default().as_bytes();
    let Some(rest) = left.strip_prefix(begin) else { return false };
    left = rest;
    for part in parts {
        let n_digits = left.iter().take_while(|it| it.is_ascii_digit()).count();
        match left[n_digits..].strip_prefix(part.as_bytes()) {
            Some(rest) if n_digits > 0 => left = rest,
            _ => return false,
        }
    }
    left.is_empty()
}

fn same_json(want: &Value, found: &[u8], is_whole: bool) -> Result<(), String> {
    let found: Value =
        serde_json::from_slice(found).map_err(|error| format!("no JSON: {error}"))?;
    differs(want, &found, is_whole).map_or(Ok(()), Err)
}

/// Which row differs first from what the model has, and how.
fn rows_differ(want: &[Value], found: &[u8]) -> Option<String> {
    let found: Value = serde_json::from_slice(found).unwrap_or_default();
    let found = found["rows"].as_array().map_or(&[][..], Vec::as_slice);
    for at in 0..want.len().max(found.len()) {
        let (Some(want), Some(found)) = (want.get(at), found.get(at)) else {
            return Some(format!(
                "[{at}] expected: {:?}\nfound: {:?}",
                want.get(at),
                found.get(at)
            ));
        };
        if let Some(difference) = differs(want, found, false) {
            return Some(format!("[{at}] {difference}\nexpected: {want}\nfound: {found}"));
        }
    }
    None
}

/// Where two values differ first.
fn differs(want: &Value, found: &Value, is_whole: bool) -> Option<String> {
    match (want, found) {
        (Value::String(text), _) if text == ANY => None,
        (Value::Object(want), Value::Object(found)) => members(want, found, is_whole),
        (Value::Array(want), Value::Array(found)) => {
            if want.len() != found.len() {
                return Some(format!("{} elements instead of {}", found.len(), want.len()));
            }
            let mut pairs = want.iter().zip(found).enumerate();
            pairs.find_map(|(at, (want, found))| {
                differs(want, found, is_whole).map(|it| format!("[{at}] {it}"))
            })
        }
        (want, found) if want == found => None,
        (want, found) => Some(format!("{found} instead of {want}")),
    }
}

fn members(
    want: &Map<String, Value>,
    found: &Map<String, Value>,
    is_whole: bool,
) -> Option<String> {
    if is_whole && let Some(name) = found.keys().find(|name| !want.contains_key(*name)) {
        return Some(format!("{name:?} is there too"));
    }
    want.iter().find_map(|(name, want)| match found.get(name) {
        None => Some(format!("{name:?} is not there")),
        Some(found) => differs(want, found, is_whole).map(|it| format!("{name}: {it}")),
    })
}

/// How often what was met.
#[derive(Clone, Debug, Default)]
struct Tally {
    steps: u64,
    rounds: u64,
    operations: BTreeMap<&'static str, u64>,
    refusals: BTreeMap<&'static str, u64>,
    /// Rules that were told beside what was done.
    told: BTreeMap<&'static str, u64>,
    states: BTreeMap<&'static str, u64>,
}

impl Tally {
    fn take(&mut self, expected: &Expected) {
        self.steps += 1;
        *self.operations.entry(expected.what).or_default() += 1;
        if let Some(rule) = expected.rule {
            let rules = if expected.is_refusal { &mut self.refusals } else { &mut self.told };
            *rules.entry(rule).or_default() += 1;
        }
        for state in &expected.states {
            *self.states.entry(state).or_default() += 1;
        }
    }

    fn add(&mut self, other: &Tally) {
        self.steps += other.steps;
        self.rounds += 1;
        for (mine, others) in [
            (&mut self.operations, &other.operations),
            (&mut self.refusals, &other.refusals),
            (&mut self.told, &other.told),
            (&mut self.states, &other.states),
        ] {
            for (name, count) in others {
                *mine.entry(name).or_default() += count;
            }
        }
    }
}

/// The program, and the world that a model is held against.
struct Side {
    server: Server,
    vendors: Client,
    control: Client,
    /// Whether a shorter case is looked for.
    shrinks: bool,
}

impl Side {
    fn start(task: &Task) -> Result<Self, Fault> {
        let server = Server::start(task, &["--explain-header"])?;
        let (vendors, control) = (server.vendors(), server.control());
        Ok(Side { server, vendors, control, shrinks: task.planted.is_none() })
    }

    fn make<M: Model>(&self, model: &M) -> Result<(), Fault> {
        self.server.tell("DELETE", &format!("/v1/worlds/{WORLD}"), "")?;
        let body = json!({ "name": WORLD, "scenario": model.scenario() }).to_string();
        let reply = self.server.tell("POST", "/v1/worlds", &body)?;
        if reply.status() == 201 {
            Ok(())
        } else {
            Err(format!("{}: no world comes of its scenario: {}", M::VENDOR, reply.text()))
        }
    }

    /// Does a step on both sides; the difference, where there is one.
    fn step<M: Model>(
        &mut self,
        model: &mut M,
        step: &M::Step,
        tally: &mut Tally,
    ) -> Result<Option<String>, Fault> {
        let input = model.input(step);
        let is_for_vendor = input.is_for_vendor();
        let client = if is_for_vendor { &mut self.vendors } else { &mut self.control };
        let bytes = input.bytes(WORLD);
        let reply = client.send(&bytes).map_err(|error| {
            format!("{}: no reply to {}: {error}", M::VENDOR, String::from_utf8_lossy(&bytes))
        })?;
        let expected = model.expect(step);
        tally.take(&expected);
        if let Err(difference) = expected.is_met_by(&reply, is_for_vendor) {
            return Ok(Some(format!(
                "{step:?}: {difference}\nexpected: {expected:?}\nfound: {}{}",
                reply.head,
                reply.text()
            )));
        }
        model.learn(step, &reply);
        Ok(None)
    }

    /// Holds all rows against the model's.
    fn rows<M: Model>(&mut self, model: &M) -> Result<Option<String>, Fault> {
        for (table, want) in model.rows() {
            let path = format!("/v1/worlds/{WORLD}/state/{}/{table}?limit=1000", M::VENDOR);
            let reply = self.control.send(&get(&path)).map_err(|error| failed(&path, error))?;
            if let Some(found) = rows_differ(&want, &reply.body) {
                return Ok(Some(format!("rows of {table}: {found}")));
            }
        }
        Ok(None)
    }

    /// Holds what the journal counted against what the model did.
    fn journal<M: Model>(&mut self, tally: &Tally) -> Result<Option<String>, Fault> {
        let declared = self.declared::<M>()?;
        for (kind, found, mine) in [
            ("operation", &declared.operations, &tally.operations),
            ("refusal", &declared.rules, &tally.refusals),
        ] {
            for (name, found) in found {
                let mine = mine.get(name.as_str()).copied().unwrap_or_default();
                if *found != mine {
                    return Ok(Some(format!(
                        "the journal has {kind} {name} {found} times, the model {mine} times"
                    )));
                }
            }
        }
        Ok(None)
    }

    /// What Ringback says that the vendor has, with how often the journal shows it.
    fn declared<M: Model>(&mut self) -> Result<Declared, Fault> {
        let covered = self.server.ask(&format!("/v1/worlds/{WORLD}/coverage"))?;
        let vendor = covered["vendors"]
            .as_array()
            .and_then(|all| all.iter().find(|it| it["vendor"] == M::VENDOR))
            .ok_or_else(|| format!("{}: the journal shows no request", M::VENDOR))?;
        let all = |part: &Value, met: &str| -> BTreeMap<String, u64> {
            let met = part[met].as_object().into_iter().flatten();
            let met = met.map(|(name, count)| (name.clone(), count.as_u64().unwrap_or(0)));
            let never = part["never"].as_array().into_iter().flatten().filter_map(Value::as_str);
            met.chain(never.map(|name| (name.to_owned(), 0))).collect()
        };
        Ok(Declared {
            operations: all(&vendor["operations"], "asked"),
            rules: all(&vendor["refusals"], "met"),
        })
    }

    /// Does the steps from the beginning on. Answers the first difference.
    fn play<M: Model>(&mut self, seed: u64, steps: &[M::Step]) -> Result<Option<String>, Fault> {
        let mut model = M::begin(&mut Dice::new(seed));
        self.make(&model)?;
        let mut tally = Tally::default();
        for step in steps {
            if let Some(found) = self.step(&mut model, step, &mut tally)? {
                return Ok(Some(found));
            }
        }
        self.rows(&model)
    }

    /// Leaves out what is not needed for a difference. Answers what is left, and what it shows.
    fn shrink<M: Model>(
        &mut self,
        seed: u64,
        mut steps: Vec<M::Step>,
        mut found: String,
    ) -> Result<(Vec<M::Step>, String), Fault> {
        let (mut size, mut done) = (steps.len() / 2, 0);
        while size > 0 && done < SHRINK_MAX {
            let mut at = 0;
            while at < steps.len() && done < SHRINK_MAX {
                let mut fewer = steps.clone();
                fewer.drain(at..(at + size).min(steps.len()));
                done += fewer.len();
                if let Some(still) = self.play::<M>(seed, &fewer)? {
                    (steps, found) = (fewer, still);
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
        Ok((steps, found))
    }

    /// A case as one would type it.
    fn readable<M: Model>(&mut self, seed: u64, steps: &[M::Step]) -> Result<String, Fault> {
        let mut model = M::begin(&mut Dice::new(seed));
        self.make(&model)?;
        let mut text = String::new();
        for step in steps {
            let input = model.input(step);
            let line = String::from_utf8_lossy(&input.bytes(WORLD)).into_owned();
            text = format!("{text}{step:?}\n{}\n", line.trim_end());
            self.step(&mut model, step, &mut Tally::default())?;
        }
        let begin = M::begin(&mut Dice::new(seed));
        Ok(format!("{text}in a world of {}\n", begin.scenario()))
    }

    /// A world from its beginning, with as many steps as a round has.
    fn round<M: Model>(&mut self, seed: u64, most: u64) -> Result<Tally, Fault> {
        let mut dice = Dice::new(seed);
        let mut model = M::begin(&mut dice);
        self.make(&model)?;
        let (mut steps, mut tally) = (Vec::new(), Tally::default());
        for done in 1..=most {
            let step = model.next(&mut dice);
            steps.push(step.clone());
            let mut found = self.step(&mut model, &step, &mut tally)?;
            if found.is_none() && (done % ROWS_EVERY == 0 || done == most) {
                found = self.rows(&model)?;
            }
            if let Some(found) = found {
                let shrunk = if self.shrinks {
                    self.shrink::<M>(seed, steps, found)?
                } else {
                    (steps, found)
                };
                let (case, found) = shrunk;
                return Err(format!(
                    "{}, seed {seed}: {found}\n{} steps show it:\n{}",
                    M::VENDOR,
                    case.len(),
                    self.readable::<M>(seed, &case)?
                ));
            }
        }
        match self.journal::<M>(&tally)? {
            Some(found) => Err(format!("{}, seed {seed}, {most} steps: {found}", M::VENDOR)),
            None => Ok(tally),
        }
    }
}

/// What a vendor has, by name.
struct Declared {
    operations: BTreeMap<String, u64>,
    rules: BTreeMap<String, u64>,
}

/// A vendor for as long as its share of the limit is.
fn vendor<M: Model>(task: &Task) -> Result<Counts, Fault> {
    let mut side = Side::start(task)?;
    let meter = task.meter();
    let mut all = Tally::default();
    while meter.goes_on(all.steps) {
        let most = match task.limit {
            Limit::Count(count) => (count - all.steps).min(ROUND),
            Limit::Time(_) => ROUND,
        };
        let seed = task.seed.wrapping_mul(1_000_003).wrapping_add(all.rounds);
        all.add(&side.round::<M>(seed, most)?);
    }
    if all.steps >= HOLLOW_AFTER {
        hollow::<M>(&all, &side.declared::<M>()?)?;
    }
    Ok(counts(M::VENDOR, &all))
}

/// What never happened although it should.
fn hollow<M: Model>(all: &Tally, declared: &Declared) -> Result<(), Fault> {
    let beyond = |name: &str| M::BEYOND.iter().any(|(it, _)| *it == name);
    let operations =
        declared.operations.keys().filter(|it| !all.operations.contains_key(it.as_str()));
    let is_met = |it: &str| all.refusals.contains_key(it) || all.told.contains_key(it);
    let rules = declared.rules.keys().filter(|it| !is_met(it));
    let mut never: Vec<&str> =
        operations.chain(rules).map(String::as_str).filter(|it| !beyond(it)).collect();
    never.extend(M::STATES.iter().filter(|it| !all.states.contains_key(**it)));
    if never.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {} steps never came by {}", M::VENDOR, all.steps, never.join(", ")))
}

fn counts(vendor: &'static str, all: &Tally) -> Counts {
    let mut counts = vec![(vendor, all.steps), ("rounds", all.rounds)];
    for part in [&all.operations, &all.refusals, &all.told, &all.states] {
        counts.extend(part.iter().map(|(name, count)| (*name, *count)));
    }
    Counts(counts)
}

type Vendor = (&'static str, fn(&Task) -> Result<Counts, Fault>);

const VENDORS: &[Vendor] = &[
    (infocu5::Infocu5::VENDOR, vendor::<infocu5::Infocu5>),
    (jtel::Jtel::VENDOR, vendor::<jtel::Jtel>),
    (maestro::Maestro::VENDOR, vendor::<maestro::Maestro>),
    (maxcontact::MaxContact::VENDOR, vendor::<maxcontact::MaxContact>),
    (mor::Mor::VENDOR, vendor::<mor::Mor>),
];

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let wanted: Vec<_> = VENDORS
        .iter()
        .filter(|(name, _)| task.only.as_deref().is_none_or(|only| only == *name))
        .collect();
    let share = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    let limit = match task.limit {
        _ if share == 0 => return Err(format!("there is no model of {:?}", task.only)),
        Limit::Time(time) => Limit::Time(time / share),
        Limit::Count(count) => Limit::Count(count.div_ceil(u64::from(share))),
    };
    let task = Task { limit, ..task.clone() };
    let mut all = Vec::new();
    for (_, vendor) in wanted {
        all.extend(vendor(&task)?.0);
    }
    Ok(Counts(all))
}
