//! One connection from its first byte to its last: HTTP on it, and what is said inside a tunnel that
//! a client asks for.
//!
//! A tunnel to a host that is answered here is a conversation as any other, on the same connection:
//! plain or TLS, told apart anew. One to another host is passed on byte by byte, and never opened.
//!
//! Not here: how long each may last (`net::connection`), and single exchanges (`net::exchange`).

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

use crate::base::lock::lock;
use crate::net::connection::{End, Orders, attend};
use crate::net::exchange::exchange;
use crate::net::io::Patient;
use crate::net::line::Line;
use crate::net::link::Link;
use crate::net::lobby::Lobby;
use crate::net::prefixed::Prefixed;
use crate::net::setting::{Setting, Tunnel};
use crate::net::standing::{Patience, Standing};
use crate::net::underway::Underway;
use crate::web::answer::Answer;
use crate::web::handshake::FailedHandshake;
use crate::web::via::Via;

/// One connection's conversation.
pub(crate) struct Conversation<A> {
    pub(crate) answer: Arc<A>,
    pub(crate) lobby: Arc<Lobby>,
    pub(crate) peer: SocketAddr,
    /// Where its listener listens.
    pub(crate) own: SocketAddr,
    pub(crate) standing: Arc<Standing>,
    pub(crate) orders: Orders,
}

impl<A: Answer> Conversation<A> {
    /// Holds it to its end.
    pub(crate) async fn hold(self, socket: TcpStream) {
        let standing = Arc::clone(&self.standing);
        let socket = Patient::new(socket, standing, &self.lobby.limits);
        let mut line = self.line(Link::Socket(socket), Bytes::new(), None);
        let mut inside = None;
        loop {
            let (end, tunnel) = self.talk(line, inside.take()).await;
            end.note(self.peer);
            if let Some(failed) = end.failed_handshake(&self.standing) {
                if let Some(tally) = failed.cause.tally() {
                    tally.add(1);
                }
                let peer = Some(self.peer.ip());
                self.answer.unmet(FailedHandshake { peer, ..failed });
            }
            let Some(Tunnel { via, upgrade, to }) = tunnel else { return };
            let Some((bytes, first)) = taken_over(upgrade).await else { return };
            if let Some(host) = to {
                return self.pass(Prefixed::new(first, bytes), host).await;
            }
            line = self.line(bytes, first, Some(&via));
            inside = Some(via);
        }
    }

    fn line(&self, link: Link, first: Bytes, via: Option<&Via>) -> Line {
        let certificates = Arc::clone(&self.lobby.certificates);
        let shown = via.map(|via| via.host.clone());
        Line::new(link, first, shown, Arc::clone(&self.standing), certificates)
    }

    /// Speaks HTTP until the connection ends, or becomes a tunnel.
    async fn talk(&self, line: Line, inside: Option<Arc<Via>>) -> (End, Option<Tunnel>) {
        let limits = self.lobby.limits;
        let setting = Arc::new(Setting {
            peer: self.peer,
            own: self.own,
            lobby: Arc::clone(&self.lobby),
            inside,
            tunnel: Mutex::default(),
        });
        let (stop, shared) = (self.orders.stop.clone(), Arc::clone(&setting));
        let (answer, standing) = (Arc::clone(&self.answer), Arc::clone(&self.standing));
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (answer, setting) = (Arc::clone(&answer), Arc::clone(&shared));
            let has_body = !hyper::body::Body::is_end_stream(request.body());
            let underway = Underway::begin(&standing, &stop, has_body);
            async move { exchange(&*answer, request, &setting, underway).await }
        });
        let connection = http1::Builder::new()
            // Kept by `net::connection`: hyper's own would count the idle time as well.
            .header_read_timeout(None)
            .half_close(true)
            .max_buf_size(limits.head_bytes_max)
            .max_headers(limits.headers_max)
            .title_case_headers(true)
            .auto_date_header(false)
            .serve_connection(TokioIo::new(line), service)
            .with_upgrades();
        let patience = Patience {
            idle: limits.idle_timeout,
            head: limits.head_timeout,
            half_closed: A::HALF_CLOSED_MAX,
        };
        let end = attend(connection, &self.standing, patience, self.orders.clone()).await;
        let tunnel = lock(&setting.tunnel).take();
        (end, tunnel)
    }

    /// Passes on what both sides say, until one has no more to say or the listener stops.
    async fn pass(&self, mut client: Prefixed<Link>, mut host: TcpStream) {
        self.standing.passes();
        let Orders { mut stop, mut cut } = self.orders.clone();
        tokio::select! {
            copied = copy_bidirectional(&mut client, &mut host) => {
                tracing::debug!(peer = %self.peer, ?copied, "a tunnel ended");
            }
            _ = stop.wait_for(|stop| *stop) => {}
            _ = cut.changed() => {}
            _ = self.standing.asked_to_leave() => {}
        }
    }
}

/// The connection of a tunnel, and what was read of it already.
async fn taken_over(upgrade: OnUpgrade) -> Option<(Link, Bytes)> {
    // A client that went away before its reply has no tunnel.
    let upgraded = upgrade.await.ok()?;
    let parts = upgraded.downcast::<TokioIo<Line>>().ok()?;
    Some((parts.io.into_inner().into_link()?, parts.read_buf))
}
