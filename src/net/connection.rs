//! One connection's task: lets hyper serve it, and ends it when it has stayed too long, when
//! connections are short, or when the program stops.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Poll, ready};

use hyper::server::conn::http1::UpgradeableConnection;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep};

use crate::base::tally;
use crate::net::line::Line;
use crate::net::outgoing::Outgoing;
use crate::net::standing::{Over, Patience, Standing};
use crate::net::tls::failure;
use crate::net::wire::Withheld;
use crate::web::handshake::FailedHandshake;

/// What ends connections from outside.
#[derive(Clone, Debug)]
pub(crate) struct Orders {
    /// Says when the listener stops: what is in flight is finished.
    pub(crate) stop: watch::Receiver<bool>,
    /// Hung up when nothing is waited for any more.
    pub(crate) cut: watch::Receiver<()>,
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// By itself: its client or HTTP says so.
    Closed,
    Broken(hyper::Error),
    Over(Over),
    MadeRoom,
    Stopped,
}

/// Serves a connection until it ends.
pub(crate) async fn attend<S>(
    connection: UpgradeableConnection<TokioIo<Line>, S>,
    standing: &Standing,
    patience: Patience,
    orders: Orders,
) -> End
where
    S: Service<
            hyper::Request<hyper::body::Incoming>,
            Response = hyper::Response<Outgoing>,
            Error = Withheld,
        >,
{
    let Orders { mut stop, mut cut } = orders;
    let mut connection = pin!(connection);
    let mut timer = pin!(sleep(patience.idle));
    let mut is_stopping = false;
    loop {
        // In this order: what has come in is looked at before it is given up.
        tokio::select! {
            biased;
            ended = connection.as_mut() => return ended.map_or_else(End::Broken, |()| End::Closed),
            over = over(standing, timer.as_mut(), &patience) => return End::Over(over),
            leaves = standing.asked_to_leave() => if leaves { return End::MadeRoom },
            () = is_left_alone(standing), if is_stopping => return End::Stopped,
            _ = cut.changed() => return End::Stopped,
            _ = stop.wait_for(|stop| *stop), if !is_stopping => {
                if !standing.is_in_flight() {
                    return End::Stopped;
                }
                is_stopping = true;
                standing.stops();
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Comes back when a connection has stayed too long. The timer is set only where it would ring too
/// late: a request costs it nothing.
async fn over(standing: &Standing, mut timer: Pin<&mut Sleep>, patience: &Patience) -> Over {
    poll_fn(|cx| {
        loop {
            let Some((at, over)) = standing.deadline(patience) else { return Poll::Pending };
            if timer.deadline() > at {
                timer.as_mut().reset(at);
            }
            ready!(timer.as_mut().poll(cx));
            if Instant::now() >= at {
                return Poll::Ready(over);
            }
            timer.as_mut().reset(at);
        }
    })
    .await
}

/// Comes back when nobody waits for what is going on. A client that was answered after the stop is
/// given its moment to see the end.
async fn is_left_alone(standing: &Standing) {
    poll_fn(|_| {
        let is_waited_for = standing.is_in_flight() || standing.is_parting();
        if is_waited_for { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

impl End {
    /// The handshake that it was the end of, or what came in the place of a request.
    pub(crate) fn failed_handshake(&self, standing: &Standing) -> Option<FailedHandshake> {
        match self {
            End::Over(Over::SlowHandshake) => Some(failure::slow()),
            End::Broken(error) if failure::is_http2(error) => Some(failure::http2()),
            End::Broken(error) if error.is_parse() => Some(failure::no_request(error)),
            _ => standing.failed_handshake().cloned(),
        }
    }

    /// Counts it, and says it in the log.
    pub(crate) fn note(&self, peer: SocketAddr) {
        match self {
            End::Broken(error) if error.is_parse() => tally::HEADS_MALFORMED.add(1),
            End::Broken(_) => tally::CONNECTIONS_BROKEN.add(1),
            End::Over(Over::SlowHead) => tally::HEADS_SLOW.add(1),
            End::MadeRoom => tally::CONNECTIONS_MADE_ROOM.add(1),
            End::Closed | End::Over(_) | End::Stopped => {}
        }
        tracing::debug!(%peer, end = ?self, "connection ended");
    }
}
