//! The twin: worlds of this process with the rows that are known of the target, in which every
//! question can be asked under every position of the switches.
//!
//! Where what was seen of the target can be read in two ways, which a switch decides, there is a world
//! for each reading.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::base::time::Instant;
use crate::calibrate::features::{Features, Known};
use crate::calibrate::question::{Bound, Heard, Question};
use crate::contract::operation::Access;
use crate::contract::reply::InternalError;
use crate::contract::surface::Surface;
use crate::contract::variant::{SwitchPosition, Switches};
use crate::contract::vendor::{Vendor, Vendors};
use crate::embed;
use crate::scenario::library::Opened;
use crate::sim::world::World;
use crate::sim::worlds::folder::Keep;
use crate::sim::worlds::{MakeError, Worlds};
use crate::vendors;

/// The positions of a vendor's switches, in the order of its table.
pub(crate) type Positions = Vec<u8>;

/// Switches, and the positions at which a world is the right one.
type When = Vec<(usize, u8)>;

/// Seeds of the worlds that show what a position draws.
const SEEDS: &[u64] = &[1009, 2003, 3001];

/// Answers of worlds that are kept, so that none is asked for twice.
const KEPT_MAX: usize = 400_000;

/// What the twin is made of: a vendor's section of a scenario, for some positions or for all.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The switches that have to stand so for it, by their places.
    pub(crate) when: Vec<(usize, u8)>,
    pub(crate) scenario: Value,
}

