//! The client as a process: started under a guard, passed signals, waited for.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::run::environment::Change;
use crate::run::folder::Folder;
use crate::run::guard::{
    APART, GUARD, LEFT, NOT_RUN, OPEN, SEALED, SELF, STARTED, TOGETHER, adopt_orphans, code, sweep,
};
#[cfg(target_os = "linux")]
use crate::run::sealed::outside;
use crate::run::sealed::plan::{Made, Plan};
use crate::run::sealed::refusal::Refusal;
use crate::run::terminal::{STOPS, take_back, terminal};
use crate::run::watcher::watch;

/// The signals that are passed on.
fn passed_on() -> [SignalKind; 6] {
    [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
        SignalKind::user_defined1(),
        SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()),
    ]
}

/// Where signals are passed on to: the client's guard, once there is one.
#[derive(Clone, Debug)]
pub(crate) struct Signals(watch::Sender<Option<Arc<UnixStream>>>);

impl Signals {
    /// Takes signals from now on; within a runtime.
    ///
    /// # Errors
    /// Where the system does not hand them over.
    pub(crate) fn new() -> io::Result<Self> {
        let (to, guard) = watch::channel(None::<Arc<UnixStream>>);
        for kind in passed_on() {
            let Ok(number) = u8::try_from(kind.as_raw_value()) else { continue };
            let mut signals = signal(kind)?;
            let mut guard = guard.clone();
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    // One that comes before the client is there waits for it.
                    let guard = guard.wait_for(Option::is_some).await.map(|it| it.clone());
                    let Ok(Some(guard)) = guard else { return };
                    // It may have ended.
                    let _ = (&*guard).write_all(&[number]);
                }
            });
        }
        if terminal().is_some() {
            for stop in STOPS {
                // A client is waited for: it may not stop, or not yet.
                drop(signal(SignalKind::from_raw(stop as i32))?);
            }
        }
        Ok(Signals(to))
    }
}

/// How a client is sealed off.
pub(crate) struct Sealing<'s> {
    pub(crate) plan: Plan,
    /// Serves what is made inside.
    pub(crate) serve: Box<dyn FnOnce(Vec<Made>) -> io::Result<()> + Send + 's>,
}

/// Why a command was not started.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("cannot start the command: {0}")]
    System(#[from] io::Error),
    #[error("{0}")]
    Sealed(Refusal),
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code, as shells have it.
    pub(crate) code: u8,
    /// Its connections past us, as far as any were seen, in words.
    pub(crate) elsewhere: Vec<String>,
    /// The processes that it left behind, which were ended with it.
    pub(crate) left: Vec<String>,
}

/// The way to a guard whose client is there.
struct Held {
    /// Where it closes, the guard knows that we are gone.
    _socket: Arc<UnixStream>,
    /// What the guard says.
    said: BufReader<UnixStream>,
}

/// Runs a command to its end. On the thread that waits: the guard is
/// this thread's.
///
/// # Errors
/// Where its guard cannot be started, or the command not be sealed off.
pub(crate) fn run(
    command: &[OsString],
    changes: &[Change],
    folder: &Folder,
    signals: &Signals,
    sealing: Option<Sealing<'_>>,
) -> Result<Ended, StartError> {
    adopt_orphans();
    let terminal = terminal();
    let listener = UnixListener::bind(folder.socket())?;
    let mut guard = Command::new(SELF);
    guard.arg(GUARD).arg(folder.path()).arg(if terminal.is_some() { TOGETHER } else { APART });
    guard.arg(if sealing.is_some() { SEALED } else { OPEN }).args(command);
    if terminal.is_none() {
        guard.process_group(0);
    }
    for change in changes {
        match &change.value {
            Some(value) => guard.env(&change.variable, value),
            None => guard.env_remove(&change.variable),
        };
    }
    let is_sealed = sealing.is_some();
    let mut guard = guard.spawn()?;
    // For the connection below, where there are no more to be had.
    let spare = listener.try_clone();
    let (status, heard, elsewhere) = thread::scope(|scope| {
        let hearing =
            thread::Builder::new().spawn_scoped(scope, || hear(&listener, signals, sealing));
        if hearing.is_err() {
            // It may have ended by itself.
            let _ = guard.kill();
        }
        let (tell_over, over) = mpsc::channel();
        let root = guard.id();
        // Without it nothing is seen, and nothing is said that was not.
        let watching = (!is_sealed)
            .then(|| thread::Builder::new().spawn_scoped(scope, move || watch(root, &over)).ok());
        let status = guard.wait();
        drop(tell_over);
        drop(spare);
        // A guard that died before it spoke would be waited for without end.
        drop(UnixStream::connect(folder.socket()));
        let seen = watching.flatten().and_then(|it| it.join().ok()).unwrap_or_default();
        (status, hearing.map(thread::ScopedJoinHandle::join), seen)
    });
    sweep();
    if let Some(terminal) = terminal {
        take_back(&terminal);
    }
    signals.0.send_replace(None);
    // Held until here.
    let held = heard?.map_err(|_| io::Error::other("a thread panicked"))??;
    let code = code(status?);
    if held.is_none() && code == NOT_RUN {
        return Err(io::Error::other("the system did not let it begin").into());
    }
    // The guard has ended, and so has what it said.
    let said = held.into_iter().flat_map(|held| held.said.lines()).map_while(Result::ok);
    let left = said.filter_map(|line| Some(line.strip_prefix(LEFT)?.to_owned())).collect();
    Ok(Ended { code, elsewhere, left })
}

/// Hears what the guard says until the client is there. Answers the way to it; `None` where no client came.
fn hear(
    listener: &UnixListener,
    signals: &Signals,
    sealing: Option<Sealing<'_>>,
) -> Result<Option<Held>, StartError> {
    let (socket, _) = listener.accept()?;
    if let Some(Sealing { plan, serve }) = sealing {
        let made = seal(&socket, &plan)?.map_err(StartError::Sealed)?;
        serve(made)?;
        go(&socket)?;
    }
    let mut line = String::new();
    let mut said = BufReader::new(socket.try_clone()?);
    if said.read_line(&mut line).is_err() || line.trim() != STARTED {
        return Ok(None);
    }
    let socket = Arc::new(socket);
    signals.0.send_replace(Some(Arc::clone(&socket)));
    Ok(Some(Held { _socket: socket, said }))
}

#[cfg(target_os = "linux")]
fn seal(socket: &UnixStream, plan: &Plan) -> io::Result<Result<Vec<Made>, Refusal>> {
    let guard = rustix::net::sockopt::socket_peercred(socket)?.pid;
    outside::seal(guard, socket, plan)
}

#[cfg(target_os = "linux")]
fn go(socket: &UnixStream) -> io::Result<()> {
    outside::go(socket)
}

#[cfg(not(target_os = "linux"))]
fn seal(_socket: &UnixStream, _plan: &Plan) -> io::Result<Result<Vec<Made>, Refusal>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "only Linux seals a client off"))
}

#[cfg(not(target_os = "linux"))]
fn go(_socket: &UnixStream) -> io::Result<()> {
    Ok(())
}
