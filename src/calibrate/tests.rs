//! The game against worlds whose switches stand at random, which the program must find and never
//! strikes wrongly.

#![expect(clippy::print_stderr, reason = "the figures of the games are what people look at")]

mod foreign;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::base::time::Instant;
use crate::calibrate::game::{Asker, Game, Outcome, Stop};
use crate::calibrate::know::{Knowledge, at_random, generator};
use crate::calibrate::pool::all;
use crate::calibrate::pool::given::Given;
use crate::calibrate::pool::source::Source;
use crate::calibrate::question::{Bound, Heard, Question, Risk};
use crate::calibrate::twin::{Played, Positions, Reading, Twin, vendor};
use crate::contract::variant::Needs;
use crate::embed;

/// Games a vendor; as many as the variable says where it is set.
fn n_games() -> u64 {
    std::env::var("RINGBACK_GAMES").ok().and_then(|it| it.parse().ok()).unwrap_or(4)
}

/// Positions under which each question is asked where one looks at what it depends on.
const WORLDS_A_QUESTION: usize = 2;

/// A target that is a world of its own.
struct World<'w> {
    twin: &'w mut Twin,
    positions: Positions,
}

impl Asker for World<'_> {
    fn ask(&mut self, question: &Question) -> Result<(Vec<Heard>, Bound), Stop> {
        let Played { heard, bound, .. } = self.twin.play(question, &self.positions)?;
        Ok((heard, bound))
    }
}

fn given(pairs: &[(&str, &str)]) -> Given {
    let credentials = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Given { credentials: credentials.collect(), number: Some("07700900199".into()) }
}

fn demo() -> Value {
    embed::library().open("demo").unwrap().to_json().unwrap()
}

