//! An assistant that speaks the protocol by hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::program::{Running, ringback};

/// A wait that no healthy step of these tests comes near.
const PATIENCE: Duration = Duration::from_secs(30);

/// The revision of the protocol that most clients speak.
pub(crate) const REVISION: &str = "2025-06-18";

/// `ringback mcp` with somebody who asks it.
pub(crate) struct Assistant {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    n_asked: u64,
}

impl Drop for Assistant {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Assistant {
    /// Starts it without a word.
    pub(crate) fn silent(args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut command = ringback();
        command.arg("mcp").args(args).envs(env.iter().copied()).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = channel();
        thread::spawn(move || {
            for line in stdout.lines() {
                if tell.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        Assistant { child, stdin, lines, n_asked: 0 }
    }

    /// Starts it, and says how do you do.
    pub(crate) fn new(args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut assistant = Assistant::silent(args, env);
        assistant.introduce(REVISION);
        assistant
    }

    /// One that asks a running program.
    pub(crate) fn of(program: &Running, args: &[&str]) -> Self {
        let admin = program.address("admin");
        Assistant::new(&[&["--admin", admin.as_str()], args].concat(), &[])
    }

    /// Agrees on a revision; what was answered.
    pub(crate) fn introduce(&mut self, revision: &str) -> Value {
        let answer = self.ask(
            "initialize",
            &json!({
                "protocolVersion": revision, "capabilities": {},
                "clientInfo": { "name": "a test", "version": "1" },
            }),
        );
        self.tell(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        answer["result"].clone()
    }

    /// Writes a line, whatever it is.
    pub(crate) fn write(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }

    pub(crate) fn tell(&mut self, message: &Value) {
        self.write(&message.to_string());
    }

    /// Asks, and does not wait for the answer; the number of the request.
    pub(crate) fn begin(&mut self, method: &str, params: &Value) -> u64 {
        self.n_asked += 1;
        let id = self.n_asked;
        self.tell(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no message: {line}"))
    }

    /// Asks; the whole answer.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.begin(method, params);
        let answer = self.next();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    /// Calls a tool; what it answered, or what it said where it could not.
    pub(crate) fn call(&mut self, name: &str, arguments: &Value) -> Result<Value, String> {
        let answer = self.ask("tools/call", &json!({ "name": name, "arguments": arguments }));
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        if result["isError"] == true {
            return Err(text.to_owned());
        }
        // Who does not know structured content reads the same as text.
        let told: Value = serde_json::from_str(text).unwrap();
        assert_eq!(told, result["structuredContent"]);
        Ok(told)
    }

    /// Calls a tool that answers.
    #[track_caller]
    pub(crate) fn get(&mut self, name: &str, arguments: &Value) -> Value {
        self.call(name, arguments).unwrap_or_else(|told| panic!("{name} {arguments}: {told}"))
    }

    /// Calls a tool that cannot.
    #[track_caller]
    pub(crate) fn refused(&mut self, name: &str, arguments: &Value) -> String {
        match self.call(name, arguments) {
            Err(told) => told,
            Ok(answer) => panic!("{name} {arguments}: {answer}"),
        }
    }

    /// The names of the tools that are listed.
    pub(crate) fn tools(&mut self) -> Vec<String> {
        let answer = self.ask("tools/list", &json!({}));
        let tools = answer["result"]["tools"].as_array().unwrap();
        tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Closes stdin, and waits for the end: exit code, lines that came until then, and stderr.
    pub(crate) fn end(mut self) -> (i32, Vec<String>, String) {
        self.stdin = None;
        let mut lines = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end"),
            }
        }
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap(), lines, said)
    }
}
