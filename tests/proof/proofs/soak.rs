//! Requests to worlds that come and go for a long time: what the program holds is read each second
//! and has to stay flat.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::client::get;
use super::dice::Dice;
use super::inputs::Corpus;
use super::server::Server;
use super::task::{Counts, Fault, Limit, Task, failed};

const CLIENTS: u64 = 4;
/// Behind so many requests a client asks for a long body, which is made while it is sent.
const LONG_EACH: u64 = 25;

/// How fast worlds come and go.
#[derive(Clone, Copy, Debug)]
struct Pace {
    worlds: usize,
    /// A world lives for so many requests of a client.
    life: u64,
    /// Between two looks at what is held.
    each: Duration,
}

const LONG: Pace = Pace { worlds: 50, life: 2000, each: Duration::from_secs(1) };

/// For a count of requests, of which a test makes few.
const SHORT: Pace = Pace { worlds: 8, life: 30, each: Duration::from_millis(200) };

/// Growth of the last quarter over the second that is none, in percent.
const GROWTH_MAX: u64 = 10;
/// Below this, a percentage says nothing.
const SAMPLES_MIN: usize = 12;

#[derive(Clone, Copy, Debug)]
struct Sample {
    kilobytes: u64,
    descriptors: u64,
    threads: u64,
}

pub(crate) fn run(task: &Task) -> Result<Counts, Fault> {
    let corpus = Corpus::read()?;
    let mut server = Server::start(task, &[])?;
    let (goes_on, requests) = (AtomicBool::new(true), AtomicU64::new(0));
    let pace = if matches!(task.limit, Limit::Count(_)) { SHORT } else { LONG };
    let meter = task.meter();
    let samples = thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (goes_on, requests, corpus, server) = (&goes_on, &requests, &corpus, &server);
            let dice = Dice::new(task.seed ^ (client << 32));
            scope.spawn(move || drive(server, corpus, dice, pace, goes_on, requests));
        }
        let mut samples = Vec::new();
        while meter.goes_on(requests.load(Ordering::Relaxed)) {
            thread::sleep(pace.each);
            match sample(server.id()) {
                Ok(it) => samples.push(it),
                Err(fault) => {
                    goes_on.store(false, Ordering::Relaxed);
                    return Err(fault);
                }
            }
        }
        goes_on.store(false, Ordering::Relaxed);
        Ok(samples)
    })?;
    if server.has_ended() {
        return Err("the program ended".into());
    }
    if samples.len() >= SAMPLES_MIN {
        flat("threads", &samples, |it| it.threads)?;
        flat("descriptors", &samples, |it| it.descriptors)?;
        flat("kB resident", &samples, |it| it.kilobytes)?;
    }
    let highest = |of: fn(&Sample) -> u64| samples.iter().map(of).max().unwrap_or(0);
    Ok(Counts(vec![
        ("requests", requests.load(Ordering::Relaxed)),
        ("samples", samples.len() as u64),
        ("kB at the most", highest(|it| it.kilobytes)),
        ("descriptors at the most", highest(|it| it.descriptors)),
        ("threads at the most", highest(|it| it.threads)),
    ]))
}

fn drive(
    server: &Server,
    corpus: &Corpus,
    mut dice: Dice,
    pace: Pace,
    goes_on: &AtomicBool,
    requests: &AtomicU64,
) {
    let (mut vendors, mut control) = (server.vendors(), server.control());
    let mut checkpoints = Vec::new();
    let mut n: u64 = 0;
    let mut world = String::new();
    while goes_on.load(Ordering::Relaxed) {
        if n.is_multiple_of(pace.life) {
            world = format!("soak-{}", dice.below(pace.worlds));
            // Another client may have it; what comes of either is the same.
            let _ = server.tell("DELETE", &format!("/v1/worlds/{world}"), "");
            let body = format!(r#"{{"name":"{world}","scenario":"demo"}}"#);
            let _ = server.tell("POST", "/v1/worlds", &body);
            checkpoints.clear();
        }
        if n.is_multiple_of(LONG_EACH) {
            let _ = control.send(&get(&format!("/v1/worlds/{world}/export")));
        }
        let input = corpus.draw(&mut dice, &mut checkpoints);
        let client = if input.is_for_vendor() { &mut vendors } else { &mut control };
        // A fault may have ended the connection.
        if client.send(&input.bytes(&world)).is_err() {
            (vendors, control) = (server.vendors(), server.control());
        }
        n += 1;
        requests.fetch_add(1, Ordering::Relaxed);
    }
}

fn sample(id: u32) -> Result<Sample, Fault> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))
        .map_err(|error| failed("the program's own figures", error))?;
    let figure = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|it| it.split_whitespace().next()).and_then(|it| it.parse().ok()).unwrap_or(0)
    };
    let descriptors = fs::read_dir(format!("/proc/{id}/fd"))
        .map_err(|error| failed("its descriptors", error))?
        .count() as u64;
    Ok(Sample { kilobytes: figure("VmRSS:"), descriptors, threads: figure("Threads:") })
}

/// The last quarter beside the second: the first is for warming up.
fn flat(name: &str, samples: &[Sample], of: fn(&Sample) -> u64) -> Result<(), Fault> {
    let quarter = samples.len() / 4;
    let mean = |part: &[Sample]| part.iter().map(of).sum::<u64>() / (part.len().max(1) as u64);
    let (second, last) = (mean(&samples[quarter..2 * quarter]), mean(&samples[3 * quarter..]));
    let room = second * GROWTH_MAX / 100 + 8;
    if last > second + room {
        return Err(format!("{name} grew from {second} to {last}"));
    }
    Ok(())
}
