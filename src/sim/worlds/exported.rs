//! The mark in an exported file that says what it is.

use crate::contract::reply::InternalError;
use rusqlite::{Connection, named_params};
use serde_json::json;

use crate::contract::vendor::Vendor;
use crate::sim::loading::settings::{Settings, load_clock};
use crate::statements;
use crate::store::setting::{parsed, put};

statements! {
    DELETE_SETTING = "DELETE FROM ringback_setting WHERE name = :name";
}

/// Version of the form in which worlds are exported. One more where an older build could not read it.
const EXPORT_FORMAT: u64 = 1;

/// The setting that says that a file was exported.
const EXPORTED: &str = "exported";

/// Marks a copy as one that was exported.
pub(crate) fn save_export(db: &Connection, world: &str) -> rusqlite::Result<()> {
    let mark = json!({
        "format": EXPORT_FORMAT, "world": world, "version": env!("CARGO_PKG_VERSION"),
    });
    put(db, EXPORTED, &mark.to_string())
}

/// Whether a file says that it was exported.
pub(crate) fn is_marked(db: &Connection) -> bool {
    parsed(db, EXPORTED).is_ok_and(|mark| mark.is_some())
}

/// Checks that a file was exported in a form that this build reads and holds what a world needs,
/// and takes the mark off.
pub(crate) fn take_export(db: &Connection, vendors: &[&'static Vendor]) -> Result<(), String> {
    let broken = |error: InternalError| error.to_string();
    let mark = parsed(db, EXPORTED).map_err(|error| error.to_string())?;
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
