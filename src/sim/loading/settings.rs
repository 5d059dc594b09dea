//! What a world remembers of itself, as rows: so that a reset or a restart brings it back with the
//! rest.

use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::base::clock::{Anchor, Clock, Mode};
use crate::base::rate::Rate;
use crate::base::seed::Seed;
use crate::base::time::{Instant, Wall};
use crate::contract::reply::InternalError;
use crate::contract::variant::Chosen;
use crate::contract::vendor::Vendor;
use crate::sim::loading::observed::Observed;
use crate::store::setting::{get, parsed, put};

/// How a scenario starts a world's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClockSpec {
    Frozen { at: Instant },
    Real,
    Scaled { at: Instant, rate: Rate },
}

impl ClockSpec {
    /// As a scenario states it.
    pub fn to_json(self) -> Value {
        match self {
            ClockSpec::Frozen { at } => json!({"mode": "frozen", "at": at.to_string()}),
            ClockSpec::Real => json!({"mode": "real"}),
            ClockSpec::Scaled { at, rate } => {
                json!({"mode": "scaled", "at": at.to_string(), "rate": rate})
            }
        }
    }

    /// Reads back what [`Self::to_json`] wrote; `None` where it is anything else.
    pub fn from_json(value: &Value) -> Option<Self> {
        let at = || value["at"].as_str()?.parse().ok();
        match value["mode"].as_str()? {
            "frozen" => Some(ClockSpec::Frozen { at: at()? }),
            "real" => Some(ClockSpec::Real),
            "scaled" => {
                let rate = Rate::deserialize(&value["rate"]).ok()?;
                Some(ClockSpec::Scaled { at: at()?, rate })
            }
            _ => None,
        }
    }
}

/// The settings of a world, as its scenario states them.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub title: String,
    pub seed: Seed,
    pub clock: ClockSpec,
    /// The chosen positions of each vendor's switches, in the order of the vendors.
    pub variants: Vec<Chosen>,
    /// Which of them were seen at the vendor itself.
    pub observed: Observed,
    /// Hosts that lead to a vendor beside its own.
    pub hosts: Vec<HostGiven>,
}

