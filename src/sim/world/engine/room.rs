//! Room in the journal of a kept world: as many entries and bytes as one in memory has.
//!
//! How many there are is counted once after the world was opened and reckoned on from there. The
//! oldest go in batches, in the transaction of the entry that needs their room, so that most inputs
//! pay nothing for it and the file uses the same pages again. What went is a row of its own.
//!
//! Not here: reading entries (`sim::journal::ledger`).

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::base::limits::{JOURNAL_BYTES_MAX, JOURNAL_ROWS_MAX};
use crate::base::seq::Seq;
use crate::base::tally;
use crate::base::time::Instant;
use crate::sim::journal::ledger;
use crate::sim::journal::ring::Lost;
use crate::statements;

statements! {
    SUM_ENTRIES = "
        SELECT COUNT(*), COALESCE(SUM(OCTET_LENGTH(entry)), 0) FROM ringback_journal";
    LIST_OLDEST = "
        SELECT seq, OCTET_LENGTH(entry), entry ->> '$.at' FROM ringback_journal
        ORDER BY seq LIMIT :limit";
    DELETE_UP_TO = "DELETE FROM ringback_journal WHERE seq <= :seq";
    SELECT_GONE = "SELECT evicted, lost, last_seq, latest_ms FROM ringback_gone";
    DELETE_GONE = "DELETE FROM ringback_gone";
    INSERT_GONE = "
        INSERT INTO ringback_gone (evicted, lost, last_seq, latest_ms)
        VALUES (:evicted, :lost, :last_seq, :latest_ms)";
}

/// Entries that go at once: a twentieth of what there may be, so that a long run deletes rarely.
const BATCH: usize = JOURNAL_ROWS_MAX / 20;

/// Batches that one input deletes. A journal that an older build let grow without bounds comes down
/// over some inputs, none of which takes long.
const BATCHES_MAX: usize = 4;

/// What of a kept journal had to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// Since the world was made.
    pub(crate) evicted: u64,
    /// Since the journal was last cleared.
    pub(crate) lost: Lost,
}

/// How full the journal of a kept world is.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// None until it was counted, and after a transaction was taken back.
    held: Option<Held>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    n_rows: usize,
    n_bytes: usize,
}

impl Held {
    fn count(db: &Connection) -> rusqlite::Result<Self> {
        db.prepare_cached(SUM_ENTRIES)?
            .query_row([], |row| Ok(Held { n_rows: size(row.get(0)?), n_bytes: size(row.get(1)?) }))
    }

    /// Whether less is left than a batch needs to be worth it.
    fn is_over(self, spare: usize) -> bool {
        let bytes_spare = spare * (JOURNAL_BYTES_MAX / JOURNAL_ROWS_MAX);
        self.n_rows > 1
            && (self.n_rows + spare > JOURNAL_ROWS_MAX
                || self.n_bytes + bytes_spare > JOURNAL_BYTES_MAX)
    }
}

impl Room {
    /// What was counted may be wrong: a transaction was taken back.
    pub(crate) fn forget(&mut self) {
        self.held = None;
    }

    /// Writes an entry, and lets the oldest go where there is no room for it.
    pub(crate) fn insert(
        &mut self,
        db: &Connection,
        seq: Seq,
        entry: &str,
    ) -> rusqlite::Result<()> {
        let held = self.held.map_or_else(|| Held::count(db), Ok)?;
        ledger::insert(db, seq, entry)?;
        let mut held = Held { n_rows: held.n_rows + 1, n_bytes: held.n_bytes + entry.len() };
        if held.is_over(0) {
            make_room(db, &mut held)?;
        }
        self.held = Some(held);
        Ok(())
    }

    /// Notes that an entry has become longer.
    pub(crate) fn grown(&mut self, n_bytes: usize) {
        if let Some(held) = &mut self.held {
            held.n_bytes += n_bytes;
        }
    }

    /// Forgets all entries, and what is known of those that had to go.
    pub(crate) fn clear(&mut self, db: &Connection) -> rusqlite::Result<()> {
        self.forget();
        let tx = db.unchecked_transaction()?;
        ledger::clear(&tx)?;
        let evicted = gone(&tx)?.evicted;
        write_gone(&tx, Gone { evicted, lost: Lost::default() })?;
        tx.commit()
    }
}

/// What of a journal had to go.
pub(crate) fn gone(db: &Connection) -> rusqlite::Result<Gone> {
    let found = db.prepare_cached(SELECT_GONE)?.query_row([], |row| {
        let number = |idx| row.get(idx).map(i64::cast_unsigned);
        let lost = Lost { count: number(1)?, last_seq: row.get(2)?, latest: row.get(3)? };
        Ok(Gone { evicted: number(0)?, lost })
    });
    Ok(found.optional()?.unwrap_or_default())
}

