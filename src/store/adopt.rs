//! A database from elsewhere: looked over before it becomes a world's.
//!
//! It has to be whole, of Ringback's own making, and of no newer schema; an older one is brought up
//! to date. Afterwards its tables are exactly those of a fresh database, so nothing foreign (a
//! trigger, a view) comes along. Each index agrees with its table, each value has its column's
//! declared type, each text is UTF-8, and whatever the caller asks of the rows holds. What remains is
//! written anew, page by page, so that nothing odd survives between the rows.
//!
//! A world's own file is looked at with the same eyes and left as it is.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::statements;
use crate::store::pages::image::{Image, ImageError};
use crate::store::pages::slot::Busy;
use crate::store::pages::space;
use crate::store::pages::space::Space;
use crate::store::schema::{self, Component, SchemaError};

statements! {
    HAS_VERSIONS = "
        SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'ringback_schema'";
    LIST_VERSIONS = "SELECT component, version FROM ringback_schema ORDER BY component";
    LIST_SCHEMA = "
        SELECT type, name, sql FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\' AND name <> 'sqlite_sequence'
        ORDER BY type, name";
    LIST_TEXTS = "
        SELECT tables.name, columns.name FROM pragma_table_list AS tables
        JOIN pragma_table_xinfo(tables.name) AS columns
        WHERE tables.schema = 'main' AND tables.type = 'table' AND columns.type = 'TEXT'
        AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY tables.name, columns.cid";
}

#[cfg(test)]
mod tests;

/// Drops what only a world in a file has; what it leaves in free pages goes with a `VACUUM`.
const DROP_JOURNAL: &str = "
    DROP TABLE IF EXISTS ringback_journal;
    DROP TABLE IF EXISTS ringback_own;
    DROP TABLE IF EXISTS ringback_gone;
    DROP TABLE IF EXISTS ringback_made_of;
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
    #[error("the world holds something that cannot be read back: {0}")]
    Row(String),
    #[error("cannot look into the database")]
    Open(#[from] space::OpenError),
    #[error("cannot take the state")]
    Busy(#[from] Busy),
}

/// Any complaint of SQLite's while it looks around is one about the file.
fn damaged(error: &rusqlite::Error) -> AdoptError {
    AdoptError::Damaged(error.to_string())
}

/// Opens a file that came from outside: SQLite reads its schema there and then.
fn open(space: &Space) -> Result<Connection, AdoptError> {
    space.open().map_err(|error| match error {
        space::OpenError::Sqlite(error) => damaged(&error),
        error => AdoptError::Open(error),
    })
}

/// What the caller asks of the rows, with its own readers; the error says which is wrong and how.
pub(crate) type CheckRows<'a> = &'a dyn Fn(&Connection) -> Result<(), String>;

/// What is done to a connection before it is worked with, such as having it stop when it is told.
pub(crate) type Watch<'a> = &'a dyn Fn(&mut Connection) -> rusqlite::Result<()>;

/// The tables, indexes and whatever else a fresh database has.
#[derive(Debug)]
pub(crate) struct Tables(Vec<Thing>);

impl Tables {
    /// Those of an image.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn of(like: &Image) -> Result<Self, AdoptError> {
        Ok(Tables(schema_of(&Space::from_image(like).open()?)?))
    }

    /// Whether all are there as they are here. What else a person has put there is left alone.
    fn check_in(&self, db: &Connection) -> Result<(), AdoptError> {
        let found = schema_of(db)?;
        match self.0.iter().find(|it| !found.contains(it)) {
            Some(Thing { kind, name, .. }) => {
                Err(AdoptError::OtherBuild { what: format!("{kind} {name:?}") })
            }
            None => Ok(()),
        }
    }
}

/// Makes an image of a file that was exported, possibly by another build.
///
/// # Errors
/// Where it is cut short, damaged, foreign, or newer than this build, and where `check_rows` says so.
pub(crate) fn adopt(
    bytes: Vec<u8>,
    components: &[Component],
    like: &Image,
    watch: Watch<'_>,
    check_rows: CheckRows<'_>,
) -> Result<Image, AdoptError> {
    let space = Space::from_image(&Image::from_bytes(bytes)?);
    let mut connection = open(&space)?;
    watch(&mut connection).map_err(|error| damaged(&error))?;
    look_over(&connection, components, INTEGRITY)?;
    schema::migrate(&mut connection, components)?;
    let Tables(expected) = Tables::of(like)?;
    let found = schema_of(&connection)?;
    if let Some(odd) = found.iter().find(|it| !expected.contains(it)) {
        return Err(AdoptError::Foreign { found: format!("{} {:?}", odd.kind, odd.name) });
    }
    if let Some(absent) = expected.iter().find(|it| !found.contains(it)) {
        return Err(AdoptError::Foreign { found: format!("no {} {:?}", absent.kind, absent.name) });
    }
    check_values(&connection)?;
    check_rows(&connection).map_err(AdoptError::Row)?;
    connection.execute_batch("VACUUM").map_err(|error| damaged(&error))?;
    drop(connection);
    Ok(space.snapshot()?.flatten())
}

