//! What a server's process takes of the processors, for the benchmarks that print it.

use std::fs;

use crate::support::Server;

/// Linux counts the time of processes in these.
const TICKS_A_SECOND: f64 = 100.0;

/// What a process has taken so far, in the program and in the kernel for it.
pub(crate) fn cpu_seconds(server: &Server) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.id())).unwrap();
    // The name of the program, in brackets, may hold anything.
    let rest = stat.rsplit_once(')').unwrap().1;
    let of = |at: usize| rest.split_whitespace().nth(at).unwrap().parse::<f64>().unwrap();
    (of(11) + of(12)) / TICKS_A_SECOND
}
