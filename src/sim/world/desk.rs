//! Where reads lie that are worked out beside a world's lock.
//!
//! Each is worked out by whoever asked, or by whoever takes the lock to look at the world before that
//! was begun: nobody waits for a task that waits for its thread. What is begun is never put off, so that
//! waiting for it is short.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::thread;

use tokio::sync::Notify;

use crate::base::lock::lock;
use crate::base::sync::{Arc, AtomicUsize, Condvar, Mutex, MutexGuard, Ordering, PoisonError};
use crate::sim::world::engine::beside::{Note, Read, Reader, Worked};
use crate::sim::world::engine::turn::Exchanged;
use crate::sim::world::metrics::Metrics;

/// Connections that one world keeps for them: no more read at once than there are processors, and each
/// holds some pages of its own.
static READERS_MAX: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from).min(4));

/// The reads of one world that are out, and the connections that they are read by.
#[derive(Debug)]
pub(super) struct Desk {
    /// In the order of their turns.
    out: Mutex<Vec<Arc<Place>>>,
    /// How many of them are worked out, and wait to be taken in.
    n_done: AtomicUsize,
    readers: Mutex<Readers>,
    metrics: Arc<Metrics>,
    /// Tells those who wait that there will be an entry more.
    news: Arc<Notify>,
}

/// Connections that are free.
#[derive(Debug, Default)]
struct Readers {
    free: Vec<Reader>,
    /// How often the world was put to rest: a connection of before is closed when its read is done.
    n_rests: u64,
}

/// What comes of a request in its turn.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are the large one, and live for one request"
)]
pub(super) enum Answer {
    Sent(Exchanged),
    Beside(Ticket),
}

/// Where one read lies.
#[derive(Debug)]
struct Place {
    progress: Mutex<Progress>,
    /// Told when it is worked out.
    done: Condvar,
}

#[derive(Debug)]
enum Progress {
    /// With the time that its turn took.
    Waits(Box<Read>, u64),
    Begun,
    /// `None` of what was fetched, and of what a panic has left.
    Done {
        sent: Option<Box<Exchanged>>,
        note: Option<Box<Note>>,
    },
}

/// The right to the answer of a read. Whoever lets go of it owes the journal the entry all the same.
#[derive(Debug)]
pub(super) struct Ticket {
    place: Arc<Place>,
    desk: Arc<Desk>,
}

impl Desk {
    pub(super) fn new(metrics: Arc<Metrics>, news: Arc<Notify>) -> Self {
        let (out, readers) = (Mutex::default(), Mutex::default());
        Desk { out, n_done: AtomicUsize::new(0), readers, metrics, news }
    }

    /// Lays down a read that has had its turn, which took so long. Under the world's lock.
    pub(super) fn put(self: &Arc<Self>, read: Box<Read>, turn_ns: u64) -> Ticket {
        let progress = Mutex::new(Progress::Waits(read, turn_ns));
        let place = Arc::new(Place { progress, done: Condvar::new() });
        lock(&self.out).push(Arc::clone(&place));
        Ticket { place, desk: Arc::clone(self) }
    }

    /// What is worked out by now and was not taken in. Waits for nothing.
    pub(super) fn ready(&self) -> Vec<Note> {
        if self.n_done.load(Ordering::Acquire) == 0 {
            return Vec::new();
        }
        let mut notes = Vec::new();
        lock(&self.out).retain(|place| match &mut *lock(&place.progress) {
            Progress::Done { note, .. } => {
                self.n_done.fetch_sub(1, Ordering::AcqRel);
                notes.extend(note.take().map(|note| *note));
                false
            }
            _ => true,
        });
        notes
    }

    /// Works out what nobody has begun, and waits for the rest. Under the world's lock, so that nothing
    /// is laid down meanwhile.
    pub(super) fn all(&self) -> Vec<Note> {
        let out = mem::take(&mut *lock(&self.out));
        let notes = out.into_iter().filter_map(|place| {
            self.work(&place);
            let mut progress = place.wait();
            let Progress::Done { note, .. } = &mut *progress else { return None };
            self.n_done.fetch_sub(1, Ordering::AcqRel);
            note.take().map(|note| *note)
        });
        notes.collect()
    }

    /// Closes the connections.
    pub(super) fn rest(&self) {
        let mut readers = lock(&self.readers);
        readers.free.clear();
        readers.n_rests += 1;
    }

