//! A connection's socket: does not wait for ever for a reader that takes nothing or next to nothing,
//! and closes so that the last reply arrives.
//!
//! hyper has no timeouts for writing, so the limits are kept here. And a socket that is closed with
//! bytes unread resets the connection, by which the client loses a reply that it has not read yet:
//! the one that says why its upload was not taken. So what still comes in is read and thrown away
//! for a moment.
//!
//! While a request is worked on, hyper reads nothing. A client that is gone is noticed here: a reset
//! at once; the end of its side is noted, for it may still be listening.
//!
//! Not here: what comes in and goes out on it (`net::line`).

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::net::limits::Limits;
use crate::net::pace::Pace;
use crate::net::standing::Standing;

/// A stream whose writes fail when too little can be written for a while.
#[derive(Debug)]
pub(crate) struct Patient {
    stream: TcpStream,
    patience: Duration,
    pace: Pace,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Runs while the other side is given time to see the end.
    lingering: Option<Pin<Box<Sleep>>>,
    standing: Arc<Standing>,
}

/// What a look for the client showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// It is there, as far as can be seen.
    There,
    /// It has closed its side.
    HalfClosed,
}

/// How long a closing connection goes on reading. A client that is still sending by then does not
/// listen.
const LINGER: Duration = Duration::from_secs(2);

/// The time for it when the program stops: its end waits for nothing else then.
const LINGER_AT_STOP: Duration = Duration::from_millis(100);

/// What is thrown away in one read.
const DISCARD_BYTES: usize = 16 * 1024;

impl Patient {
    pub(crate) fn new(stream: TcpStream, standing: Arc<Standing>, limits: &Limits) -> Self {
        let patience = limits.write_timeout;
        let pace = Pace::new(patience, limits.write_bytes_min);
        Patient { stream, patience, pace, stalled: None, lingering: None, standing }
    }

    /// Passes on what a write came to, and turns a long wait, or a slow reader, into an error.
    fn judge(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let patience = self.patience;
        match written {
            Poll::Pending => {
                let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
                stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(Ok(n_bytes)) => {
                let waited = self.stalled.take().map_or(Duration::ZERO, |stalled| {
                    let left = stalled.deadline().saturating_duration_since(Instant::now());
                    patience.saturating_sub(left)
                });
                if self.pace.took(n_bytes, waited) {
                    return Poll::Ready(Ok(n_bytes));
                }
                tracing::debug!("a reader is too slow and is cut");
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }

    /// The address that the client connected to.
    pub(crate) fn local_address(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Looks whether the client is still there, and has the task woken when it goes.
    pub(crate) fn look(&self, cx: &mut Context<'_>) -> io::Result<Look> {
        let mut byte = [0];
        match self.stream.poll_peek(cx, &mut ReadBuf::new(&mut byte)) {
            Poll::Ready(Ok(0)) => Ok(Look::HalfClosed),
            Poll::Ready(Err(error)) => Err(error),
            // A client that sends its next request is there.
            Poll::Ready(Ok(_)) | Poll::Pending => Ok(Look::There),
        }
    }
}

impl Drop for Patient {
    fn drop(&mut self) {
        if self.standing.is_reset()
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::debug!(%error, "the connection ends without a reset");
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            match Pin::new(&mut self.stream).poll_shutdown(cx) {
                Poll::Ready(Ok(())) => {
                    self.standing.is_closing();
                    let is_stopping = self.standing.is_stopping();
                    let linger = if is_stopping { LINGER_AT_STOP } else { LINGER };
                    self.lingering = Some(Box::pin(sleep(linger)));
                }
                other => return other,
            }
        }
        let mut waste = [0; DISCARD_BYTES];
        loop {
            let over = self.lingering.as_mut().is_none_or(|it| it.as_mut().poll(cx).is_ready());
            if over {
                return Poll::Ready(Ok(()));
            }
            let mut waste = ReadBuf::new(&mut waste);
            match Pin::new(&mut self.stream).poll_read(cx, &mut waste) {
                Poll::Ready(Ok(())) if !waste.filled().is_empty() => {}
                // The other side has closed as well, or is gone.
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
