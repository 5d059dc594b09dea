//! The tasks that serve, and what ends them: one that ends by itself, a ready line that nobody can be
//! told, a signal.

use std::io::{self, Write};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;

/// The tasks that serve, each with what it is called.
pub(super) type Serving = JoinSet<&'static str>;

/// Runs a task, and says its name when it has ended.
pub(super) async fn named(what: &'static str, task: impl Future<Output = ()>) -> &'static str {
    task.await;
    what
}

/// Comes back when one of the tasks that serve has ended, which none does before the stop.
pub(super) async fn ended(serving: &mut Serving) -> &'static str {
    match serving.join_next().await {
        Some(Ok(what)) => what,
        Some(Err(_)) | None => "a task that serves",
    }
}

/// Prints the ready line; comes back only where that fails. On a thread of its own: a pipe that nobody
/// reads does not keep the program from being stopped.
pub(super) async fn unprinted(line: String) -> io::Error {
    let print = move || {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}").and_then(|()| stdout.flush())
    };
    match tokio::task::spawn_blocking(print).await {
        Ok(Err(error)) => error,
        Ok(Ok(())) | Err(_) => std::future::pending().await,
    }
}

/// The ways of being told to stop.
#[derive(Debug)]
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens for signals from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Comes back when the program is told to stop.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
