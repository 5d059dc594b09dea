//! A body that is made while it is sent: written by a thread that may block, read by the socket.
//!
//! A few chunks wait in between, so memory stays flat however long the body is. Where the reader
//! goes away, the writer's next write fails; where the writer fails, the reader sees the end as an
//! error, never as the end of the body. A reader that is too slow is cut.
//!
//! The threads that write do nothing else, so readers that take nothing hold up each other at most.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::base::hex::hex;
use crate::base::limits::{FEEDER_IDLE, FEEDERS_MAX, READER_PATIENCE};
use crate::base::lock::lock;
use crate::base::planted::{self, Fault as Planted};

/// Bytes in one chunk: large enough that a chunk costs nothing, small beside the memory that a
/// stream may use.
const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that wait for the socket.
const CHUNKS_WAITING: usize = 4;

/// The reading end. Where it is dropped, a writer that waits for room is told so.
#[derive(Debug)]
pub struct Chunks(Source);

#[derive(Debug)]
enum Source {
    Fed(Arc<Pipe>),
    Dripped(mpsc::Receiver<Result<Bytes, Broken>>),
}

/// What stands between a writer that blocks and a reader that does not.
#[derive(Debug, Default)]
struct Pipe {
    state: Mutex<PipeState>,
    /// Told when the reader has taken a chunk or gone away.
    taken: Condvar,
}

#[derive(Debug, Default)]
struct PipeState {
    chunks: VecDeque<Result<Bytes, Broken>>,
    reader: Option<Waker>,
    is_reader_gone: bool,
    is_ended: bool,
}

impl Pipe {
    /// Waits for room, but not for ever.
    fn send(&self, chunk: Result<Bytes, Broken>) -> io::Result<()> {
        let is_full = |it: &mut PipeState| it.chunks.len() >= CHUNKS_WAITING && !it.is_reader_gone;
        let waited = self.taken.wait_timeout_while(lock(&self.state), READER_PATIENCE, is_full);
        let (mut state, waited) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.is_reader_gone {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader went away"));
        }
        if waited.timed_out() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the reader is too slow"));
        }
        state.chunks.push_back(chunk);
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        Ok(())
    }

    fn end(&self, last: Option<Broken>) {
        let mut state = lock(&self.state);
        state.chunks.extend(last.map(Err));
        state.is_ended = true;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if let Source::Fed(pipe) = &self.0 {
            lock(&pipe.state).is_reader_gone = true;
            pipe.taken.notify_one();
        }
    }
}

/// The body could not be made to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body broke off")]
pub struct Broken;

/// The writing end.
#[derive(Debug)]
pub(crate) struct Feed {
    pipe: Arc<Pipe>,
    is_whole: bool,
    chunk: BytesMut,
    n_bytes: u64,
    digest: Sha256,
}

/// What went out, for the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEnd {
    pub bytes: u64,
    pub sha256: String,
    /// Whether it was all: `false` where the reader went away or the writer failed.
    pub whole: bool,
}

/// Both ends.
pub(crate) fn channel() -> (Feed, Chunks) {
    let pipe = Arc::new(Pipe::default());
    let chunks = Chunks(Source::Fed(Arc::clone(&pipe)));
    let chunk = BytesMut::with_capacity(CHUNK_BYTES);
    (Feed { pipe, is_whole: false, chunk, n_bytes: 0, digest: Sha256::new() }, chunks)
}

/// The writing end for one who may not block.
#[derive(Debug)]
pub(crate) struct Drip(mpsc::Sender<Result<Bytes, Broken>>);

/// Both ends of a body that comes piece by piece as things happen, and has no end of its own.
pub(crate) fn drip() -> (Drip, Chunks) {
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    (Drip(sender), Chunks(Source::Dripped(receiver)))
}

impl Drip {
    /// Sends a piece at once; waits where the reader is slow.
    ///
    /// # Errors
    /// Where the reader went away.
    pub(crate) async fn send(&self, piece: impl Into<Bytes>) -> Result<(), Broken> {
        self.0.send(Ok(piece.into())).await.map_err(|_| Broken)
    }

    /// Comes back when the reader has gone away.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }
}

impl Chunks {
    /// The next chunk; `None` at the end.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        let pipe = match &mut self.0 {
            Source::Fed(pipe) => pipe,
            Source::Dripped(receiver) => return receiver.poll_recv(cx),
        };
        let mut state = lock(&pipe.state);
        if let Some(chunk) = state.chunks.pop_front() {
            pipe.taken.notify_one();
            return Poll::Ready(Some(chunk));
        }
        if state.is_ended {
            return Poll::Ready(None);
        }
        state.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Whether the body has no end of its own: nobody waits for it to be whole.
    pub fn is_endless(&self) -> bool {
        matches!(self.0, Source::Dripped(_))
    }
}