/// Why there is no twin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TwinError {
    #[error("no world can be made of what is known of the target: {0}")]
    Make(#[from] MakeError),
    #[error(transparent)]
    Internal(#[from] InternalError),
    #[error("there are no threads: {0}")]
    Threads(#[from] std::io::Error),
}

/// What a question was answered.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) heard: Vec<Heard>,
    pub(crate) bound: Bound,
    /// The switches that the answer depends on; under any other positions of the others it is the same.
    pub(crate) switches: Switches,
}

/// The answers to one question, each by the positions of the switches that it depends on.
#[derive(Debug, Default)]
struct Kept(Vec<(Switches, BTreeMap<Positions, Rc<Features>>)>);

impl Kept {
    fn get(&self, positions: &Positions) -> Option<Rc<Features>> {
        self.0.iter().find_map(|(switches, by)| by.get(&only(*switches, positions)).map(Rc::clone))
    }

    fn put(&mut self, switches: Switches, positions: &Positions, features: Rc<Features>) {
        let name = only(switches, positions);
        match self.0.iter_mut().find(|(known, _)| *known == switches) {
            Some((_, by)) => drop(by.insert(name, features)),
            None => self.0.push((switches, BTreeMap::from([(name, features)]))),
        }
    }
}

/// The positions of some switches.
fn only(switches: Switches, positions: &Positions) -> Positions {
    let all = positions.iter().enumerate();
    all.filter(|(switch, _)| switches.contains(*switch)).map(|(_, at)| *at).collect()
}

/// The twin.
pub(crate) struct Twin {
    pub(crate) vendor: &'static Vendor,
    pub(crate) known: Known,
    runtime: Runtime,
    /// Worlds, and the positions for which each is.
    worlds: Vec<(When, Arc<World>)>,
    /// Kept so that its worlds live.
    _all: Worlds,
    /// What each world's switches stand at, and whether it was written to since its seed.
    standing: Vec<(Positions, bool)>,
    /// By the question's number.
    kept: BTreeMap<usize, Kept>,
    n_kept: usize,
    /// The same rows under other seeds, for positions that draw.
    siblings: Vec<Twin>,
    /// Those positions.
    drawn: Vec<(usize, u8)>,
    /// Questions that were asked of worlds.
    pub(crate) n_simulated: u64,
}

impl std::fmt::Debug for Twin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Twin").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

impl Twin {
    /// Worlds with these rows, at this time. `drawn` are positions that follow the seed.
    ///
    /// # Errors
    /// Where the rows cannot be a world's.
    pub(crate) fn new(
        vendor: &'static Vendor,
        readings: &[Reading],
        at: Instant,
        drawn: &[(&str, &str)],
    ) -> Result<Self, TwinError> {
        let mut twin = Twin::seeded(vendor, readings, at, None)?;
        let variants = vendor.surface.variants;
        for (name, position) in drawn {
            let switch = variants.iter().position(|variant| variant.name == *name);
            let position = switch.and_then(|it| variants[it].position(position));
            twin.drawn.extend(switch.zip(position));
        }
        if !twin.drawn.is_empty() {
            for seed in SEEDS {
                twin.siblings.push(Twin::seeded(vendor, readings, at, Some(*seed))?);
            }
        }
        Ok(twin)
    }

    fn seeded(
        vendor: &'static Vendor,
        readings: &[Reading],
        at: Instant,
        seed: Option<u64>,
    ) -> Result<Self, TwinError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let all = Worlds::new(Vendors(vendors::ALL), Keep::Memory).map_err(MakeError::from)?;
        let mut known = Known::default();
        let mut worlds = Vec::new();
        for (idx, reading) in readings.iter().enumerate() {
            let mut scenario = reading.scenario.clone();
            scenario["clock"] = json!({ "mode": "frozen", "at": at.to_string() });
            if let Some(seed) = seed {
                scenario["seed"] = seed.into();
            }
            gather(&scenario[vendor.surface.vendor], &mut known);
            let mut opened: Opened = embed::library().read_json(&scenario);
            let world = all.make(&format!("twin{idx}"), &mut opened)?;
            worlds.push((reading.when.clone(), world));
        }
        let standing = vec![(vec![0; vendor.surface.variants.len()], false); worlds.len()];
        let mut twin = Twin {
            vendor,
            known,
            runtime,
            worlds,
            _all: all,
            standing,
            kept: BTreeMap::new(),
            n_kept: 0,
            siblings: Vec::new(),
            drawn: Vec::new(),
            n_simulated: 0,
        };
        for idx in 0..twin.worlds.len() {
            let at_first = twin.standing[idx].0.clone();
            twin.turn(idx, &at_first, true)?;
        }
        Ok(twin)
    }

    pub(crate) fn surface(&self) -> &'static Surface {
        self.vendor.surface
    }

    /// Whether a position of a switch follows the seed.
    #[cfg(test)]
    pub(crate) fn is_drawn(&self, switch: usize) -> bool {
        self.drawn.iter().any(|(drawn, _)| *drawn == switch)
    }

    /// The number of positions of a switch.
    pub(crate) fn n_positions(&self, switch: usize) -> u8 {
        let n_values = self.surface().variants[switch].values.len();
        u8::try_from(n_values).unwrap_or(u8::MAX)
    }

    /// What a question would be answered under some positions.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn features(
        &mut self,
        number: usize,
        question: &Question,
        positions: &Positions,
    ) -> Result<Rc<Features>, InternalError> {
        if let Some(features) = self.kept.get(&number).and_then(|it| it.get(positions)) {
            return Ok(features);
        }
        let (features, switches) = self.fresh(question, positions)?;
        let features = Rc::new(features);
        if self.n_kept >= KEPT_MAX {
            self.forget();
        }
        self.n_kept += 1;
        let kept = self.kept.entry(number).or_default();
        kept.put(switches, positions, Rc::clone(&features));
        Ok(features)
    }

    /// The switches that a question was seen to depend on, wherever they stood.
    pub(crate) fn asked_by(&self, number: usize) -> Switches {
        let kept = self.kept.get(&number).map_or(&[][..], |it| &it.0);
        kept.iter().fold(Switches::default(), |all, (switches, _)| all.and(*switches))
    }

    /// Forgets all answers: the questions have other numbers from now on.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
        self.n_kept = 0;
    }

    /// The same, where it is not asked for again, with the switches that it depends on.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn fresh(
        &mut self,
        question: &Question,
        positions: &Positions,
    ) -> Result<(Features, Switches), InternalError> {
        let Played { heard, bound, mut switches } = self.play(question, positions)?;
        let mut features = Features::of(&heard, &bound, &self.known);
        let is_drawn =
            |(switch, at): &(usize, u8)| switches.contains(*switch) && positions[*switch] == *at;
        if self.drawn.iter().any(is_drawn) {
            for sibling in &mut self.siblings {
                let other = sibling.play(question, positions)?;
                switches = switches.and(other.switches);
                features.loosen(&Features::of(&other.heard, &other.bound, &self.known));
            }
        }
        Ok((features, switches))
    }

    /// Asks a question of the world of these positions.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn play(
        &mut self,
        question: &Question,
        positions: &Positions,
    ) -> Result<Played, InternalError> {
        self.n_simulated += 1;
        let holds = |when: &[(usize, u8)]| when.iter().all(|(idx, at)| positions[*idx] == *at);
        let idx = self.worlds.iter().position(|(when, _)| holds(when)).unwrap_or(0);
        // Which world it is depends on switches too.
        let deciding = self.worlds.iter().flat_map(|(when, _)| when).map(|(switch, _)| *switch);
        let mut switches = deciding.fold(Switches::default(), Switches::with);
        if self.standing[idx].1 {
            let world = Arc::clone(&self.worlds[idx].1);
            self.runtime.block_on(world.reset())?;
            // The seed has its own positions.
            self.turn(idx, positions, true)?;
        }
        self.turn(idx, positions, false)?;
        let world = Arc::clone(&self.worlds[idx].1);
        let (mut bound, mut heard) = (Bound::new(), Vec::new());
        for ask in &question.asks {
            let Some(request) = ask.request(&bound) else {
                heard.push(Heard::not_asked());
                continue;
            };
            let routed = (self.vendor.route)(&request);
            let writes = routed.operation.is_some_and(|it| it.access == Access::Writes);
            self.standing[idx].1 |= writes;
            let exchange = world.exchange(self.vendor, request, routed);
            let (sent, chunks) = self.runtime.block_on(exchange);
            switches = switches.and(sent.switches);
            let mut body = sent.response.body.to_vec();
            if let Some(mut chunks) = chunks {
                self.runtime.block_on(async {
                    while let Some(Ok(chunk)) =
                        std::future::poll_fn(|cx| chunks.poll_next(cx)).await
                    {
                        body.extend_from_slice(&chunk);
                    }
                });
            }
            let headers = sent.response.headers.iter();
            let headers = headers.map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            });
            let status = sent.response.status.as_u16();
            let reply = Heard { status, headers: headers.collect(), body };
            ask.take(&reply, &mut bound);
            heard.push(reply);
        }
        Ok(Played { heard, bound, switches })
    }

    /// Turns a world's switches.
    fn turn(&mut self, idx: usize, positions: &Positions, all: bool) -> Result<(), InternalError> {
        let standing = &self.standing[idx].0;
        if !all && standing == positions {
            return Ok(());
        }
        let turns = positions.iter().enumerate();
        let turns = turns.filter(|(switch, at)| all || standing[*switch] != **at);
        let vendor = self.surface().vendor;
        let turns: Vec<SwitchPosition> = turns
            .map(|(variant, position)| SwitchPosition { vendor, variant, position: *position })
            .collect();
        let world = Arc::clone(&self.worlds[idx].1);
        self.runtime.block_on(world.set_variants(turns, Value::Null))?;
        self.standing[idx] = (positions.clone(), self.standing[idx].1 && !all);
        Ok(())
    }
}

/// The values of a scenario's rows.
fn gather(value: &Value, known: &mut Known) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if name != "variants" {
                    gather(value, known);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, known)),
        Value::String(text) if text.len() > 2 => {
            known.ids.insert(text.clone());
        }
        Value::Number(number) if number.as_u64().is_some_and(|it| it > 99) => {
            known.ids.insert(number.to_string());
        }
        _ => {}
    }
}

/// The vendor of that name.
pub(crate) fn vendor(name: &str) -> Option<&'static Vendor> {
    vendors::ALL.iter().copied().find(|vendor| vendor.surface.vendor == name)
}
