//! Reads beside a world's lock: each is worked out once, sees the rows of its turn, is answered where its
//! client waits, and has its entry in the journal before anybody looks at the world.

use std::sync::Arc;

use shuttle::thread;
use tokio::sync::Notify;

use super::desk::{Answer, Desk};
use super::engine::beside::Read;
use super::metrics::Metrics;
use crate::base::lock::lock;
use crate::base::sync::Mutex;

const CLIENTS: usize = 3;
const READS: usize = 2;

/// What the lock guards.
#[derive(Default)]
struct World {
    /// The number that the next input is given.
    next: usize,
    rows: usize,
    journal: Vec<usize>,
}

struct Stage {
    world: Mutex<World>,
    desk: Arc<Desk>,
    metrics: Arc<Metrics>,
}

impl Stage {
    fn new() -> Arc<Self> {
        let metrics = Arc::new(Metrics::default());
        let desk = Arc::new(Desk::new(Arc::clone(&metrics), Arc::new(Notify::new())));
        Arc::new(Stage { world: Mutex::default(), desk, metrics })
    }

    /// A read in its turn, and what its client is told.
    fn read(&self, under_lock: bool, is_left: bool) {
        let mut world = lock(&self.world);
        let (seq, rows) = (world.next, world.rows);
        world.next += 1;
        let world = under_lock.then_some(world);
        let read = Box::new(Read::new(seq, rows, &self.metrics));
        let answer = Answer::Beside(self.desk.put(read, 1));
        if let Some(mut world) = world {
            world.journal.extend(self.desk.ready().iter().map(|note| note.seq));
        }
        answered(answer, rows, is_left);
    }

    /// A write, or whoever else looks at the world: all that came before is in the journal.
    fn look(&self, waits: bool) {
        let mut world = lock(&self.world);
        let notes = if waits { self.desk.all() } else { self.desk.ready() };
        world.journal.extend(notes.iter().map(|note| note.seq));
        let mut seen = world.journal.clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..world.next).collect::<Vec<_>>(), "the journal at a look");
        let seq = world.next;
        world.journal.push(seq);
        world.next += 1;
        world.rows += 1;
    }
}

fn answered(answer: Answer, rows: usize, is_left: bool) {
    match answer {
        Answer::Beside(ticket) if is_left => drop(ticket),
        Answer::Beside(ticket) => {
            let sent = ticket.answer().expect("it is answered");
            assert_eq!(sent.rows, rows, "the rows of its turn");
        }
        Answer::Sent(_) => unreachable!("all are beside"),
    }
}

fn run(under_lock: bool, waits: bool) {
    let stage = Stage::new();
    let clients = (0..CLIENTS).map(|client| {
        let stage = Arc::clone(&stage);
        thread::spawn(move || {
            for n in 0..READS {
                stage.read(under_lock, client == 0 && n == 0);
            }
        })
    });
    let writer = {
        let stage = Arc::clone(&stage);
        thread::spawn(move || {
            for _ in 0..READS {
                stage.look(waits);
                stage.desk.rest();
            }
        })
    };
    let all: Vec<_> = clients.chain([writer]).collect();
    for it in all {
        it.join().expect("no client falls");
    }
    stage.look(true);
    assert_eq!(stage.metrics.n_counted(), CLIENTS * READS);
    assert!(stage.desk.ready().is_empty());
}

pub(super) fn hold() {
    run(true, true);
}

pub(super) fn are_laid_down_without_the_lock() {
    run(false, true);
}

pub(super) fn are_not_waited_for() {
    run(true, false);
}
