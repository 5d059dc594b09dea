//! What is still open: the positions of each switch, and which of them go together.
//!
//! What a reply leaves is kept as it is, as the combinations of all switches that it depends on, and
//! not switch by switch: "either this one or that one" is knowledge too.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::calibrate::twin::Positions;

/// Most combinations of the switches of one question; with more it is put off until fewer are open.
pub(crate) const COMBINATIONS_MAX: usize = 512;

/// Tries at a combination at random that agrees with everything.
const TRIES: usize = 400;

/// Combinations that a reply left.
#[derive(Clone, Debug)]
struct Relation {
    switches: Vec<usize>,
    left: BTreeSet<Vec<u8>>,
}

/// What is open.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// The positions of each switch.
    pub(crate) left: Vec<BTreeSet<u8>>,
    relations: Vec<Relation>,
}

impl Open {
    pub(crate) fn new(n_positions: impl Iterator<Item = u8>) -> Self {
        Open { left: n_positions.map(|n| (0..n).collect()).collect(), relations: Vec::new() }
    }

    pub(crate) fn is_open(&self, switch: usize) -> bool {
        self.left[switch].len() > 1
    }

    /// Combinations of some switches that agree with all that is known of these alone; `None` where
    /// there are too many.
    pub(crate) fn combinations(&self, switches: &[usize]) -> Option<Vec<Vec<u8>>> {
        let place: BTreeMap<usize, usize> =
            switches.iter().enumerate().map(|(at, switch)| (*switch, at)).collect();
        let relations: Vec<(Vec<usize>, &BTreeSet<Vec<u8>>)> = self
            .relations
            .iter()
            .filter_map(|it| {
                let places: Option<Vec<usize>> =
                    it.switches.iter().map(|switch| place.get(switch).copied()).collect();
                Some((places?, &it.left))
            })
            .collect();
        let mut found: Vec<Vec<u8>> = vec![Vec::new()];
        for (at, switch) in switches.iter().enumerate() {
            let mut longer = Vec::new();
            for head in &found {
                for position in &self.left[*switch] {
                    let mut next = head.clone();
                    next.push(*position);
                    // A relation counts once all of its switches stand.
                    let agrees = relations.iter().all(|(places, left)| {
                        places.iter().max() != Some(&at)
                            || left.contains(&places.iter().map(|it| next[*it]).collect::<Vec<_>>())
                    });
                    if agrees {
                        longer.push(next);
                    }
                }
            }
            if longer.len() > COMBINATIONS_MAX * 8 {
                return None;
            }
            found = longer;
        }
        (found.len() <= COMBINATIONS_MAX).then_some(found)
    }

    /// Keeps what a reply left of the combinations of some switches.
    pub(crate) fn keep(&mut self, switches: Vec<usize>, left: BTreeSet<Vec<u8>>) {
        self.relations.push(Relation { switches, left });
        self.settle();
    }

    /// Strikes what no combination has any more, until nothing moves.
    fn settle(&mut self) {
        let mut moves = true;
        while moves {
            moves = false;
            for relation in &mut self.relations {
                let (switches, left) = (&relation.switches, &self.left);
                let before = relation.left.len();
                relation.left.retain(|tuple| {
                    switches.iter().zip(tuple).all(|(switch, at)| left[*switch].contains(at))
                });
                moves |= relation.left.len() != before;
                for (place, switch) in relation.switches.iter().enumerate() {
                    let seen: BTreeSet<u8> = relation.left.iter().map(|it| it[place]).collect();
                    let kept: BTreeSet<u8> =
                        self.left[*switch].intersection(&seen).copied().collect();
                    if !kept.is_empty() && kept.len() < self.left[*switch].len() {
                        self.left[*switch] = kept;
                        moves = true;
                    }
                }
            }
        }
    }

    /// Opens a position again, because nothing refutes it: relations that rule it out for that switch
    /// are widened.
    pub(crate) fn reopen(&mut self, switch: usize, position: u8) {
        self.left[switch].insert(position);
        for relation in &mut self.relations {
            if let Some(place) = relation.switches.iter().position(|it| *it == switch) {
                let widened: Vec<Vec<u8>> = relation
                    .left
                    .iter()
                    .map(|tuple| {
                        let mut tuple = tuple.clone();
                        tuple[place] = position;
                        tuple
                    })
                    .collect();
                relation.left.extend(widened);
            }
        }
    }

    /// Whether positions agree with all that is known.
    pub(crate) fn agrees(&self, positions: &Positions) -> bool {
        self.relations.iter().all(|it| {
            let tuple: Vec<u8> = it.switches.iter().map(|switch| positions[*switch]).collect();
            it.left.contains(&tuple)
        })
    }

    /// Positions that agree with all that is known: the first of each switch where that does, else
    /// some at random.
    pub(crate) fn base(&self, random: &mut ChaCha8Rng) -> Positions {
        let first: Positions =
            self.left.iter().map(|it| it.first().copied().unwrap_or_default()).collect();
        if self.agrees(&first) {
            return first;
        }
        self.at_random(random).unwrap_or(first)
    }

    /// Positions at random that agree with all that is known; `None` where none were found.
    pub(crate) fn at_random(&self, random: &mut ChaCha8Rng) -> Option<Positions> {
        for _ in 0..TRIES {
            let mut positions: Positions = self
                .left
                .iter()
                .map(|it| {
                    let nth = random.random_range(0..it.len().max(1));
                    it.iter().nth(nth).copied().unwrap_or_default()
                })
                .collect();
            // Each relation in turn is made to agree, which mostly makes all agree.
            for relation in &self.relations {
                let tuple: Vec<u8> =
                    relation.switches.iter().map(|switch| positions[*switch]).collect();
                if !relation.left.contains(&tuple) && !relation.left.is_empty() {
                    let nth = random.random_range(0..relation.left.len());
                    let chosen = relation.left.iter().nth(nth).into_iter().flatten();
                    for (switch, at) in relation.switches.iter().zip(chosen) {
                        positions[*switch] = *at;
                    }
                }
            }
            if self.agrees(&positions) {
                return Some(positions);
            }
        }
        None
    }

    /// The switches that are open together with one, so that neither can be told alone.
    pub(crate) fn tied_with(&self, switch: usize) -> BTreeSet<usize> {
        let with = self.relations.iter().filter(|it| it.switches.contains(&switch));
        let with = with.filter(|it| {
            // Only where it rules something out that the switches alone would allow.
            let free: usize = it.switches.iter().map(|it| self.left[*it].len()).product();
            it.left.len() < free
        });
        let others = with.flat_map(|it| it.switches.iter().copied());
        others.filter(|other| *other != switch && self.is_open(*other)).collect()
    }
}
