//! The terminal, and who may read it.
//!
//! The rule is that of `timeout --foreground` and of `sudo`: where there is a terminal, whoever runs in the
//! run stays in the group of processes that we were started in, and the terminal is handed to nobody. It is
//! the shell that hands it over, group by group, and in ours are the client, its pipeline, such as `| less`,
//! and the script that called us; all of them read the terminal, get its keys, stop and go on together, as
//! they do without us. What that takes of us:
//!
//! - A key's signal comes to the whole group, so it is not passed on a second time: the guard holds back
//!   what comes to it, and knows by that whether the client has had it (`Held`).
//! - We do not stop by ourselves, as the client may need a while to leave the screen in order, or not stop
//!   at all. The guard stops us when the client has stopped and has us go on when it goes on (`follow`):
//!   that is how the shell comes to know. Nothing is stopped that nobody could have go on.
//!
//! Without a terminal nobody stops and nobody reads keys; the client has a group of its own, so that what it
//! does to its group meets none but itself.

use std::fs::{self, File};

use nix::sys::signal::{SigSet, Signal as Blocked};
use rustix::process::{
    Pid, Signal, getpgid, getpgrp, getsid, kill_process, test_kill_process_group,
};
use rustix::termios::{tcgetpgrp, tcsetpgrp};

/// The terminal of this process, whatever stdin is.
pub(super) fn terminal() -> Option<File> {
    File::open("/dev/tty").ok()
}

/// Takes the terminal back from a group that took it and is gone, such as a shell that was killed. Whoever
/// asks from the background would be stopped for it otherwise.
pub(super) fn take_back(terminal: &File) {
    let is_there = tcgetpgrp(terminal).map_or(true, |group| test_kill_process_group(group).is_ok());
    let mut stops = SigSet::empty();
    stops.add(Blocked::SIGTTOU);
    if is_there || stops.thread_block().is_err() {
        return;
    }
    if let Err(error) = tcsetpgrp(terminal, getpgrp()) {
        tracing::debug!(%error, "the terminal stays where it is");
    }
    let _ = stops.thread_unblock();
}

/// The signals that a terminal stops a group with.
pub(super) const STOPS: [Blocked; 2] = [Blocked::SIGTSTP, Blocked::SIGTTIN];

/// Signals that the guard holds back: it outlives them, and knows which came to the whole group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held(SigSet);

impl Held {
    /// Holds them back from now on, in this thread and in what it starts.
    pub(super) fn hold() -> Self {
        let held = Held::all();
        // It would be ended by a signal as anybody, and take the client along.
        let _ = held.0.thread_block();
        held
    }

    /// Has them come as ever, to this process and to what takes its place.
    pub(super) fn release() {
        let _ = Held::all().0.thread_unblock();
    }

    fn all() -> Self {
        let held = [
            Blocked::SIGINT,
            Blocked::SIGTERM,
            Blocked::SIGHUP,
            Blocked::SIGQUIT,
            Blocked::SIGUSR1,
            Blocked::SIGTTOU,
        ];
        Held(held.into_iter().chain(STOPS).collect())
    }

    /// Forgets what has come until now.
    pub(super) fn forget(self) {
        for signal in &self.0 {
            while has_come(signal) {}
        }
    }

    /// Whether a signal has come here as well; once for each time that it has.
    pub(super) fn has_come(self, signal: Signal) -> bool {
        Blocked::try_from(signal.as_raw()).is_ok_and(|it| self.0.contains(it) && has_come(it))
    }
}

#[cfg(target_os = "linux")]
fn has_come(signal: Blocked) -> bool {
    use nix::sys::signalfd::{SfdFlags, SignalFd};
    let set: SigSet = [signal].into_iter().collect();
    let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
    let taken = SignalFd::with_flags(&set, flags).and_then(|it| it.read_signal());
    taken.is_ok_and(|it| it.is_some())
}

#[cfg(not(target_os = "linux"))]
fn has_come(_signal: Blocked) -> bool {
    false
}

/// Stops whoever began the run with the client, or has it go on.
pub(super) fn follow(begun_by: Pid, is_stopped: bool) {
    if !is_stopped {
        // It may be gone.
        let _ = kill_process(begun_by, Signal::CONT);
    } else if is_watched(begun_by) {
        let _ = kill_process(begun_by, Signal::STOP);
    }
}

/// Whether somebody would have it go on: a process of its session in another group, whose child its group
/// is, which is what a shell is. The system asks the same before it stops a group by a key.
fn is_watched(process: Pid) -> bool {
    let (Ok(session), Ok(group)) = (getsid(Some(process)), getpgid(Some(process))) else {
        return false;
    };
    let mut child = process;
    while let Some(parent) = parent(child) {
        match (getsid(Some(parent)), getpgid(Some(parent))) {
            (Ok(of), Ok(in_group)) if of == session && in_group == group => child = parent,
            (Ok(of), Ok(_)) => return of == session,
            _ => return false,
        }
    }
    false
}

fn parent(process: Pid) -> Option<Pid> {
    let told = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    // The name before may hold anything.
    let (_, rest) = told.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}
