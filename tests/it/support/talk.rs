//! A client that keeps its connection: for tests that send many requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A wait that no healthy step of these tests comes near.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    /// Header lines that go with every request, each with its line end.
    headers: String,
}

impl Client {
    pub(crate) fn connect(address: &str, headers: &[(&str, &str)]) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let headers = headers
            .iter()
            .fold(String::new(), |text, (name, value)| format!("{text}{name}: {value}\r\n"));
        Client { stream: BufReader::new(stream), headers }
    }

    /// Sends a request; answers status and body.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.headers,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        self.reply()
    }

    /// Sends a request and reads the body of the answer as JSON; null where it is empty.
    pub(crate) fn json(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, body) = self.send(method, path, &body);
        if body.is_empty() {
            return (status, Value::Null);
        }
        let read = serde_json::from_slice(&body);
        (status, read.unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&body))))
    }

    fn reply(&mut self) -> (u16, Vec<u8>) {
        let status = self.line().split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            chunked |= line.starts_with("transfer-encoding:") && line.ends_with("chunked");
        }
        if !chunked {
            return (status, self.bytes(length));
        }
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line(), 16).unwrap();
            body.extend(self.bytes(length));
            assert_eq!(self.line(), "");
            if length == 0 {
                return (status, body);
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.stream.read_line(&mut line).unwrap() > 0, "the connection was closed");
        line.truncate(line.trim_end().len());
        line
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }
}
