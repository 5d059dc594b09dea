//! A body that is made while it is sent: written by a thread that may block, read by the socket.
//!
//! A few chunks wait in between, so memory stays flat however long the body is. Where the reader
//! goes away, the writer's next write fails; where the writer fails, the reader sees the end as an
//! error, never as the end of the body.

use std::io;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::base::hex::hex;

/// Bytes in one chunk: large enough that a chunk costs nothing, small beside the memory that a
/// stream may use.
const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that wait for the socket.
const CHUNKS_WAITING: usize = 4;

/// The reading end.
#[derive(Debug)]
pub struct Chunks(mpsc::Receiver<Result<Bytes, Broken>>);

/// The body could not be made to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body broke off")]
pub struct Broken;

/// The writing end.
#[derive(Debug)]
pub struct Feed {
    sender: mpsc::Sender<Result<Bytes, Broken>>,
    chunk: BytesMut,
    n_bytes: u64,
    digest: Sha256,
}

/// What went out, for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub bytes: u64,
    pub sha256: String,
    /// Whether it was all: `false` where the reader went away or the writer failed.
    pub whole: bool,
}

/// Both ends.
pub fn channel() -> (Feed, Chunks) {
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    let chunk = BytesMut::with_capacity(CHUNK_BYTES);
    (Feed { sender, chunk, n_bytes: 0, digest: Sha256::new() }, Chunks(receiver))
}

/// The writing end for one who may not block.
#[derive(Debug)]
pub struct Drip(mpsc::Sender<Result<Bytes, Broken>>);

/// Both ends of a body that comes piece by piece as things happen.
pub fn drip() -> (Drip, Chunks) {
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    (Drip(sender), Chunks(receiver))
}

impl Drip {
    /// Sends a piece at once; waits where the reader is slow.
    ///
    /// # Errors
    /// Where the reader went away.
    pub async fn send(&self, piece: impl Into<Bytes>) -> Result<(), Broken> {
        self.0.send(Ok(piece.into())).await.map_err(|_| Broken)
    }

    /// Comes back when the reader has gone away.
    pub async fn gone(&self) {
        self.0.closed().await;
    }
}

impl Chunks {
    /// The next chunk; `None` at the end.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        self.0.poll_recv(cx)
    }
}

/// The chunks of a body that is written on a thread that may block.
pub fn of(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()> + Send + 'static) -> Chunks {
    let (mut feed, chunks) = channel();
    tokio::task::spawn_blocking(move || {
        let written = write(&mut feed);
        if let Err(error) = &written {
            tracing::debug!(%error, "a body broke off");
        }
        feed.finish(written.is_ok());
    });
    chunks
}

impl Feed {
    /// Sends what is left and says what went out. `whole` is whether the writer came to its end.
    pub fn finish(mut self, whole: bool) -> Sent {
        let sent = if whole { self.send().is_ok() } else { false };
        if !whole {
            // A reader that is gone needs no news.
            let _ = self.sender.blocking_send(Err(Broken));
        }
        let sha256 = hex(&self.digest.finalize());
        Sent { bytes: self.n_bytes, sha256, whole: sent }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        self.digest.update(&self.chunk);
        self.n_bytes += self.chunk.len() as u64;
        let chunk = std::mem::replace(&mut self.chunk, BytesMut::with_capacity(CHUNK_BYTES));
        self.sender
            .blocking_send(Ok(chunk.freeze()))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the reader went away"))
    }
}

impl io::Write for Feed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK_BYTES {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Does nothing: chunks go out when they are full, and at the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
