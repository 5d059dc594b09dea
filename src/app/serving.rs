//! The tasks that serve, and what ends them: one that ends by itself, a ready line that nobody can be
//! told, a signal, the end of stdin.

use std::io::{self, Write};
use std::thread;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
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
    let (tell, told) = oneshot::channel();
    let started = thread::Builder::new().name("ready".to_owned()).spawn(move || {
        let _ = tell.send(print());
    });
    if let Err(error) = started {
        return error;
    }
    match told.await {
        Ok(Err(error)) => error,
        Ok(Ok(())) | Err(_) => std::future::pending().await,
    }
}

/// Tells when stdin is at its end. The thread that reads it is nobody's to wait for: a pipe that stays
/// open does not hold the end of the program.
pub(super) fn stdin_end() -> io::Result<oneshot::Receiver<()>> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        // A pipe that can no longer be read has no other end either.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = tell.send(());
    })?;
    Ok(told)
}

/// Waits for the end of stdin; for ever where it says nothing.
pub(super) async fn at_end(stdin: Option<oneshot::Receiver<()>>) {
    match stdin {
        Some(end) => {
            let _ = end.await;
        }
        None => std::future::pending().await,
    }
}

/// The ways of being told to stop.
#[derive(Debug)]
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// The terminal that it was started from is gone. `None` where it was started so that it outlives
    /// the terminal (`nohup`).
    hang_up: Option<Signal>,
}

impl Signals {
    /// Listens for signals from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: if ignores_hang_up() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// Comes back when the program is told to stop.
    pub(super) async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = received(self.hang_up.as_mut()) => {}
        }
    }
}

/// Waits for a signal; for ever where none is listened for.
async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// The lowest bit of the signals that a process ignores: a hang-up has the number 1.
const HANG_UP_BIT: u64 = 1;

/// Whether whoever started the program has it ignore hang-ups. Linux tells; elsewhere it is taken for
/// no.
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    ignored.is_some_and(|bits| bits & HANG_UP_BIT != 0)
}