    /// Works a read out, where nobody has begun it.
    fn work(&self, place: &Place) {
        let (read, turn_ns) = {
            let mut progress = lock(&place.progress);
            if !matches!(&*progress, Progress::Waits(..)) {
                return;
            }
            match mem::replace(&mut *progress, Progress::Begun) {
                Progress::Waits(read, turn_ns) => (read, turn_ns),
                Progress::Begun | Progress::Done { .. } => return,
            }
        };
        let (surface, operation) = (read.asked().vendor.surface, read.asked().routed.operation);
        let worked = catch_unwind(AssertUnwindSafe(|| self.read(*read)));
        let (sent, note) = match worked {
            Ok(Worked { sent, note }) => {
                let held_ns = turn_ns.saturating_add(note.took_ns());
                self.metrics.count(surface, operation, sent.outcome, held_ns);
                (Some(Box::new(sent)), Some(Box::new(note)))
            }
            Err(_) => (None, None),
        };
        *lock(&place.progress) = Progress::Done { sent, note };
        self.n_done.fetch_add(1, Ordering::AcqRel);
        place.done.notify_all();
        self.news.notify_waiters();
    }

    fn read(&self, read: Read) -> Worked {
        let (kept, n_rests) = self.reader(&read);
        let reader = kept.map_or_else(|| Reader::for_read(&read), Ok);
        let mut reader = match reader {
            Ok(reader) => reader,
            Err(error) => return read.work_out(Err(error)),
        };
        let worked = read.work_out(Ok(&mut reader));
        self.take_reader(reader, n_rests);
        worked
    }

    /// A connection that is free, and how often the world was put to rest by then.
    fn reader(&self, read: &Read) -> (Option<Reader>, u64) {
        let mut readers = lock(&self.readers);
        // One that stands there already has its pages and its kept values.
        let ready = readers.free.iter().position(|it| it.is_ready_for(read));
        let kept = match ready {
            Some(idx) => Some(readers.free.swap_remove(idx)),
            None => readers.free.pop(),
        };
        (kept, readers.n_rests)
    }

    /// Takes a connection back, if it is still wanted.
    fn take_reader(&self, reader: Reader, n_rests: u64) {
        let mut readers = lock(&self.readers);
        if readers.n_rests == n_rests && readers.free.len() < *READERS_MAX {
            readers.free.push(reader);
        }
    }
}

