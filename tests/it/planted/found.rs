//! The faults, planted one by one, and each looked for by its proof.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use ringback::inside::base::planted::names;

use super::{ALL, Planted};
use crate::proof::proofs::PROOFS;
use crate::proof::proofs::task::{Limit, Task};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ringback");

/// A test for each proof, and the list of them.
macro_rules! proofs {
    ($($proof:ident)*) => {
        $(
            #[test]
            fn $proof() {
                finds_all(stringify!($proof));
            }
        )*

        const SEARCHED: &[&str] = &[$(stringify!($proof)),*];
    };
}

proofs! { simulate crash calls power linear model hostile crowd soak secrets fuzz doors }

/// Looks for all that this proof has to find, side by side: most of it waits.
fn finds_all(proof: &str) {
    let missed: Vec<String> = thread::scope(|scope| {
        let planted = ALL.iter().filter(|it| it.proof == proof);
        let searches: Vec<_> = planted.map(|it| scope.spawn(|| missed(it))).collect();
        searches.into_iter().filter_map(|it| it.join().unwrap()).collect()
    });
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

/// What is to be said of a fault that its proof does not find.
fn missed(planted: &Planted) -> Option<String> {
    let Planted { name, proof, only, count, says, .. } = planted;
    let (_, _, search) = PROOFS.iter().find(|(known, ..)| known == proof).unwrap();
    let task = Task {
        seed: 1,
        limit: Limit::Count(*count),
        program: PathBuf::from(PROGRAM),
        only: only.map(str::to_owned),
        planted: Some((*name).to_owned()),
    };
    match search(&task) {
        Ok(counts) => Some(format!("{name}: {proof} holds: {counts}")),
        Err(fault) if fault.contains(says) => None,
        Err(fault) => Some(format!("{name}: {proof} says something else: {fault}")),
    }
}

#[test]
fn each_fault_is_searched_for() {
    let planted: BTreeSet<_> = names().collect();
    let searched: BTreeSet<_> = ALL.iter().map(|it| it.name).collect();
    assert_eq!(planted, searched);
    let proofs: Vec<_> = PROOFS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(proofs, SEARCHED);
}

#[test]
fn what_nobody_can_plant_ends_the_program() {
    let mut program = Command::new(PROGRAM);
    let ended = program.arg("serve").env("RINGBACK_PLANTED", "a_weed").output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("expected the name of a planted fault, found \"a_weed\""), "{said}");
    assert_eq!(ended.status.code(), Some(2));
}