/// A vendor, and a host that is given to it, as it is written.
pub(crate) type HostGiven = (&'static str, String);

/// Keeps when a seed was loaded, for worlds that begin later than that.
pub(crate) fn save_loaded(db: &Connection, now: Instant) -> rusqlite::Result<()> {
    put(db, LOADED, &now.as_millis().to_string())
}

/// When the seed was loaded; `None` where it was not kept.
pub(crate) fn loaded(db: &Connection) -> Result<Option<Instant>, InternalError> {
    let Some(text) = get(db, LOADED)? else { return Ok(None) };
    let ms = text.parse()?;
    Ok(Some(Instant::try_from_millis(ms)?))
}

/// The setting in which the time of loading is kept.
const LOADED: &str = "loaded_ms";

/// Keeps where a clock stands, so that it does not go back when the world is opened again.
pub(crate) fn save_clock(db: &Connection, clock: &mut Clock) -> rusqlite::Result<()> {
    let Anchor { world, wall } = clock.anchor();
    let kept = json!({
        "mode": clock.mode().name(), "rate": clock.mode().rate(), "world_ms": world.as_millis(), "system_ms": wall.as_millis(),
    });
    put(db, CLOCK_KEPT, &kept.to_string())
}

/// The clock as it was kept; `None` where it never was.
pub(crate) fn load_clock(db: &Connection) -> Result<Option<Clock>, InternalError> {
    let Some(kept) = parsed(db, CLOCK_KEPT)? else { return Ok(None) };
    let number = |name: &str| {
        let broken =
            || InternalError::new(format!("{name} of the clock as it was kept is no number"));
        kept[name].as_i64().ok_or_else(broken)
    };
    let mode = match kept["mode"].as_str() {
        Some("frozen") => Mode::Frozen,
        Some("scaled") => Mode::Scaled { rate: Rate::deserialize(&kept["rate"])? },
        _ => Mode::Real,
    };
    let world = Instant::try_from_millis(number("world_ms")?)?;
    let wall = Wall::try_from_millis(number("system_ms")?)?;
    Ok(Some(Clock::anchored(mode, Anchor { world, wall })))
}

/// The setting in which the clock is kept.
const CLOCK_KEPT: &str = "clock_kept";

/// The setting in which hosts are kept.
const HOSTS: &str = "hosts";

/// Hosts as they were kept. A vendor that this build does not have is passed over.
fn hosts(saved: &Value, vendors: &[&'static Vendor]) -> Vec<HostGiven> {
    let names = vendors.iter().map(|vendor| vendor.surface.vendor);
    let of_vendor = |name: &'static str| {
        let hosts = saved[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        hosts.map(move |host| (name, host.to_owned()))
    };
    names.flat_map(of_vendor).collect()
}

fn chosen(vendor: &'static Vendor, saved: &Value) -> Chosen {
    let surface = vendor.surface;
    let mut chosen = Chosen::defaults(surface.variants);
    for (idx, variant) in surface.variants.iter().enumerate() {
        let name = saved[surface.vendor][variant.name].as_str();
        // A switch or value that this build does not have falls back to the default.
        if let Some(position) = name.and_then(|name| variant.position(name)) {
            chosen.set(idx, position);
        }
    }
    chosen
}

impl Settings {
    /// A clock as these settings start it.
    pub fn start_clock(&self) -> Clock {
        match self.clock {
            ClockSpec::Frozen { at } => Clock::frozen_at(at),
            ClockSpec::Real => Clock::real(),
            ClockSpec::Scaled { at, rate } => Clock::running_from(Mode::Scaled { rate }, at),
        }
    }

    pub(crate) fn save(
        &self,
        db: &Connection,
        vendors: &[&'static Vendor],
    ) -> Result<(), InternalError> {
        put(db, "title", &self.title)?;
        put(db, "seed", &self.seed.0.to_string())?;
        put(db, "clock", &self.clock.to_json().to_string())?;
        put(db, HOSTS, &self.hosts_json().to_string())?;
        self.save_variants(db, vendors)
    }

    pub(crate) fn save_variants(
        &self,
        db: &Connection,
        vendors: &[&'static Vendor],
    ) -> Result<(), InternalError> {
        put(db, "variants", &self.variants_json(vendors).to_string())?;
        put(db, "observed", &self.observed.to_json().to_string())?;
        Ok(())
    }

    /// Reads the settings back; `None` where none were ever saved.
    pub(crate) fn load(
        db: &Connection,
        vendors: &[&'static Vendor],
    ) -> Result<Option<Self>, InternalError> {
        let Some(seed) = get(db, "seed")? else { return Ok(None) };
        let broken =
            |what: &str| InternalError::new(format!("setting {what} of the world cannot be read"));
        let seed = Seed(seed.parse().map_err(|_| broken("seed"))?);
        let clock = parsed(db, "clock")?
            .as_ref()
            .and_then(ClockSpec::from_json)
            .ok_or_else(|| broken("clock"))?;
        let saved = parsed(db, "variants")?.unwrap_or_default();
        let variants = vendors.iter().map(|vendor| chosen(vendor, &saved)).collect();
        let observed = Observed::of_json(parsed(db, "observed")?.unwrap_or_default());
        let title = get(db, "title")?.unwrap_or_default();
        let hosts = hosts(&parsed(db, HOSTS)?.unwrap_or_default(), vendors);
        Ok(Some(Settings { title, seed, clock, variants, observed, hosts }))
    }

    /// The hosts of each vendor that is given any, as a scenario states them.
    pub(crate) fn hosts_json(&self) -> Value {
        let mut all: Map<String, Value> = Map::new();
        for (vendor, host) in &self.hosts {
            let of_vendor = all.entry(*vendor).or_insert_with(|| json!([]));
            if let Some(of_vendor) = of_vendor.as_array_mut() {
                of_vendor.push(host.as_str().into());
            }
        }
        all.into()
    }

    /// All switches by name: `{"infocu5": {"calls_shape": "keyed"}}`.
    pub fn variants_json(&self, vendors: &[&'static Vendor]) -> Value {
        let mut all = Map::new();
        for (vendor, chosen) in vendors.iter().zip(&self.variants) {
            let surface = vendor.surface;
            let mut switches = Map::new();
            for (idx, variant) in surface.variants.iter().enumerate() {
                let value = &variant.values[usize::from(chosen.position(idx))];
                switches.insert(variant.name.into(), value.name.into());
            }
            all.insert(surface.vendor.into(), switches.into());
        }
        Value::Object(all)
    }
}
