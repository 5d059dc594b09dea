//! Machines that try to break what Ringback promises: `cargo run --release --example proof -- NAME`.
//!
//! Each takes a seed and runs for a time or a count; it prints both, what it did, and of a failure
//! the shortest case that it found with the command that repeats it. The short form of each is a
//! test (`tests/it/proof.rs`). Not here: the proofs themselves, a file each.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is what it is for")]

mod proofs;

mod support;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use proofs::PROOFS;
use proofs::task::{Limit, Task};
use ringback::inside::base::clock::Stopwatch;

const USAGE: &str = "usage: proof NAME|all [--seed S] [--for 10m | --count N] [--only VENDOR] \
                     [--program PATH] [--planted FAULT]";

fn main() -> ExitCode {
    match asked(env::args().skip(1).collect()) {
        Ok((names, task)) => run(&names, &task),
        Err(mistake) => {
            eprintln!("proof: {mistake}\n{USAGE}");
            for (name, text, _) in PROOFS {
                eprintln!("  {name:<10} {text}");
            }
            ExitCode::from(2)
        }
    }
}

fn run(names: &[&'static str], task: &Task) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for (name, text, proof) in PROOFS.iter().filter(|(name, ..)| names.contains(name)) {
        println!("{name}: {text}; seed {}, {}", task.seed, task.limit);
        let began = Stopwatch::start();
        match proof(task) {
            Ok(counts) => {
                println!("{name}: held; {counts}, {} s\n", began.elapsed_ns() / 1_000_000_000);
            }
            Err(fault) => {
                println!("{name}: BROKEN: {fault}");
                println!(
                    "again: cargo run --release --example proof -- {name} --seed {}{}\n",
                    task.seed,
                    task.only.as_ref().map_or_else(String::new, |it| format!(" --only {it}"))
                );
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn asked(args: Vec<String>) -> Result<(Vec<&'static str>, Task), String> {
    let mut names = Vec::new();
    let mut task = Task {
        seed: 1,
        limit: Limit::Time(Duration::from_secs(30)),
        program: beside_us()?,
        planted: None,
        only: None,
    };
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} wants a value"));
        match arg.as_str() {
            "--seed" => task.seed = number(&value()?)?,
            "--count" => task.limit = Limit::Count(number(&value()?)?),
            "--for" => task.limit = Limit::Time(span(&value()?)?),
            "--only" => task.only = Some(value()?),
            "--program" => task.program = PathBuf::from(value()?),
            "--planted" => task.planted = Some(value()?),
            "all" => names.extend(PROOFS.iter().map(|(name, ..)| *name)),
            other => match PROOFS.iter().find(|(name, ..)| *name == other) {
                Some((name, ..)) => names.push(*name),
                None => return Err(format!("{other:?} is no proof and no flag")),
            },
        }
    }
    if names.is_empty() {
        return Err("which proof?".into());
    }
    if !task.program.exists() {
        return Err(format!(
            "{} is not there; build it, or give --program",
            task.program.display()
        ));
    }
    Ok((names, task))
}

/// The program that was built with us: `target/release/ringback` beside `target/release/examples/`.
fn beside_us() -> Result<PathBuf, String> {
    let us = env::current_exe().map_err(|error| error.to_string())?;
    let folder =
        us.parent().and_then(|it| it.parent()).ok_or("this program stands in no folder")?;
    Ok(folder.join("ringback"))
}

fn number(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|_| format!("{text:?} is no number"))
}

/// `30s`, `10m`, `2h`.
fn span(text: &str) -> Result<Duration, String> {
    let (digits, unit) = text.split_at(text.len().saturating_sub(1));
    let each = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(format!("{text:?} is no time; expected 30s, 10m or 2h")),
    };
    Ok(Duration::from_secs(number(digits)? * each))
}
