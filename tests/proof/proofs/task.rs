//! What a proof is asked, and what it answers.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) seed: u64,
    pub(crate) limit: Limit,
    /// The program that is put to the proof.
    pub(crate) program: PathBuf,
    /// The fault that is planted in it, where it was built for that; it is to be found, and no shortest
    /// case of it is looked for.
    pub(crate) planted: Option<String>,
    /// Of a proof that goes vendor by vendor, the one that is asked for.
    pub(crate) only: Option<String>,
}

/// How long.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Time(Duration),
    /// So many of what the proof counts.
    Count(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Time(time) => write!(out, "for {time:?}"),
            Limit::Count(count) => write!(out, "{count} of them"),
        }
    }
}

/// Whether there is still something to do.
#[derive(Debug)]
pub(crate) struct Meter {
    began: Instant,
    limit: Limit,
}

impl Task {
    pub(crate) fn meter(&self) -> Meter {
        Meter { began: Instant::now(), limit: self.limit }
    }
}

impl Meter {
    pub(crate) fn goes_on(&self, done: u64) -> bool {
        match self.limit {
            Limit::Time(time) => self.began.elapsed() < time,
            Limit::Count(count) => done < count,
        }
    }
}

/// What was done, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(pub(crate) Vec<(&'static str, u64)>);

impl fmt::Display for Counts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, (name, count)) in self.0.iter().enumerate() {
            let comma = if idx > 0 { ", " } else { "" };
            write!(out, "{comma}{count} {name}")?;
        }
        Ok(())
    }
}

/// What was found: in words, with the shortest case.
pub(crate) type Fault = String;

/// What a proof cannot do its work with is a fault of its own.
pub(crate) fn failed(what: &str, error: impl fmt::Display) -> Fault {
    format!("the proof could not go on: {what}: {error}")
}