fn write_gone(db: &Connection, gone: Gone) -> rusqlite::Result<()> {
    db.prepare_cached(DELETE_GONE)?.execute([])?;
    let Gone { evicted, lost } = gone;
    db.prepare_cached(INSERT_GONE)?.execute(named_params! {
        ":evicted": evicted.cast_signed(), ":lost": lost.count.cast_signed(),
        ":last_seq": lost.last_seq, ":latest_ms": lost.latest,
    })?;
    Ok(())
}

/// Deletes the oldest entries until there is room for a batch more.
fn make_room(db: &Connection, held: &mut Held) -> rusqlite::Result<()> {
    let mut gone = gone(db)?;
    for _ in 0..BATCHES_MAX {
        let mut statement = db.prepare_cached(LIST_OLDEST)?;
        let mut rows = statement.query(named_params! { ":limit": BATCH.cast_signed() as i64 })?;
        let mut last = None;
        while held.is_over(BATCH)
            && let Some(row) = rows.next()?
        {
            let (last_seq, n_bytes): (Seq, i64) = (row.get(0)?, row.get(1)?);
            let at: Option<String> = row.get(2)?;
            let at = at.and_then(|at| at.parse::<Instant>().ok()).unwrap_or(Instant::MIN);
            let Lost { count, latest, .. } = gone.lost;
            gone.lost = Lost { count: count + 1, last_seq, latest: at.max(latest) };
            gone.evicted += 1;
            tally::JOURNAL_EVICTED.add(1);
            held.n_rows -= 1;
            held.n_bytes = held.n_bytes.saturating_sub(size(n_bytes));
            last = Some(last_seq);
        }
        drop(rows);
        let Some(last) = last else { break };
        db.prepare_cached(DELETE_UP_TO)?.execute(named_params! { ":seq": last })?;
    }
    write_gone(db, gone)
}

fn size(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::database::Database;
    use crate::store::schema::{CORE, JOURNAL};

    /// An empty journal, filled with entries of a length; answers how many pages it had on the way.
    fn filled(n_entries: u64, n_bytes: usize) -> (Database, Vec<i64>) {
        let db = Database::in_memory(&Database::empty_image(&[CORE, JOURNAL]).unwrap());
        let (mut room, mut pages) = (Room::default(), Vec::new());
        let padding = "x".repeat(n_bytes);
        for seq in 1..=n_entries {
            let entry =
                format!(r#"{{"at":"1970-01-01T00:00:00.{:03}Z","x":"{padding}"}}"#, seq % 1000);
            if seq % 1000 == 1 {
                db.connection().execute_batch("BEGIN IMMEDIATE").unwrap();
            }
            room.insert(db.connection(), Seq::new(seq), &entry).unwrap();
            if seq % 1000 == 0 || seq == n_entries {
                db.connection().execute_batch("COMMIT").unwrap();
                let n = db.connection().query_row("PRAGMA page_count", [], |row| row.get(0));
                pages.push(n.unwrap());
            }
        }
        (db, pages)
    }

    #[test]
    fn a_kept_journal_has_the_bounds_of_one_in_memory() {
        for (n_entries, n_bytes) in [(35_000, 10), (1500, 60_000)] {
            let (db, pages) = filled(n_entries, n_bytes);
            let held = Held::count(db.connection()).unwrap();
            assert!(
                held.n_rows <= JOURNAL_ROWS_MAX && held.n_bytes <= JOURNAL_BYTES_MAX,
                "{held:?}"
            );
            assert!(
                held.n_rows * 10 >= JOURNAL_ROWS_MAX * 9
                    || held.n_bytes * 10 >= JOURNAL_BYTES_MAX * 8
            );
            let Gone { evicted, lost } = gone(db.connection()).unwrap();
            assert_eq!(evicted, n_entries - held.n_rows as u64);
            assert_eq!((lost.count, lost.last_seq.get()), (evicted, evicted));
            assert!(lost.latest > Instant::MIN, "{lost:?}");
            // Pages that went are used again.
            let half = pages.len() / 2;
            assert!(pages[half..].iter().all(|it| *it <= pages[half] + 200), "{pages:?}");
            let mut room = Room::default();
            room.clear(db.connection()).unwrap();
            let after = gone(db.connection()).unwrap();
            assert_eq!((after.evicted, after.lost), (evicted, Lost::default()));
        }
    }
}
