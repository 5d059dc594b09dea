//! What a world knows of its secrets, for whoever shows something of it: the names that all vendors
//! declare, and the credentials that stand in the world's own rows.
//!
//! Credentials are read when somebody looks, and anew only once the world has taken another input:
//! a request that nobody looks at costs nothing. One that was seen stays known, so that it is masked
//! after it was rotated, revoked or reset as well.
//!
//! Not here: how they are looked for (`web::mask`), and which columns hold them (a vendor's tables).

use std::collections::BTreeSet;
use std::sync::Mutex;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::base::limits::{CREDENTIALS_KNOWN_MAX, CREDENTIALS_READ_MAX};
use crate::base::lock::lock;
use crate::base::nearest::is_same_name;
use crate::base::seq::Seq;
use crate::contract::reply::InternalError;
use crate::contract::secret::Secret;
use crate::contract::surface::Table;
use crate::contract::vendor::Vendors;
use crate::web::mask::known::{Builder, Known};
use crate::web::mask::masker::Masker;
use crate::web::mask::names::{Names, Rule};

/// Shortest other name of a secret: `key` is met where nothing is secret.
const OTHER_CHARS_MIN: usize = 4;

/// The names under which secrets of these vendors stand, and what people call them elsewhere. Each
/// vendor's are looked for everywhere: clients send to the wrong one too.
pub(crate) fn names(vendors: Vendors) -> Names {
    let surfaces = || vendors.0.iter().map(|vendor| vendor.surface);
    let secrets = surfaces().flat_map(|surface| surface.secrets);
    let others = surfaces().flat_map(|surface| {
        let of =
            |meant: &str| surface.secrets.iter().find(|secret| is_same_name(secret.name, meant));
        let others = surface.api.other_names.iter().filter(|(it, _)| it.len() >= OTHER_CHARS_MIN);
        others.filter_map(move |(other, meant)| Some(Rule { name: other, ..of(meant)?.rule() }))
    });
    Names::new(secrets.map(Secret::rule).chain(others))
}

/// The vendors whose credentials are so many hex digits, each request's own.
pub(crate) fn digests(vendors: Vendors) -> impl Iterator<Item = (&'static str, usize)> {
    vendors.0.iter().filter_map(|vendor| {
        let digits = vendor.surface.secrets.iter().find_map(|it| it.digits)?;
        Some((vendor.surface.vendor, digits))
    })
}

/// What a world knows of its secrets.
#[derive(Debug)]
pub(crate) struct Secrets {
    vendors: Vendors,
    names: Names,
    seen: Mutex<Seen>,
}

/// Credentials that were seen in a world's rows.
#[derive(Debug, Default)]
struct Seen {
    /// The last input behind which the rows were read.
    seq: Option<Seq>,
    gathered: Gathered,
    known: Known,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gathered {
    secrets: BTreeSet<String>,
    /// What stands beside them and is shown on purpose, such as a login.
    public: BTreeSet<String>,
}

impl Gathered {
    fn add_to(&self, builder: &mut Builder) {
        for secret in &self.secrets {
            builder.secret(secret);
        }
        for public in &self.public {
            builder.public(public);
        }
    }

    /// Reads the rows of a table that holds credentials.
    fn read(&mut self, db: &Connection, table: &Table) -> rusqlite::Result<()> {
        let sql = format!("SELECT * FROM ({}) LIMIT {CREDENTIALS_READ_MAX}", table.rows);
        let mut statement = db.prepare_cached(&sql)?;
        let columns = statement.column_names();
        let is_secret: Vec<bool> = columns.map(|name| table.secrets.contains(&name)).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for (idx, is_secret) in is_secret.iter().enumerate() {
                let ValueRef::Text(text) = row.get_ref(idx)? else { continue };
                let text = String::from_utf8_lossy(text);
                let values = if *is_secret { &mut self.secrets } else { &mut self.public };
                if values.len() < CREDENTIALS_KNOWN_MAX && !values.contains(text.as_ref()) {
                    values.insert(text.into_owned());
                }
            }
        }
        Ok(())
    }
}

impl Secrets {
    /// Only those of the process itself are known by their value yet.
    pub(crate) fn new(vendors: Vendors, names: Names, own: &BTreeSet<String>) -> Self {
        let gathered = Gathered { secrets: own.clone(), ..Gathered::default() };
        Secrets { vendors, names, seen: Mutex::new(Seen { gathered, ..Seen::default() }) }
    }

    /// The vendors whose secrets they are.
    pub(crate) fn vendors(&self) -> Vendors {
        self.vendors
    }

    /// Whether all is known that there is behind this input.
    pub(crate) fn is_up_to(&self, seq: Seq) -> bool {
        lock(&self.seen).seq == Some(seq)
    }

    /// Whether the rows were never read.
    pub(crate) fn is_new(&self) -> bool {
        lock(&self.seen).seq.is_none()
    }

    /// Learns the credentials that stand in the rows behind this input.
    ///
    /// # Errors
    /// Where SQLite fails, or the credentials are too many to be looked for.
    pub(crate) fn learn(&self, db: &Connection, seq: Seq) -> Result<(), InternalError> {
        let mut seen = lock(&self.seen);
        let mut gathered = seen.gathered.clone();
        let tables = self.vendors.0.iter().flat_map(|vendor| vendor.surface.tables);
        for table in tables.filter(|table| !table.secrets.is_empty()) {
            gathered.read(db, table)?;
        }
        for vendor in self.vendors.0 {
            let more = (vendor.derived)(db)?;
            let room = CREDENTIALS_KNOWN_MAX.saturating_sub(gathered.secrets.len());
            gathered.secrets.extend(more.into_iter().take(room));
        }
        if seen.seq.is_none() || gathered != seen.gathered {
            let mut builder = Known::builder();
            gathered.add_to(&mut builder);
            seen.known = builder.build().map_err(InternalError::new)?;
            seen.gathered = gathered;
        }
        seen.seq = Some(seq);
        Ok(())
    }

    /// Masks what is known by now.
    pub(crate) fn masker(&self, show_secrets: bool) -> Masker {
        let masker = Masker::new(&self.names, &lock(&self.seen).known, show_secrets);
        masker.with_digests(digests(self.vendors))
    }

    /// The credentials that were seen in the rows, but for those that are shown in another role.
    pub(crate) fn values(&self) -> Vec<String> {
        let seen = lock(&self.seen);
        seen.gathered.secrets.difference(&seen.gathered.public).cloned().collect()
    }

    /// Hands on what is known, for what belongs to no world.
    pub(crate) fn add_to(&self, builder: &mut Builder) {
        lock(&self.seen).gathered.add_to(builder);
    }
}
