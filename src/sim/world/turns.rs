//! Turns at a world: who has it works off what others ask of it meanwhile, while it is hot, and tells
//! them. A world that went from task to task would stand still each time until the next one's thread
//! is awake.
//!
//! In order of arrival; whoever serves does so for a bounded number of others and then hands on.
//!
//! Not here: the world's lock, which is taken for each piece of work.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::base::lock::lock;

/// So much of others' work is done before one's own answer leaves: at some 20 µs each, well under a
/// millisecond.
const OTHERS_MAX: usize = 32;

/// Pieces of work that wait for their turn.
pub(super) struct Turns<W, A> {
    state: Mutex<State<W, A>>,
}

struct State<W, A> {
    waiting: VecDeque<Waiting<W, A>>,
    /// Whether somebody serves; those who come wait then.
    is_served: bool,
}

struct Waiting<W, A> {
    work: W,
    tell: oneshot::Sender<Told<W, A>>,
}

/// What one who waited is told.
enum Told<W, A> {
    Done(A),
    /// It is the next to serve, its own work first.
    Serve(Serving<W, A>, W),
}

/// The right to serve; whoever lets go of it hands it on.
struct Serving<W, A>(Option<Arc<Turns<W, A>>>);

/// Who worked on it did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task that worked on the request ended before it was answered")]
pub(super) struct Lost;

impl<W, A> Default for Turns<W, A> {
    fn default() -> Self {
        let state = State { waiting: VecDeque::new(), is_served: false };
        Turns { state: Mutex::new(state) }
    }
}

impl<W, A> fmt::Debug for Turns<W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").field("n_waiting", &lock(&self.state).waiting.len()).finish()
    }
}

impl<W, A> Turns<W, A> {
    /// Has a piece of work done, here or by whoever serves. Where the caller goes away before it is
    /// begun, it is not done.
    ///
    /// # Errors
    /// Where whoever worked on it panicked.
    pub(super) async fn take(
        self: &Arc<Self>,
        work: W,
        mut answer: impl FnMut(W) -> A,
    ) -> Result<A, Lost> {
        match self.arrive(work) {
            Ok((serving, work)) => Ok(serving.serve(work, &mut answer)),
            Err(told) => match told.await {
                Ok(Told::Done(done)) => Ok(done),
                Ok(Told::Serve(serving, work)) => Ok(serving.serve(work, &mut answer)),
                Err(_) => Err(Lost),
            },
        }
    }

    /// Begins to serve, or waits to be told.
    #[expect(clippy::type_complexity, reason = "two ways on, each used once")]
    fn arrive(
        self: &Arc<Self>,
        work: W,
    ) -> Result<(Serving<W, A>, W), oneshot::Receiver<Told<W, A>>> {
        let mut state = lock(&self.state);
        if !state.is_served {
            state.is_served = true;
            return Ok((Serving(Some(Arc::clone(self))), work));
        }
        let (tell, told) = oneshot::channel();
        state.waiting.push_back(Waiting { work, tell });
        Err(told)
    }

    /// The next whose caller still waits; where there is none, nobody serves any more.
    fn next(&self) -> Option<Waiting<W, A>> {
        let mut state = lock(&self.state);
        while let Some(next) = state.waiting.pop_front() {
            if !next.tell.is_closed() {
                return Some(next);
            }
        }
        state.is_served = false;
        None
    }
}

impl<W, A> Serving<W, A> {
    fn serve(mut self, work: W, answer: &mut impl FnMut(W) -> A) -> A {
        let own = answer(work);
        for _ in 0..OTHERS_MAX {
            let Some(next) = self.0.as_ref().and_then(|turns| turns.next()) else {
                self.0 = None;
                break;
            };
            // Whoever went away meanwhile is not told.
            let _ = next.tell.send(Told::Done(answer(next.work)));
        }
        own
    }
}

