//! A database from elsewhere: looked over before it becomes a world's.
//!
//! It has to be whole, of Ringback's own making, and of no newer schema; an older one is brought up
//! to date. Afterwards its tables are exactly those of a fresh database, so nothing foreign (a
//! trigger, a view) comes along.

use rusqlite::Connection;

use crate::statements;
use crate::store::pages::image::{Image, ImageError};
use crate::store::pages::slot::Busy;
use crate::store::pages::space::{self, Space};
use crate::store::schema::{self, Component, SchemaError};

statements! {
    HAS_VERSIONS = "
        SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ringback_schema'";
    LIST_COMPONENTS = "SELECT component FROM ringback_schema ORDER BY component";
    LIST_SCHEMA = "
        SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY type, name";
}

/// Drops what only a world in a file has; what it leaves in free pages goes with a `VACUUM`.
const DROP_JOURNAL: &str = "
    DROP TABLE IF EXISTS ringback_journal;
    DROP TABLE IF EXISTS ringback_own;
    DELETE FROM ringback_schema WHERE component = 'journal';";

/// Why a file cannot become a world.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("expected an exported world, found a database of something else")]
    NotAWorld,
    #[error("the world holds tables of {0:?}, which this build does not have")]
    UnknownComponent(String),
    #[error("{0}")]
    Schema(#[from] SchemaError),
    #[error("the database holds {found}, which is not what this build makes there")]
    Foreign { found: String },
    #[error(
        "the database has no {what} as this build makes it, so another build wrote it; use that \
         ringback, or another --data folder"
    )]
    OtherBuild { what: String },
    #[error("cannot look into the database")]
    Open(#[from] space::OpenError),
    #[error("cannot take the state")]
    Busy(#[from] Busy),
}

/// Any complaint of SQLite's while it looks around is one about the file.
fn damaged(error: &rusqlite::Error) -> AdoptError {
    AdoptError::Damaged(error.to_string())
}

/// Makes an image of a file that was exported, possibly by another build.
///
/// # Errors
/// Where it is cut short, damaged, foreign, or newer than this build.
pub fn adopt(bytes: Vec<u8>, components: &[Component], like: &Image) -> Result<Image, AdoptError> {
    let space = Space::from_image(&Image::from_bytes(bytes)?);
    let mut connection = space.open()?;
    look_over(&connection, components)?;
    schema::migrate(&mut connection, components)?;
    let expected = schema_of(&Space::from_image(like).open()?)?;
    let found = schema_of(&connection)?;
    if let Some(odd) = found.iter().find(|it| !expected.contains(it)) {
        return Err(AdoptError::Foreign { found: format!("{} {:?}", odd.kind, odd.name) });
    }
    if let Some(absent) = expected.iter().find(|it| !found.contains(it)) {
        return Err(AdoptError::Foreign { found: format!("no {} {:?}", absent.kind, absent.name) });
    }
    drop(connection);
    Ok(space.snapshot()?.flatten())
}

/// Checks that a world's own file has the tables of a fresh one: another build may have made them
/// otherwise under the same version. What else a person has put there is left alone.
///
/// # Errors
/// Where it has not.
pub fn check_own(db: &Connection, like: &Image) -> Result<(), AdoptError> {
    let expected = schema_of(&Space::from_image(like).open()?)?;
    let found = schema_of(db)?;
    match expected.iter().find(|it| !found.contains(it)) {
        Some(Thing { kind, name, .. }) => {
            Err(AdoptError::OtherBuild { what: format!("{kind} {name:?}") })
        }
        None => Ok(()),
    }
}

/// Makes an image of a world's own file, without its journal.
///
/// # Errors
/// Where the file is no database, or SQLite fails.
pub fn without_journal(bytes: Vec<u8>) -> Result<Image, AdoptError> {
    let space = Space::from_image(&Image::from_bytes(bytes)?);
    let connection = space.open()?;
    connection.execute_batch(DROP_JOURNAL).map_err(|error| damaged(&error))?;
    connection.execute_batch("VACUUM").map_err(|error| damaged(&error))?;
    drop(connection);
    Ok(space.snapshot()?)
}

fn look_over(db: &Connection, components: &[Component]) -> Result<(), AdoptError> {
    let said = |error: rusqlite::Error| damaged(&error);
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON").map_err(said)?;
    let verdict: String =
        db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(said)?;
    if verdict != "ok" {
        return Err(AdoptError::Damaged(verdict));
    }
    let n_versions: i64 = db.query_row(HAS_VERSIONS, [], |row| row.get(0)).map_err(said)?;
    if n_versions == 0 {
        return Err(AdoptError::NotAWorld);
    }
    let mut statement = db.prepare(LIST_COMPONENTS).map_err(|_| AdoptError::NotAWorld)?;
    let found = statement.query_map([], |row| row.get(0)).map_err(said)?;
    let found = found.collect::<rusqlite::Result<Vec<String>>>().map_err(said)?;
    let is_known = |name: &String| components.iter().any(|component| component.name == name);
    match found.into_iter().find(|name| !is_known(name)) {
        Some(unknown) => Err(AdoptError::UnknownComponent(unknown)),
        None => Ok(()),
    }
}

/// A table, index, view or trigger.
#[derive(PartialEq)]
struct Thing {
    kind: String,
    name: String,
    sql: Option<String>,
}

fn schema_of(db: &Connection) -> Result<Vec<Thing>, AdoptError> {
    let said = |error: rusqlite::Error| damaged(&error);
    let mut statement = db.prepare(LIST_SCHEMA).map_err(said)?;
    let things = statement
        .query_map([], |row| Ok(Thing { kind: row.get(0)?, name: row.get(1)?, sql: row.get(2)? }))
        .map_err(said)?;
    things.collect::<rusqlite::Result<_>>().map_err(said)
}
