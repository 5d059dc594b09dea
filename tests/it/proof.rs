//! The short form of each proof that needs no clock and has no test of its kind elsewhere; `tests/proof` has them all, for as long as is
//! wanted.

#[path = "../proof/proofs/mod.rs"]
#[expect(dead_code, reason = "what only the long form needs")]
pub(crate) mod proofs;

use std::path::PathBuf;

use proofs::PROOFS;
use proofs::task::{Limit, Task};

use crate::support::tool::tool;

fn holds(name: &str, count: u64) {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_ringback"));
    let task = Task { seed: 1, limit: Limit::Count(count), program, only: None, planted: None };
    let (_, _, proof) = PROOFS.iter().find(|(known, ..)| *known == name).unwrap();
    if let Err(fault) = proof(&task) {
        panic!("{name}: {fault}");
    }
}

#[test]
fn memory_file_and_killed_file_agree() {
    holds("simulate", 800);
}

#[test]
fn a_killed_program_loses_nothing() {
    holds("crash", 8);
}

#[test]
fn no_call_that_fails_leaves_anything_half_done() {
    if tool("strace").is_some() {
        holds("calls", 36);
    }
}

#[test]
fn no_power_cut_loses_what_was_answered() {
    if tool("strace").is_some() {
        holds("power", 48);
    }
}

/// A round in memory and one in a file.
#[test]
fn clients_side_by_side_see_one_order() {
    holds("linear", 769);
}

/// Long enough for every operation, refusal and state to come by.
#[test]
fn vendors_do_what_their_models_do() {
    holds("model", 25_000);
}

#[test]
fn no_damaged_text_breaks_it() {
    holds("fuzz", 1000);
}

#[test]
fn no_secret_shows_wherever_it_is_put() {
    holds("secrets", 120);
}

#[test]
fn no_door_opens_to_strangers() {
    holds("doors", 1);
}
