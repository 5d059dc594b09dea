//! Where the state of one space is kept, and how a connection borrows it.
//!
//! The state is either at home in the space or out with the space's connection: SQLite's lock takes
//! it out, its unlock brings it back. So a snapshot or restore cannot meet a statement half done,
//! since there is nothing at home to work on; and a statement reads pages without a lock.
//!
//! Not here: pages ([`super::image`]) and calls from C (`vfs`).

use std::collections::BTreeMap;
use std::mem::{self, MaybeUninit};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use crate::base::lock;
use crate::store::pages::header;
use crate::store::pages::image::{Image, Misplaced, Overwritten, Spare};

/// What a database's name begins with; its number follows.
const NAME_PREFIX: &str = "space-";

/// Every space that lives, by number: SQLite asks for a database by name.
static SPACES: Mutex<BTreeMap<u64, Weak<Slot>>> = Mutex::new(BTreeMap::new());

/// SQLite's lock levels, as far as they differ here: with one connection to a space, nobody is ever
/// kept waiting.
const LOCK_NONE: i32 = 0;
const LOCK_RESERVED: i32 = 2;

/// Which header fields a restore makes new. Both, except in the tests that show why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guards {
    /// Without it, SQLite keeps pages of the branch it was on, if both have made as many commits.
    pub(crate) change_counter: bool,
    /// Without it, SQLite keeps the tables of the branch it was on, if both have changed their
    /// schema as often, and writes rows of one table into another's pages.
    pub(crate) schema_cookie: bool,
}

impl Guards {
    pub(crate) const ALL: Guards = Guards { change_counter: true, schema_cookie: true };
}

/// The pages of a space, and the latest of the numbers by which its connection tells states apart.
#[derive(Debug)]
struct State {
    image: Image,
    change_counter: u32,
    schema_cookie: u32,
}

impl State {
    fn new(image: Image) -> Self {
        State {
            change_counter: image.number(header::CHANGE_COUNTER),
            schema_cookie: image.number(header::SCHEMA_COOKIE),
            image,
        }
    }

    fn write(
        &mut self,
        offset: usize,
        data: &[u8],
        spare: &mut Spare,
    ) -> Result<Overwritten, Misplaced> {
        let overwritten = self.image.write(offset, data, spare)?;
        if offset == 0 {
            let counter = header::number(data, header::CHANGE_COUNTER);
            self.change_counter = header::later(self.change_counter, counter);
            let cookie = header::number(data, header::SCHEMA_COOKIE);
            self.schema_cookie = header::later(self.schema_cookie, cookie);
        }
        Ok(overwritten)
    }

    /// Swaps the pages for those of an image, such that an open connection notices. Gives the old
    /// ones back.
    fn put_back(&mut self, image: &Image, guards: Guards) -> Image {
        let mut next = image.clone();
        let mut numbers = Vec::with_capacity(3);
        if guards.change_counter {
            self.change_counter = self.change_counter.wrapping_add(1);
            // SQLite trusts the page count only where these two are equal.
            numbers.push((header::CHANGE_COUNTER, self.change_counter));
            numbers.push((header::VALID_FOR, self.change_counter));
        }
        if guards.schema_cookie {
            // The image's own cookie may stand for another schema in this space. Where the schema
            // stays, so does the space's cookie for it, and no statement is prepared again.
            let cookie = if next.has_schema_of(&self.image) {
                self.image.number(header::SCHEMA_COOKIE)
            } else {
                self.schema_cookie = self.schema_cookie.wrapping_add(1);
                self.schema_cookie
            };
            numbers.push((header::SCHEMA_COOKIE, cookie));
        }
        next.set_numbers(&numbers);
        mem::replace(&mut self.image, next)
    }
}

/// How far the one connection of a space is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Closed,
    /// Asked for by the space, which is what lets the next file in: a name alone opens nothing.
    Opening,
    Open,
}

#[derive(Debug)]
enum Seat {
    Home(State),
    /// A statement or transaction is open. Holds the bytes over the base when it began.
    Out {
        delta_bytes: u64,
    },
}

#[derive(Debug)]
pub(crate) struct Inner {
    door: Door,
    seat: Seat,
}

/// One space, as its owner and its connection share it.
#[derive(Debug)]
pub(crate) struct Slot {
    number: u64,
    inner: Mutex<Inner>,
}

