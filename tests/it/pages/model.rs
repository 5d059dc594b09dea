//! Random operations on a space and on plain SQLite in memory: both must hold the same rows.
//!
//! Plain SQLite has no snapshots, so the model keeps a copy of its database for each, made by the
//! backup interface.

use std::time::Duration;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use ringback::inside::store::pages::image::Image;
use ringback::inside::store::pages::space::Space;
use rusqlite::backup::Backup;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

const TABLES: [&str; 4] = ["t0", "t1", "t2", "t3"];

/// Ids are drawn below this, so that operations meet.
const IDS: i64 = 300;

/// Operations shown after a failure.
const TRACED: usize = 60;

struct Model {
    number: u64,
    random: ChaCha8Rng,
    space: Space,
    db: Option<Connection>,
    plain: Connection,
    seed: (Image, Connection),
    checkpoints: Vec<(Image, Connection)>,
    cache: &'static str,
    log: Vec<String>,
}

impl Model {
    fn new(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // Five pages are few enough to spill in the middle of a transaction.
        let cache = if random.random_bool(0.5) { "5" } else { "-2000" };
        let space = Space::empty();
        let plain = Connection::open_in_memory().unwrap();
        let mut model = Model {
            number: seed,
            random,
            seed: (space.snapshot().unwrap(), Connection::open_in_memory().unwrap()),
            db: None,
            space,
            plain,
            checkpoints: Vec::new(),
            cache,
            log: Vec::new(),
        };
        for table in &TABLES[..2] {
            model.run(&format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY, n INTEGER, v TEXT)"));
            model.run(&format!("CREATE INDEX {table}_n ON {table} (n)"));
            for _ in 0..100 {
                model.write();
            }
        }
        // One seed in two is flat, the other still stands on nothing but an overlay.
        let image = model.space.snapshot().unwrap();
        let image = if model.random.random_bool(0.5) { image.flatten() } else { image };
        model.seed = (image, copy(&model.plain));
        model.check();
        model
    }

    fn db(&mut self) -> &Connection {
        let cache = self.cache;
        self.db.get_or_insert_with(|| {
            let db = self.space.open().unwrap();
            db.pragma_update(None, "cache_size", cache).unwrap();
            db
        })
    }

    fn run(&mut self, sql: &str) {
        self.change(sql, &[]);
    }

    /// Runs a statement on both; they must agree on what it did.
    fn change(&mut self, sql: &str, values: &[Value]) {
        let expected = run_on(&self.plain, sql, values);
        self.log.push(format!("{sql} {:.120}", format!("{values:?}")));
        let found = run_on(self.db(), sql, values);
        assert_eq!(found, expected, "{}", self.trace());
    }

    fn table(&mut self) -> &'static str {
        TABLES[self.random.random_range(0..TABLES.len())]
    }

    /// One change of rows. About one in ten has a value that takes pages of its own.
    fn write(&mut self) {
        let table = self.table();
        let id = self.random.random_range(1..=IDS);
        let n = self.random.random_range(0..1_000);
        let len = if self.random.random_bool(0.1) {
            self.random.random_range(3_000..20_000)
        } else {
            self.random.random_range(0..400)
        };
        let fill = char::from(b'a' + self.random.random_range(0..26_u8));
        let value = Value::from(fill.to_string().repeat(len));
        let (id, n) = (Value::from(id), Value::from(n));
        // The texts are few, so most statements come from the cache, prepared on another branch.
        match self.random.random_range(0..10) {
            0..4 => {
                self.change(&format!("INSERT INTO {table} VALUES (?1, ?2, ?3)"), &[id, n, value]);
            }
            4..6 => self.change(&format!("UPDATE {table} SET n = ?1 WHERE id = ?2"), &[n, id]),
            6..8 => {
                let sql = format!("UPDATE {table} SET v = ?1, n = n + 1 WHERE id = ?2");
                self.change(&sql, &[value, id]);
            }
            8 => self.change(&format!("DELETE FROM {table} WHERE id = ?1"), &[id]),
            _ => self.change(&format!("DELETE FROM {table} WHERE n BETWEEN ?1 AND ?1 + 20"), &[n]),
        }
    }

    fn step(&mut self) {
        match self.random.random_range(0..1_000) {
            0..700 => self.write(),
            700..800 => {
                self.run("BEGIN");
                for _ in 0..self.random.random_range(1..15) {
                    self.write();
                }
                let end = if self.random.random_bool(0.5) { "COMMIT" } else { "ROLLBACK" };
                self.run(end);
            }
            800..860 => {
                self.log.push("checkpoint".to_owned());
                self.checkpoints.push((self.space.snapshot().unwrap(), copy(&self.plain)));
                if self.checkpoints.len() > 6 {
                    self.checkpoints.remove(self.random.random_range(0..6));
                }
            }
            860..915 if !self.checkpoints.is_empty() => {
                let idx = self.random.random_range(0..self.checkpoints.len());
                self.log.push(format!("rollback to {idx}"));
                let (image, plain) = &self.checkpoints[idx];
                self.space.restore(image).unwrap();
                self.plain = copy(plain);
            }
            915..930 => {
                self.log.push("reset".to_owned());
                self.space.restore(&self.seed.0).unwrap();
                self.plain = copy(&self.seed.1);
            }
            930..945 => {
                let table = self.table();
                self.run(&format!(
                    "CREATE TABLE {table} (id INTEGER PRIMARY KEY, n INTEGER, v TEXT)"
                ));
            }
            945..960 => {
                let table = self.table();
                self.run(&format!("DROP TABLE {table}"));
            }
            960..970 => {
                let table = self.table();
                // Of all statements, this is the one that SQLite refuses by the tables it remembers
                // without a look at those there are, so a read comes first.
                read_schema(self.db());
                self.run(&format!("CREATE INDEX {table}_n ON {table} (n)"));
            }
            970..975 => self.run("VACUUM"),
            975..985 => {
                self.log.push("close".to_owned());
                self.db = None;
            }
            985..990 => {
                self.log.push("fork".to_owned());
                // The old one goes, and its pages must not go with it.
                self.db = None;
                self.space = Space::from_image(&self.space.snapshot().unwrap());
            }
            _ => self.check(),
        }
    }

    /// What to run again, and how it got there.
    fn trace(&self) -> String {
        let last = &self.log[self.log.len().saturating_sub(TRACED)..];
        format!(
            "PAGES_SEED={}, after {} operations, the last:\n{last:#?}",
            self.number,
            self.log.len()
        )
    }

    fn check(&mut self) {
        let expected = content(&self.plain);
        let found = content(self.db());
        assert!(found == expected, "{}", self.trace());
        let integrity: String =
            self.db().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(integrity, "ok", "{}", self.trace());
    }
}

