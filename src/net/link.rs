//! What bytes go over: a socket, or TLS on one.
//!
//! Not here: which of the two a connection is (`net::line`).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use crate::net::io::{Look, Patient};
use crate::net::prefixed::Prefixed;

/// What bytes go over.
pub(crate) enum Link {
    Socket(Patient),
    Secure(Box<Secure>),
}

/// TLS after its handshake.
pub(crate) struct Secure {
    stream: TlsStream<Prefixed<Link>>,
    /// Read while the client was looked for.
    ahead: Option<u8>,
}

impl Secure {
    /// Of a handshake that is done.
    pub(crate) fn new(stream: TlsStream<Prefixed<Link>>) -> Self {
        Secure { stream, ahead: None }
    }

    /// Reads what is inside. A client that closes without saying so in TLS has closed: HTTP has
    /// lengths of its own, and many clients do.
    fn poll_inside(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.stream).poll_read(cx, buf)) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => Poll::Ready(read),
        }
    }

    /// Looks for the end by reading one byte: it may lie behind what the socket shows, as a word of
    /// TLS.
    fn look(&mut self, cx: &mut Context<'_>) -> io::Result<Look> {
        if self.ahead.is_some() {
            return Ok(Look::There);
        }
        let mut byte = [0];
        let mut buf = ReadBuf::new(&mut byte);
        match self.poll_inside(cx, &mut buf) {
            Poll::Ready(Ok(())) => {
                self.ahead = buf.filled().first().copied();
                // A client that sends its next request is there.
                Ok(if self.ahead.is_some() { Look::There } else { Look::HalfClosed })
            }
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => Ok(Look::There),
        }
    }
}

impl Link {
    /// The address that the client connected to.
    pub(crate) fn local_address(&self) -> io::Result<SocketAddr> {
        match self {
            Link::Socket(socket) => socket.local_address(),
            Link::Secure(secure) => secure.stream.get_ref().0.get_ref().local_address(),
        }
    }

    /// Looks whether the client is still there, and has the task woken when it goes.
    pub(crate) fn look(&mut self, cx: &mut Context<'_>) -> io::Result<Look> {
        match self {
            Link::Socket(socket) => socket.look(cx),
            Link::Secure(secure) => secure.look(cx),
        }
    }
}

impl AsyncRead for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Link::Socket(socket) => Pin::new(socket).poll_read(cx, buf),
            Link::Secure(secure) => match secure.ahead.take() {
                Some(byte) => {
                    buf.put_slice(&[byte]);
                    Poll::Ready(Ok(()))
                }
                None => secure.poll_inside(cx, buf),
            },
        }
    }
}

impl AsyncWrite for Link {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Link::Socket(socket) => Pin::new(socket).poll_write(cx, buf),
            Link::Secure(secure) => Pin::new(&mut secure.stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Link::Socket(socket) => Pin::new(socket).poll_write_vectored(cx, bufs),
            Link::Secure(secure) => Pin::new(&mut secure.stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Link::Socket(socket) => socket.is_write_vectored(),
            Link::Secure(secure) => secure.stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Link::Socket(socket) => Pin::new(socket).poll_flush(cx),
            Link::Secure(secure) => Pin::new(&mut secure.stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Link::Socket(socket) => Pin::new(socket).poll_shutdown(cx),
            Link::Secure(secure) => Pin::new(&mut secure.stream).poll_shutdown(cx),
        }
    }
}