impl Slot {
    /// A registered slot.
    pub(crate) fn register(image: Image) -> Arc<Slot> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let inner = Inner { door: Door::Closed, seat: Seat::Home(State::new(image)) };
        let slot = Arc::new(Slot { number, inner: Mutex::new(inner) });
        spaces().insert(number, Arc::downgrade(&slot));
        slot
    }

    /// Takes the name away. A connection that is open keeps the slot itself.
    pub(crate) fn deregister(&self) {
        spaces().remove(&self.number);
    }

    pub(crate) fn name(&self) -> String {
        format!("{NAME_PREFIX}{}", self.number)
    }

    /// Lets one connection in. `false` where there is one already.
    pub(crate) fn admit(&self) -> bool {
        let mut inner = self.inner();
        let is_free = inner.door == Door::Closed;
        if is_free {
            inner.door = Door::Opening;
        }
        is_free
    }

    /// Takes the admission back, where it was not used.
    pub(crate) fn dismiss(&self) {
        let mut inner = self.inner();
        if inner.door == Door::Opening {
            inner.door = Door::Closed;
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.inner().door != Door::Closed
    }

    pub(crate) fn snapshot(&self) -> Result<Image, Busy> {
        match &self.inner().seat {
            Seat::Home(state) => Ok(state.image.clone()),
            Seat::Out { .. } => Err(Busy),
        }
    }

    pub(crate) fn restore(&self, image: &Image, guards: Guards) -> Result<(), Busy> {
        let mut inner = self.inner();
        let is_closed = inner.door == Door::Closed;
        let Seat::Home(state) = &mut inner.seat else { return Err(Busy) };
        let old = if is_closed {
            // Nobody remembers another state, so the header need not differ and nothing is copied.
            mem::replace(state, State::new(image.clone())).image
        } else {
            state.put_back(image, guards)
        };
        drop(inner);
        // A large delta takes a while to free; nobody waits for it at the lock.
        drop(old);
        Ok(())
    }

    pub(crate) fn sole_bytes(&self) -> u64 {
        match &self.inner().seat {
            Seat::Home(state) => state.image.sole_bytes(),
            Seat::Out { delta_bytes } => *delta_bytes,
        }
    }

    pub(crate) fn delta_bytes(&self) -> u64 {
        match &self.inner().seat {
            Seat::Home(state) => state.image.delta_bytes(),
            Seat::Out { delta_bytes } => *delta_bytes,
        }
    }

    /// Only a panic leaves the mutex poisoned, and each change under it is one assignment.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock::lock(&self.inner)
    }
}

fn spaces() -> MutexGuard<'static, BTreeMap<u64, Weak<Slot>>> {
    lock::lock(&SPACES)
}

/// What a VFS does about a pragma.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pragma {
    /// SQLite carries it out.
    Pass,
    /// It changes nothing; this, which stays in force, is the answer.
    Stays(String),
}

/// The file that a connection has open: its way to the state.
#[derive(Debug)]
pub(crate) struct OpenFile {
    slot: Arc<Slot>,
    level: i32,
    /// The state, from the first lock to the last unlock.
    held: Option<State>,
    /// What the transaction has done to it so far, until it is committed.
    undo: Vec<Undo>,
    spare: Spare,
}

/// What takes one step of a transaction back.
#[derive(Debug)]
enum Undo {
    Write(Overwritten),
    /// All that came before it, and whatever comes after.
    Whole(Image),
}

impl Undo {
    fn take_back(self, image: &mut Image) {
        match self {
            Undo::Write(overwritten) => image.take_back(overwritten),
            Undo::Whole(before) => *image = before,
        }
    }
}

/// Steps that are kept one by one; a request writes a dozen pages. A transaction that writes more is
/// taken back by an image of how it began: one that outgrows SQLite's cache writes some pages again and
/// again, and each step holds a page.
const STEPS_MAX: usize = 256;

impl OpenFile {
    /// Opens the space of this name, if it has just admitted a connection.
    pub(crate) fn open(name: &str) -> Option<OpenFile> {
        let number = name.strip_prefix(NAME_PREFIX)?.parse().ok()?;
        let slot = spaces().get(&number)?.upgrade()?;
        let mut inner = slot.inner();
        if inner.door != Door::Opening {
            return None;
        }
        inner.door = Door::Open;
        drop(inner);
        Some(OpenFile {
            slot,
            level: LOCK_NONE,
            held: None,
            undo: Vec::new(),
            spare: Spare::default(),
        })
    }

    pub(crate) fn has_reserved(&self) -> bool {
        self.level >= LOCK_RESERVED
    }

    /// Raises the lock. `false` where the state is not to be had, which one connection never sees.
    pub(crate) fn lock(&mut self, level: i32) -> bool {
        if self.held.is_none() {
            let mut inner = self.slot.inner();
            let Seat::Home(state) = &inner.seat else { return false };
            let out = Seat::Out { delta_bytes: state.image.delta_bytes() };
            if let Seat::Home(state) = mem::replace(&mut inner.seat, out) {
                self.held = Some(state);
            }
        }
        self.level = self.level.max(level);
        true
    }

    /// Lowers the lock. A transaction that is not committed by then is taken back.
    pub(crate) fn unlock(&mut self, level: i32) {
        self.level = self.level.min(level);
        if self.level < LOCK_RESERVED {
            self.take_back();
        }
        if self.level == LOCK_NONE {
            self.bring_back();
        }
    }

    /// Fills `out` from a byte offset, with zeros past the end. Says whether all of it was there.
    pub(crate) fn read(&self, offset: usize, out: &mut [MaybeUninit<u8>]) -> bool {
        let n_bytes = self.look(|state| state.image.read(offset, out));
        n_bytes == Some(out.len())
    }

