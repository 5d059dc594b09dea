//! The game against worlds whose switches stand at random, which the program must find and never
//! strikes wrongly.

#![expect(clippy::print_stderr, reason = "the figures of the games are what people look at")]

mod foreign;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::base::time::Instant;
use crate::calibrate::game::{Asker, Game, Outcome, Stop};
use crate::calibrate::know::{Knowledge, at_random, generator};
use crate::calibrate::pool::all;
use crate::calibrate::pool::given::Given;
use crate::calibrate::pool::source::Source;
use crate::calibrate::question::{Bound, Heard, Question, Risk};
use crate::calibrate::twin::{Positions, Reading, Twin, vendor};
use crate::embed;

/// Games a vendor; as many as the variable says where it is set.
fn n_games() -> u64 {
    std::env::var("RINGBACK_GAMES").ok().and_then(|it| it.parse().ok()).unwrap_or(4)
}

/// A target that is a world of its own.
struct World<'w> {
    twin: &'w mut Twin,
    positions: Positions,
}

impl Asker for World<'_> {
    fn ask(&mut self, question: &Question) -> Result<(Vec<Heard>, Bound), Stop> {
        Ok(self.twin.play(question, &self.positions)?)
    }
}

fn given(pairs: &[(&str, &str)]) -> Given {
    let credentials = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Given { credentials: credentials.collect() }
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
        let (outcome, _) = play.play(&mut asker).unwrap();
        note(&mut tally, &twin, &outcome, &positions, game);
    }
    tally.requests.sort_unstable();
    tally.right.sort_unstable();
    let median = |it: &[u32]| it.get(it.len() / 2).copied().unwrap_or_default();
    eprintln!(
        "{name}: requests median {} worst {}; right median {} worst {} of {}; wrong {:?}; facts {}; open {:?}; stopped {:?}; {} simulated",
        median(&tally.requests),
        tally.requests.last().unwrap_or(&0),
        tally.right[tally.right.len() / 2],
        tally.right[0],
        twin.surface().variants.len(),
        tally.wrong,
        tally.facts,
        tally.open,
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

const INFOCU5: &[(&str, &str)] =
    &[("id", "A7k2Qm9ZrT4x"), ("key", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")];

const MAESTRO: &[(&str, &str)] =
    &[("offer_id", "4711"), ("offer_token", "5c0e77a1d94b42f8a6e13b90cf28d451")];

#[test]
fn infocu5_is_found_by_reading() {
    let tally = play("infocu5", &demo(), &demo(), &given(INFOCU5), Risk::Reads, n_games());
    assert!(tally.wrong.is_empty());
    assert_eq!(tally.right[0], 10);
}

#[test]
fn maestro_is_found_by_reading() {
    let tally = play("maestro", &demo(), &demo(), &given(MAESTRO), Risk::Reads, n_games());
    assert!(tally.wrong.is_empty());
    assert!(tally.right[tally.right.len() / 2] >= 16);
}

const JTEL: &[(&str, &str)] = &[("client", "7"), ("token", "SIMTOKEN-7A")];

const MAXCONTACT: &[(&str, &str)] = &[("login", "api.user"), ("password", "Pa55word!")];

const MOR: &[(&str, &str)] = &[("u", "dialer_bob"), ("key", "sim-secret-1")];

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn jtel_is_found_by_reading() {
    let tally = play("jtel", &demo(), &demo(), &given(JTEL), Risk::Reads, n_games());
    assert!(tally.wrong.is_empty());
    assert!(tally.right[tally.right.len() / 2] >= 11);
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn jtel_is_found_by_writing() {
    let tally = play("jtel", &demo(), &demo(), &given(JTEL), Risk::Writes, n_games());
    assert!(tally.wrong.is_empty());
    assert!(tally.right[tally.right.len() / 2] >= 19);
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn maxcontact_is_found_by_reading() {
    let tally = play("maxcontact", &demo(), &demo(), &given(MAXCONTACT), Risk::Reads, n_games());
    assert!(tally.wrong.is_empty());
    assert!(tally.right[tally.right.len() / 2] >= 11);
}

#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn mor_is_found_by_reading() {
    let tally = play("mor", &demo(), &demo(), &given(MOR), Risk::Reads, n_games());
    assert!(tally.wrong.is_empty());
    assert!(tally.right[tally.right.len() / 2] >= 8);
}

/// Switches that the demo's rows do not show, whatever is asked.
const BLIND: &[(&str, &str)] = &[];

/// What a variant declares that it needs is so: what is to be read is seen by a question that only
/// reads, and what has to be written is seen by none of these.
#[test]
#[ignore = "minutes of simulation; --ignored, best with --release"]
fn what_a_switch_needs_is_what_the_questions_show() {
    for (name, pairs) in [
        ("infocu5", INFOCU5),
        ("jtel", JTEL),
        ("maestro", MAESTRO),
        ("maxcontact", MAXCONTACT),
        ("mor", MOR),
    ] {
        let mut twin = twin(name, &demo());
        let given = given(pairs);
        let rows = demo();
        let source = Source { rows: &rows[name], given: &given, now: now(), looked: false };
        let pool = (all::of(name).unwrap().questions)(source);
        let knowledge = Knowledge::build(&mut twin, pool, Risk::Reads, &mut generator(1)).unwrap();
        let seen: std::collections::BTreeSet<usize> =
            knowledge.depends.iter().flatten().copied().collect();
        for (switch, variant) in twin.surface().variants.iter().enumerate() {
            let is_blind = BLIND.contains(&(name, variant.name));
            let expected = variant.needs == crate::contract::variant::Needs::Read && !is_blind;
            assert_eq!(seen.contains(&switch), expected, "{name}.{}: needs", variant.name);
        }
    }
}
