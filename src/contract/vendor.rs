//! A vendor is a table: what it declares about itself, and the functions that the core calls. It
//! holds no state: all of that is in the world's database.
//!
//! Not here: a vendor that says nothing of itself (`bare`).

use std::fmt;

use rusqlite::Connection;
use serde_json::Value;

use crate::base::nearest::did_you_mean;
use crate::base::time::Span;
use crate::contract::audit;
use crate::contract::cx::Cx;
use crate::contract::event::EventError;
use crate::contract::fields::Row;
use crate::contract::operation::{Access, Call, Operation, Routed};
use crate::contract::recorded::Recorded;
use crate::contract::reply::{InternalError, Refusal, Reply};
use crate::contract::section::{Section, SeedError};
use crate::contract::surface::{Generator, Surface};
use crate::contract::timer::Timer;
use crate::contract::traffic::kind::Traffic;
use crate::web::message::{Request, Response};

/// A simulated vendor. Whoever makes one names every part of it, also those that it has not, by a
/// name of the contract's; a small one may begin with [`Vendor::BARE`].
///
/// A function that answers an [`InternalError`] does so only where it is Ringback's own fault: SQLite
/// fails, or a rule of the vendor's tables is broken. What it did is rolled back then.
pub struct Vendor {
    /// What the vendor declares about itself.
    pub surface: &'static Surface,
    /// The vendor's contract: all that is known of it, with sections that evidence names by number.
    pub contract: fn() -> &'static str,
    /// What each of its refusals is about, for people: see `contract::lesson`.
    pub rules: fn() -> &'static str,
    /// The vendor's tables, one SQL script per schema version, oldest first. A script that has been
    /// released never changes.
    pub schema: &'static [&'static str],
    /// Every SQL statement of the vendor's, for the test that prepares them all.
    pub statements: &'static [Statements],
    /// What the vendor can make up for a scenario.
    pub generators: &'static [Generator],
    /// What happens by itself at the vendor.
    pub traffic: &'static Traffic,
    /// Where a person's traces are in the vendor's tables.
    pub traces: &'static [Trace],
    /// What it knows of recordings of itself.
    pub recorded: &'static Recorded,
    /// Finds the operation and reads the parameters. Needs no world, so it runs before the lock.
    pub route: fn(&Request) -> Routed,
    /// The credentials of a request, by their names in the vendor's table. Needs no world; whether
    /// they are good is not asked.
    pub credentials: fn(&Request, &Routed) -> Vec<(&'static str, String)>,
    /// Credentials that follow from the vendor's rows and stand in no column, such as a digest with a
    /// key in it: they are masked as those that do.
    pub derived: fn(&Connection) -> rusqlite::Result<Vec<String>>,
    /// Answers a request that no operation takes, in the vendor's words.
    pub no_operation: fn(&mut Cx<'_>, &Call<'_>) -> Result<Reply, InternalError>,
    /// The vendor's own words for a failure that is not the client's: a panic, or SQLite.
    pub failure: fn(&Call<'_>) -> Response,
    /// One of the vendor's refusals in its own form, for a request that would not have been
    /// refused: what a fault of the world's sends. Its reason is the fault's.
    pub refuse: fn(&mut Cx<'_>, &Call<'_>, &'static Refusal) -> Result<Response, InternalError>,
    /// Runs one due timer. Where it fails, the timer is switched off.
    pub wake: fn(&mut Cx<'_>, &Timer) -> Result<(), InternalError>,
    /// Loads the vendor's part of a scenario. Fails where a row breaks a rule of the vendor's.
    pub seed: fn(&mut Cx<'_>, &mut dyn Section) -> Result<(), SeedError>,
    /// The world begins at `cx.now`, later by so much than its seed was loaded,
    /// since worlds share loaded seeds: moves on what the seed reckoned from then. The timers are
    /// moved already. Only under a clock that follows the system's.
    pub begin_later: fn(&mut Cx<'_>, Span) -> Result<(), InternalError>,
    /// Lets something happen outside the vendor's API, by the event's name. The row has been checked
    /// against the event's table. Answers what the caller may want to know, as JSON.
    pub event: fn(&mut Cx<'_>, &str, &Row<'_>) -> Result<Value, EventError>,
}

impl Vendor {
    /// The operations that a request is at a system whose paths begin with `base`: by its own path, and
    /// by the one that it has there. None where the vendor has no such operation.
    pub(crate) fn operations_at(&self, request: &Request, base: &str) -> Vec<&'static Operation> {
        let mut operations = Vec::new();
        operations.extend((self.route)(request).operation);
        let path = request.target.path_and_query().map_or("/", |it| it.as_str());
        if let (false, Ok(target)) = (base.is_empty(), format!("{base}{path}").parse()) {
            let there = Request { target, path_start: 0, ..request.clone() };
            let operation = (self.route)(&there).operation;
            operations.extend(operation.filter(|it| operations.iter().all(|a| a.name != it.name)));
        }
        operations
    }
}

/// Whether a request that is one of these operations is known to change nothing. What is none of them
/// may do anything: some vendors dial and delete by GET.
pub(crate) fn only_read(operations: &[&'static Operation]) -> bool {
    !operations.is_empty() && operations.iter().all(|it| it.access == Access::Reads)
}

/// SQL statements by name, as one module declares them.
pub type Statements = &'static [(&'static str, &'static str)];

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.surface.vendor)
    }
}

/// Where a vendor's tables tell of a person.
#[derive(Debug)]
pub struct Trace {
    /// What the rows tell of, in a word or two.
    pub name: &'static str,
    /// A complete `SELECT` of `at_ms` (NULL where nobody knows) and `what` (words for people), in
    /// order of time, for the number `:phone`, digits alone. The macro `phone_digits` makes a column
    /// comparable.
    pub rows: &'static str,
}

/// The vendors of a process, in a fixed order.
#[derive(Clone, Copy, Debug)]
pub struct Vendors(pub &'static [&'static Vendor]);

impl Vendors {
    /// The vendor of that name.
    pub fn find(self, name: &str) -> Option<&'static Vendor> {
        self.0.iter().copied().find(|vendor| vendor.surface.vendor == name)
    }

    /// Checks what no type can: that each vendor can be told from the others, by its name and on a
    /// shared listener, and that its tables are sound (`audit`).
    ///
    /// # Errors
    /// Says which vendor breaks which rule, and what to do.
    pub fn check(self) -> Result<(), String> {
        for (idx, vendor) in self.0.iter().enumerate() {
            let Surface { vendor: name, prefixes, .. } = vendor.surface;
            if !is_name(name) {
                return Err(format!(
                    "{name:?} cannot be a vendor's name; expected lower-case letters and digits, \
                     beginning with a letter, and not \"w\", which stands before a world's name"
                ));
            }
            if self.0[..idx].iter().any(|other| other.surface.vendor == *name) {
                return Err(format!("two vendors are called {name:?}; a name is one vendor's"));
            }
            for prefix in *prefixes {
                let first = prefix.strip_prefix('/').and_then(|rest| rest.split('/').next());
                let Some(first) = first else {
                    return Err(format!("the prefix {prefix:?} of {name} has to begin with a /"));
                };
                if first == "w" || self.find(first).is_some() {
                    return Err(format!(
                        "{name} would never see its prefix {prefix:?}: on a shared listener /{first} \
                         is passed over, as the name of a world or vendor; give the vendor another \
                         name"
                    ));
                }
            }
            let faults = audit::faults(vendor.surface);
            if !faults.is_empty() {
                return Err(format!("the tables of {name} are not sound: {}", faults.join("; ")));
            }
        }
        Ok(())
    }

    /// Where a vendor stands. It is told by its place in memory, not by its name: a request carries
    /// the vendor that it was found to be for.
    pub(crate) fn position(self, vendor: &'static Vendor) -> Option<usize> {
        self.0.iter().position(|known| std::ptr::eq(*known, vendor))
    }

    /// Where the vendor of a name stands.
    pub(crate) fn idx(self, name: &str) -> Option<usize> {
        self.0.iter().position(|vendor| vendor.surface.vendor == name)
    }

    /// What is wrong with a row that names a vendor who is not there.
    pub(crate) fn unknown(self, name: &str) -> SeedError {
        let known: Vec<&str> = self.0.iter().map(|vendor| vendor.surface.vendor).collect();
        let near = did_you_mean(name, known.iter().copied());
        let known = known.join(", ");
        let message = format!("there is no vendor called {name:?}; expected one of {known}{near}");
        SeedError::field("vendor", message)
    }
}

/// Whether it can stand in a path, as a section of a scenario and before the names of tables.
fn is_name(name: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    name != "w"
        && name.starts_with(|it: char| it.is_ascii_lowercase())
        && name.chars().all(is_plain)
}