    /// Writes one whole page. `false` where it is none, or no lock is held.
    pub(crate) fn write(&mut self, offset: usize, data: &[u8]) -> bool {
        let is_whole = self.is_whole();
        let Some(state) = &mut self.held else { return false };
        let Ok(overwritten) = state.write(offset, data, &mut self.spare) else { return false };
        if !is_whole {
            self.undo.push(Undo::Write(overwritten));
        }
        if self.undo.len() > STEPS_MAX {
            self.fold();
        }
        true
    }

    /// Makes the file this long. `false` where that is no whole number of pages, or no lock is held.
    pub(crate) fn truncate(&mut self, len: usize) -> bool {
        self.fold();
        self.held.as_mut().is_some_and(|state| state.image.truncate(len).is_ok())
    }

    /// Whether how the transaction began is kept whole.
    fn is_whole(&self) -> bool {
        matches!(self.undo.last(), Some(Undo::Whole(_)))
    }

    /// Keeps how the transaction began whole.
    fn fold(&mut self) {
        if self.is_whole() {
            return;
        }
        let Some(state) = &self.held else { return };
        let mut before = state.image.clone();
        for step in self.undo.drain(..).rev() {
            step.take_back(&mut before);
        }
        self.undo.push(Undo::Whole(before));
    }

    /// The transaction holds.
    pub(crate) fn commit(&mut self) {
        for step in self.undo.drain(..) {
            if let Undo::Write(overwritten) = step {
                self.spare.keep(overwritten);
            }
        }
    }

    fn take_back(&mut self) {
        let Some(state) = &mut self.held else { return };
        for step in self.undo.drain(..).rev() {
            step.take_back(&mut state.image);
        }
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.look(|state| state.image.size_bytes()).unwrap_or(0)
    }

    /// Three pragmas would make a connection that a restore cannot reach, or pages that do not fit.
    pub(crate) fn pragma(&self, name: &str, value: Option<&str>) -> Pragma {
        let Some(value) = value else { return Pragma::Pass };
        let stays = |mode: &str| {
            if value.eq_ignore_ascii_case(mode) {
                Pragma::Pass
            } else {
                Pragma::Stays(mode.to_owned())
            }
        };
        match name.to_ascii_lowercase().as_str() {
            // What a transaction has done is taken back here, so that SQLite keeps no journal of it. WAL
            // needs shared memory that is not there, and marks the file; the rest want a second file.
            "journal_mode" => stays("off"),
            // EXCLUSIVE never looks at the change counter again, so it would miss a restore.
            "locking_mode" => stays("normal"),
            "page_size" => {
                match self.look(|state| (state.image.page_count(), state.image.page_size())) {
                    Some((page_count, page_size)) if page_count > 0 => {
                        Pragma::Stays(page_size.to_string())
                    }
                    _ => Pragma::Pass,
                }
            }
            _ => Pragma::Pass,
        }
    }

    /// Looks at the state wherever it is: SQLite reads the header before it takes the first lock.
    fn look<T>(&self, look: impl FnOnce(&State) -> T) -> Option<T> {
        if let Some(state) = &self.held {
            return Some(look(state));
        }
        match &self.slot.inner().seat {
            Seat::Home(state) => Some(look(state)),
            Seat::Out { .. } => None,
        }
    }

    fn bring_back(&mut self) {
        if let Some(state) = self.held.take() {
            self.slot.inner().seat = Seat::Home(state);
        }
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.take_back();
        self.bring_back();
        let mut inner = self.slot.inner();
        inner.door = Door::Closed;
        if let Seat::Home(state) = &mut inner.seat {
            state.image.trim();
        }
    }
}

/// A statement or transaction is open on the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a space at rest, found a statement or transaction open on it")]
pub struct Busy;

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 4096;

    #[test]
    fn a_large_transaction_keeps_how_it_began_and_not_each_step() {
        let slot = Slot::register(Image::empty());
        assert!(slot.admit());
        let mut file = OpenFile::open(&slot.name()).unwrap();
        let write = |file: &mut OpenFile, idx: usize, byte: u8| {
            assert!(file.write(idx * PAGE, &[byte; PAGE]));
        };
        assert!(file.lock(LOCK_RESERVED));
        (0..4).for_each(|idx| write(&mut file, idx, 1));
        file.commit();
        file.unlock(LOCK_NONE);
        let before = slot.snapshot().unwrap();
        assert!(file.lock(LOCK_RESERVED));
        for step in 0..10 * STEPS_MAX {
            write(&mut file, step % 9, 2);
            assert!(file.undo.len() <= STEPS_MAX, "{}", file.undo.len());
        }
        assert!(file.truncate(2 * PAGE));
        write(&mut file, 5, 3);
        file.unlock(LOCK_NONE);
        let after = slot.snapshot().unwrap();
        assert_eq!(after.page_count(), before.page_count());
        assert_eq!(after.bytes_beyond(&before) + before.bytes_beyond(&after), 0);
    }
}
