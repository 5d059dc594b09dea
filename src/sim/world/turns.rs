//! Turns at a world: who has it works off what others ask of it meanwhile, while it is hot, and tells
//! them. A world that went from task to task would stand still each time until the next one's thread
//! is awake.
//!
//! In order of arrival; whoever serves does so for a bounded number of others and then hands on.
//!
//! Not here: the world's lock, which is taken for each piece of work.

use std::collections::VecDeque;
use std::fmt;

use tokio::sync::oneshot;

use crate::base::lock::lock;
use crate::base::sync::{Arc, Mutex};

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
    /// It is the next to serve, its own work first; whether there are others behind it.
    Serve(Serving<W, A>, W, bool),
}

/// One stretch of serving: a bounded number of pieces of work, one after the other.
pub(super) trait Stint<W, A> {
    /// Does a piece of work; `None` where it is answered with others at the end. `are_others` is whether more
    /// wait behind it.
    fn answer(&mut self, work: W, are_others: bool) -> Option<A>;

    /// The answers that are still to be given, in the order of the work.
    fn end(self) -> Vec<A>;
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
    /// begun, it is not done. `begin` is asked where it is here.
    ///
    /// # Errors
    /// Where whoever worked on it panicked.
    pub(super) async fn take<S: Stint<W, A>>(
        self: &Arc<Self>,
        work: W,
        begin: impl FnOnce() -> S,
    ) -> Result<A, Lost> {
        match self.arrive(work) {
            // While others wait somebody serves.
            Ok((serving, work)) => serving.serve(work, false, begin),
            Err(told) => match told.await {
                Ok(Told::Done(done)) => Ok(done),
                Ok(Told::Serve(serving, work, are_others)) => {
                    serving.serve(work, are_others, begin)
                }
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

    /// The next whose caller still waits, and whether there are others behind it.
    fn next(&self) -> Option<(Waiting<W, A>, bool)> {
        lock(&self.state).next()
    }

    /// The same; where there is none, nobody serves any more.
    fn next_or_none_serves(&self) -> Option<(Waiting<W, A>, bool)> {
        let mut state = lock(&self.state);
        let next = state.next();
        state.is_served = next.is_some();
        next
    }
}

impl<W, A> State<W, A> {
    fn next(&mut self) -> Option<(Waiting<W, A>, bool)> {
        while let Some(next) = self.waiting.pop_front() {
            if !next.tell.is_closed() {
                return Some((next, !self.waiting.is_empty()));
            }
        }
        None
    }
}

impl<W, A> Serving<W, A> {
    /// Does a piece of work, and others' while they wait.
    ///
    /// # Errors
    /// Where the stint has ended without its answer.
    fn serve<S: Stint<W, A>>(
        self,
        work: W,
        are_others: bool,
        begin: impl FnOnce() -> S,
    ) -> Result<A, Lost> {
        let turns = self.0.as_ref().ok_or(Lost)?;
        let mut stint = begin();
        let own = stint.answer(work, are_others);
        let mut held = Vec::new();
        for _ in 0..OTHERS_MAX {
            let Some((next, are_others)) = turns.next() else { break };
            match stint.answer(next.work, are_others) {
                // Whoever went away meanwhile is not told.
                Some(answer) => drop(next.tell.send(Told::Done(answer))),
                None => held.push(next.tell),
            }
        }
        let mut rest = stint.end().into_iter();
        let own = own.or_else(|| rest.next()).ok_or(Lost);
        for (tell, answer) in held.into_iter().zip(rest) {
            drop(tell.send(Told::Done(answer)));
        }
        own
    }
}

impl<W, A> Drop for Serving<W, A> {
    fn drop(&mut self) {
        let Some(turns) = self.0.take() else { return };
        while let Some((next, are_others)) = turns.next_or_none_serves() {
            let serving = Serving(Some(Arc::clone(&turns)));
            match next.tell.send(Told::Serve(serving, next.work, are_others)) {
                Ok(()) => return,
                // It went away; here is who hands on already.
                Err(Told::Serve(mut back, ..)) => back.0 = None,
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

    /// Answers each piece of work at once.
    struct AtOnce<F>(F);

    impl<W, A, F: FnMut(W) -> A> Stint<W, A> for AtOnce<F> {
        fn answer(&mut self, work: W, _are_others: bool) -> Option<A> {
            Some((self.0)(work))
        }

        fn end(self) -> Vec<A> {
            Vec::new()
        }
    }

    fn at_once<F>(answer: F) -> impl FnOnce() -> AtOnce<F> {
        || AtOnce(answer)
    }

    /// Answers at the end of a stint what has others behind it, and all that comes then: with how many they
    /// were.
    #[derive(Default)]
    struct AtTheEnd(Vec<usize>);

    impl Stint<usize, usize> for AtTheEnd {
        fn answer(&mut self, work: usize, are_others: bool) -> Option<usize> {
            if self.0.is_empty() && !are_others {
                return Some(work);
            }
            self.0.push(work);
            None
        }

        fn end(self) -> Vec<usize> {
            let n = self.0.len();
            self.0.into_iter().map(|work| work * 1000 + n).collect()
        }
    }

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
                    assert_eq!(turns.take(work, at_once(answer)).await, Ok(work + 1));
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
        let mut waiting: Vec<_> =
            (1..=n).map(|work| Box::pin(turns.take(work, at_once(answer)))).collect();
        for it in &mut waiting {
            assert!(poll(it).is_pending());
        }
        assert_eq!(serving.serve(0, false, at_once(answer)), Ok(0));
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
        let mut gone = Box::pin(turns.take(1, at_once(|_| unreachable!("its caller went away"))));
        let mut next = Box::pin(turns.take(2, at_once(|_| unreachable!("its caller went away"))));
        let mut last = Box::pin(turns.take(3, at_once(|work| work)));
        assert!(poll(&mut gone).is_pending() && poll(&mut next).is_pending());
        assert!(poll(&mut last).is_pending());
        drop(gone);
        // It is told to serve, and goes away before it has heard of it.
        drop(serving);
        drop(next);
        assert_eq!(poll(&mut last), Poll::Ready(Ok(3)));
        assert_eq!(turns.take(4, at_once(|work| work)).await, Ok(4));
        assert_eq!(n_waiting(&turns), 0);
    }

    #[tokio::test]
    async fn a_panic_loses_its_own_work_alone() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (serving, _) = turns.arrive(0).ok().expect("nobody serves");
        let mut lost = Box::pin(turns.take(1, at_once(|work| work)));
        let mut next = Box::pin(turns.take(2, at_once(|work| work)));
        assert!(poll(&mut lost).is_pending() && poll(&mut next).is_pending());
        let fallen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            serving.serve(
                0,
                false,
                at_once(|work| if work == 1 { panic!("it fell") } else { work }),
            )
        }));
        assert!(fallen.is_err());
        assert_eq!(poll(&mut lost), Poll::Ready(Err(Lost)));
        assert_eq!(poll(&mut next), Poll::Ready(Ok(2)));
    }

    #[tokio::test]
    async fn what_is_held_back_is_told_at_the_end_in_its_order() {
        let turns = Arc::new(Turns::<usize, usize>::default());
        let (serving, _) = turns.arrive(0).ok().expect("nobody serves");
        let n = OTHERS_MAX + 3;
        let take = |work| Box::pin(turns.take(work, AtTheEnd::default));
        let mut waiting: Vec<_> = (1..=n).map(take).collect();
        for it in &mut waiting {
            assert!(poll(it).is_pending());
        }
        // Nobody was there when it came; those that came meanwhile go together.
        assert_eq!(serving.serve(0, false, AtTheEnd::default), Ok(0));
        for (work, it) in (1..).zip(&mut waiting[..OTHERS_MAX]) {
            assert_eq!(poll(it), Poll::Ready(Ok(work * 1000 + OTHERS_MAX)));
        }
        // So do those that are left, whoever serves them; and who comes to nobody is answered at once.
        for (work, it) in (OTHERS_MAX + 1..).zip(&mut waiting[OTHERS_MAX..]) {
            assert_eq!(poll(it), Poll::Ready(Ok(work * 1000 + 3)));
        }
        assert_eq!(turns.take(5, AtTheEnd::default).await, Ok(5));
    }
}