impl Place {
    /// Waits until it is worked out; it has been begun.
    fn wait(&self) -> MutexGuard<'_, Progress> {
        let is_begun = |it: &mut Progress| !matches!(it, Progress::Done { .. });
        let progress = lock(&self.progress);
        self.done.wait_while(progress, is_begun).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// The answer: works the read out where nobody else has. `None` where whoever did has panicked.
    pub(super) fn answer(self) -> Option<Exchanged> {
        self.desk.work(&self.place);
        let mut progress = self.place.wait();
        match &mut *progress {
            Progress::Done { sent, .. } => sent.take().map(|sent| *sent),
            _ => None,
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.desk.work(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Stage, asked_of_jtel};

    const CONTACT: &str = "/rest/v1.0/7/dialler/contacts/301501";

    fn delete(stage: &Stage) {
        let answer = stage
            .world()
            .answer(asked_of_jtel("DELETE", "/rest/v1.0/7/dialler/contacts/contact/301501"));
        assert!(matches!(answer, Answer::Sent(sent) if sent.outcome.name() == "ok"));
    }

    /// Has a read take its turn until one is laid down: builds for tests go both ways in turn. No two
    /// are alike, so that none is known from before.
    fn lay_down(stage: &Stage) -> Ticket {
        static N: AtomicUsize = AtomicUsize::new(0);
        let n = N.fetch_add(2, Ordering::Relaxed);
        let mut answers = (n..n + 2)
            .map(|n| stage.world().answer(asked_of_jtel("GET", &format!("{CONTACT}?n={n}"))));
        let ticket = answers.find_map(|it| match it {
            Answer::Beside(ticket) => Some(ticket),
            Answer::Sent(_) => None,
        });
        ticket.expect("every second one is")
    }

    /// How many contacts a reply has.
    fn count(sent: &Exchanged) -> u64 {
        let body: serde_json::Value = serde_json::from_slice(&sent.response.body).unwrap();
        body["count"].as_u64().unwrap_or(0)
    }

    /// The numbers in the journal, in its order.
    fn numbers(stage: &Stage) -> Vec<u64> {
        stage.journal().iter().map(|it| it["seq"].as_u64().unwrap()).collect()
    }

    #[test]
    fn a_read_sees_the_rows_of_its_turn_whatever_is_written_since() {
        let stage = Stage::demo();
        let before = lay_down(&stage);
        delete(&stage);
        let after = lay_down(&stage);
        // The later one first: the one connection goes on and back.
        assert_eq!(count(&after.answer().unwrap()), 0);
        assert_eq!(count(&before.answer().unwrap()), 1);
        let n_entries = stage.world().facts().last_seq.get();
        assert_eq!(numbers(&stage), (1..=n_entries).collect::<Vec<_>>(), "each in its place");
    }

    #[test]
    fn whoever_looks_at_the_world_sees_reads_that_nobody_has_begun() {
        let stage = Stage::demo();
        let ticket = lay_down(&stage);
        let n_entries = numbers(&stage).len();
        assert_eq!(stage.world().facts().last_seq.get(), n_entries as u64);
        assert!(ticket.answer().is_some(), "it is there for who asked");
        assert_eq!(numbers(&stage).len(), n_entries, "and once in the journal");
    }

    #[test]
    fn a_read_whose_client_has_gone_is_in_the_journal() {
        let stage = Stage::demo();
        let ticket = lay_down(&stage);
        let place = Arc::clone(&ticket.place);
        drop(ticket);
        // Nobody had to look for it.
        assert!(matches!(&*lock(&place.progress), Progress::Done { note: Some(_), .. }));
        let n_entries = stage.world().facts().last_seq.get();
        assert_eq!(numbers(&stage), (1..=n_entries).collect::<Vec<_>>());
        assert!(lock(&stage.world().desk.out).is_empty());
    }

    #[test]
    fn one_after_the_other_needs_one_connection_and_a_rest_closes_it() {
        let stage = Stage::demo();
        let tickets: Vec<Ticket> = (0..3).map(|_| lay_down(&stage)).collect();
        for ticket in tickets {
            ticket.answer().unwrap();
        }
        let desk = &stage.world().desk;
        assert_eq!(lock(&desk.readers).free.len(), 1);
        desk.rest();
        assert!(lock(&desk.readers).free.is_empty());
        assert_eq!(count(&lay_down(&stage).answer().unwrap()), 1);
    }

    #[test]
    fn no_more_connections_are_kept_than_can_read_at_once() {
        let stage = Stage::demo();
        let ticket = lay_down(&stage);
        let desk = &stage.world().desk;
        {
            let progress = lock(&ticket.place.progress);
            let Progress::Waits(read, _) = &*progress else { panic!("nobody has begun it") };
            for _ in 0..=*READERS_MAX {
                desk.take_reader(Reader::for_read(read).unwrap(), 0);
            }
        }
        assert_eq!(lock(&desk.readers).free.len(), *READERS_MAX);
    }

    #[test]
    fn a_connection_that_was_read_by_while_the_world_went_to_rest_is_closed() {
        let stage = Stage::demo();
        let ticket = lay_down(&stage);
        let desk = &stage.world().desk;
        let Progress::Waits(read, _) =
            mem::replace(&mut *lock(&ticket.place.progress), Progress::Begun)
        else {
            panic!("nobody has begun it")
        };
        let (_, before) = desk.reader(&read);
        desk.rest();
        let reader = Reader::for_read(&read).unwrap();
        desk.take_reader(reader, before);
        assert!(lock(&desk.readers).free.is_empty());
        let worked = desk.read(*read);
        let (sent, note) = (Some(Box::new(worked.sent)), Some(Box::new(worked.note)));
        *lock(&ticket.place.progress) = Progress::Done { sent, note };
        assert_eq!(count(&ticket.answer().unwrap()), 1);
    }

    #[test]
    fn who_waits_for_news_is_told_of_a_read_whose_client_has_gone() {
        let stage = Stage::demo();
        let ticket = lay_down(&stage);
        let news = Arc::clone(&stage.world().news);
        stage.runtime().block_on(async {
            let told = news.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            drop(ticket);
            told.await;
        });
    }
}
