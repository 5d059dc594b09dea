//! A crowd of silent, slow and half-spoken clients at a program that has few descriptors and whose log
//! nobody reads: one honest client is answered at once, and every newcomer is let in.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::hostile::{self, address, honest, percentile};
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task};

/// How many there are of each kind.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// What the program has.
    descriptors: u64,
    idle: usize,
    slow_readers: usize,
    half_heads: usize,
    /// Of the crowd one goes and another comes in so short a time.
    turnover: Duration,
}

/// Descriptors as a shell gives them by default.
const LONG: Size = Size {
    descriptors: 1024,
    idle: 10_000,
    slow_readers: 600,
    half_heads: 1_000,
    turnover: Duration::from_millis(2),
};

/// An eighth of it, for a test that has few descriptors itself, and slower, for builds of all kinds.
const SHORT: Size = Size {
    descriptors: 128,
    idle: 1_250,
    slow_readers: 75,
    half_heads: 125,
    turnover: Duration::from_millis(50),
};

impl Size {
    fn all(self) -> usize {
        self.idle + self.slow_readers + self.half_heads
    }
}

/// Of a list that no buffer between the program and its reader holds: 2 MB.
const CONTACTS: usize = 400;
const COMMENT_BYTES: usize = 5_000;

/// The honest client's p99.
const P99_MAX: Duration = Duration::from_millis(20);
/// The same in the short form, of its p95: one newcomer in ten requests, of which the first waits for all who
/// came before it.
const P95_MAX_SHORT: Duration = Duration::from_secs(1);
/// One of the crowd, by its number; none where no descriptor of ours is left.
fn one(address: &str, number: usize, size: Size) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    let said: &[u8] = match number % size.all() {
        it if it < size.slow_readers => {
            b"GET /rest/v1.0/7/dialler/contacts?diallerCampaignsID=612 HTTP/1.1\r\nHost: localhost\r\n\
              Authorization: Bearer SIMTOKEN-7A\r\nX-Ringback-World: long\r\n\r\n"
        }
        it if it < size.slow_readers + size.half_heads => b"POST /dialer/ HTTP/1.1\r\nHost: local",
        _ => b"",
    };
    // The program may have made room of it already.
    let _ = stream.write_all(said);
    Some(stream)
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let size = if matches!(task.limit, Limit::Count(_)) { SHORT } else { LONG };
    let all = size.all();
    let mut server = Server::start_short(task, size.descriptors, &["--log", "debug"])?;
    make_long(&server)?;
    let goes = |whole: (Instant, u64), requests: u64| match task.limit {
        Limit::Time(time) => whole.0.elapsed() < time,
        Limit::Count(count) => requests < whole.1 + count && whole.0.elapsed() < hostile::SHORT,
    };
    let (goes_on, connected) = (AtomicBool::new(true), AtomicU64::new(0));
    // Both begin when all of the crowd is there: the time, and the count of requests.
    let mut whole: Option<(Instant, u64)> = None;
    let is_short = AtomicBool::new(false);
    let address = address(&server);
    let told = thread::scope(|scope| {
        let standing = scope.spawn(|| {
            let standing = crowd(&address, &goes_on, &connected, size);
            is_short.store(standing.len() < all, Ordering::Relaxed);
            standing
        });
        let honest = honest(&server, &mut |_, requests| {
            if whole.is_none() && connected.load(Ordering::Relaxed) >= all as u64 {
                whole = Some((Instant::now(), requests));
            }
            !is_short.load(Ordering::Relaxed) && whole.is_none_or(|it| goes(it, requests))
        });
        goes_on.store(false, Ordering::Relaxed);
        // Until here all of it stands.
        let standing = standing.join().map_or(0, |it| it.len());
        honest.map(|it| (it, standing))
    });
    let (honest, standing) = told?;
    if server.has_ended() {
        return Err("the program ended".into());
    }
    if standing < all {
        return Err(format!(
            "a crowd of {all} needs as many descriptors of our own, and {standing} were there; raise ulimit -n"
        ));
    }
    let (since, percent, most) = match (task.limit, whole) {
        (Limit::Count(_), Some((_, before))) => (before, 95, P95_MAX_SHORT),
        _ => (0, 99, P99_MAX),
    };
    let since = usize::try_from(since).unwrap_or_default().min(honest.waits.len());
    let slowest = percentile(honest.waits[since..].to_vec(), percent);
    if slowest > most {
        return Err(format!("an honest client's p{percent} is {slowest:?}, more than {most:?}"));
    }
    let micros = |it: Duration| u64::try_from(it.as_micros()).unwrap_or(u64::MAX);
    Ok(Counts(vec![
        ("in the crowd", standing as u64),
        ("that came to it", connected.load(Ordering::Relaxed)),
        ("honest requests", honest.requests),
        ("newcomers served", honest.newcomers),
        ("kept connections closed", honest.closed),
        ("us p50", micros(percentile(honest.waits.clone(), 50))),
        ("us p99", micros(percentile(honest.waits.clone(), 99))),
        ("us at the most", micros(percentile(honest.waits, 100))),
    ]))
}

/// Comes, all kinds at once, and then stays as large while its members change.
fn crowd(address: &str, goes_on: &AtomicBool, connected: &AtomicU64, size: Size) -> Vec<TcpStream> {
    let all = size.all();
    let mut standing = Vec::with_capacity(all);
    // Spread, so that the first to come are of every kind: 7919 has no factor with their number.
    let mut numbers = (0..).map(|at: usize| at.wrapping_mul(7919) % all);
    while let Some(number) = numbers.next().filter(|_| goes_on.load(Ordering::Relaxed)) {
        let is_whole = standing.len() == all;
        let Some(stream) = one(address, number, size) else { break };
        let came = connected.fetch_add(1, Ordering::Relaxed);
        if is_whole {
            let place = usize::try_from(came).unwrap_or_default() % all;
            standing[place] = stream;
            thread::sleep(size.turnover);
        } else {
            standing.push(stream);
        }
    }
    standing
}

fn make_long(server: &Server) -> Result<(), Fault> {
    server.tell("POST", "/v1/worlds", r#"{"name":"long","scenario":"demo"}"#)?;
    let comment = "x".repeat(COMMENT_BYTES);
    let contacts: Vec<_> = (0..CONTACTS)
        .map(|id| {
            serde_json::json!({ "id": 1_000_000 + id, "campaign": 612, "name": "x",
                                "user_data": id.to_string(), "comment": comment })
        })
        .collect();
    let piece = serde_json::json!({ "jtel": { "contacts": contacts } }).to_string();
    let made = server.tell("POST", "/v1/worlds/long/seed", &piece)?;
    match made.status() {
        200 => Ok(()),
        _ => Err(format!("the long list cannot be made: {}", made.text())),
    }
}
