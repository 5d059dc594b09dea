//! A client of HTTP/1.1 that takes what it gets byte for byte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// No healthy reply comes near.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Client {
    address: String,
    patience: Duration,
    stream: Option<BufReader<TcpStream>>,
}

/// A reply as it came.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Reply {
    /// Status line and headers, with their line ends.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A request without a body.
pub(crate) fn get(path: &str) -> Vec<u8> {
    request("GET", path, &[], b"")
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\n").into_bytes();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        bytes.extend(b"Host: localhost\r\n");
    }
    for (name, value) in headers {
        bytes.extend(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend(body);
    bytes
}

pub(crate) fn json(method: &str, path: &str, body: &str) -> Vec<u8> {
    request(method, path, &[("Content-Type", "application/json")], body.as_bytes())
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        Client::patient(address, PATIENCE)
    }

    /// One that waits for so long, and no longer.
    pub(crate) fn patient(address: &str, patience: Duration) -> Self {
        let address = address.trim_start_matches("http://").to_owned();
        Client { address, patience, stream: None }
    }

    /// Sends bytes on the kept connection, or on a new one, and reads one reply.
    ///
    /// # Errors
    /// Where the connection ends before the reply is whole; what came of it is lost.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<Reply> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(self.patience))?;
            stream.set_write_timeout(Some(self.patience))?;
            BufReader::new(stream)
        };
        stream.get_mut().write_all(bytes)?;
        let reply = read(&mut stream, bytes.starts_with(b"HEAD "))?;
        if !reply.header("connection").is_some_and(|it| it.eq_ignore_ascii_case("close")) {
            self.stream = Some(stream);
        }
        Ok(reply)
    }
}

fn read(stream: &mut BufReader<TcpStream>, is_head: bool) -> io::Result<Reply> {
    let mut reply = Reply::default();
    while !reply.head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut reply.head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    if is_head || [204, 304].contains(&reply.status()) {
        return Ok(reply);
    }
    if let Some(length) = reply.header("content-length").and_then(|it| it.parse().ok()) {
        reply.body.resize(length, 0);
        stream.read_exact(&mut reply.body)?;
    } else if reply.header("transfer-encoding").is_some() {
        chunks(stream, &mut reply.body)?;
    } else {
        stream.read_to_end(&mut reply.body)?;
    }
    Ok(reply)
}

fn chunks(stream: &mut BufReader<TcpStream>, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16)
            .map_err(|_| io::Error::other(format!("{line:?} is no size of a chunk")))?;
        let begin = body.len();
        body.resize(begin + size, 0);
        stream.read_exact(&mut body[begin..])?;
        stream.read_line(&mut line)?;
        if size == 0 {
            return Ok(());
        }
    }
}
