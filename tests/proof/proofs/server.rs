//! The program that is put to the proof: started, killed, started again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use serde_json::Value;

use super::client::{Client, PATIENCE, Reply, get, json};
use super::task::{Fault, Task, failed};

const ANY_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];

/// A reply that a planted fault holds up is not waited for as long as others.
const PATIENCE_PLANTED: Duration = Duration::from_secs(10);

/// A running program, killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// How long a reply is waited for.
    patience: Duration,
    pub(crate) listen: String,
    pub(crate) admin: String,
}

impl Server {
    pub(crate) fn start(task: &Task, args: &[&str]) -> Result<Server, Fault> {
        Server::start_with(task, args, Stdio::null())
    }

    /// With a place for its log.
    pub(crate) fn start_with(task: &Task, args: &[&str], log: Stdio) -> Result<Server, Fault> {
        let mut command = Command::new(&task.program);
        command.arg("serve").args(ANY_PORTS).args(args).stderr(log);
        Server::spawn(&mut command, task)
    }

    /// With so many descriptors, and a log that nobody reads.
    pub(crate) fn start_short(
        task: &Task,
        descriptors: u64,
        args: &[&str],
    ) -> Result<Server, Fault> {
        let line = format!("ulimit -n {descriptors}; exec \"$0\" serve \"$@\"");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &line]).arg(&task.program).args(ANY_PORTS).args(args);
        Server::spawn(command.stderr(Stdio::piped()), task)
    }

    fn spawn(command: &mut Command, task: &Task) -> Result<Server, Fault> {
        let planted = task.planted.iter().map(|fault| ("RINGBACK_PLANTED", fault));
        let mut child = command
            .envs(planted)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed("start", error))?;
        let mut line = String::new();
        let out = child.stdout.take().ok_or("the program has no stdout")?;
        let read = BufReader::new(out).read_line(&mut line);
        let ready: Result<Value, _> = serde_json::from_str(&line);
        if let (Ok(_), Ok(ready)) = (read, ready) {
            let address = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
            let patience = if task.planted.is_some() { PATIENCE_PLANTED } else { PATIENCE };
            let (listen, admin) = (address("listen"), address("admin"));
            return Ok(Server { child, patience, listen, admin });
        }
        let _ = child.kill();
        let ended = child.wait().map_err(|error| failed("wait", error))?;
        Err(format!("it does not start: it said {line:?} and ended with {ended}"))
    }

    /// As one that keeps its worlds in a folder.
    pub(crate) fn start_in(task: &Task, folder: &Path) -> Result<Server, Fault> {
        Server::start(task, &["--data", &folder.display().to_string()])
    }

    /// As one that keeps its worlds in a folder, and whose calls are watched from its first one on. The tracer
    /// stands aside, so that the program is the one that was started.
    pub(crate) fn start_traced(
        task: &Task,
        folder: &Path,
        inject: &[String; 2],
        trace: &Path,
    ) -> Result<Server, Fault> {
        let mut command = Command::new("strace");
        command.args(["-D", "-f", "-q", "-e", &inject[0], "-e", &inject[1], "-o"]).arg(trace);
        command.arg(&task.program).arg("serve").args(ANY_PORTS).arg("--data").arg(folder);
        Server::spawn(command.stderr(Stdio::null()), task)
    }

    /// As one that keeps its worlds in a folder through power cuts, with all its calls of these names written down, those
    /// of each thread in a file of their own.
    pub(crate) fn start_recorded(
        task: &Task,
        folder: &Path,
        calls: &str,
        traces: &Path,
    ) -> Result<Server, Fault> {
        let mut command = Command::new("strace");
        // Texts whole and in hexadecimal digits, paths beside the numbers of open files, times in microseconds.
        command.args([
            "-D",
            "-ff",
            "-q",
            "-ttt",
            "-y",
            "-xx",
            "-s",
            "16777216",
            "-e",
            "signal=none",
        ]);
        command.args(["-e", &format!("trace={calls}"), "-o"]).arg(traces);
        command.arg(&task.program).arg("serve").args(ANY_PORTS);
        command.args(["--sync", "full", "--data"]).arg(folder);
        Server::spawn(command.stderr(Stdio::null()), task)
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> Result<(), Fault> {
        self.child.kill().map_err(|error| failed("kill", error))?;
        self.child.wait().map_err(|error| failed("wait", error))?;
        Ok(())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    pub(crate) fn vendors(&self) -> Client {
        Client::patient(&self.listen, self.patience)
    }

    pub(crate) fn control(&self) -> Client {
        Client::patient(&self.admin, self.patience)
    }

    /// Asks the control plane for JSON.
    pub(crate) fn ask(&self, path: &str) -> Result<Value, Fault> {
        let reply = self.control().send(&get(path)).map_err(|error| failed(path, error))?;
        serde_json::from_slice(&reply.body).map_err(|error| failed(path, error))
    }

    /// Tells the control plane something.
    pub(crate) fn tell(&self, method: &str, path: &str, body: &str) -> Result<Reply, Fault> {
        let bytes =
            if body.is_empty() { json(method, path, "{}") } else { json(method, path, body) };
        self.control().send(&bytes).map_err(|error| failed(path, error))
    }
}

/// `kill -9`, by whoever has but the number of the program.
pub(crate) fn kill(program: u32) -> Result<(), Fault> {
    send(program, Signal::SIGKILL)
}

/// The signal by which a user ends it.
pub(crate) fn terminate(program: u32) -> Result<(), Fault> {
    send(program, Signal::SIGTERM)
}

fn send(program: u32, signal: Signal) -> Result<(), Fault> {
    let id = i32::try_from(program).map_err(|error| failed("number of a process", error))?;
    signal::kill(Pid::from_raw(id), signal).map_err(|error| failed("kill", error))
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
