//! The load generator `wrk`, for the benchmarks that drive servers with it.

use std::path::Path;
use std::process::Command;

/// What it found.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) n_requests: f64,
    pub(crate) p50: String,
    pub(crate) p99: String,
}

/// Whether it is there; says where to get it where it is not.
pub(crate) fn is_there() -> bool {
    let is_there = Command::new("wrk").arg("-v").output().is_ok();
    if !is_there {
        println!("this benchmark needs the load generator wrk; on Debian: apt-get install wrk");
    }
    is_there
}

/// Sends requests over so many connections for so long, as a script in Lua says.
///
/// # Panics
/// Where a reply is no success, or a connection breaks.
pub(crate) fn wrk(url: &str, script: &Path, threads: u32, connections: u32, seconds: u64) -> Load {
    let output = Command::new("wrk")
        .args([&format!("-t{threads}"), "--latency"])
        .args([&format!("-c{connections}"), &format!("-d{seconds}s"), "-s"])
        .args([script.as_os_str(), url.as_ref()])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{text}");
    let word = |line: &str| {
        let found = text.lines().find(|it| it.trim_start().starts_with(line));
        found.and_then(|it| it.split_whitespace().last()).unwrap_or("-").to_owned()
    };
    let n_requests = text.lines().find(|it| it.contains(" requests in "));
    let n_requests = n_requests.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
    Load {
        per_second: word("Requests/sec").parse().unwrap_or(0.0),
        n_requests: n_requests.unwrap_or(f64::NAN),
        p50: word("50%"),
        p99: word("99%"),
    }
}
