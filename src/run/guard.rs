//! The processes between us and the client, so that nothing is left behind whoever is killed.
//!
//! Us -> guard -> client, each this program begun anew before the client takes its place. The guard
//! holds a socket to us: where that closes, we are gone, and it ends all that the client has begun and
//! takes our folder away. Orphans fall to it, and to us where it is gone; the client itself is killed
//! by the system when the guard dies. What it is told by us are the signals that are passed on.
//!
//! Not here: our side (`command`), and whose the terminal is (`terminal`).

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitOptions, getppid, kill_process, kill_process_group, wait, waitpid,
};

use crate::run::terminal::{Held, follow};

/// What the processes are called on their own command line.
pub(super) const GUARD: &str = "__guard";
const CLIENT: &str = "__client";

/// What says on it whether the client is to be sealed off.
pub(super) const SEALED: &str = "sealed";
pub(super) const OPEN: &str = "open";

/// What says whether it is in the group of whoever began the run, or in one of its own.
pub(super) const TOGETHER: &str = "together";
pub(super) const APART: &str = "apart";

/// What shells answer for a command that is not there, and for one that cannot be run.
const NOT_FOUND: u8 = 127;
pub(super) const NOT_RUN: u8 = 126;

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
        let is_together = arguments.next()? == TOGETHER;
        let is_sealed = arguments.next()? == SEALED;
        let command: Vec<OsString> = arguments.collect();
        return Some(guard(&folder, is_together, is_sealed, &command));
    }
    if part == CLIENT {
        let parent = arguments.next()?;
        return Some(client(&parent, &arguments.collect::<Vec<_>>()));
    }
    None
}

/// Starts the client, waits for it, and ends what it leaves.
fn guard(folder: &Path, is_together: bool, is_sealed: bool, command: &[OsString]) -> u8 {
    let held = Held::hold();
    adopt_orphans();
    let begun_by = getppid();
    let connected = UnixStream::connect(folder.join("guard"));
    if let (true, Ok(socket)) = (is_sealed, &connected)
        && seal(folder, socket).is_err()
    {
        // Whoever began the run knows why, or is gone.
        let _ = fs::remove_dir_all(folder);
        return NOT_RUN;
    }
    let is_alone = Arc::new(AtomicBool::new(false));
    let started = connected.and_then(|socket| {
        let (tell, told) = mpsc::channel();
        let hears = Hears { socket: socket.try_clone()?, told, held, is_together };
        let noticed = Arc::clone(&is_alone);
        let hearing = thread::Builder::new().spawn(move || hears.all(&noticed))?;
        let mut own = Command::new(SELF);
        own.arg(CLIENT).arg(std::process::id().to_string()).args(command);
        if !is_together {
            own.process_group(0);
        }
        // What has come by now is not the client's yet; it is passed on to it.
        held.forget();
        // Of this thread, which waits for it: the client is killed when the thread ends.
        let child = own.spawn()?;
        let _ = tell.send(pid(&child));
        writeln!(&socket, "{STARTED}")?;
        Ok((hearing, child, socket))
    });
    let (hearing, child, mut socket) = match started {
        Ok(started) => started,
        Err(error) => {
            say(&format!("cannot start the command: {error}"));
            return NOT_RUN;
        }
    };
    let status = ended(&child, begun_by.filter(|_| is_together));
    for process in children() {
        // Whoever began the run may be gone.
        let _ = writeln!(socket, "{LEFT}{}", shown(process));
    }
    sweep();
    if is_alone.load(Ordering::Acquire) {
        let _ = fs::remove_dir_all(folder);
    }
    drop(hearing);
    status.map_or(NOT_RUN, code)
}

/// What is said when the client is there.
pub(super) const STARTED: &str = "started";

/// What is said before a process that the client has left behind.
pub(super) const LEFT: &str = "left ";

/// A process as people know it.
fn shown(process: Pid) -> String {
    let number = process.as_raw_nonzero();
    let name = fs::read_to_string(format!("/proc/{number}/comm")).unwrap_or_default();
    let name: String = name.trim().chars().filter(|it| !it.is_control()).collect();
    format!("{name} (pid {number})")
}

fn pid(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// Waits for the client's end. `follows` is who stops and goes on with it.
fn ended(child: &Child, follows: Option<Pid>) -> Option<ExitStatus> {
    let client = pid(child)?;
    loop {
        let status = match waitpid(Some(client), WaitOptions::UNTRACED | WaitOptions::CONTINUED) {
            Err(Errno::INTR) | Ok(None) => continue,
            Err(_) => return None,
            Ok(Some((_, status))) => status,
        };
        if !status.stopped() && !status.continued() {
            return Some(ExitStatus::from_raw(status.as_raw()));
        }
        // Not somebody to whom this process has fallen since.
        if let Some(begun_by) = follows.filter(|it| getppid() == Some(*it)) {
            follow(begun_by, status.stopped());
        }
    }
}

/// Hears what whoever began the run says: signals for the client, and that they are gone.
struct Hears {
    socket: UnixStream,
    /// The client, once it is there.
    told: Receiver<Option<Pid>>,
    held: Held,
    is_together: bool,
}

impl Hears {
    fn all(self, is_alone: &AtomicBool) {
        let Ok(Some(client)) = self.told.recv() else { return };
        for number in BufReader::new(&self.socket).bytes().map_while(Result::ok) {
            if let Some(signal) = Signal::from_named_raw(number.into()) {
                self.pass_on(signal, client);
            }
        }
        is_alone.store(true, Ordering::Release);
        kill_all(&children());
    }

    fn pass_on(&self, signal: Signal, client: Pid) {
        if self.is_together && self.held.has_come(signal) {
            // It came to the whole group: from the terminal, or from who knows the group.
            return;
        }
        let send = if self.is_together { kill_process } else { kill_process_group };
        // It may have ended already.
        let _ = send(client, signal);
        if [Signal::INT, Signal::TERM, Signal::HUP].contains(&signal) {
            // One that is stopped hears nothing before it goes on.
            let _ = send(client, Signal::CONT);
        }
    }
}

/// Becomes the client.
fn client(parent: &OsStr, command: &[OsString]) -> u8 {
    die_with_parent();
    let is_parent = |pid: Pid| parent.to_str() == Some(pid.as_raw_nonzero().to_string().as_str());
    if !getppid().is_some_and(is_parent) {
        // It died before we could be told.
        return BY_SIGNAL + 9;
    }
    Held::release();
    let Some((program, arguments)) = command.split_first() else { return NOT_FOUND };
    let error = Command::new(program).args(arguments).exec();
    let name = program.to_string_lossy();
    let name = if name.is_empty() { "\"\"" } else { &name };
    say(&format!("cannot run {name}: {error}"));
    if error.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUN }
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
