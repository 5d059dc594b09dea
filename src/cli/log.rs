//! The log of `serve`, on stderr: written by a thread of its own, so that nobody who logs ever waits,
//! whatever stderr is. Where it is a pipe that nobody reads, lines beyond a limit are lost; where it
//! cannot be written, all are. The lost are counted, see `/metrics`.
//!
//! Panics are told there as well: the system's own report would write to stderr itself.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::base::clock::Stopwatch;
use crate::base::limits::{LOG_FLUSH_MAX, LOG_LINE_FLUSH_MAX, LOG_LINES_WAITING};
use crate::base::lock::lock;
use crate::base::nearest::did_you_mean;
use crate::base::planted::{self, Fault as Planted};
use crate::base::tally::LOG_LINES_LOST;
use crate::cli::failure::{Failure, bad_input};
use crate::cli::terminal::Terminal;
use crate::exit;

/// How much is told, from nothing to everything.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// The log as it runs. When it is dropped, it waits a moment for the last lines to be written.
#[derive(Debug)]
pub(crate) struct Log(Queue);

/// Starts the log with a filter.
///
/// # Errors
/// Where the filter makes no sense, or there is no thread.
pub(crate) fn start(filter: &str) -> Result<Log, Failure> {
    if let Some(word) = filter.split(',').map(str::trim).find(|word| is_slip(word)) {
        let near = did_you_mean(word, LEVELS);
        return Err(bad_input(format!(
            "--log {filter:?}: {word:?} is no level; expected one of {}, or a module with one, such as \
             ringback=debug{near}",
            LEVELS.join(", ")
        )));
    }
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| bad_input(format!("--log {filter:?}: {error}")))?;
    let queue = Queue::default();
    let writing = queue.clone();
    let started = thread::Builder::new().name("log".into()).spawn(move || writing.write_all());
    started.map_err(|error| Failure {
        text: format!("cannot start the thread of the log: {error}"),
        code: exit::NO_RESOURCE,
    })?;
    let is_coloured = Terminal::of(&io::stderr()).is_coloured;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(is_coloured)
        // They would go to stderr, where they can block or fail.
        .log_internal_errors(false)
        .with_writer(queue.clone())
        .init();
    let of_panics = queue.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let backtrace = Backtrace::capture();
        let mut text = format!("ringback: {panic}\n");
        if backtrace.status() == BacktraceStatus::Captured {
            // Writing to a String cannot fail.
            let _ = fmt::Write::write_fmt(&mut text, format_args!("{backtrace}\n"));
        }
        of_panics.push(text.into_bytes());
    }));
    Ok(Log(queue))
}

/// Whether it is a word that stands where a level should. The filter would take it for a module's name, and
/// tell nothing.
fn is_slip(word: &str) -> bool {
    let is_bare = !word.is_empty() && word.chars().all(|it| it.is_ascii_alphabetic());
    is_bare && !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))
}

impl Log {
    /// Where others may write lines between those of the log.
    pub(crate) fn queue(&self) -> Queue {
        self.0.clone()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.flush();
    }
}

/// Lines that wait for stderr.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    state: Mutex<State>,
    /// Rings when there is a line.
    news: Condvar,
    /// Rings when none is left.
    empty: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    is_writing: bool,
    /// Lines taken so far.
    n_written: u64,
}

impl Queue {
    /// Writes a line as soon as stderr takes it; waits for nothing.
    pub(crate) fn say(&self, line: &str) {
        self.push(format!("{line}\n").into_bytes());
    }

    /// Adds a line, or counts it as lost.
    fn push(&self, line: Vec<u8>) {
        if planted::is(Planted::LogWaitsForReader) {
            let _ = io::stderr().write_all(&line);
            return;
        }
        let mut state = lock(&self.0.state);
        if state.lines.len() >= LOG_LINES_WAITING {
            LOG_LINES_LOST.add(1);
            return;
        }
        state.lines.push_back(line);
        self.0.news.notify_one();
    }

    /// Writes lines for ever. The lock is not held while one is written.
    fn write_all(&self) {
        loop {
            let line = self.next();
            if io::stderr().write_all(&line).is_err() {
                LOG_LINES_LOST.add(1);
            }
        }
    }

    fn next(&self) -> Vec<u8> {
        let mut state = lock(&self.0.state);
        if state.is_writing {
            state.is_writing = false;
            state.n_written += 1;
        }
        loop {
            if let Some(line) = state.lines.pop_front() {
                state.is_writing = true;
                return line;
            }
            self.0.empty.notify_all();
            let woken = self.0.news.wait(state);
            state = woken.unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// Waits until all lines are written, but not for long, and only while any are taken. What could
    /// not be written by then is lost with the process.
    pub(super) fn flush(&self) {
        let waited = Stopwatch::start();
        let mut state = lock(&self.0.state);
        while state.is_writing || !state.lines.is_empty() {
            let n_before = state.n_written;
            let is_busy = |it: &mut State| it.is_writing || !it.lines.is_empty();
            let woken = self.0.empty.wait_timeout_while(state, LOG_LINE_FLUSH_MAX, is_busy);
            state = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
            // A line that nobody has begun to write waits for a processor, not for a reader.
            let is_stuck = state.is_writing && state.n_written == n_before;
            if is_stuck || u128::from(waited.elapsed_ns()) >= LOG_FLUSH_MAX.as_nanos() {
                return;
            }
        }
    }
}

impl Write for &Queue {
    /// Takes a whole line: the log makes each in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line.to_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'q> MakeWriter<'q> for Queue {
    type Writer = &'q Queue;

    fn make_writer(&'q self) -> &'q Queue {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_place_of_a_level_is_a_slip() {
        for fine in ["warn", "INFO", "3", "ringback=debug", "ringback::net", "[span]=info", ""] {
            assert!(!is_slip(fine), "{fine}");
        }
        for slip in ["wran", "all", "ringback"] {
            assert!(is_slip(slip), "{slip}");
        }
    }

    #[test]
    fn lines_beyond_the_limit_are_lost_and_counted() {
        let queue = Queue::default();
        let before = LOG_LINES_LOST.get();
        for _ in 0..LOG_LINES_WAITING + 3 {
            Write::write_all(&mut &queue, b"x").unwrap();
        }
        assert_eq!(lock(&queue.0.state).lines.len(), LOG_LINES_WAITING);
        assert_eq!(LOG_LINES_LOST.get() - before, 3);
        // Nobody writes them, and nobody waits for ever.
        queue.flush();
    }
}