fn now() -> Instant {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn twin(name: &str, scenario: &Value) -> Twin {
    let readings = [Reading { when: Vec::new(), scenario: scenario.clone() }];
    Twin::new(vendor(name).unwrap(), &readings, now(), all::of(name).unwrap().drawn).unwrap()
}

/// What many games came to.
#[derive(Debug, Default)]
struct Tally {
    requests: Vec<u32>,
    right: Vec<usize>,
    wrong: Vec<String>,
    facts: usize,
    open: BTreeMap<&'static str, usize>,
    /// Switches that are open although a question tells their positions apart.
    missed: Vec<String>,
    stopped: Vec<String>,
}

fn play(name: &str, known: &Value, real: &Value, given: &Given, risk: Risk, games: u64) -> Tally {
    let mut twin = twin(name, known);
    let mut target = self::twin(name, real);
    let source = Source { rows: &known[name], given, now: now(), looked: false };
    let pool = (all::of(name).unwrap().questions)(source);
    let mut random = generator(1);
    let knowledge = Knowledge::build(&mut twin, pool, risk, &mut random).unwrap();
    eprintln!("{name}: {} questions, {} simulated", knowledge.questions.len(), twin.n_simulated);
    let mut tally = Tally::default();
    for game in 0..games {
        let positions = at_random(&twin, &mut generator(1000 + game));
        let mut asker = World { twin: &mut target, positions: positions.clone() };
        let play = Game::new(&mut twin, knowledge.clone(), 200, generator(game));
        let (outcome, known) = play.play(&mut asker).unwrap();
        note(&mut tally, &twin, &outcome, &positions, game);
        let missed = missed(&mut twin, &known, &outcome, &positions);
        tally.missed.extend(missed.into_iter().map(|it| format!("game {game}: {it}")));
    }
    tally.requests.sort_unstable();
    tally.right.sort_unstable();
    let median = |it: &[u32]| it.get(it.len() / 2).copied().unwrap_or_default();
    eprintln!(
        "{name}: requests median {} worst {}; right median {} worst {} of {}; wrong {:?}; facts {}; open {:?}; missed {:?}; stopped {:?}; {} simulated",
        median(&tally.requests),
        tally.requests.last().unwrap_or(&0),
        tally.right[tally.right.len() / 2],
        tally.right[0],
        twin.surface().variants.len(),
        tally.wrong,
        tally.facts,
        tally.open,
        tally.missed,
        tally.stopped,
        twin.n_simulated,
    );
    tally
}

fn note(tally: &mut Tally, twin: &Twin, outcome: &Outcome, positions: &Positions, game: u64) {
    tally.requests.push(outcome.n_requests);
    tally.facts += outcome.facts.len();
    tally.stopped.extend(outcome.stopped.iter().map(ToString::to_string));
    let mut n_right = 0;
    for (switch, variant) in twin.surface().variants.iter().enumerate() {
        let left = &outcome.open.left[switch];
        let at = positions[switch];
        if !left.contains(&at) {
            let proof = outcome.proofs.get(&(switch, at));
            tally.wrong.push(format!("game {game}: {} at {at}: {proof:?}", variant.name));
        } else if left.len() == 1 {
            n_right += 1;
        } else {
            *tally.open.entry(variant.name).or_default() += 1;
        }
    }
    tally.right.push(n_right);
}

/// Switches that are open by themselves, and a question that would be answered otherwise at another of their
/// positions that are left.
fn missed(
    twin: &mut Twin,
    known: &Knowledge,
    outcome: &Outcome,
    positions: &Positions,
) -> Vec<String> {
    let mut missed = Vec::new();
    for (switch, variant) in twin.surface().variants.iter().enumerate() {
        let is_tied = !outcome.open.tied_with(switch).is_empty()
            || outcome.reopened.iter().any(|(reopened, _)| *reopened == switch);
        // What is drawn from a seed is refuted at the most.
        if is_tied || twin.is_drawn(switch) {
            continue;
        }
        for other in outcome.open.left[switch].iter().filter(|it| **it != positions[switch]) {
            let mut turned = positions.clone();
            turned[switch] = *other;
            let told = known.questions.iter().enumerate().find(|(idx, question)| {
                let mut of = |at: &Positions| twin.features(*idx, question, at).unwrap();
                of(positions) != of(&turned)
            });
            missed.extend(told.map(|(_, it)| format!("{}: {}", variant.name, it.name)));
        }
    }
    missed
}

/// A question's answer is the same, and depends on the same switches, wherever those stand that it did not
/// ask for: so it may be kept for all of them.
fn depends_on_what_it_says(name: &str, pairs: &[(&str, &str)]) {
    let (demo, given) = (demo(), given(pairs));
    let mut twin = twin(name, &demo);
    let source = Source { rows: &demo[name], given: &given, now: now(), looked: false };
    let pool = (all::of(name).unwrap().questions)(source);
    let (mut random, mut n_others) = (generator(7), 0);
    for _ in 0..WORLDS_A_QUESTION {
        for question in &pool {
            let (one, other) = (at_random(&twin, &mut random), at_random(&twin, &mut random));
            let (features, switches) = twin.fresh(question, &one).unwrap();
            let here = one.iter().zip(&other).enumerate();
            let here: Positions = here
                .map(|(switch, (one, other))| if switches.contains(switch) { *one } else { *other })
                .collect();
            n_others += usize::from(here != one);
            let there = twin.fresh(question, &here).unwrap();
            assert_eq!(
                (features, switches),
                there,
                "{name}, {} at {one:?}, {here:?}",
                question.name
            );
        }
    }
    assert!(2 * n_others > pool.len(), "{name}: every question depends on every switch");
}

#[test]
fn an_answer_depends_on_no_switch_that_was_not_asked_for() {
    depends_on_what_it_says("infocu5", INFOCU5);
    depends_on_what_it_says("jtel", JTEL);
    depends_on_what_it_says("maestro", MAESTRO);
    depends_on_what_it_says("maxcontact", MAXCONTACT);
    depends_on_what_it_says("mor", MOR);
}

const INFOCU5: &[(&str, &str)] =
    &[("id", "A7k2Qm9ZrT4x"), ("key", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")];

const MAESTRO: &[(&str, &str)] =
    &[("offer_id", "4711"), ("offer_token", "5c0e77a1d94b42f8a6e13b90cf28d451")];

/// What is found of a vendor, at the least: by half of the games, and by each.
#[derive(Clone, Copy)]
struct Found {
    median: usize,
    worst: usize,
}

fn is_found(name: &str, pairs: &[(&str, &str)], risk: Risk, found: Found) {
    let tally = play(name, &demo(), &demo(), &given(pairs), risk, n_games());
    assert!(tally.wrong.is_empty(), "{:?}", tally.wrong);
    assert!(tally.missed.is_empty(), "{:?}", tally.missed);
    assert!(tally.right[tally.right.len() / 2] >= found.median, "{:?}", tally.right);
    assert!(tally.right[0] >= found.worst, "{:?}", tally.right);
}

#[test]
fn infocu5_is_found_by_reading() {
    is_found("infocu5", INFOCU5, Risk::Reads, Found { median: 10, worst: 10 });
}

#[test]
fn maestro_is_found_by_reading() {
    is_found("maestro", MAESTRO, Risk::Reads, Found { median: 16, worst: 12 });
}

const JTEL: &[(&str, &str)] = &[("client", "7"), ("token", "SIMTOKEN-7A")];

const MAXCONTACT: &[(&str, &str)] = &[("login", "api.user"), ("password", "Pa55word!")];

const MOR: &[(&str, &str)] = &[("u", "dialer_bob"), ("key", "sim-secret-1")];

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn jtel_is_found_by_reading() {
    is_found("jtel", JTEL, Risk::Reads, Found { median: 11, worst: 10 });
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn jtel_is_found_by_writing() {
    is_found("jtel", JTEL, Risk::Writes, Found { median: 19, worst: 16 });
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn maxcontact_is_found_by_reading() {
    is_found("maxcontact", MAXCONTACT, Risk::Reads, Found { median: 11, worst: 10 });
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn maxcontact_is_found_by_dialling() {
    is_found("maxcontact", MAXCONTACT, Risk::Dials, Found { median: 18, worst: 14 });
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn mor_is_found_by_reading() {
    is_found("mor", MOR, Risk::Reads, Found { median: 8, worst: 5 });
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn mor_is_found_by_writing() {
    is_found("mor", MOR, Risk::Writes, Found { median: 9, worst: 6 });
}

/// Switches that no question shows in the demo, although their like is shown by writing.
const BLIND: &[(&str, &str)] = &[];

/// What a variant declares that it needs is so: what is to be read is seen by a question that only
/// reads, what has to be written by one that writes, and the rest by none.
#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn what_a_switch_needs_is_what_the_questions_show() {
    let (mut n_by_reading, mut n_by_writing, mut others) = (0, 0, Vec::new());
    for (name, pairs) in [
        ("infocu5", INFOCU5),
        ("jtel", JTEL),
        ("maestro", MAESTRO),
        ("maxcontact", MAXCONTACT),
        ("mor", MOR),
    ] {
        let mut twin = twin(name, &demo());
        let (given, rows) = (given(pairs), demo());
        let source = Source { rows: &rows[name], given: &given, now: now(), looked: false };
        for risk in [Risk::Reads, Risk::Dials] {
            let pool = (all::of(name).unwrap().questions)(source);
            let knowledge = Knowledge::build(&mut twin, pool, risk, &mut generator(1)).unwrap();
            let seen: BTreeSet<usize> = knowledge.depends.iter().flatten().copied().collect();
            let n_seen = if risk == Risk::Reads { &mut n_by_reading } else { &mut n_by_writing };
            *n_seen += seen.len();
            for (switch, variant) in twin.surface().variants.iter().enumerate() {
                let is_blind = BLIND.contains(&(name, variant.name));
                let is_needed = match variant.needs {
                    Needs::Read => true,
                    Needs::Write => risk == Risk::Dials,
                    Needs::Time | Needs::Setup => false,
                };
                if seen.contains(&switch) != (is_needed && !is_blind) {
                    others.push(format!("{risk:?} {name}.{}: {:?}", variant.name, variant.needs));
                }
            }
        }
    }
    eprintln!("seen: {n_by_reading} by reading, {n_by_writing} by writing and dialling");
    assert!(others.is_empty(), "{others:#?}");
    assert!(n_by_reading >= 64, "{n_by_reading}");
    assert!(n_by_writing >= 87, "{n_by_writing}");
}
