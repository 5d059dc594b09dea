//! The game: asks what tells most, strikes what the reply refutes, and proves at the end that each
//! position that was struck had to be.
//!
//! Not here: whom it asks (`Asker`), and how it is told (`report`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rand::rngs::ChaCha8Rng;

use crate::base::text::counted;
use crate::calibrate::features::{Features, Key, Part, shown};
use crate::calibrate::know::Knowledge;
use crate::calibrate::open::Open;
use crate::calibrate::question::{Bound, Heard, Question};
use crate::calibrate::strike::{Odd, strike, tells};
use crate::calibrate::twin::{Positions, Twin};
use crate::client::enough::page;
use crate::contract::reply::InternalError;

/// Combinations that an estimate looks at.
const ESTIMATED_MAX: usize = 24;

/// Questions that are looked at closely before one is asked.
const FINALISTS: usize = 6;

/// Worlds at random in which a reply has to be the same before its question is asked.
const TRIED_BEFORE: usize = 3;

/// Worlds in which a struck position is tried at the end.
const PROVED_IN: usize = 48;

/// The part of all exchanges that may differ in status or form before the twin is no twin.
const MISFIT_PERCENT: usize = 20;

/// Exchanges before that is asked.
const MISFIT_FROM: usize = 5;

/// Whoever answers.
pub(crate) trait Asker {
    /// Sends a question's requests, one after the other.
    ///
    /// # Errors
    /// Where no more can be asked.
    fn ask(&mut self, question: &Question) -> Result<(Vec<Heard>, Bound), Stop>;
}

/// Why the game ended before it was over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("{0}")]
    Target(String),
    #[error("the twin does not fit the target: {0}")]
    Misfit(String),
    #[error("the budget of {} is used up", counted(.0, "request", "requests"))]
    Budget(u32),
    #[error("ringback's own fault: {0}")]
    Internal(String),
}

impl From<InternalError> for Stop {
    fn from(error: InternalError) -> Self {
        Stop::Internal(error.to_string())
    }
}

/// One question that was asked, and what it showed.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// Its place among the questions.
    pub(crate) question: usize,
    pub(crate) target: Features,
}

/// Why a position is out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    /// The exchange, from 1.
    pub(crate) exchange: usize,
    pub(crate) key: Key,
    /// What the target says.
    pub(crate) found: Option<String>,
    /// What it would have said.
    pub(crate) instead: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) open: Open,
    pub(crate) exchanges: Vec<Exchange>,
    /// What no position explains, with the exchanges that show it.
    pub(crate) facts: BTreeMap<(usize, Odd), Vec<usize>>,
    /// By switch and position that is out.
    pub(crate) proofs: BTreeMap<(usize, u8), Proof>,
    /// Positions that nothing refuted after all.
    pub(crate) reopened: BTreeSet<(usize, u8)>,
    /// Switches that some question which was asked depends on.
    pub(crate) looked_at: BTreeSet<usize>,
    pub(crate) n_requests: u32,
    pub(crate) stopped: Option<Stop>,
}

/// A game that goes on.
pub(crate) struct Game<'g> {
    twin: &'g mut Twin,
    knowledge: Knowledge,
    random: ChaCha8Rng,
    open: Open,
    asked: BTreeSet<usize>,
    exchanges: Vec<Exchange>,
    facts: BTreeMap<(usize, Odd), Vec<usize>>,
    n_misfits: usize,
    n_requests: u32,
    budget: u32,
}

/// A question as it would be asked now.
struct Prepared {
    question: usize,
    switches: Vec<usize>,
    combinations: Vec<Vec<u8>>,
    replies: Vec<Rc<Features>>,
}

impl<'g> Game<'g> {
    pub(crate) fn new(
        twin: &'g mut Twin,
        knowledge: Knowledge,
        budget: u32,
        random: ChaCha8Rng,
    ) -> Self {
        let n_switches = twin.surface().variants.len();
        let open = Open::new((0..n_switches).map(|switch| twin.n_positions(switch)));
        Game {
            twin,
            knowledge,
            random,
            open,
            asked: BTreeSet::new(),
            exchanges: Vec::new(),
            facts: BTreeMap::new(),
            n_misfits: 0,
            n_requests: 0,
            budget,
        }
    }

