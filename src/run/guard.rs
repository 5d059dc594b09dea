//! The processes between us and the client, so that nothing is left behind whoever is killed.
//!
//! Us -> guard -> client, each this program begun anew before the client takes its place. The guard
//! holds a socket to us: where that closes, we are gone, and it ends all that the client has begun and
//! takes our folder away. Orphans fall to it, and to us where it is gone; the client itself is killed
//! by the system when the guard dies.
//!
//! Not here: our side (`command`).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::signal::{SigSet, Signal as Blocked};
use rustix::process::{Pid, Signal, WaitOptions, getpgrp, getppid, kill_process, wait};
use rustix::termios::{isatty, tcgetpgrp, tcsetpgrp};

/// What the processes are called on their own command line.
pub(super) const GUARD: &str = "__guard";
const CLIENT: &str = "__client";

/// What says on it whether the client is to be sealed off.
pub(super) const SEALED: &str = "sealed";
pub(super) const OPEN: &str = "open";

/// What shells answer for a command that is not there, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
const NOT_RUN: u8 = 126;

/// What shells add to a signal's number.
const BY_SIGNAL: u8 = 128;

/// This program, whatever lies at its path by now.
pub(super) const SELF: &str = "/proc/self/exe";

/// Plays the part that the arguments of the program name, to its end; `None` where they name none.
pub(crate) fn part(mut arguments: impl Iterator<Item = OsString>) -> Option<u8> {
    let _program = arguments.next();
    let part = arguments.next()?;
    if part == GUARD {
        let folder = PathBuf::from(arguments.next()?);
        let foreground = arguments.next()?;
        let is_sealed = arguments.next()? == SEALED;
        let command: Vec<OsString> = arguments.collect();
        return Some(guard(&folder, &foreground, is_sealed, &command));
    }
    if part == CLIENT {
        let parent = arguments.next()?;
        let foreground = arguments.next()?;
        return Some(client(&parent, &foreground, &arguments.collect::<Vec<_>>()));
    }
    None
}

/// Starts the client, waits for it, and ends what it leaves.
fn guard(folder: &Path, foreground: &OsStr, is_sealed: bool, command: &[OsString]) -> u8 {
    adopt_orphans();
    let connected = UnixStream::connect(folder.join("guard"));
    if let (true, Ok(socket)) = (is_sealed, &connected)
        && seal(folder, socket).is_err()
    {
        // Whoever began the run knows why, or is gone.
        let _ = fs::remove_dir_all(folder);
        return NOT_RUN;
    }
    let started = connected.and_then(|socket| {
        let mut own = Command::new(SELF);
        own.arg(CLIENT).arg(std::process::id().to_string()).arg(foreground).args(command);
        // Of this thread, which waits for it: the client is killed when the thread ends.
        let child = own.process_group(0).spawn()?;
        writeln!(&socket, "{}", child.id())?;
        Ok((socket, child))
    });
    let (mut socket, mut child) = match started {
        Ok(started) => started,
        Err(error) => {
            say(&format!("cannot start the command: {error}"));
            return NOT_RUN;
        }
    };
    let is_alone = Arc::new(AtomicBool::new(false));
    let noticed = Arc::clone(&is_alone);
    let watching = thread::Builder::new().spawn(move || {
        // Nothing is ever said: what comes is the end of whoever began the run.
        let _ = socket.read(&mut [0]);
        noticed.store(true, Ordering::Release);
        kill_all(&children());
    });
    let status = child.wait();
    sweep();
    if is_alone.load(Ordering::Acquire) {
        let _ = fs::remove_dir_all(folder);
    }
    drop(watching);
    status.map_or(NOT_RUN, code)
}

/// Becomes the client.
fn client(parent: &OsStr, foreground: &OsStr, command: &[OsString]) -> u8 {
    die_with_parent();
    let is_parent = |pid: Pid| parent.to_str() == Some(pid.as_raw_nonzero().to_string().as_str());
    if !getppid().is_some_and(is_parent) {
        // It died before we could be told.
        return BY_SIGNAL + 9;
    }
    take_terminal(foreground);
    let Some((program, arguments)) = command.split_first() else { return NOT_FOUND };
    let error = Command::new(program).args(arguments).exec();
    let name = program.to_string_lossy();
    let name = if name.is_empty() { "\"\"" } else { &name };
    say(&format!("cannot run {name}: {error}"));
    if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUN }
}

/// Has the terminal's keys go to the client, where they came to whoever began the run.
fn take_terminal(foreground: &OsStr) {
    let stdin = io::stdin();
    let is_ours = |pid: Pid| foreground.to_str() == Some(pid.as_raw_nonzero().to_string().as_str());
    if isatty(&stdin) && tcgetpgrp(&stdin).is_ok_and(is_ours) {
        hand_terminal_to(getpgrp());
    }
}

/// Gives the terminal to a group of processes. Whoever asks from the background would be stopped for
/// it otherwise.
pub(super) fn hand_terminal_to(group: Pid) {
    let mut stops = SigSet::empty();
    stops.add(Blocked::SIGTTOU);
    if stops.thread_block().is_err() {
        return;
    }
    if let Err(error) = tcsetpgrp(io::stdin(), group) {
        tracing::debug!(%error, "the terminal stays where it is");
    }
    let _ = stops.thread_unblock();
}

/// The exit code of an ending, as shells have it.
pub(super) fn code(status: ExitStatus) -> u8 {
    let by_signal = || status.signal().and_then(|it| u8::try_from(it).ok());
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.or_else(|| by_signal().map(|it| it.saturating_add(BY_SIGNAL))).unwrap_or(NOT_RUN)
}

/// Ends all that fell to this process, until nothing is left.
pub(super) fn sweep() {
    loop {
        let left = children();
        if left.is_empty() {
            return;
        }
        kill_all(&left);
        if wait(WaitOptions::empty()).is_err() {
            return;
        }
    }
}

fn kill_all(processes: &[Pid]) {
    for process in processes {
        // It may have ended already.
        let _ = kill_process(*process, Signal::KILL);
    }
}

/// The processes whose parent is this one.
fn children() -> Vec<Pid> {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let lists: Vec<String> = lists.collect();
    let numbers = lists.iter().flat_map(|list| list.split_whitespace());
    numbers.filter_map(|number| Pid::from_raw(number.parse().ok()?)).collect()
}

#[cfg(target_os = "linux")]
use crate::run::sealed::inside::seal;

#[cfg(not(target_os = "linux"))]
fn seal(_folder: &Path, _socket: &UnixStream) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
pub(super) fn adopt_orphans() {
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

#[cfg(not(target_os = "linux"))]
pub(super) fn adopt_orphans() {}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn die_with_parent() {
    let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
fn die_with_parent() {}

fn say(text: &str) {
    let _ = writeln!(io::stderr(), "ringback: {text}");
}
