//! Reads that are worked out beside a world's lock, so that a long one holds up nobody and a world's
//! reads use more than one processor.
//!
//! In its turn such a read is given its number and its time, what is due by then is done, and it takes
//! an image of the rows; so it is ordered like every other input, and answers what it would have
//! answered in its turn. Its entry comes into the journal when it is worked out, at the place that its
//! number gives it; whoever takes the lock to look at the world waits until all of them are in
//! (`sim::world::desk`).
//!
//! Not here: which reads those are by their cost (`costs`), who works them out (`sim::world::desk`).

use crate::base::clock::Stopwatch;
use crate::base::planted::{self, Fault};
use crate::base::seed::Seed;
use crate::contract::cache::Cache;
use crate::contract::operation::{Access, Call};
use crate::contract::reply::{InternalError, Outcome, Reply};
use crate::contract::scope::Scope;
use crate::contract::variant::{Chosen, Switches};
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::journal::entry::Entry;
use crate::sim::world::engine::Engine;
use crate::sim::world::engine::asked::Asked as Requested;
use crate::sim::world::engine::memo::{Asked, Found};
use crate::sim::world::engine::turn::{Begun, Exchanged, Leaving, Long, work_out};
use crate::store::database::{OpenError, Snapshot, Standing, Version};
use crate::store::pages::image::Image;
use crate::store::pages::space::Space;

/// How a request is answered that has begun its turn.
#[derive(Debug)]
pub(super) enum Way {
    /// Before the next one; with the reply, where it is known from before.
    InTurn(Option<(Reply, Switches)>),
    Beside(Beside),
}

/// The rows of a moment, and what an operation sees beside them.
#[derive(Debug)]
pub(super) struct Beside {
    image: Image,
    version: Version,
    seed: Seed,
    variants: Chosen,
    vendors: Vendors,
    /// The switches that what was due asked for.
    switches: Switches,
    /// Whether the same was asked just before, so that the reply is worth keeping.
    is_again: bool,
}

/// A read that has had its turn, and is to be worked out.
#[derive(Debug)]
pub(crate) struct Read {
    asked: Requested,
    begun: Begun,
    beside: Beside,
}

/// What it came to.
#[derive(Debug)]
pub(crate) struct Worked {
    pub(crate) sent: Exchanged,
    pub(crate) note: Note,
}

/// What the world has to learn of it.
#[derive(Debug)]
pub(crate) struct Note {
    entry: Entry,
    asked: Requested,
    took_ns: u64,
    version: Version,
    /// What is worth keeping.
    known: Option<(Reply, Found)>,
}

/// A connection that reads beside the world's own, and what was kept of the rows it stands at.
#[derive(Debug)]
pub(crate) struct Reader {
    rows: Standing,
    cache: Cache,
}

impl Reader {
    /// # Errors
    /// Where it cannot be opened.
    pub(crate) fn for_read(read: &Read) -> Result<Self, InternalError> {
        let Beside { image, version, .. } = &read.beside;
        let rows = Standing::at(image, *version)?;
        Ok(Reader { rows, cache: Cache::default() })
    }

    /// Whether it stands at the rows that a read is to see.
    pub(crate) fn is_ready_for(&self, read: &Read) -> bool {
        self.rows.version() == read.beside.version
    }

    fn put_to(&mut self, beside: &Beside) -> Result<(), OpenError> {
        if planted::is(Fault::ReaderStaysBehind) {
            return Ok(());
        }
        if self.rows.put_to(&beside.image, beside.version)? {
            self.cache.clear();
        }
        Ok(())
    }
}

impl Beside {
    pub(super) fn read(self, asked: Requested, begun: Begun) -> Read {
        Read { asked, begun, beside: self }
    }
}

impl Read {
    pub(crate) fn asked(&self) -> &Requested {
        &self.asked
    }