    /// Plays it to its end, or to where it has to stop; what was learnt until then is kept. Answers
    /// also what is known of the questions by now.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn play(
        mut self,
        asker: &mut dyn Asker,
    ) -> Result<(Outcome, Knowledge), InternalError> {
        let stopped = self.rounds(asker).err();
        let (proofs, reopened) = self.prove()?;
        let asked = self.exchanges.iter().map(|it| it.question);
        let looked_at = asked.flat_map(|it| self.knowledge.depends[it].iter().copied()).collect();
        let outcome = Outcome {
            open: self.open,
            exchanges: self.exchanges,
            facts: self.facts,
            proofs,
            reopened,
            looked_at,
            n_requests: self.n_requests,
            stopped,
        };
        Ok((outcome, self.knowledge))
    }

    fn rounds(&mut self, asker: &mut dyn Asker) -> Result<(), Stop> {
        if self.knowledge.questions.is_empty() {
            return Ok(());
        }
        // One that a good client asks: it shows at once whether anybody is there.
        let base = self.open.base(&mut self.random);
        let mut next = self.prepare(0, &base)?;
        if next.is_none() {
            next = self.choose()?;
        }
        while let Some(prepared) = next {
            if self.widened(&prepared)?.is_none() {
                self.send(prepared, asker)?;
            }
            next = self.choose()?;
            if next.is_none() && self.hunt()? {
                next = self.choose()?;
            }
        }
        Ok(())
    }

    /// Looks for questions that tell the positions of an open switch as all others stand by now: what
    /// another switch hid before the game shows only here. Whether there are some.
    fn hunt(&mut self) -> Result<bool, InternalError> {
        let base = self.open.base(&mut self.random);
        let mut is_found = false;
        for switch in 0..base.len() {
            let left: Vec<u8> = self.open.left[switch].iter().copied().collect();
            for position in left.into_iter().filter(|it| *it != base[switch]) {
                let mut turned = base.clone();
                turned[switch] = position;
                if !self.open.agrees(&turned) {
                    continue;
                }
                for question in 0..self.knowledge.questions.len() {
                    let is_known = self.knowledge.depends[question].contains(&switch);
                    if is_known || self.asked.contains(&question) {
                        continue;
                    }
                    if self.reply(question, &base)? != self.reply(question, &turned)? {
                        is_found |= self.knowledge.depends[question].insert(switch);
                    }
                }
            }
        }
        Ok(is_found)
    }

    /// A question with the replies of all combinations of what it depends on; `None` where there are
    /// too many.
    fn prepare(
        &mut self,
        question: usize,
        base: &Positions,
    ) -> Result<Option<Prepared>, InternalError> {
        let switches: Vec<usize> = self.knowledge.depends[question].iter().copied().collect();
        let Some(combinations) = self.open.combinations(&switches) else { return Ok(None) };
        let mut replies = Vec::with_capacity(combinations.len());
        for combination in &combinations {
            let positions = placed(base, &switches, combination);
            let asked = &self.knowledge.questions[question];
            replies.push(self.twin.features(question, asked, &positions)?);
        }
        Ok(Some(Prepared { question, switches, combinations, replies }))
    }

    /// The question that tells most for what it costs; `None` where none tells anything.
    fn choose(&mut self) -> Result<Option<Prepared>, InternalError> {
        let mut ranked: Vec<(u64, usize)> = Vec::new();
        let defaults = vec![0; self.open.left.len()];
        let base = self.open.base(&mut self.random);
        for question in 0..self.knowledge.questions.len() {
            if self.asked.contains(&question)
                || !self.knowledge.depends[question].iter().any(|it| self.open.is_open(*it))
            {
                continue;
            }
            let told = self.estimate(question, &defaults)?.max(self.estimate(question, &base)?);
            if told > 0 {
                ranked.push((told, question));
            }
        }
        ranked.sort_by_key(|(told, question)| (std::cmp::Reverse(*told), *question));
        for finalists in ranked.chunks(FINALISTS) {
            let mut best: Option<(u64, Prepared)> = None;
            for (_, question) in finalists {
                let Some(prepared) = self.prepare(*question, &base)? else { continue };
                let cost = self.knowledge.questions[*question].cost();
                let told = information(prepared.replies.iter().map(Rc::as_ref), cost);
                if told > 0 && best.as_ref().is_none_or(|(most, _)| told > *most) {
                    best = Some((told, prepared));
                }
            }
            if let Some((_, prepared)) = best {
                return Ok(Some(prepared));
            }
        }
        Ok(None)
    }

    /// About how much a question tells for what it costs.
    fn estimate(&mut self, question: usize, base: &Positions) -> Result<u64, InternalError> {
        let switches: Vec<usize> = self.knowledge.depends[question].iter().copied().collect();
        let Some(combinations) = self.open.combinations(&switches) else { return Ok(0) };
        let step = combinations.len().div_ceil(ESTIMATED_MAX).max(1);
        let mut replies = Vec::new();
        for combination in combinations.iter().step_by(step) {
            let positions = placed(base, &switches, combination);
            let asked = &self.knowledge.questions[question];
            replies.push(self.twin.features(question, asked, &positions)?);
        }
        let cost = self.knowledge.questions[question].cost();
        Ok(information(replies.iter().map(Rc::as_ref), cost))
    }

    /// Whether a reply depends on more than was known: then that is known now.
    fn widened(&mut self, prepared: &Prepared) -> Result<Option<()>, InternalError> {
        let Prepared { question, switches, combinations, .. } = prepared;
        let base = self.open.base(&mut self.random);
        for _ in 0..TRIED_BEFORE {
            let Some(other) = self.open.at_random(&mut self.random) else { return Ok(None) };
            // Two of the combinations: what is hidden under one may show under another.
            for combination in [combinations.first(), combinations.last()].into_iter().flatten() {
                let at = placed(&base, switches, combination);
                let there = placed(&other, switches, combination);
                if self.reply(*question, &at)? == self.reply(*question, &there)? {
                    continue;
                }
                let mut found = self.culprits(*question, &at, &there)?;
                if found.is_empty() {
                    let differ = (0..at.len()).filter(|it| at[*it] != there[*it]);
                    found = differ.collect();
                }
                self.knowledge.depends[*question].extend(found);
                return Ok(Some(()));
            }
        }
        Ok(None)
    }

    fn reply(
        &mut self,
        question: usize,
        positions: &Positions,
    ) -> Result<Rc<Features>, InternalError> {
        self.twin.features(question, &self.knowledge.questions[question], positions)
    }

    /// The switches of which one alone makes the reply another on the way from one world to another.
    fn culprits(
        &mut self,
        question: usize,
        from: &Positions,
        to: &Positions,
    ) -> Result<BTreeSet<usize>, InternalError> {
        let mut found = BTreeSet::new();
        let mut at = from.clone();
        for switch in 0..from.len() {
            if from[switch] == to[switch] {
                continue;
            }
            let before = self.reply(question, &at)?;
            at[switch] = to[switch];
            if self.reply(question, &at)? != before {
                found.insert(switch);
            }
        }
        Ok(found)
    }

    fn send(&mut self, prepared: Prepared, asker: &mut dyn Asker) -> Result<(), Stop> {
        let Prepared { question, switches, combinations, replies } = prepared;
        let asked = &self.knowledge.questions[question];
        let n_asks = u32::try_from(asked.asks.len()).unwrap_or(u32::MAX);
        if self.n_requests.saturating_add(n_asks) > self.budget {
            return Err(Stop::Budget(self.budget));
        }
        self.asked.insert(question);
        self.n_requests += n_asks;
        let (heard, bound) = asker.ask(asked)?;
        let target = Features::of(&heard, &bound, &self.twin.known);
        let simulated: Vec<&Features> = replies.iter().map(Rc::as_ref).collect();
        refused(asked, &heard, &target, &simulated)?;
        let struck = strike(&target, &simulated);
        self.exchanges.push(Exchange { question, target });
        let number = self.exchanges.len();
        let misfit = struck.odd.iter().find(|it| matches!(it.key.part, Part::Status | Part::Form));
        let first = misfit.map(|it| {
            let (expected, found) = (shown(it.expected.as_ref()), shown(it.found.as_ref()));
            format!("{}: {} is {found} and not {expected}", asked.name, it.key.words())
        });
        for odd in struck.odd {
            self.facts.entry((question, odd)).or_default().push(number);
        }
        if !struck.contradicts {
            let left = struck.left.iter().map(|idx| combinations[*idx].clone()).collect();
            self.open.keep(switches, left);
        }
        if let Some(first) = first {
            self.n_misfits += 1;
            if number >= MISFIT_FROM && self.n_misfits * 100 > number * MISFIT_PERCENT {
                let n_misfits = self.n_misfits;
                return Err(Stop::Misfit(format!(
                    "{n_misfits} of {number} replies differ in status or form; the last: {first}"
                )));
            }
        }
        Ok(())
    }

    /// Tries every position that is out in worlds that stand as was found: one that contradicts nothing
    /// is open again.
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn prove(
        &mut self,
    ) -> Result<(BTreeMap<(usize, u8), Proof>, BTreeSet<(usize, u8)>), InternalError> {
        let (mut proofs, mut reopened) = (BTreeMap::new(), BTreeSet::new());
        for _ in 0..2 {
            let mut again = Vec::new();
            proofs.clear();
            for switch in 0..self.open.left.len() {
                let all = 0..self.twin.n_positions(switch);
                let out: Vec<u8> = all.filter(|at| !self.open.left[switch].contains(at)).collect();
                for position in out {
                    match self.proof(switch, position)? {
                        Some(proof) => drop(proofs.insert((switch, position), proof)),
                        None => again.push((switch, position)),
                    }
                }
            }
            if again.is_empty() {
                break;
            }
            for (switch, position) in again {
                self.open.reopen(switch, position);
                reopened.insert((switch, position));
            }
        }
        Ok((proofs, reopened))
    }

    /// What contradicts a position, whatever else is open; `None` where some world with it would have
    /// answered as the target did.
    fn proof(&mut self, switch: usize, position: u8) -> Result<Option<Proof>, InternalError> {
        let mut bases = vec![self.open.base(&mut self.random)];
        for _ in 0..PROVED_IN {
            match self.open.at_random(&mut self.random) {
                Some(base) if !bases.contains(&base) => bases.push(base),
                Some(_) => {}
                None => break,
            }
        }
        let mut first = None;
        for base in bases {
            let mut turned = base.clone();
            turned[switch] = position;
            let Some(proof) = self.contradiction(&base, &turned)? else { return Ok(None) };
            first.get_or_insert(proof);
        }
        Ok(first)
    }

    /// The first exchange that is as in one world and not as in another.
    fn contradiction(
        &mut self,
        base: &Positions,
        turned: &Positions,
    ) -> Result<Option<Proof>, InternalError> {
        for number in 0..self.exchanges.len() {
            let question = self.exchanges[number].question;
            let (found, other) = (self.reply(question, base)?, self.reply(question, turned)?);
            if found == other {
                continue;
            }
            let target = &self.exchanges[number].target;
            if let Some((key, instead)) = tells(target, &found, &other) {
                return Ok(Some(Proof {
                    exchange: number + 1,
                    key: key.clone(),
                    found: target.by_key.get(key).cloned(),
                    instead: instead.cloned(),
                }));
            }
        }
        Ok(None)
    }
}

