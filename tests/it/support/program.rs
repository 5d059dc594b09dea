//! The real program: started, spoken to over sockets, stopped; or run to its end.
//!
//! Not here: the text of requests and replies (`http`).

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ringback::inside::base::clock::Stopwatch;
use serde_json::Value;

use crate::support::http::{body_of, http, status_of};

/// A wait that no healthy step of these tests comes near: of a program that does nothing meanwhile, or of
/// its own time. One that is at work on a machine with much else to do is not given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A hundred of them are a second of the time of a process, as Linux counts it.
const TICKS_PER_SECOND: u64 = 100;

/// What asks infocu5's demo for its agents.
pub(crate) const AGENTS: &str = r#"{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}"#;

/// A running program, killed when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) ready: Value,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn ringback() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts `serve` with these arguments, on any free ports, and waits for the ready line.
pub(crate) fn serve(args: &[&str]) -> Running {
    serve_with(args, &[])
}

pub(crate) fn serve_with(args: &[&str], env: &[(&str, &str)]) -> Running {
    let mut command = ringback();
    command.envs(env.iter().copied());
    started(command, args)
}

/// The same, with a folder that paths begin in.
pub(crate) fn serve_in(folder: &Path, args: &[&str]) -> Running {
    let mut command = ringback();
    command.current_dir(folder);
    started(command, args)
}

/// The same, with a stderr of one's own.
pub(crate) fn serve_with_stderr(stderr: impl Into<Stdio>, args: &[&str]) -> Running {
    let mut command = ringback();
    command.stderr(stderr);
    started(command, args)
}

/// Starts `serve` from a line of shell, in which `"$@"` is the command with its arguments.
pub(crate) fn serve_by(line: &str, args: &[&str]) -> Running {
    let program = ringback().get_program().to_owned();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line, "sh"]).arg(program);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    started(command, args)
}

fn started(mut command: Command, args: &[&str]) -> Running {
    command.arg("serve").args(args);
    if !args.contains(&"--admin") {
        command.args(["--admin", "127.0.0.1:0"]);
    }
    if !args.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if line.is_empty() {
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        panic!("it did not start: {said}");
    }
    Running { child, ready: serde_json::from_str(&line).unwrap() }
}

impl Running {
    pub(crate) fn address(&self, name: &str) -> String {
        self.ready[name].as_str().unwrap().trim_start_matches("http://").to_owned()
    }

    /// Asks a listener by another address than the ready line's.
    pub(crate) fn move_to(&mut self, name: &str, address: &str) {
        self.ready[name] = format!("http://{address}").into();
    }

    pub(crate) fn connect(&self, name: &str) -> TcpStream {
        let stream = TcpStream::connect(self.address(name)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends raw bytes, and reads until the other side closes.
    pub(crate) fn raw(&self, name: &str, bytes: &[u8]) -> String {
        let mut stream = self.connect(name);
        // The other side may have said its word and closed before all was written.
        let _ = stream.write_all(bytes);
        let mut reply = Vec::new();
        let _ = self.read_to_end(&mut stream, &mut reply);
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// Reads until the other side closes, for as long as the program is at work.
    pub(crate) fn read_to_end(
        &self,
        stream: &mut TcpStream,
        reply: &mut Vec<u8>,
    ) -> io::Result<usize> {
        let begun = self.ticks();
        let mut before = begun;
        loop {
            // What has come is kept where a read fails.
            let read = stream.read_to_end(reply);
            let is_waiting = read.as_ref().is_err_and(|error| {
                matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
            });
            let now = self.ticks();
            let is_at_work = now > before && now - begun < PATIENCE.as_secs() * TICKS_PER_SECOND;
            if !is_waiting || !is_at_work {
                return read;
            }
            before = now;
        }
    }

    /// Waits for its end; answers its exit code and how many milliseconds of its own time that took: in which
    /// it ran, or waited for something else than its turn, as on a machine that has nothing else to do.
    pub(crate) fn end(&mut self) -> (i32, u64) {
        let begun = self.ticks();
        let (mut ran, mut asleep_ns) = (0, 0);
        let mut watch = Stopwatch::start();
        let mut before = self.sleeps();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let ran_ms = ran * 1000 / TICKS_PER_SECOND;
                return (status.code().unwrap(), asleep_ns / 1_000_000 + ran_ms);
            }
            std::thread::yield_now();
            let took_ns = watch.elapsed_ns();
            watch = Stopwatch::start();
            let now = self.sleeps();
            if now.is_some() && now == before {
                asleep_ns += took_ns;
            }
            before = now;
            ran = self.ticks().saturating_sub(begun).max(ran);
        }
    }

    /// How often its threads have gone to sleep, where all of them sleep: where that is what it was, none has
    /// been awake. Where the system does not tell, they are taken to sleep all the time.
    fn sleeps(&self) -> Option<u64> {
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.child.id())) else {
            return Some(0);
        };
        let mut all = 0;
        for thread in threads {
            let told = std::fs::read_to_string(thread.ok()?.path().join("status")).ok()?;
            let of = |name: &str| told.lines().find_map(|it| it.strip_prefix(name)).map(str::trim);
            if !of("State:")?.starts_with('S') {
                return None;
            }
            for name in ["voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"] {
                all += of(name)?.parse::<u64>().ok()?;
            }
        }
        Some(all)
    }

    /// How much of its own time the program has had; nothing where the system does not tell.
    fn ticks(&self) -> u64 {
        let told = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let told = told.unwrap_or_default();
        // Behind the name, which may hold blanks: the times in user's and system's mode.
        let fields = told.rsplit(')').next().unwrap_or_default().split(' ');
        fields.skip(12).take(2).filter_map(|it| it.parse::<u64>().ok()).sum()
    }

    /// Posts a body to the vendor listener; answers the body of the reply.
    pub(crate) fn post(&self, path: &str, body: &str) -> String {
        body_of(&self.raw("listen", http("POST", path, &[], body).as_bytes()))
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = http(method, path, &[("Content-Type", "application/json")], body);
        let reply = self.raw("admin", request.as_bytes());
        let body = body_of(&reply);
        let body = serde_json::from_str(&body).unwrap_or_else(|_| panic!("no JSON: {reply}"));
        (status_of(&reply), body)
    }

    /// Tells it to stop, and does not wait.
    pub(crate) fn signal(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    pub(crate) fn stop(&mut self) -> i32 {
        self.signal();
        self.child.wait().unwrap().code().unwrap()
    }

    /// Stops it, and answers also what it said on stderr.
    pub(crate) fn stop_and_listen(&mut self) -> (i32, String) {
        let code = self.stop();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

/// Runs a command that ends by itself; exit code, stdout and stderr.
pub(crate) fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_program_that_waits_is_seen_to_wait() {
    let child = Command::new("sleep").arg("2").spawn().unwrap();
    let (code, took_ms) = Running { child, ready: Value::Null }.end();
    assert_eq!(code, 0);
    assert!(took_ms > 0, "{took_ms} ms");
}