    /// Works it out. Nothing of the world is waited for.
    pub(crate) fn work_out(self, reader: Result<&mut Reader, InternalError>) -> Worked {
        let Read { asked, begun, beside } = self;
        let Requested { vendor, request, routed } = &asked;
        let vendor = *vendor;
        let call = Call { request, operation: routed.operation, params: &routed.params };
        let watch = Stopwatch::start();
        let ran = reader.and_then(|reader| {
            reader.put_to(&beside)?;
            let scope = Scope {
                now: begun.now,
                seed: beside.seed,
                db: reader.rows.connection(),
                cache: &reader.cache,
                writes: false,
                variants: &beside.variants,
                vendor: vendor.surface.vendor,
            };
            scope.fenced(|cx| work_out(cx, beside.vendors, vendor, &call))
        });
        let took_ns = watch.elapsed_ns();
        // Nobody knows what a piece of work had asked for that broke off.
        let asked_for = ran.as_ref().map_or(Switches::ALL, |ran| ran.switches);
        let switches = beside.switches.and(asked_for);
        let seq = begun.seq;
        let known = ran.as_ref().ok().filter(|ran| beside.is_again && ran.effects.is_empty());
        let known = known.filter(|ran| ran.value.rows.is_none()).map(|ran| {
            let Reply { response, outcome, why, .. } = &ran.value;
            let (response, why) = (response.clone(), why.clone());
            let reply = Reply { response, rows: None, outcome: *outcome, why };
            (reply, Found { within: ran.within, switches: ran.switches })
        });
        let answered = ran.map(|ran| (ran.value, ran.effects));
        let Leaving { response, rows, delivery, why, entry } = begun.leave(vendor, &call, answered);
        let snapshot = || Snapshot::Space(Space::from_image(&beside.image));
        let long = rows.map(|rows| Long { seq, rows, snapshot: snapshot(), slot: None });
        let outcome = entry.outcome;
        let sent = Exchanged { response, long, delivery, why, outcome, switches };
        let note = Note { entry, asked, took_ns, version: beside.version, known };
        Worked { sent, note }
    }
}

impl Note {
    /// How long it took.
    pub(crate) fn took_ns(&self) -> u64 {
        self.took_ns
    }
}

impl Engine {
    /// How a request is answered that has begun its turn.
    pub(super) fn way(&mut self, vendor: &'static Vendor, call: &Call<'_>, begun: &Begun) -> Way {
        if !self.may_go_beside(call, begun) {
            return Way::InTurn(None);
        }
        let version = self.db.version();
        let asked = Asked::new(vendor, call.request);
        let known = asked.and_then(|asked| self.memo.get(asked, version, begun.now));
        if known.is_some() {
            return Way::InTurn(known);
        }
        let (Some(idx), Ok(image)) = (self.vendors.position(vendor), self.db.image()) else {
            return Way::InTurn(None);
        };
        Way::Beside(Beside {
            image,
            version,
            seed: self.settings.seed,
            variants: self.settings.variants[idx].clone(),
            vendors: self.vendors,
            switches: self.switches.take(),
            is_again: asked.is_some_and(|asked| self.memo.was_asked(asked, version)),
        })
    }

    fn may_go_beside(&self, call: &Call<'_>, begun: &Begun) -> bool {
        // Whoever is told of inputs is told in their order. Those of a file share a commit.
        if self.db.is_file() || self.tapped.tap.is_some() || !begun.is_worked_out() {
            return false;
        }
        // Tests see both ways.
        let is_tried = cfg!(debug_assertions) && begun.seq.get().is_multiple_of(2);
        let operation = call.operation.filter(|it| it.access == Access::Reads);
        operation.is_some_and(|operation| is_tried || self.costs.are_long(operation))
    }

    /// Takes in what reads came to that were worked out beside.
    pub(crate) fn take_in(&mut self, note: Note) {
        let Note { entry, asked, took_ns, version, known } = note;
        if entry.outcome == Outcome::Error {
            // It may quote a credential of rows that nobody has looked through yet.
            let seq = entry.seq.get();
            tracing::error!(world = self.name, seq, "request failed; its entry says why");
        }
        self.costs.note(asked.routed.operation, took_ns);
        self.journal.push(entry);
        // Only while the rows are the same is there anybody who could be given it again.
        if let Some((reply, found)) = known.filter(|_| self.memo.is_of(version))
            && let Some(asked) = Asked::new(asked.vendor, &asked.request)
        {
            self.memo.put(asked, found, &reply);
        }
    }
}
