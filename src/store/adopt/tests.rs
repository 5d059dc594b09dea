//! Exports with one byte set to something else: refused in words, or a world that works.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::store::adopt::{AdoptError, adopt};
use crate::store::database::Database;
use crate::store::pages::image::Image;
use crate::store::pages::space::Space;
use crate::store::schema::{CORE, Component};

const TOY: Component = Component {
    name: "toy",
    scripts: &["
        CREATE TABLE toy_row (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, share REAL, is_on INTEGER NOT NULL
            CHECK (is_on IN (0, 1))
        ) STRICT;
        CREATE INDEX toy_row_share ON toy_row (share, key) WHERE is_on = 1;
        CREATE TABLE toy_pair (a INTEGER, b TEXT, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;"],
};

const COMPONENTS: &[Component] = &[CORE, TOY];

fn empty() -> Image {
    Database::empty_image(COMPONENTS).unwrap()
}

fn export() -> Vec<u8> {
    let db = Database::in_memory(&empty());
    db.connection()
        .execute_batch(
            "INSERT INTO ringback_setting VALUES ('strict', '{\"on\":true}'), ('seed', '7');
             INSERT INTO ringback_fault VALUES (1, '{\"then\":\"drop\"}'), (2, '[1, 2, 3]');
             INSERT INTO ringback_timer VALUES (5, 1, 'toy', 'tick', 'k', ''), (5, 2, 'toy', 'b', '', '{}');
             INSERT INTO toy_row VALUES (1, 'one', 0.5, 1), (2, 'zwei', NULL, 0), (3, 'drei ä', 1, 1);
             INSERT INTO toy_pair VALUES (1, 'x'), (1, 'y'), (300, 'z');",
        )
        .unwrap();
    let mut bytes = Vec::new();
    db.seal().unwrap().write_to(&mut bytes).unwrap();
    bytes
}

/// What an engine asks: here that settings and rules parse.
fn check_rows(db: &Connection) -> Result<(), String> {
    let rules = "
        SELECT name, value FROM ringback_setting
        UNION ALL SELECT 'fault ' || id, rule FROM ringback_fault";
    let mut statement = db.prepare(rules).map_err(|error| error.to_string())?;
    let mut rows = statement.query([]).map_err(|error| error.to_string())?;
    while let Some(row) = rows.next().map_err(|error| error.to_string())? {
        let (name, json): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        serde_json::from_str::<serde_json::Value>(&json)
            .map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Every index, each way round.
const BY_INDEX: [&str; 5] = [
    "ringback_timer INDEXED BY ringback_timer_key WHERE key <> '' ORDER BY vendor, kind, key",
    "ringback_traffic INDEXED BY ringback_traffic_vendor ORDER BY vendor, position",
    "toy_row INDEXED BY toy_row_share WHERE is_on = 1 ORDER BY share, key",
    "toy_row ORDER BY key",
    "toy_pair ORDER BY a, b",
];

/// Reads every table in every order, changes it, and looks over the whole again.
fn works(image: &Image) {
    let space = Space::from_image(image);
    let db = space.open().unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut statement = db.prepare(tables).unwrap();
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    let orders = BY_INDEX.iter().flat_map(|it| [(*it).to_owned(), format!("{it} DESC")]);
    for what in tables.into_iter().chain(orders) {
        let mut statement = db.prepare(&format!("SELECT * FROM {what}")).unwrap();
        let n_columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for idx in 0..n_columns {
                if let ValueRef::Text(text) = row.get_ref(idx).unwrap() {
                    std::str::from_utf8(text).unwrap();
                }
            }
        }
    }
    db.execute_batch(
        "INSERT INTO toy_row (key, is_on) VALUES ('a new key', 1);
         UPDATE toy_row SET share = 0.25;
         DELETE FROM toy_pair;
         DELETE FROM toy_row",
    )
    .unwrap();
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    check_rows(&db).unwrap();
}

/// Bytes worth a look: headers, what begins each page, and some of all others.
fn places(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len())
        .filter(|at| *at < 100 || at % 4096 < 24 || (bytes[*at] != 0 && at % 7 == 0))
        .collect()
}

#[test]
fn a_damaged_export_is_refused_or_works() {
    let (whole, like) = (export(), empty());
    works(&adopt(whole.clone(), COMPONENTS, &like, &|_| Ok(()), &check_rows).unwrap());
    let (mut n_refused, mut n_adopted) = (0, 0);
    for at in places(&whole) {
        for value in [whole[at] ^ 1, 255 - whole[at], 2] {
            if value == whole[at] {
                continue;
            }
            let mut bytes = whole.clone();
            bytes[at] = value;
            match adopt(bytes, COMPONENTS, &like, &|_| Ok(()), &check_rows) {
                Ok(image) => {
                    works(&image);
                    n_adopted += 1;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    n_refused += 1;
                }
            }
        }
    }
    assert!(n_refused > 1000 && n_adopted > 100, "{n_refused} refused, {n_adopted} adopted");
}

#[test]
fn each_kind_of_damage_is_refused() {
    let (whole, like) = (export(), empty());
    let at = |text: &str| whole.windows(text.len()).position(|it| it == text.as_bytes()).unwrap();
    let damaged = |at: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[at] = value;
        adopt(bytes, COMPONENTS, &like, &|_| Ok(()), &check_rows).unwrap_err()
    };
    let error = damaged(at("{\"on\":true}") + 2, 255);
    assert!(
        matches!(&error, AdoptError::Row(it) if it.contains("ringback_setting.value")),
        "{error}"
    );
    let error = damaged(at("{\"then\":\"drop\"}"), b'x');
    assert!(matches!(&error, AdoptError::Row(it) if it.starts_with("fault 1: ")), "{error}");
    // The index has another key than the table then.
    let error = damaged(at("zwei"), b'y');
    assert!(matches!(error, AdoptError::Damaged(_)), "{error}");
    let foreign = |sql: &str| {
        let space = Space::from_image(&Image::from_bytes(whole.clone()).unwrap());
        space.open().unwrap().execute_batch(sql).unwrap();
        let mut bytes = Vec::new();
        space.snapshot().unwrap().write_to(&mut bytes).unwrap();
        adopt(bytes, COMPONENTS, &like, &|_| Ok(()), &|_| Ok(())).unwrap_err()
    };
    for sql in ["ANALYZE", "CREATE VIEW v AS SELECT 1", "DROP INDEX toy_row_share"] {
        let error = foreign(sql);
        assert!(matches!(error, AdoptError::Foreign { .. }), "{sql}: {error}");
    }
    let error = foreign("PRAGMA ignore_check_constraints = 1; UPDATE toy_row SET is_on = 5");
    assert!(error.to_string().contains("CHECK"), "{error}");
}
