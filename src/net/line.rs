//! What hyper reads from and writes to: a connection that is plain HTTP or TLS, told apart by its first
//! byte.
//!
//! The first chunk is read into hyper's own buffer. Where it is plain, it stays there, so that a plain
//! connection costs no system call and no copy more. Where it begins as TLS does, it is taken back,
//! and the handshake is done before hyper sees anything.
//!
//! Also here: what the connection's task is told of what comes in and goes out.
//!
//! Not here: the bytes on their way (`net::link`), certificates and words (`net::tls`).

use std::future::Future;
use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{LazyConfigAcceptor, server};

use crate::base::tally;
use crate::net::io::Look;
use crate::net::link::{Link, Secure};
use crate::net::prefixed::Prefixed;
use crate::net::standing::Standing;
use crate::net::tls::certificates::Certificates;
use crate::net::tls::failure::{failed, is_verdict};
use crate::web::host_pattern::Host;

/// What a record of a TLS handshake begins with. No method of HTTP does.
const HANDSHAKE: u8 = 0x16;

/// A connection, plain or not.
pub(crate) struct Line {
    state: State,
    /// The host that the client asked for: by TLS, or to come here.
    host: Option<Host>,
    /// Whether a client that speaks TLS has said a word, so that it took the certificate.
    is_proven: bool,
    standing: Arc<Standing>,
    certificates: Arc<Certificates>,
}

enum State {
    /// Nothing has come in.
    Fresh(Prefixed<Link>),
    /// What comes in is hyper's.
    Open(Prefixed<Link>),
    /// The client says what it wants.
    Hello(Box<LazyConfigAcceptor<Prefixed<Link>>>),
    Handshake(Box<server::FallibleAccept<Prefixed<Link>>>),
    /// The handshake came to nothing; only the end is left.
    Failed(Box<Prefixed<Link>>),
    /// Nothing is left.
    Over,
}

impl Line {
    /// A connection of which `first` was read. A client that names no host in its handshake is shown
    /// a certificate for `host`, or for the address where there is none.
    pub(crate) fn new(
        link: Link,
        first: Bytes,
        host: Option<Host>,
        standing: Arc<Standing>,
        certificates: Arc<Certificates>,
    ) -> Self {
        let state = State::Fresh(Prefixed::new(first, link));
        Line { state, host, is_proven: true, standing, certificates }
    }

    /// What bytes go over, for what else is to be said on it; `None` where there is nothing left.
    pub(crate) fn into_link(self) -> Option<Link> {
        match self.state {
            State::Fresh(link) | State::Open(link) => Some(link.into_inner()),
            State::Hello(_) | State::Handshake(_) | State::Failed(_) | State::Over => None,
        }
    }

    /// Reads the first chunk of a connection, and tells by its first byte what it is.
    fn poll_first(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let State::Fresh(link) = &mut self.state else { return Poll::Ready(Ok(())) };
        let n_before = buf.filled().len();
        ready!(Pin::new(link).poll_read(cx, buf))?;
        let first = &buf.filled()[n_before..];
        let State::Fresh(link) = mem::replace(&mut self.state, State::Over) else {
            return Poll::Ready(Ok(()));
        };
        if first.first() != Some(&HANDSHAKE) {
            self.state = State::Open(link);
            return Poll::Ready(Ok(()));
        }
        let first = Bytes::copy_from_slice(first);
        buf.set_filled(n_before);
        self.standing.shakes_hands();
        let acceptor = LazyConfigAcceptor::new(Acceptor::default(), link.again(first));
        self.state = State::Hello(Box::new(acceptor));
        Poll::Ready(Ok(()))
    }

