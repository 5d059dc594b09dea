//! What a world remembers of itself, as rows: so that a reset or a restart brings it back with the
//! rest.

use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::{Map, Value, json};

use super::reply::InternalError;
use super::seed::ClockSpec;
use super::variant::Chosen;
use super::vendor::Vendor;
use crate::base::clock::{Clock, Mode};
use crate::base::seed::Seed;
use crate::statements;

statements! {
    UPSERT_SETTING = "
        INSERT INTO ringback_setting (name, value) VALUES (:name, :value)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    DELETE_SETTING = "DELETE FROM ringback_setting WHERE name = :name";
    SELECT_SETTING = "SELECT value FROM ringback_setting WHERE name = :name";
}

/// The settings of a world, as its scenario states them.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub title: String,
    pub seed: Seed,
    pub clock: ClockSpec,
    /// The chosen positions of each vendor's switches, in the order of the vendors.
    pub variants: Vec<Chosen>,
}

impl Settings {
    /// A clock as these settings start it.
    pub fn start_clock(&self) -> Clock {
        match self.clock {
            ClockSpec::Frozen { at_ms } => Clock::frozen(at_ms),
            ClockSpec::Real => Clock::real(),
            ClockSpec::Scaled { at_ms, rate } => Clock::starting_at(Mode::Scaled { rate }, at_ms),
        }
    }

    pub(super) fn save(
        &self,
        db: &Connection,
        vendors: &[&'static dyn Vendor],
    ) -> Result<(), InternalError> {
        put(db, "title", &self.title)?;
        put(db, "seed", &self.seed.0.to_string())?;
        put(db, "clock", &self.clock.to_json().to_string())?;
        self.save_variants(db, vendors)
    }

    pub(super) fn save_variants(
        &self,
        db: &Connection,
        vendors: &[&'static dyn Vendor],
    ) -> Result<(), InternalError> {
        put(db, "variants", &self.variants_json(vendors).to_string())?;
        Ok(())
    }

    /// Reads the settings back; `None` where none were ever saved.
    pub(super) fn load(
        db: &Connection,
        vendors: &[&'static dyn Vendor],
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
        let variants = vendors.iter().map(|vendor| chosen(*vendor, &saved)).collect();
        Ok(Some(Settings { title: get(db, "title")?.unwrap_or_default(), seed, clock, variants }))
    }

    /// All switches by name: `{"infocu5": {"calls_shape": "keyed"}}`.
    pub fn variants_json(&self, vendors: &[&'static dyn Vendor]) -> Value {
        let mut all = Map::new();
        for (vendor, chosen) in vendors.iter().zip(&self.variants) {
            let surface = vendor.surface();
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

/// Keeps when a seed was loaded, for worlds that begin later than that.
pub(super) fn save_loaded_ms(db: &Connection, now_ms: i64) -> rusqlite::Result<()> {
    put(db, LOADED, &now_ms.to_string())
}

/// When the seed was loaded; `None` where it was not kept.
pub(super) fn loaded_ms(db: &Connection) -> Result<Option<i64>, InternalError> {
    let kept = get(db, LOADED)?;
    kept.map(|text| text.parse().map_err(InternalError::new)).transpose()
}

/// The setting in which the time of loading is kept.
const LOADED: &str = "loaded_ms";

/// Version of the form in which worlds are exported. One more where an older build could not read it.
const EXPORT_FORMAT: u64 = 1;

/// The setting that says that a file was exported.
const EXPORTED: &str = "exported";

/// Marks a copy as one that was exported.
pub(super) fn save_export(db: &Connection, world: &str) -> rusqlite::Result<()> {
    let mark = json!({
        "format": EXPORT_FORMAT, "world": world, "version": env!("CARGO_PKG_VERSION"),
    });
    put(db, EXPORTED, &mark.to_string())
}

/// Checks that a file was exported in a form that this build reads and holds what a world needs,
/// and takes the mark off.
pub(super) fn take_export(db: &Connection, vendors: &[&'static dyn Vendor]) -> Result<(), String> {
    let broken = |error: InternalError| error.to_string();
    let mark = parsed(db, EXPORTED).map_err(broken)?;
    let mark =
        mark.ok_or("expected a file that was exported, found a world's database as it is")?;
    match mark["format"].as_u64() {
        Some(format) if format <= EXPORT_FORMAT => {}
        _ => {
            return Err(format!(
                "the file was exported by version {} in format {}; this build reads up to {}",
                mark["version"], mark["format"], EXPORT_FORMAT
            ));
        }
    }
    let settings = Settings::load(db, vendors).map_err(broken)?;
    settings.ok_or("the file holds no settings of a world")?;
    load_clock(db).map_err(broken)?.ok_or("the file holds no clock")?;
    let removed = db.execute(DELETE_SETTING, named_params! { ":name": EXPORTED });
    removed.map(drop).map_err(|error| error.to_string())
}

/// Keeps where a clock stands, so that it does not go back when the world is opened again.
pub(super) fn save_clock(db: &Connection, clock: &mut Clock) -> rusqlite::Result<()> {
    let (world_ms, system_ms) = clock.kept();
    let kept = json!({
        "mode": clock.mode().name(), "rate": clock.mode().rate(), "world_ms": world_ms, "system_ms": system_ms,
    });
    put(db, CLOCK_KEPT, &kept.to_string())
}

/// The clock as it was kept; `None` where it never was.
pub(super) fn load_clock(db: &Connection) -> Result<Option<Clock>, InternalError> {
    let Some(kept) = parsed(db, CLOCK_KEPT)? else { return Ok(None) };
    let number = |name: &str| kept[name].as_i64().unwrap_or(0);
    let mode = match (kept["mode"].as_str(), kept["rate"].as_f64()) {
        (Some("frozen"), _) => Mode::Frozen,
        (Some("scaled"), Some(rate)) => Mode::Scaled { rate },
        _ => Mode::Real,
    };
    Ok(Some(Clock::resumed(mode, number("world_ms"), number("system_ms"))))
}

/// The setting in which the clock is kept.
const CLOCK_KEPT: &str = "clock_kept";

fn chosen(vendor: &'static dyn Vendor, saved: &Value) -> Chosen {
    let surface = vendor.surface();
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

pub(super) fn put(db: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    db.prepare_cached(UPSERT_SETTING)?.execute(named_params! { ":name": name, ":value": value })?;
    Ok(())
}

fn get(db: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(SELECT_SETTING)?
        .query_row(named_params! { ":name": name }, |row| row.get(0))
        .optional()
}

pub(super) fn parsed(db: &Connection, name: &str) -> Result<Option<Value>, InternalError> {
    let Some(text) = get(db, name)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(InternalError::new)
}
