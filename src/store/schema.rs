//! Schema versions, kept per component: the core and each vendor have their own.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::statements;

/// One component's scripts, oldest first; the version of a database is how many have run.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    pub name: &'static str,
    pub scripts: &'static [&'static str],
}

/// The core's own tables.
pub(crate) const CORE: Component = Component { name: "core", scripts: &[include_str!("core.sql")] };

/// Tables that only worlds have that are kept in a file: the journal's, and what is the world's own
/// beside its state.
pub(crate) const JOURNAL: Component = Component {
    name: "journal",
    scripts: &[
        include_str!("journal.sql"),
        include_str!("own.sql"),
        include_str!("gone.sql"),
        include_str!("made_of.sql"),
    ],
};

/// Tables of a world in a file that a reset leaves alone: the above, and which scripts have run on
/// this file. The seed has no journal and would have it made a second time.
pub(crate) const FILE_TABLES: &[&str] =
    &["ringback_gone", "ringback_journal", "ringback_made_of", "ringback_own", "ringback_schema"];

const CREATE_VERSIONS: &str = "
    CREATE TABLE IF NOT EXISTS ringback_schema (
        component TEXT PRIMARY KEY,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID";

statements! {
    SELECT_VERSION = "SELECT version FROM ringback_schema WHERE component = :component";
    UPSERT_VERSION = "
        INSERT INTO ringback_schema (component, version) VALUES (:component, :version)
        ON CONFLICT (component) DO UPDATE SET version = excluded.version";
}

/// A schema that cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error(
        "the database has version {found} of {component}, this build knows up to {known}; \
         use the newer ringback that wrote it, or another --data folder"
    )]
    Newer { component: &'static str, found: usize, known: usize },
    #[error("schema of {component} cannot be applied")]
    Sqlite { component: &'static str, source: rusqlite::Error },
}

/// Brings every component to its newest version, in one transaction.
///
/// # Errors
/// Where the database was written by a newer build, or SQLite fails; nothing is changed then.
pub(crate) fn migrate(db: &mut Connection, components: &[Component]) -> Result<(), SchemaError> {
    let sqlite = |component| move |source| SchemaError::Sqlite { component, source };
    let tx = db.transaction().map_err(sqlite("core"))?;
    tx.execute_batch(CREATE_VERSIONS).map_err(sqlite("core"))?;
    for component in components {
        let name = component.name;
        let found = version(&tx, name).map_err(sqlite(name))?;
        let known = component.scripts.len();
        let Some(missing) = component.scripts.get(found..) else {
            return Err(SchemaError::Newer { component: name, found, known });
        };
        if missing.is_empty() {
            continue;
        }
        for script in missing {
            tx.execute_batch(script).map_err(sqlite(name))?;
        }
        let params = named_params! { ":component": name, ":version": known.cast_signed() as i64 };
        tx.execute(UPSERT_VERSION, params).map_err(sqlite(name))?;
    }
    tx.commit().map_err(sqlite("core"))
}

fn version(db: &Connection, component: &str) -> rusqlite::Result<usize> {
    let version: Option<i64> = db
        .query_row(SELECT_VERSION, named_params! { ":component": component }, |row| row.get(0))
        .optional()?;
    Ok(usize::try_from(version.unwrap_or(0)).unwrap_or(usize::MAX))
}
