//! Turns at a world: each piece of work is done once and answered to its own client, one stint at a time,
//! and whoever goes away holds nobody up.
//!
//! Not here: the order of arrival (`sim::world::turns` has tests of it).

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use shuttle::future::{block_on, spawn};

use super::turns::{Stint, Turns};
use crate::base::lock::lock;
use crate::base::sync::Mutex;

const CLIENTS: usize = 4;
const PIECES: usize = 2;

/// What is seen of the work.
#[derive(Default)]
struct Seen {
    is_served: bool,
    done: Vec<usize>,
}

/// Answers at the end what has others behind it, as writes of one commit are.
struct Shared {
    seen: Arc<Mutex<Seen>>,
    held: Vec<usize>,
    is_in_order: bool,
}

impl Shared {
    fn begin(seen: &Arc<Mutex<Seen>>, is_in_order: bool) -> Self {
        let mut now = lock(seen);
        assert!(!now.is_served, "two serve at once");
        now.is_served = true;
        Shared { seen: Arc::clone(seen), held: Vec::new(), is_in_order }
    }
}

impl Stint<usize, usize> for Shared {
    fn answer(&mut self, work: usize, are_others: bool) -> Option<usize> {
        {
            let mut seen = lock(&self.seen);
            assert!(!seen.done.contains(&work), "{work} is done twice");
            seen.done.push(work);
        }
        shuttle::thread::yield_now();
        if self.held.is_empty() && !are_others {
            return Some(work + 1);
        }
        self.held.push(work);
        None
    }

    fn end(mut self) -> Vec<usize> {
        lock(&self.seen).is_served = false;
        if !self.is_in_order {
            self.held.reverse();
        }
        self.held.into_iter().map(|work| work + 1).collect()
    }
}

/// Goes away where it is told to wait; whether it did.
async fn left(work: impl Future) -> bool {
    let mut work = pin!(work);
    poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx).is_pending())).await
}

fn run(is_in_order: bool) {
    let turns = Arc::new(Turns::<usize, usize>::default());
    let seen = Arc::new(Mutex::new(Seen::default()));
    let clients = (0..CLIENTS).map(|client| {
        let (turns, seen) = (Arc::clone(&turns), Arc::clone(&seen));
        spawn(async move {
            for n in 0..PIECES {
                let work = client * 100 + n;
                let taken = turns.take(work, || Shared::begin(&seen, is_in_order));
                if client == 0 && n == 0 {
                    left(taken).await;
                } else {
                    assert_eq!(taken.await, Ok(work + 1), "the answer to {work}");
                    assert!(lock(&seen).done.contains(&work));
                }
            }
        })
    });
    let all: Vec<_> = clients.collect();
    block_on(async {
        for it in all {
            it.await.expect("no client falls");
        }
        // Nobody serves, and the next is served at once.
        let last = turns.take(usize::MAX - 1, || Shared::begin(&seen, true));
        assert!(!left(last).await, "nobody serves any more");
    });
    let done = lock(&seen).done.len() - 1;
    assert!((CLIENTS * PIECES - 1..=CLIENTS * PIECES).contains(&done), "{done} were done");
}

pub(super) fn hold() {
    run(true);
}

pub(super) fn answer_in_another_order() {
    run(false);
}