/// What SQLite can say of values: references, and texts that are none. Types, `NOT NULL` and `CHECK`
/// are part of the look at the structure.
fn check_values(db: &Connection) -> Result<(), AdoptError> {
    let said = |error: rusqlite::Error| damaged(&error);
    let mut statement = db.prepare("PRAGMA foreign_key_check").map_err(said)?;
    let mut dangling = statement.query([]).map_err(said)?;
    if let Some(row) = dangling.next().map_err(said)? {
        let table: String = row.get(0).map_err(said)?;
        return Err(AdoptError::Row(format!("a row of {table:?} refers to one that is not there")));
    }
    let mut statement = db.prepare(LIST_TEXTS).map_err(said)?;
    let texts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(said)?;
    for text in texts.collect::<rusqlite::Result<Vec<(String, String)>>>().map_err(said)? {
        check_text(db, &text)?;
    }
    Ok(())
}

fn check_text(db: &Connection, (table, column): &(String, String)) -> Result<(), AdoptError> {
    let said = |error: rusqlite::Error| damaged(&error);
    // Names are those of a fresh database.
    let sql = format!("SELECT \"{column}\" FROM \"{table}\"");
    let mut statement = db.prepare(&sql).map_err(said)?;
    let mut rows = statement.query([]).map_err(said)?;
    let mut n_rows = 0_u64;
    while let Some(row) = rows.next().map_err(said)? {
        n_rows += 1;
        if let ValueRef::Text(bytes) = row.get_ref(0).map_err(said)?
            && let Err(error) = std::str::from_utf8(bytes)
        {
            let at = error.valid_up_to();
            return Err(AdoptError::Row(format!(
                "expected UTF-8 in {table}.{column}, row {n_rows}, found byte {} at {at}",
                bytes.get(at).copied().unwrap_or_default()
            )));
        }
    }
    Ok(())
}

/// Checks that a database is a world's, whatever its version.
///
/// # Errors
/// Where it is something else.
pub(crate) fn check_ours(db: &Connection) -> Result<(), AdoptError> {
    let n_versions: i64 =
        db.query_row(HAS_VERSIONS, [], |row| row.get(0)).map_err(|error| damaged(&error))?;
    if n_versions == 0 { Err(AdoptError::NotAWorld) } else { Ok(()) }
}

/// Checks that a world's own file can be opened by this build, reading alone. Answers whether this
/// build made its tables, or an older one.
///
/// # Errors
/// Where it is damaged, foreign, newer, or was made otherwise under the same version.
pub(crate) fn check_kept(
    db: &Connection,
    components: &[Component],
    like: &Tables,
) -> Result<Age, AdoptError> {
    let versions = look_over(db, components, STRUCTURE)?;
    let mut is_older = false;
    for component in components {
        let known = component.scripts.len();
        let found = versions.iter().find(|(name, _)| name == component.name);
        let found = found.map_or(0, |(_, version)| usize::try_from(*version).unwrap_or(usize::MAX));
        if found > known {
            let component = component.name;
            return Err(SchemaError::Newer { component, found, known }.into());
        }
        is_older |= found < known;
    }
    // What tables an older build made is not known here; the scripts that follow will see.
    if is_older { Ok(Age::Older) } else { like.check_in(db).map(|()| Age::Current) }
}

/// Whose tables a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Current,
    /// An older build's; they are brought up to date when the file is opened.
    Older,
}

/// Makes an image of a world's own file, without its journal.
///
/// # Errors
/// Where the file is no database, or SQLite fails.
pub(crate) fn without_journal(bytes: Vec<u8>) -> Result<Image, AdoptError> {
    let space = Space::from_image(&Image::from_bytes(bytes)?);
    let connection = open(&space)?;
    connection.execute_batch(DROP_JOURNAL).map_err(|error| damaged(&error))?;
    connection.execute_batch("VACUUM").map_err(|error| damaged(&error))?;
    drop(connection);
    Ok(space.snapshot()?)
}

/// All that SQLite can find wrong, the indexes against their tables included.
const INTEGRITY: &str = "PRAGMA integrity_check(1)";

/// Checks a file without the content of its indexes, in half the time of the whole check.
const STRUCTURE: &str = "PRAGMA quick_check(1)";

/// Whether the database is whole and ours; answers the components' versions.
fn look_over(
    db: &Connection,
    components: &[Component],
    check: &str,
) -> Result<Vec<(String, i64)>, AdoptError> {
    let said = |error: rusqlite::Error| damaged(&error);
    db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON").map_err(said)?;
    let encoding: String = db.query_row("PRAGMA encoding", [], |row| row.get(0)).map_err(said)?;
    if encoding != "UTF-8" {
        return Err(AdoptError::Damaged(format!("expected texts in UTF-8, found {encoding}")));
    }
    let verdict: String = db.query_row(check, [], |row| row.get(0)).map_err(said)?;
    if verdict != "ok" {
        return Err(AdoptError::Damaged(verdict));
    }
    check_ours(db)?;
    let mut statement = db.prepare(LIST_VERSIONS).map_err(|_| AdoptError::NotAWorld)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(said)?;
    let found = found.collect::<rusqlite::Result<Vec<(String, i64)>>>().map_err(said)?;
    let is_known = |name: &str| components.iter().any(|component| component.name == name);
    match found.iter().find(|(name, _)| !is_known(name)) {
        Some((unknown, _)) => Err(AdoptError::UnknownComponent(unknown.clone())),
        None => Ok(found),
    }
}

/// A table, index, view or trigger.
#[derive(Debug, PartialEq)]
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