    /// Does the handshake, as far as what has come in allows.
    fn poll_handshake(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match &mut self.state {
                State::Hello(acceptor) => match ready!(Pin::new(&mut **acceptor).poll(cx)) {
                    Ok(start) => {
                        let name = start.client_hello().server_name().map(str::parse::<Host>);
                        let host = match (name, self.host.take()) {
                            (Some(Ok(host)), _) | (_, Some(host)) => host,
                            _ => Host::Address(start.io.get_ref().local_address()?.ip()),
                        };
                        let config = self.certificates.config(&host);
                        self.host = Some(host);
                        match config {
                            Ok(config) => {
                                let accept = start.into_stream(config).into_fallible();
                                self.state = State::Handshake(Box::new(accept));
                            }
                            Err(error) => {
                                let error = io::Error::other(error);
                                return Poll::Ready(Err(self.fail(error, Some(start.io))));
                            }
                        }
                    }
                    Err(error) => {
                        let socket = acceptor.take_io();
                        return Poll::Ready(Err(self.fail(error, socket)));
                    }
                },
                State::Handshake(accept) => match ready!(Pin::new(&mut **accept).poll(cx)) {
                    Ok(stream) => {
                        tally::HANDSHAKES.add(1);
                        self.standing.shook_hands();
                        self.is_proven = false;
                        let link = Link::Secure(Box::new(Secure::new(stream)));
                        self.state = State::Open(Prefixed::new(Bytes::new(), link));
                        return Poll::Ready(Ok(()));
                    }
                    Err((error, socket)) => {
                        return Poll::Ready(Err(self.fail(error, Some(socket))));
                    }
                },
                State::Failed(_) | State::Over => {
                    return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
                }
                State::Fresh(_) | State::Open(_) => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Notes that the handshake came to nothing. The socket stays, so that the client learns why.
    fn fail(&mut self, error: io::Error, socket: Option<Prefixed<Link>>) -> io::Error {
        self.note(&error);
        self.state = socket.map_or(State::Over, |socket| State::Failed(Box::new(socket)));
        error
    }

    fn note(&self, error: &io::Error) {
        let failed = failed(error, self.host.as_ref(), &self.certificates);
        self.standing.handshake_failed(failed);
    }

    /// Looks whether the client is still there, and has itself woken when it goes.
    fn look(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if let State::Open(link) = &mut self.state
            && let Some(link) = link.bare()
            && link.look(cx)? == Look::HalfClosed
        {
            self.standing.is_half_closed();
        }
        Ok(())
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let n_before = buf.filled().len();
        let mut is_read = false;
        if matches!(this.state, State::Fresh(_)) {
            ready!(this.poll_first(cx, buf))?;
            is_read = matches!(this.state, State::Open(_));
        }
        if !is_read {
            ready!(this.poll_handshake(cx))?;
            let State::Open(link) = &mut this.state else { return Poll::Pending };
            let read = ready!(Pin::new(link).poll_read(cx, buf));
            if !this.is_proven {
                this.is_proven = true;
                if let Err(error) = &read
                    && is_verdict(error)
                {
                    this.note(error);
                }
            }
            read?;
        }
        let came_in = &buf.filled()[n_before..];
        if !came_in.is_empty() {
            this.standing.came_in(came_in);
        }
        Poll::Ready(Ok(()))
    }
}

/// Passes a call on to whatever the connection is at the moment.
macro_rules! passed_on {
    ($line:expr, $call:ident ( $($argument:expr),* ), $otherwise:expr) => {
        match &mut $line.state {
            State::Fresh(link) | State::Open(link) => Pin::new(link).$call($($argument),*),
            State::Failed(socket) => Pin::new(&mut **socket).$call($($argument),*),
            State::Hello(_) | State::Handshake(_) | State::Over => $otherwise,
        }
    };
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        passed_on!(self, poll_write(cx, buf), Poll::Ready(Err(io::ErrorKind::NotConnected.into())))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let otherwise = Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        passed_on!(self, poll_write_vectored(cx, bufs), otherwise)
    }

    fn is_write_vectored(&self) -> bool {
        // Sockets and TLS are.
        true
    }

    /// hyper flushes when it has written all that there is for now, and whenever it is woken.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = passed_on!(self, poll_flush(cx), Poll::Ready(Ok(())));
        if let Poll::Ready(Ok(())) = flushed {
            self.standing.is_flushed();
            if self.standing.is_unwatched() {
                self.look(cx)?;
            }
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        passed_on!(self, poll_shutdown(cx), Poll::Ready(Ok(())))
    }
}