/// The chunks of a body that is written on a thread that may block.
pub(crate) fn of(
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()> + Send + 'static,
) -> Chunks {
    let (mut feed, chunks) = channel();
    on_feeder(move || {
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
    pub(crate) fn finish(mut self, whole: bool) -> StreamEnd {
        self.is_whole = whole && self.send().is_ok();
        let sha256 = hex(&std::mem::take(&mut self.digest).finalize());
        StreamEnd { bytes: self.n_bytes, sha256, whole: self.is_whole }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        self.digest.update(&self.chunk);
        self.n_bytes += self.chunk.len() as u64;
        let chunk = std::mem::replace(&mut self.chunk, BytesMut::with_capacity(CHUNK_BYTES));
        self.pipe.send(Ok(chunk.freeze()))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.pipe.end((!self.is_whole).then_some(Broken));
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

/// Runs work that writes a body, on a thread that does nothing else. Where there are as many as may be,
/// it waits for one of them.
pub(crate) fn on_feeder(work: impl FnOnce() + Send + 'static) {
    let mut feeders = lock(&FEEDERS.state);
    feeders.queue.push_back(Box::new(work));
    let is_one_idle = feeders.n_idle >= feeders.queue.len();
    if is_one_idle && !planted::is(Planted::FeederIsUsedOnce) {
        FEEDERS.news.notify_one();
    } else if feeders.n_threads < FEEDERS_MAX {
        match thread::Builder::new().name("feeder".to_owned()).spawn(run_feeder) {
            Ok(_) => feeders.n_threads += 1,
            // Dropped, its reader sees that the body breaks off.
            Err(error) if feeders.n_threads == 0 => {
                tracing::error!(%error, "no thread to write a body");
                feeders.queue.clear();
            }
            Err(error) => tracing::warn!(%error, "a body waits for another thread"),
        }
    }
}

/// The threads of all long bodies of the process.
static FEEDERS: Feeders = Feeders {
    state: Mutex::new(FeedersState { n_threads: 0, n_idle: 0, queue: VecDeque::new() }),
    news: Condvar::new(),
};

struct Feeders {
    state: Mutex<FeedersState>,
    news: Condvar,
}

struct FeedersState {
    n_threads: usize,
    n_idle: usize,
    queue: VecDeque<Box<dyn FnOnce() + Send>>,
}

/// Writes one body after the other, until there is none for a while.
fn run_feeder() {
    let mut feeders = lock(&FEEDERS.state);
    loop {
        if let Some(work) = feeders.queue.pop_front() {
            drop(feeders);
            // A panic ends the body, and is told by its hook; the thread goes on.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            feeders = lock(&FEEDERS.state);
            continue;
        }
        feeders.n_idle += 1;
        let waited =
            FEEDERS.news.wait_timeout_while(feeders, FEEDER_IDLE, |it| it.queue.is_empty());
        feeders = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        feeders.n_idle -= 1;
        if feeders.queue.is_empty() && !planted::is(Planted::FeederIsUsedOnce) {
            feeders.n_threads -= 1;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc as std_mpsc;

    use super::*;

    #[test]
    fn readers_who_take_nothing_hold_up_nobody() {
        let piece = vec![b'x'; CHUNK_BYTES];
        let held: Vec<Chunks> = (0..600)
            .map(|_| {
                let piece = piece.clone();
                of(move |out| (0..64).try_for_each(|_| out.write_all(&piece)))
            })
            .collect();
        let (told, news) = std_mpsc::channel();
        let mut chunks = of(|out| out.write_all(b"short"));
        on_feeder(move || told.send(()).unwrap());
        news.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let read = runtime.block_on(std::future::poll_fn(|cx| chunks.poll_next(cx)));
        assert_eq!(read, Some(Ok(Bytes::from_static(b"short"))));
        assert!(lock(&FEEDERS.state).n_threads <= FEEDERS_MAX);
        drop(held);
    }

    #[test]
    fn a_writer_that_is_lost_breaks_the_body_off() {
        let (feed, mut chunks) = channel();
        drop(feed);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut next = || runtime.block_on(std::future::poll_fn(|cx| chunks.poll_next(cx)));
        assert_eq!([next(), next()], [Some(Err(Broken)), None]);
    }
}
