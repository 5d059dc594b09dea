//! Bad clients of many kinds beside an honest one: its waiting time is held against what it is when
//! it is alone, and newcomers are let in.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{Client, get};
use super::dice::Dice;
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task};

/// Connections that are opened and never speak, as far as our own descriptors go.
const IDLE: usize = 400;
/// Bad clients at a time.
const BAD: u64 = 6;
const ALONE: Duration = Duration::from_secs(2);
/// The longest that a count of requests takes.
pub(super) const SHORT: Duration = Duration::from_secs(10);
/// The honest client's p99 beside them, held against p99 alone. On few cores the bad ones take
/// processor time of the machine that is not the program's to give, so there is a floor.
const TIMES_MAX: u128 = 2;
const FLOOR: Duration = Duration::from_millis(20);
/// The same in the short form, which is for builds and machines of all kinds.
const FLOOR_SHORT: Duration = Duration::from_millis(500);

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let mut server = Server::start(task, &[])?;
    let alone = honest(&server, &mut |began, _| began.elapsed() < ALONE)?;
    let crowd: Vec<TcpStream> =
        (0..IDLE).map_while(|_| TcpStream::connect(address(&server)).ok()).collect();
    let goes_on = Arc::new(AtomicBool::new(true));
    let attacks = Arc::new(AtomicU64::new(0));
    let mut goes = |began: Instant, requests| match task.limit {
        Limit::Time(time) => began.elapsed() < time,
        Limit::Count(count) => requests < count && began.elapsed() < SHORT,
    };
    let beside = thread::scope(|scope| {
        for bad in 0..BAD {
            let (goes_on, attacks) = (Arc::clone(&goes_on), Arc::clone(&attacks));
            let address = address(&server);
            let mut dice = Dice::new(task.seed ^ (bad << 32));
            scope.spawn(move || {
                while goes_on.load(Ordering::Relaxed) {
                    attack(&address, &mut dice);
                    attacks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let beside = honest(&server, &mut goes);
        goes_on.store(false, Ordering::Relaxed);
        beside
    })?;
    if server.has_ended() {
        return Err("the program ended".into());
    }
    let (p99_alone, p99) = (percentile(alone.waits, 99), percentile(beside.waits, 99));
    let floor = if matches!(task.limit, Limit::Count(_)) { FLOOR_SHORT } else { FLOOR };
    if p99 > floor && p99.as_nanos() > p99_alone.as_nanos() * TIMES_MAX {
        return Err(format!("p99 beside bad clients is {p99:?}, alone {p99_alone:?}"));
    }
    let entries = server.ask("/v1/worlds/default/journal?outcome=error&limit=5")?;
    if entries["entries"].as_array().is_some_and(|it| !it.is_empty()) {
        return Err(format!("mistakes of the program's own: {entries}"));
    }
    let micros = |it: Duration| u64::try_from(it.as_micros()).unwrap_or(u64::MAX);
    Ok(Counts(vec![
        ("attacks", attacks.load(Ordering::Relaxed)),
        ("idle connections", crowd.len() as u64),
        ("honest requests", beside.requests),
        ("newcomers served", beside.newcomers),
        ("us p99 alone", micros(p99_alone)),
        ("us p99 beside", micros(p99)),
    ]))
}

pub(super) fn address(server: &Server) -> String {
    server.listen.trim_start_matches("http://").to_owned()
}

pub(super) struct Honest {
    pub(super) waits: Vec<Duration>,
    pub(super) requests: u64,
    pub(super) newcomers: u64,
    /// Kept connections that made room while they idled.
    pub(super) closed: u64,
}

/// Asks on a kept connection, every tenth time on a new one. Each reply has to be right.
pub(super) fn honest(
    server: &Server,
    goes_on: &mut dyn FnMut(Instant, u64) -> bool,
) -> Result<Honest, Fault> {
    let ask = get("/rest/v1.0/7/dialler/campaigns").strip_suffix(b"\r\n").map(<[u8]>::to_vec);
    let mut ask = ask.unwrap_or_default();
    ask.extend(b"Authorization: Bearer SIMTOKEN-7A\r\n\r\n");
    let mut kept = server.vendors();
    let mut told = Honest { waits: Vec::new(), requests: 0, newcomers: 0, closed: 0 };
    let began = Instant::now();
    while goes_on(began, told.requests) {
        let is_new = told.requests.is_multiple_of(10);
        let mut fresh = server.vendors();
        let client: &mut Client = if is_new { &mut fresh } else { &mut kept };
        let asked = Instant::now();
        let mut reply = client.send(&ask);
        if reply.is_err() && !is_new {
            // It idled for longer than all others of a flood: clients come again then.
            told.closed += 1;
            reply = client.send(&ask);
        }
        let reply = reply.map_err(|error| format!("an honest client was let down: {error}"))?;
        if reply.status() != 200 {
            return Err(format!("an honest client was answered {}", reply.head));
        }
        told.waits.push(asked.elapsed());
        told.requests += 1;
        told.newcomers += u64::from(is_new);
    }
    Ok(told)
}

pub(super) fn percentile(mut waits: Vec<Duration>, percent: usize) -> Duration {
    waits.sort_unstable();
    waits
        .get((waits.len() * percent / 100).min(waits.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// One bad client, from its beginning to its end. What becomes of it is nobody's business here.
fn attack(address: &str, dice: &mut Dice) {
    let Ok(mut stream) = TcpStream::connect(address) else { return };
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let mut answer = [0; 512];
    let long = "x".repeat(9000);
    let many = "X-Many: 1\r\n".repeat(300);
    let pipelined = "GET /dialer/ HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50);
    let text = match dice.below(10) {
        0 => "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ".to_owned(),
        1 => "POST /dialer/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{".to_owned(),
        2 => format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n"),
        3 => format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n"),
        4 => pipelined,
        5 => "\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03".to_owned(),
        6 => "CONNECT nowhere.invalid:443 HTTP/1.1\r\nHost: nowhere.invalid\r\n\r\n".to_owned(),
        7 => "POST /dialer/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            .to_owned(),
        8 => "GET /dialer/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
            .to_owned(),
        _ => "\0\0\0\0".to_owned(),
    };
    let _ = stream.write_all(text.as_bytes());
    match dice.below(3) {
        0 => drop(stream),
        1 => {
            let _ = stream.shutdown(Shutdown::Write);
            let _ = stream.read(&mut answer);
        }
        _ => {
            let _ = stream.read(&mut answer);
        }
    }
}
