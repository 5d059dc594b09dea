//! `ringback run`: clients as they are, by the real program.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `bypass` | clients that no lever leads |
//! | `clients` | one tiny client per library, with the vendor's host in its text |
//! | `codes` | exit codes, verdicts and reports |
//! | `inherited` | what an environment had that leads elsewhere |
//! | `left` | what is left of a run whoever is killed |
//! | `place` | where the files of a run lie |
//! | `sealed` | clients that are sealed off |
//! | `terminal` | what keys of a terminal do, and who reads it |
//! | `told` | reports, coverage, and the environment by itself |

mod bypass;
mod clients;
mod codes;
mod inherited;
mod left;
mod place;
pub(crate) mod sealed;
mod terminal;
mod told;

use std::process::{Command, Output};

pub(crate) use left::until;

use crate::support::program::ringback;

/// `ringback run` with these flags over a command; variables that clients need are there.
pub(crate) fn run(flags: &[&str], command: &[&str]) -> Command {
    let mut run = ringback();
    for name in ["PATH", "HOME"] {
        if let Some(value) = std::env::var_os(name) {
            run.env(name, value);
        }
    }
    run.arg("run").args(flags).arg("--").args(command);
    run
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Code, stdout and stderr.
pub(crate) fn ended(output: &Output) -> (i32, String, String) {
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}
