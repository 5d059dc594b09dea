//! One listener: accepts connections as long as it is open, makes room where they are short, and
//! lets what is in flight finish when it stops.
//!
//! What lies below HTTP (a malformed head, one that is too long or too slow) is answered by hyper,
//! or dropped; it never reaches a world or a journal.
//!
//! Not here: what happens on a connection (`net::conversation`) and in an exchange (`net::exchange`).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout};

use crate::base::health::Ailment;
use crate::base::limits::SEND_BUFFER_BYTES;
use crate::base::planted::{self, Fault as Planted};
use crate::net::connection::Orders;
use crate::net::conversation::Conversation;
use crate::net::lobby::Lobby;
use crate::net::sealed::seen::Seen;
use crate::net::watched::keep_up;
use crate::web::answer::Answer;

/// How long to wait before the next try, where the system hands out no more connections or nobody
/// could make room.
const PAUSE: Duration = Duration::from_millis(50);

/// Time without a failure after which the next one is told again. A flood at the limit fails and
/// succeeds in turn, many times a second.
const QUIET: Duration = Duration::from_secs(10);

/// Clients that may stand before the door, as the kernel counts them; it takes less where its own limit
/// (`net.core.somaxconn`) is lower. Of a longer line it drops the last, who try again after a whole
/// second: a burst of a few hundred clients has to find room.
const BACKLOG: i32 = 4096;

/// Serves a listener until `stop` says so, then lets requests in flight finish within the limit.
pub(crate) async fn serve<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    lobby: Arc<Lobby>,
    stop: watch::Receiver<bool>,
) {
    accept_until(listener, answer, lobby, stop).await.drain().await;
}

/// Serves a listener of a client that is sealed off, to which every address leads.
pub(crate) async fn serve_sealed<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    lobby: Arc<Lobby>,
    seen: Arc<Seen>,
    stop: watch::Receiver<bool>,
) {
    accept(listener, answer, lobby, Some(seen), stop).await.drain().await;
}

/// What a listener that has stopped is still answering. Cut off where it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight {
    cut: watch::Sender<()>,
    drain_timeout: Duration,
}

impl InFlight {
    /// Lets requests in flight finish within the limit.
    pub(crate) async fn drain(self) {
        if timeout(self.drain_timeout, self.cut.closed()).await.is_err() {
            tracing::warn!("stopped with requests in flight");
        }
    }
}

/// Serves a listener until `stop` says so, or its sender is gone; the address is free then. Answers
/// what is still in flight.
pub(crate) async fn accept_until<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    lobby: Arc<Lobby>,
    stop: watch::Receiver<bool>,
) -> InFlight {
    accept(listener, answer, lobby, None, stop).await
}

async fn accept<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    lobby: Arc<Lobby>,
    seen: Option<Arc<Seen>>,
    stop: watch::Receiver<bool>,
) -> InFlight {
    if let Err(error) = rustix::net::listen(&listener, BACKLOG) {
        tracing::debug!(%error, "no longer a line before the door");
    }
    let (cut, cut_told) = watch::channel(());
    let in_flight = InFlight { cut, drain_timeout: lobby.limits.drain_timeout };
    let own = listener.local_addr();
    let who = own.as_ref().map_or("a listener".into(), |it| format!("listener {it}"));
    let own = own.unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)));
    let id = lobby.listener_id();
    let most = lobby.limits.connections_max.min(Semaphore::MAX_PERMITS);
    let room = Arc::new(Semaphore::new(most));
    let orders = Orders { stop, cut: cut_told };
    let lobby_of_desk = Arc::clone(&lobby);
    let desk = Desk { listener, answer, lobby: lobby_of_desk, id, room, own, seen, who };
    let desk = Arc::new(desk);
    keep_up(&desk.who, &lobby.health, || Arc::clone(&desk).accept_all(orders.clone())).await;
    lobby.health.is_well(&desk.who);
    in_flight
}

