//! Where one connection stands between two requests, in a request or in a reply; since when; and so
//! how long it may stay, and whether it makes room when connections are short.
//!
//! Told by the socket (`net::io`), by the exchange and by the body on its way out
//! (`net::underway`). Asked by the connection's task (`net::connection`) and by the accepting loop
//! (`net::crowd`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::base::lock::lock;
use crate::web::handshake::FailedHandshake;

/// What a connection is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Between two requests, or before the first.
    Idle,
    /// A TLS handshake has begun.
    Handshake,
    /// Some of a head has come in.
    Head,
    /// The head has come in whole, the body has not.
    Body,
    /// The request is being worked on.
    Answering,
    /// The reply is being made and sent.
    Sending,
    /// The reply is made, and not all of it is with the system yet.
    Sent,
    /// What both sides say is passed on.
    Tunnel,
    /// Our side is closed; what still comes in is thrown away.
    Closing,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Idle, closing: since when. A handshake or a request: since its first byte.
    since: Instant,
    /// Bytes of the request that came in.
    n_bytes: u64,
    /// When the client closed its side, in the request that is being worked on.
    half_closed: Option<Instant>,
    /// No reply will come: a fault took it.
    hangs: bool,
    /// The reply has no end of its own.
    endless: bool,
}

/// One connection, as all sides see it.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The listener that it came by.
    pub(crate) listener: u64,
    state: Mutex<State>,
    is_reset: AtomicBool,
    is_stopping: AtomicBool,
    is_asked: AtomicBool,
    leave: Notify,
    /// The handshake that came to nothing.
    failed: OnceLock<Box<FailedHandshake>>,
}

/// How long a connection may stay as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) idle: Duration,
    pub(crate) head: Duration,
    /// How long a reply is worked on for a client that has closed its side.
    pub(crate) half_closed: Duration,
}

/// Why a connection may not stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Idle,
    SlowHandshake,
    SlowHead,
    Gone,
}

/// Time in which a request that was sent at once comes in, over any network.
const YOUNG: Duration = Duration::from_secs(1);

/// Who makes room first: the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u8, u64);

impl Standing {
    /// A connection that was just accepted.
    pub(crate) fn new(listener: u64) -> Self {
        let state = State {
            phase: Phase::Idle,
            since: Instant::now(),
            n_bytes: 0,
            half_closed: None,
            hangs: false,
            endless: false,
        };
        let (is_reset, is_stopping, is_asked, leave, failed) = Default::default();
        let state = Mutex::new(state);
        Standing { listener, state, is_reset, is_stopping, is_asked, leave, failed }
    }

    /// Bytes have come in. Line ends between two requests are nobody's first bytes.
    pub(crate) fn came_in(&self, bytes: &[u8]) {
        let mut state = lock(&self.state);
        match state.phase {
            Phase::Idle if !bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {
                state.phase = Phase::Head;
                state.since = Instant::now();
                state.n_bytes = bytes.len() as u64;
            }
            Phase::Head | Phase::Body => state.n_bytes += bytes.len() as u64,
            _ => {}
        }
    }

    /// A TLS handshake begins.
    pub(crate) fn shakes_hands(&self) {
        self.turns_to(Phase::Handshake);
    }

    /// The handshake is done.
    pub(crate) fn shook_hands(&self) {
        self.turns_to(Phase::Idle);
    }

    fn turns_to(&self, phase: Phase) {
        let mut state = lock(&self.state);
        state.phase = phase;
        state.since = Instant::now();
    }

    /// The handshake came to nothing.
    pub(crate) fn handshake_failed(&self, failed: FailedHandshake) {
        // What is found out first counts.
        let _ = self.failed.set(Box::new(failed));
    }

    /// The handshake that came to nothing.
    pub(crate) fn failed_handshake(&self) -> Option<&FailedHandshake> {
        self.failed.get().map(|failed| &**failed)
    }

    /// A head has come in whole.
    pub(crate) fn head_is_in(&self, has_body: bool) {
        let mut state = lock(&self.state);
        state.phase = if has_body { Phase::Body } else { Phase::Answering };
        state.half_closed = None;
    }

    /// The body has come in whole, or is taken no further.
    pub(crate) fn body_is_in(&self) {
        lock(&self.state).phase = Phase::Answering;
    }

    /// The reply begins. An endless one is not waited for when the program stops.
    pub(crate) fn sends(&self, endless: bool) {
        let mut state = lock(&self.state);
        state.phase = Phase::Sending;
        state.endless = endless;
    }

