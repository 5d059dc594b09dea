//! A server in a process of its own, for the benchmarks that speak to one over sockets.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A server that has said that it is ready; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    ready: Value,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts the program on any free ports, with these arguments.
    pub(crate) fn ringback(scenario: Option<&Path>, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
        Self::start(command.args(scenario).args(more))
    }

    /// Starts a server, and waits for its ready line: JSON with the address of each listener.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Server { child, ready: serde_json::from_str(&line).unwrap() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self, listener: &str) -> &str {
        self.ready[listener].as_str().unwrap().trim_start_matches("http://")
    }

    pub(crate) fn resident_kb(&self) -> u64 {
        status_kb(self.id(), "VmRSS")
    }
}

/// A figure of a process, as the kernel counts it.
pub(crate) fn status_kb(id: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