/// Where the connections of one listener are taken in.
struct Desk<A> {
    listener: TcpListener,
    answer: Arc<A>,
    lobby: Arc<Lobby>,
    id: u64,
    room: Arc<Semaphore>,
    /// Where it listens.
    own: SocketAddr,
    /// Where it is noted which addresses clients meant; `None` where there is but its own.
    seen: Option<Arc<Seen>>,
    /// How it is called.
    who: String,
}

impl<A: Answer> Desk<A> {
    async fn accept_all(self: Arc<Self>, orders: Orders) {
        let mut stop = orders.stop.clone();
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            never = self.accept_for_ever(&orders) => match never {},
        }
    }

    async fn accept_for_ever(&self, orders: &Orders) -> std::convert::Infallible {
        let mut failed_at: Option<Instant> = None;
        let mut is_short = false;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if std::mem::take(&mut is_short) {
                        self.lobby.health.is_well(&self.who);
                    }
                    planted::holds_thread(Planted::DoorHoldsThread, Duration::from_millis(20));
                    let permit = self.room().await;
                    self.take_in(stream, peer, permit, orders.clone());
                }
                Err(error) => {
                    let now = Instant::now();
                    if failed_at.is_none_or(|before| now.duration_since(before) >= QUIET) {
                        tracing::warn!(%error, listener = self.who, "cannot accept; tries on");
                    }
                    failed_at = Some(now);
                    // A client that is gone again is no shortage.
                    if error.kind() != io::ErrorKind::ConnectionAborted
                        && !self.make_room(&error).await
                    {
                        let reason = format!("cannot accept: {error}");
                        self.lobby.health.ails(&self.who, Ailment::Short, reason);
                        is_short = true;
                    }
                }
            }
        }
    }

    /// Waits for a place among the listener's connections; has others make room meanwhile.
    async fn room(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            let room = Arc::clone(&self.room);
            if let Ok(permit) = Arc::clone(&room).try_acquire_owned() {
                return Some(permit);
            }
            self.lobby.crowd.ask_one_to_leave(Some(self.id));
            if let Ok(permit) = timeout(PAUSE, room.acquire_owned()).await {
                return permit.ok();
            }
        }
    }

    /// Waits until somebody has made room in the process, or a moment where nobody can. Answers
    /// whether somebody has.
    async fn make_room(&self, error: &io::Error) -> bool {
        let crowd = &self.lobby.crowd;
        let mut left = std::pin::pin!(crowd.left.notified());
        // Enlisted before the question, so that one who leaves at once is not missed.
        left.as_mut().enable();
        if is_shortage(error) {
            crowd.ask_one_to_leave(None);
        }
        timeout(PAUSE, left).await.is_ok()
    }

    fn take_in(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        permit: Option<OwnedSemaphorePermit>,
        orders: Orders,
    ) {
        prepare(&stream, peer);
        if let (Some(seen), Ok(meant)) = (&self.seen, stream.local_addr()) {
            seen.address(meant);
        }
        let place = self.lobby.crowd.enter(self.id);
        let conversation = Conversation {
            answer: Arc::clone(&self.answer),
            lobby: Arc::clone(&self.lobby),
            peer,
            own: self.own,
            standing: Arc::clone(&place.standing),
            orders,
        };
        tokio::spawn(async move {
            conversation.hold(stream).await;
            drop((place, permit));
        });
    }
}

/// Sets what a connection needs of the system. It works without as well.
fn prepare(stream: &TcpStream, peer: SocketAddr) {
    // Replies are small and awaited: never hold one back for the next.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "no delay cannot be set");
    }
    if let Err(error) = set_socket_send_buffer_size(stream, SEND_BUFFER_BYTES) {
        tracing::debug!(%peer, %error, "the send buffer stays as it is");
    }
}

/// Whether descriptors or memory for connections are short, so that it helps to close some.
fn is_shortage(error: &io::Error) -> bool {
    let shortages = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    Errno::from_io_error(error).is_some_and(|errno| shortages.contains(&errno))
}