    /// No reply will come.
    pub(crate) fn hangs(&self) {
        lock(&self.state).hangs = true;
    }

    /// All of the reply was handed over for sending.
    pub(crate) fn is_made(&self) {
        lock(&self.state).phase = Phase::Sent;
    }

    /// All that was handed over is with the system.
    pub(crate) fn is_flushed(&self) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Sent {
            state.phase = Phase::Idle;
            state.since = Instant::now();
            state.endless = false;
        }
    }

    /// It is a tunnel to another host from now on.
    pub(crate) fn passes(&self) {
        self.turns_to(Phase::Tunnel);
    }

    /// Our side is closed.
    pub(crate) fn is_closing(&self) {
        self.turns_to(Phase::Closing);
    }

    /// Whether nothing is read, so that the end of the client has to be looked for.
    pub(crate) fn is_unwatched(&self) -> bool {
        let state = lock(&self.state);
        matches!(state.phase, Phase::Answering | Phase::Sending) && state.half_closed.is_none()
    }

    /// The client has closed its side.
    pub(crate) fn is_half_closed(&self) {
        lock(&self.state).half_closed.get_or_insert_with(Instant::now);
    }

    /// From now on the connection ends with a reset, and what was not taken yet is lost.
    pub(crate) fn reset_at_end(&self) {
        self.is_reset.store(true, Ordering::Release);
    }

    /// Whether it ends with a reset.
    pub(crate) fn is_reset(&self) -> bool {
        self.is_reset.load(Ordering::Acquire)
    }

    /// The program stops: nobody has much time any more.
    pub(crate) fn stops(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    /// Whether the program stops.
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    /// Whether somebody waits for what is going on.
    pub(crate) fn is_in_flight(&self) -> bool {
        let state = lock(&self.state);
        match state.phase {
            Phase::Idle | Phase::Handshake | Phase::Head | Phase::Tunnel | Phase::Closing => false,
            Phase::Body | Phase::Answering => true,
            Phase::Sending | Phase::Sent => !state.endless,
        }
    }

    /// Whether it waits only for its client to close as well.
    pub(crate) fn is_parting(&self) -> bool {
        lock(&self.state).phase == Phase::Closing
    }

    /// When it has stayed too long, and what that means; `None` where others keep the time.
    pub(crate) fn deadline(&self, patience: &Patience) -> Option<(Instant, Over)> {
        let state = lock(&self.state);
        let (from, patience, over) = match state.phase {
            Phase::Idle => (state.since, patience.idle, Over::Idle),
            Phase::Handshake => (state.since, patience.head, Over::SlowHandshake),
            Phase::Head => (state.since, patience.head, Over::SlowHead),
            Phase::Answering if state.hangs => (state.half_closed?, Duration::ZERO, Over::Gone),
            Phase::Answering => (state.half_closed?, patience.half_closed, Over::Gone),
            _ => return None,
        };
        // A limit beyond the end of time is none.
        Some((from.checked_add(patience)?, over))
    }

    /// Where it stands among those that make room; `None` where it makes none. Those that are
    /// parting go first, then the longest idle, then the slowest to send a request. A young one, whose
    /// request may be on its way, goes only after all others.
    pub(crate) fn rank(&self, now: Instant) -> Option<Rank> {
        if self.is_asked.load(Ordering::Acquire) {
            return None;
        }
        let state = lock(&self.state);
        let age = now.saturating_duration_since(state.since);
        let oldest_first = u64::MAX - u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
        match state.phase {
            Phase::Answering | Phase::Sending | Phase::Sent => None,
            Phase::Closing => Some(Rank(0, oldest_first)),
            _ if age < YOUNG => Some(Rank(3, oldest_first)),
            Phase::Idle | Phase::Tunnel => Some(Rank(1, oldest_first)),
            Phase::Handshake => Some(Rank(2, 0)),
            Phase::Head | Phase::Body => {
                let per_second = u128::from(state.n_bytes) * 1_000_000_000 / age.as_nanos();
                Some(Rank(2, u64::try_from(per_second).unwrap_or(u64::MAX)))
            }
        }
    }

    /// Asks it to make room.
    pub(crate) fn ask_to_leave(&self) {
        self.is_asked.store(true, Ordering::Release);
        self.leave.notify_one();
    }

    /// Comes back when it was asked to make room, with whether it does: in the meantime its request
    /// may have come in whole.
    pub(crate) async fn asked_to_leave(&self) -> bool {
        self.leave.notified().await;
        // In a flood nobody may have looked for a while whether something has come in. This comes back
        // when somebody has.
        tokio::task::yield_now().await;
        self.is_asked.store(false, Ordering::Release);
        self.rank(Instant::now()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience {
        idle: Duration::from_secs(75),
        head: Duration::from_secs(10),
        half_closed: Duration::from_secs(5),
    };

    fn left(standing: &Standing) -> Option<(u64, Over)> {
        let (at, over) = standing.deadline(&PATIENCE)?;
        // Rounded up, because a moment has passed.
        Some(((at - Instant::now()).as_secs() + 1, over))
    }

    #[test]
    fn the_time_of_a_head_begins_with_its_first_byte() {
        let standing = Standing::new(1);
        assert_eq!(left(&standing), Some((75, Over::Idle)));
        standing.came_in(b"\r\n");
        assert_eq!(left(&standing), Some((75, Over::Idle)));
        standing.came_in(b"P");
        assert_eq!(left(&standing), Some((10, Over::SlowHead)));
        standing.head_is_in(false);
        assert_eq!(left(&standing), None);
        standing.sends(false);
        standing.is_flushed();
        assert_eq!(left(&standing), None, "a flush within a reply is not its end");
        standing.is_made();
        assert_eq!(left(&standing), None);
        standing.is_flushed();
        assert_eq!(left(&standing), Some((75, Over::Idle)));
    }

    #[test]
    fn a_handshake_has_the_time_of_a_head_and_is_not_waited_for() {
        let standing = Standing::new(1);
        standing.shakes_hands();
        assert_eq!(left(&standing), Some((10, Over::SlowHandshake)));
        assert!(!standing.is_in_flight());
        standing.shook_hands();
        assert_eq!(left(&standing), Some((75, Over::Idle)));
    }

    #[test]
    fn a_client_that_closed_its_side_is_answered_for_a_while() {
        let standing = Standing::new(1);
        standing.head_is_in(false);
        assert!(standing.is_unwatched());
        standing.is_half_closed();
        assert!(!standing.is_unwatched());
        assert_eq!(left(&standing), Some((5, Over::Gone)));
        standing.sends(false);
        assert_eq!(left(&standing), None, "a write finds out whether it is gone");
        standing.head_is_in(false);
        standing.hangs();
        assert_eq!(left(&standing), None);
        standing.is_half_closed();
        let (at, over) = standing.deadline(&PATIENCE).unwrap();
        assert!(at <= Instant::now() && over == Over::Gone);
    }

    #[test]
    fn the_longest_idle_make_room_first_then_the_slowest_never_one_that_is_answered() {
        let all: Vec<Standing> = (0..6).map(|_| Standing::new(1)).collect();
        let [answered, large, slow, quick, old, parting] = &all[..] else { panic!() };
        answered.head_is_in(false);
        slow.came_in(b"P");
        quick.came_in(&vec![b'P'; 100_000]);
        large.came_in(&[b'P'; 200]);
        large.head_is_in(true);
        large.came_in(&vec![0; 1_000_000]);
        parting.is_closing();
        let less_old = Standing::new(1);
        let now = Instant::now() + 2 * YOUNG;
        let young = Standing::new(1);
        lock(&young.state).since = now;
        assert_eq!(answered.rank(now), None);
        let order = [parting, old, &less_old, slow, quick, large, &young];
        let ranks: Vec<Rank> = order.iter().filter_map(|it| it.rank(now)).collect();
        assert_eq!(ranks.len(), order.len());
        assert!(ranks.is_sorted(), "{ranks:?}");
        old.ask_to_leave();
        assert_eq!(old.rank(now), None, "it is asked once");
    }

    #[test]
    fn a_stop_waits_for_what_somebody_waits_for() {
        let standing = Standing::new(1);
        assert!(!standing.is_in_flight());
        standing.came_in(b"P");
        assert!(!standing.is_in_flight());
        standing.head_is_in(true);
        assert!(standing.is_in_flight());
        standing.body_is_in();
        assert!(standing.is_in_flight());
        standing.sends(true);
        assert!(!standing.is_in_flight(), "an endless reply would be waited for in vain");
        standing.sends(false);
        assert!(standing.is_in_flight());
        standing.is_made();
        assert!(standing.is_in_flight());
        standing.is_closing();
        assert!(!standing.is_in_flight() && standing.is_parting());
    }
}
