//! The client as a process: started under a guard, passed signals, waited for.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::process::{Pid, Signal, getpgrp, kill_process_group};
use rustix::termios::{isatty, tcgetpgrp};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::base::lock::lock;
use crate::run::environment::Change;
use crate::run::folder::Folder;
use crate::run::guard::{GUARD, SELF, adopt_orphans, code, hand_terminal_to, sweep};

/// The signals that are passed on.
fn passed_on() -> [(SignalKind, Signal); 5] {
    [
        (SignalKind::interrupt(), Signal::INT),
        (SignalKind::terminate(), Signal::TERM),
        (SignalKind::hangup(), Signal::HUP),
        (SignalKind::quit(), Signal::QUIT),
        (SignalKind::user_defined1(), Signal::USR1),
    ]
}

/// Where signals are passed on to: the client's group of processes, once there is one.
#[derive(Clone, Debug)]
pub(crate) struct Signals(watch::Sender<Option<Pid>>);

impl Signals {
    /// Takes signals from now on; within a runtime.
    ///
    /// # Errors
    /// Where the system does not hand them over.
    pub(crate) fn new() -> io::Result<Self> {
        let (to, group) = watch::channel(None::<Pid>);
        for (kind, passed) in passed_on() {
            let mut signals = signal(kind)?;
            let mut group = group.clone();
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    // One that comes before the client is there waits for it.
                    let Ok(Some(group)) = group.wait_for(Option::is_some).await.map(|it| *it)
                    else {
                        return;
                    };
                    let _ = kill_process_group(group, passed);
                }
            });
        }
        Ok(Signals(to))
    }
}

/// Runs a command to its end; its exit code, as shells have it. On the thread that waits: the guard is
/// this thread's.
///
/// # Errors
/// Where its guard cannot be started.
pub(crate) fn run(
    command: &[OsString],
    changes: &[Change],
    folder: &Folder,
    signals: &Signals,
) -> io::Result<u8> {
    adopt_orphans();
    let is_foreground =
        isatty(io::stdin()) && tcgetpgrp(io::stdin()).is_ok_and(|it| it == getpgrp());
    let listener = UnixListener::bind(folder.socket())?;
    // Held to the end: where it closes, the guard knows that we are gone.
    let held: Arc<Mutex<Option<UnixStream>>> = Arc::default();
    let (holding, group) = (Arc::clone(&held), signals.0.clone());
    // A guard that dies before it speaks is noticed below; this waits for nobody then.
    thread::Builder::new().spawn(move || {
        let Ok((stream, _)) = listener.accept() else { return };
        let mut line = String::new();
        let read = stream.try_clone().and_then(|it| BufReader::new(it).read_line(&mut line));
        if let (Ok(_), Ok(number)) = (read, line.trim().parse()) {
            // Nobody may have asked for signals any more.
            let _ = group.send(Pid::from_raw(number));
        }
        *lock(&holding) = Some(stream);
    })?;
    let mut guard = Command::new(SELF);
    guard.arg(GUARD).arg(folder.path()).arg(getpgrp().as_raw_nonzero().to_string());
    guard.args(command).process_group(0);
    for change in changes {
        match &change.value {
            Some(value) => guard.env(&change.variable, value),
            None => guard.env_remove(&change.variable),
        };
    }
    let status = guard.spawn()?.wait()?;
    sweep();
    if is_foreground {
        hand_terminal_to(getpgrp());
    }
    Ok(code(status))
}
