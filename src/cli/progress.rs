//! How far long work is: one line at the bottom of a terminal, gone when the work is done.
//!
//! Nothing where stderr is no terminal, or one that cannot go back on its line. It has no colours, so
//! there are none to leave out.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

/// Work that is done by then shows nothing: a line that comes and goes at once is only a flicker.
const SHORT: Duration = Duration::from_millis(300);

/// How often the line is drawn anew where nothing is told.
const TICK: Duration = Duration::from_millis(100);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    /// Rows, scenarios.
    Things,
}

/// A line that says how far something is. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    can_draw: bool,
}

impl Progress {
    /// Of so many, where that is known.
    pub(super) fn new(what: &'static str, n_all: Option<u64>, unit: Unit) -> Self {
        let counted = match (unit, n_all) {
            (Unit::Bytes, Some(_)) => "{bytes} of {total_bytes}",
            (Unit::Bytes, None) => "{bytes}",
            (Unit::Things, Some(_)) => "{human_pos} of {human_len}",
            (Unit::Things, None) => "{human_pos}",
        };
        let style = ProgressStyle::with_template(&format!("{what} {counted} {{wide_msg}}"));
        let bar = ProgressBar::with_draw_target(n_all, ProgressDrawTarget::hidden());
        // A template that cannot be read would be a mistake of this file; the work goes on without.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let bar = bar.with_finish(ProgressFinish::AndClear);
        Progress { bar, can_draw: can_go_back() }
    }

    /// So many more are done.
    pub(super) fn add(&self, n_more: u64) {
        self.bar.inc(n_more);
        if self.can_draw && self.bar.is_hidden() && self.bar.elapsed() > SHORT {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// Says what was done last.
    pub(super) fn say(&self, text: String) {
        self.bar.set_message(text);
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Who is told of what is done.
    pub(super) fn told(&self) -> Arc<dyn Fn(u64) + Send + Sync> {
        let progress = self.clone();
        Arc::new(move |n_more| progress.add(n_more))
    }
}

/// Whether stderr is a terminal on which a line can be drawn anew. One that does not say what it is is
/// taken for one that cannot.
fn can_go_back() -> bool {
    io::stderr().is_terminal() && env::var_os("TERM").is_some_and(|term| term != "dumb")
}

/// A writer whose lines are counted.
pub(super) struct Lines<W> {
    pub(super) out: W,
    pub(super) progress: Progress,
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n_written = self.out.write(bytes)?;
        let ends = memchr::memchr_iter(b'\n', &bytes[..n_written]).count();
        self.progress.add(ends as u64);
        Ok(n_written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
