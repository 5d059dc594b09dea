//! A stream of which something was read already.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that gives what was read of it first.
#[derive(Debug)]
pub(crate) struct Prefixed<S> {
    first: Bytes,
    stream: S,
}

impl<S> Prefixed<S> {
    /// `first` is what was read of the stream.
    pub(crate) fn new(first: Bytes, stream: S) -> Self {
        Prefixed { first, stream }
    }

    /// The stream, where nothing is left that was read before.
    pub(crate) fn bare(&mut self) -> Option<&mut S> {
        self.first.is_empty().then_some(&mut self.stream)
    }

    /// The stream, for what does not read it.
    pub(crate) fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream, of which nothing is left that was read before.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }

    /// Puts back what was read just now.
    #[must_use]
    pub(crate) fn again(self, read: Bytes) -> Self {
        let first = if self.first.is_empty() { read } else { [read, self.first].concat().into() };
        Prefixed { first, stream: self.stream }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Prefixed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let n_bytes = self.first.len().min(buf.remaining());
        buf.put_slice(&self.first[..n_bytes]);
        self.first.advance(n_bytes);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Prefixed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
