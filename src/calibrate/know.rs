//! What is known before the first question is asked: which switches each question's reply depends on.
//!
//! It is found by turning each switch in a few worlds that stand at random. What that misses is found
//! later, where the game tries other positions before it believes a reply (`game`).

use std::collections::BTreeSet;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::base::seed::Seed;
use crate::calibrate::question::{Question, Risk};
use crate::calibrate::twin::{Positions, Twin};
use crate::contract::reply::InternalError;
use crate::contract::variant::Needs;

/// Worlds at random positions in which each switch is turned, beside the defaults. More find rarer
/// dependencies, and cost as many simulations more.
const BASES: usize = 5;

/// More such worlds for a switch that none of those showed.
const RARE_BASES: usize = 40;

/// Questions with the same dependencies that are kept: the game wants a few to choose from.
const ALIKE_MAX: usize = 6;

/// The questions that can show something, and what each depends on.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge {
    pub(crate) questions: Vec<Question>,
    pub(crate) depends: Vec<BTreeSet<usize>>,
}

/// A generator for the game and for worlds at random.
pub(crate) fn generator(seed: u64) -> ChaCha8Rng {
    Seed(seed).draw("calibrate", &[])
}

/// Positions at random.
pub(crate) fn at_random(twin: &Twin, random: &mut ChaCha8Rng) -> Positions {
    let n_switches = twin.surface().variants.len();
    (0..n_switches).map(|switch| random.random_range(0..twin.n_positions(switch))).collect()
}

impl Knowledge {
    /// Finds out what the questions depend on. The first is kept whatever it shows: the game begins
    /// with it.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn build(
        twin: &mut Twin,
        pool: Vec<Question>,
        risk: Risk,
        random: &mut ChaCha8Rng,
    ) -> Result<Self, InternalError> {
        let pool: Vec<Question> = pool.into_iter().filter(|it| it.risk <= risk).collect();
        let n_switches = twin.surface().variants.len();
        let mut depends = vec![BTreeSet::new(); pool.len()];
        // How often the reply moved: of questions alike, those are kept that move most.
        let mut moved = vec![0_usize; pool.len()];
        twin.forget();
        let mut bases: Vec<Positions> = vec![vec![0; n_switches]];
        bases.extend((0..BASES).map(|_| at_random(twin, random)));
        for base in &bases {
            for (idx, question) in pool.iter().enumerate() {
                for switch in 0..n_switches {
                    let n_moved = moves(twin, (idx, question), base, switch)?;
                    moved[idx] += n_moved;
                    if n_moved > 0 {
                        depends[idx].insert(switch);
                    }
                }
            }
        }
        rare(twin, &pool, risk, random, &mut depends)?;
        // Those that are kept have other numbers.
        twin.forget();
        Ok(kept(pool, depends, &moved))
    }
}

/// How many other positions of a switch make the reply to a question another one.
fn moves(
    twin: &mut Twin,
    (number, question): (usize, &Question),
    base: &Positions,
    switch: usize,
) -> Result<usize, InternalError> {
    let at_base = twin.features(number, question, base)?;
    let (mut turned, mut n_moved) = (base.clone(), 0);
    for position in (0..twin.n_positions(switch)).filter(|it| *it != base[switch]) {
        turned[switch] = position;
        n_moved += usize::from(twin.features(number, question, &turned)? != at_base);
    }
    Ok(n_moved)
}

/// Looks in more worlds for what shows a switch that should be seen and was not: it shows only where a few
/// others stand in a certain way. Questions that never ask for it need not be tried.
fn rare(
    twin: &mut Twin,
    pool: &[Question],
    risk: Risk,
    random: &mut ChaCha8Rng,
    depends: &mut [BTreeSet<usize>],
) -> Result<(), InternalError> {
    let variants = twin.surface().variants;
    let is_due = |needs| match needs {
        Needs::Read => true,
        Needs::Write => risk != Risk::Reads,
        Needs::Time | Needs::Setup => false,
    };
    for switch in (0..variants.len()).filter(|it| is_due(variants[*it].needs)) {
        for _ in 0..RARE_BASES {
            if depends.iter().any(|it| it.contains(&switch)) {
                break;
            }
            let base = at_random(twin, random);
            for (idx, question) in pool.iter().enumerate() {
                if !twin.asked_by(idx).contains(switch) {
                    continue;
                }
                if moves(twin, (idx, question), &base, switch)? > 0 {
                    depends[idx].insert(switch);
                }
            }
        }
    }
    Ok(())
}

/// Leaves out what shows nothing, and of many alike the lesser ones.
fn kept(pool: Vec<Question>, depends: Vec<BTreeSet<usize>>, moved: &[usize]) -> Knowledge {
    let worth = |idx: usize| (moved[idx], u32::MAX - pool[idx].cost());
    let is_kept = |idx: usize| {
        if idx == 0 {
            return true;
        }
        let alike = (0..pool.len()).filter(|other| depends[*other] == depends[idx]);
        let better = alike.filter(|other| {
            (worth(*other), std::cmp::Reverse(*other)) > (worth(idx), std::cmp::Reverse(idx))
        });
        !depends[idx].is_empty() && better.count() < ALIKE_MAX
    };
    let chosen: Vec<bool> = (0..pool.len()).map(is_kept).collect();
    let both = pool.into_iter().zip(depends).zip(chosen);
    let (questions, depends) = both.filter(|(_, is_kept)| *is_kept).map(|(both, _)| both).unzip();
    Knowledge { questions, depends }
}