/// What of a reply means that nothing more must be asked.
fn refused(
    question: &Question,
    heard: &[Heard],
    target: &Features,
    simulated: &[&Features],
) -> Result<(), Stop> {
    let has = |key: &Key, value: &str| {
        simulated.iter().any(|it| it.by_key.get(key).is_some_and(|it| it == value))
    };
    for (nth, heard) in heard.iter().enumerate() {
        let status = Key { nth, part: Part::Status, way: Vec::new() };
        let is_known = has(&status, &heard.status.to_string());
        if heard.status == 401 && !question.bad_credentials && !is_known {
            let name = &question.name;
            let text = format!(
                "the target refuses credentials that should be good: 401 to {name}; nothing more is \
                 asked"
            );
            return Err(Stop::Target(text));
        }
        let form = Key { nth, part: Part::Form, way: Vec::new() };
        let is_page = target.by_key.get(&form).is_some_and(|it| it == "page");
        if is_page && !has(&form, "page") {
            let text = String::from_utf8_lossy(&heard.body);
            let (name, what) = (&question.name, page(&text));
            return Err(Stop::Target(format!(
                "the target answers {name} with {what} and status {}, which the vendor's API never \
                 does; is it the API's own address?",
                heard.status
            )));
        }
    }
    Ok(())
}

/// Positions with those of some switches in their places.
fn placed(base: &Positions, switches: &[usize], combination: &[u8]) -> Positions {
    let mut positions = base.clone();
    for (switch, at) in switches.iter().zip(combination) {
        positions[*switch] = *at;
    }
    positions
}

/// How much replies tell apart, in thousandths of a bit for each thing that it costs.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred replies, and a number that is only compared"
)]
fn information<'f>(replies: impl Iterator<Item = &'f Features>, cost: u32) -> u64 {
    let mut groups: Vec<(&Features, usize)> = Vec::new();
    let mut n_replies = 0_usize;
    for reply in replies {
        n_replies += 1;
        match groups.iter_mut().find(|(known, _)| *known == reply) {
            Some((_, count)) => *count += 1,
            None => groups.push((reply, 1)),
        }
    }
    if groups.len() < 2 {
        return 0;
    }
    let n_replies = n_replies as f64;
    let bits: f64 = groups
        .iter()
        .map(|(_, count)| {
            let part = *count as f64 / n_replies;
            -part * part.log2()
        })
        .sum();
    ((bits * 1000.0 / f64::from(cost.max(1))) as u64).max(1)
}
