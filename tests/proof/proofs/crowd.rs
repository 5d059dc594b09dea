//! A crowd of silent, slow and half-spoken clients at a program that has few descriptors and whose log
//! nobody reads: one honest client is answered at once, and every newcomer is let in.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::hostile::{address, honest, percentile};
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task};

/// What a shell gives by default.
const DESCRIPTORS: u64 = 1024;

const IDLE: usize = 10_000;
const SLOW_READERS: usize = 600;
const HALF_HEADS: usize = 1_000;

/// Of a list that no buffer between the program and its reader holds: 2 MB.
const CONTACTS: usize = 400;
const COMMENT_BYTES: usize = 5_000;

/// The honest client's p99.
const P99_MAX: Duration = Duration::from_millis(20);
/// Of the crowd one goes and another comes in so short a time.
const TURNOVER: Duration = Duration::from_millis(2);

/// One of the crowd, by its number; none where no descriptor of ours is left.
fn one(address: &str, number: usize) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).ok()?;
    let said: &[u8] = match number % (IDLE + SLOW_READERS + HALF_HEADS) {
        it if it < SLOW_READERS => {
            b"GET /rest/v1.0/7/dialler/contacts?diallerCampaignsID=612 HTTP/1.1\r\nHost: localhost\r\n\
              Authorization: Bearer SIMTOKEN-7A\r\nX-Ringback-World: long\r\n\r\n"
        }
        it if it < SLOW_READERS + HALF_HEADS => b"POST /dialer/ HTTP/1.1\r\nHost: local",
        _ => b"",
    };
    // The program may have made room of it already.
    let _ = stream.write_all(said);
    Some(stream)
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let mut server = Server::start_short(task, DESCRIPTORS, &["--log", "debug"])?;
    make_long(&server)?;
    let time = match task.limit {
        Limit::Time(time) => time,
        Limit::Count(_) => Duration::from_secs(10),
    };
    let (goes_on, connected) = (AtomicBool::new(true), AtomicU64::new(0));
    // The time begins when all of the crowd is there.
    let mut whole: Option<Instant> = None;
    let is_short = AtomicBool::new(false);
    let address = address(&server);
    let told = thread::scope(|scope| {
        let standing = scope.spawn(|| {
            let standing = crowd(&address, &goes_on, &connected);
            is_short.store(standing.len() < ALL, Ordering::Relaxed);
            standing
        });
        let honest = honest(&server, &mut |_, _| {
            if whole.is_none() && connected.load(Ordering::Relaxed) >= ALL as u64 {
                whole = Some(Instant::now());
            }
            !is_short.load(Ordering::Relaxed) && whole.is_none_or(|it| it.elapsed() < time)
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
    if standing < ALL {
        return Err(format!(
            "a crowd of {ALL} needs as many descriptors of our own, and {standing} were there; raise ulimit -n"
        ));
    }
    let p99 = percentile(honest.waits.clone(), 99);
    if p99 > P99_MAX {
        return Err(format!("an honest client's p99 is {p99:?}, more than {P99_MAX:?}"));
    }
    let micros = |it: Duration| u64::try_from(it.as_micros()).unwrap_or(u64::MAX);
    Ok(Counts(vec![
        ("in the crowd", standing as u64),
        ("that came to it", connected.load(Ordering::Relaxed)),
        ("honest requests", honest.requests),
        ("newcomers served", honest.newcomers),
        ("kept connections closed", honest.closed),
        ("us p50", micros(percentile(honest.waits.clone(), 50))),
        ("us p99", micros(p99)),
        ("us at the most", micros(percentile(honest.waits, 100))),
    ]))
}

const ALL: usize = IDLE + SLOW_READERS + HALF_HEADS;

/// Comes, all kinds at once, and then stays as large while its members change.
fn crowd(address: &str, goes_on: &AtomicBool, connected: &AtomicU64) -> Vec<TcpStream> {
    let mut standing = Vec::with_capacity(ALL);
    // Spread, so that the first to come are of every kind: 7919 has no factor with their number.
    let mut numbers = (0..).map(|at: usize| at.wrapping_mul(7919) % ALL);
    while let Some(number) = numbers.next().filter(|_| goes_on.load(Ordering::Relaxed)) {
        let is_whole = standing.len() == ALL;
        let Some(stream) = one(address, number) else { break };
        let came = connected.fetch_add(1, Ordering::Relaxed);
        if is_whole {
            let place = usize::try_from(came).unwrap_or_default() % ALL;
            standing[place] = stream;
            thread::sleep(TURNOVER);
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