impl<W, A> Drop for Serving<W, A> {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        while let Some(next) = turns.next() {
            let serving = Serving(Some(Arc::clone(&turns)));
            match next.tell.send(Told::Serve(serving, next.work)) {
                Ok(()) => return,
                // It went away; here is who hands on already.
                Err(Told::Serve(mut back, _)) => back.0 = None,
                Err(Told::Done(_)) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Waker};

    use tokio::task::JoinSet;

    use super::*;

    fn poll<T>(future: &mut Pin<Box<impl Future<Output = T>>>) -> Poll<T> {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    fn n_waiting(turns: &Turns<usize, usize>) -> usize {
        lock(&turns.state).waiting.len()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn each_is_done_once_and_none_at_a_time_with_another() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (within, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        for task in 0..64 {
            let (turns, within, done) =
                (Arc::clone(&turns), Arc::clone(&within), Arc::clone(&done));
            tasks.spawn(async move {
                for n in 0..500 {
                    let answer = |work: usize| {
                        assert_eq!(within.fetch_add(1, Ordering::SeqCst), 0);
                        done.fetch_add(1, Ordering::SeqCst);
                        within.fetch_sub(1, Ordering::SeqCst);
                        work + 1
                    };
                    let work = task * 1000 + n;
                    assert_eq!(turns.take(work, answer).await, Ok(work + 1));
                }
            });
        }
        tasks.join_all().await;
        assert_eq!(done.load(Ordering::SeqCst), 64 * 500);
        assert!(!lock(&turns.state).is_served);
    }

    #[tokio::test]
    async fn in_the_order_of_arrival_and_handed_on_after_so_many() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (serving, _) = turns.arrive(0).ok().expect("nobody serves");
        let order = Mutex::new(Vec::new());
        let answer = |work| {
            lock(&order).push(work);
            work
        };
        let n = OTHERS_MAX + 3;
        let mut waiting: Vec<_> = (1..=n).map(|work| Box::pin(turns.take(work, answer))).collect();
        for it in &mut waiting {
            assert!(poll(it).is_pending());
        }
        assert_eq!(serving.serve(0, &mut { answer }), 0);
        let told: Vec<_> = (0..=OTHERS_MAX).collect();
        assert_eq!(*lock(&order), told);
        for (work, it) in (1..).zip(&mut waiting) {
            assert_eq!(poll(it), Poll::Ready(Ok(work)));
        }
        assert_eq!(*lock(&order), (0..=n).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_begun_and_holds_nobody_up() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (serving, _) = turns.arrive(0).ok().expect("nobody serves");
        let mut gone = Box::pin(turns.take(1, |_| unreachable!("its caller went away")));
        let mut next = Box::pin(turns.take(2, |_| unreachable!("its caller went away")));
        let mut last = Box::pin(turns.take(3, |work| work));
        assert!(poll(&mut gone).is_pending() && poll(&mut next).is_pending());
        assert!(poll(&mut last).is_pending());
        drop(gone);
        // It is told to serve, and goes away before it has heard of it.
        drop(serving);
        drop(next);
        assert_eq!(poll(&mut last), Poll::Ready(Ok(3)));
        assert_eq!(turns.take(4, |work| work).await, Ok(4));
        assert_eq!(n_waiting(&turns), 0);
    }

    #[tokio::test]
    async fn a_panic_loses_its_own_work_alone() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (serving, _) = turns.arrive(0).ok().expect("nobody serves");
        let mut lost = Box::pin(turns.take(1, |work| work));
        let mut next = Box::pin(turns.take(2, |work| work));
        assert!(poll(&mut lost).is_pending() && poll(&mut next).is_pending());
        let fallen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            serving.serve(0, &mut |work| if work == 1 { panic!("it fell") } else { work })
        }));
        assert!(fallen.is_err());
        assert_eq!(poll(&mut lost), Poll::Ready(Err(Lost)));
        assert_eq!(poll(&mut next), Poll::Ready(Ok(2)));
    }
}