/// The number of rows changed, or the words of the refusal.
fn run_on(db: &Connection, sql: &str, values: &[Value]) -> Result<usize, String> {
    let done = db.prepare_cached(sql).and_then(|mut it| it.execute(params_from_iter(values)));
    let counts = ["INSERT", "UPDATE", "DELETE"].iter().any(|it| sql.starts_with(it));
    // Other statements leave the count of the one before.
    done.map(|n_rows| if counts { n_rows } else { 0 }).map_err(|refusal| match refusal {
        // After a restore the step refuses what `prepare` refuses elsewhere, in the same words but
        // without a place in the text.
        rusqlite::Error::SqlInputError { msg, .. } => msg,
        other => other.to_string(),
    })
}

fn read_schema(db: &Connection) {
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).unwrap();
}

fn copy(from: &Connection) -> Connection {
    let mut to = Connection::open_in_memory().unwrap();
    Backup::new(from, &mut to).unwrap().run_to_completion(i32::MAX, Duration::ZERO, None).unwrap();
    to
}

type Row = (String, i64, i64, Option<String>);

fn content(db: &Connection) -> Vec<Row> {
    let mut names = db
        .prepare_cached(
            "SELECT name FROM sqlite_schema WHERE type = ?1 AND sql <> '' ORDER BY name",
        )
        .unwrap();
    let list = |names: &mut rusqlite::Statement<'_>, kind: &str| -> Vec<String> {
        names.query_map([kind], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut all = Vec::new();
    for index in list(&mut names, "index") {
        all.push((index, 0, 0, None));
    }
    for table in list(&mut names, "table") {
        let mut rows =
            db.prepare(&format!("SELECT ?1, id, n, v FROM {table} ORDER BY id")).unwrap();
        let rows = rows
            .query_map(params![table], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .unwrap();
        all.extend(rows.map(Result::unwrap));
    }
    all
}

fn run(seed: u64, steps: usize) {
    let mut model = Model::new(seed);
    for _ in 0..steps {
        model.step();
    }
    model.check();
    for idx in 0..model.checkpoints.len() {
        let (image, plain) = &model.checkpoints[idx];
        model.space.restore(image).unwrap();
        model.plain = copy(plain);
        model.check();
    }
}

/// `PAGES_SEED` and `PAGES_STEPS` go on from where these stop.
#[test]
fn holds_the_rows_that_plain_sqlite_holds() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let steps = number("PAGES_STEPS").unwrap_or(4_000);
    if let Some(seed) = number("PAGES_SEED") {
        return run(seed, usize::try_from(steps).unwrap());
    }
    for seed in 1..=8 {
        run(seed, usize::try_from(steps).unwrap());
    }
}
