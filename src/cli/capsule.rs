//! `run`, `replay` and `serve` with `--capsule`: what was done, in one file that does it again elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::base::lock::lock;
use crate::cli::failure::{Failure, bad_input};
use crate::cli::log::Queue;
use crate::cli::recorded::{drain, kept, record_failure};
use crate::cli::run_report::no_resource;
use crate::recording::live::recorder::Recorder;
use crate::recording::mask::Whose;
use crate::replay::verdict::Outcome;
use crate::replay::{all, json as told};
use crate::scenario::capsule::{Capsule, Kept};

/// Writes what a replay did.
///
/// # Errors
/// Where its files cannot be read once more, or the capsule cannot be written.
pub(super) fn of_replay(
    config: &all::Config,
    outcome: &Outcome,
    path: &Path,
) -> Result<(), Failure> {
    let mut kept = Vec::new();
    for all::OpenedAs { file, opened, .. } in all::opened(config)? {
        let scenario = opened.to_json_with_steps().map_err(|error| bad_input(error.to_string()))?;
        // Of a folder those alone were replayed that have steps.
        if !opened.steps().is_empty() {
            kept.push(Kept { name: file, scenario });
        }
    }
    let journals = config.journals.iter().flat_map(|it| lock(it).clone());
    let named = |(number, journal): (usize, Value)| {
        let scenario: Option<&Kept> = kept.get(number);
        (scenario.map_or_else(|| number.to_string(), |it| it.name.clone()), journal)
    };
    let journal: Map<String, Value> = journals.map(named).collect();
    let report = serde_json::from_str(&told::report(outcome)).unwrap_or_default();
    write(path, &Capsule::new(kept, report, json!({ "worlds": journal })))
}

/// Takes down what a client does, until its capsule is written.
pub(super) struct Keeping {
    path: PathBuf,
    pub(super) recorder: Recorder,
}

impl Keeping {
    /// Begins. What was taken stands beside the file until then.
    ///
    /// # Errors
    /// Where nothing can be written there.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".recording");
        let recorder = Recorder::begin(Path::new(&beside), Whose::Clients);
        let recorder = recorder.map_err(|error| record_failure(&error))?;
        Ok(Keeping { path: path.to_owned(), recorder })
    }

    /// What began while it is kept; where that failed, nothing of it is left.
    ///
    /// # Errors
    /// The one of what began.
    pub(super) fn over<T, E: Into<Failure>>(
        began: Result<T, E>,
        keeping: Option<Self>,
    ) -> Result<(T, Option<Self>), Failure> {
        match (began, keeping) {
            (Ok(began), keeping) => Ok((began, keeping)),
            (Err(error), keeping) => {
                if let Some(Ok(drained)) = keeping.map(|it| it.recorder.drained()) {
                    drained.end(&mut |_, _| {}).journal.remove();
                }
                Err(error.into())
            }
        }
    }

    /// Writes the capsule: a scenario for each world and each beginning of it, the report and the journals.
    /// Says what is in none of the scenarios. A signal ends the program meanwhile.
    ///
    /// # Errors
    /// Where a scenario cannot be made, or the capsule cannot be written; what was taken is left then, as far
    /// as the disk took it.
    pub(super) fn end(self, journal: Value, report: Value, queue: &Queue) -> Result<(), Failure> {
        let Keeping { path, recorder } = self;
        let (drained, writing) = drain(recorder, queue)?;
        let (mut scenarios, mut left_out) = (Vec::new(), Vec::new());
        let recording = drained.end(&mut |file, imported| {
            left_out.extend(imported.skipped);
            if !imported.scenario.is_null() {
                scenarios.push(Kept { name: name(&file, &path), scenario: imported.scenario });
            }
        });
        left_out.extend(recording.left_out);
        let taken = kept(recording.journal.path(), recording.journal.is_whole());
        if !recording.failed.is_empty() {
            return Err(no_resource(format!("{}\n{taken}", recording.failed.join("\n"))));
        }
        if scenarios.is_empty() && report.is_null() {
            recording.journal.remove();
            queue.say("ringback: no capsule: nothing was done");
            return Ok(());
        }
        let whole = lock(&writing);
        write(&path, &Capsule::new(scenarios, report, journal))
            .map_err(|failure| Failure { text: format!("{}\n{taken}", failure.text), ..failure })?;
        recording.journal.remove();
        drop(whole);
        for line in left_out {
            queue.say(&format!("ringback: not in the capsule: {line}"));
        }
        Ok(())
    }
}

/// The world of a recording's file beside the capsule `x.capsule`: `x.capsule.recording` is that of the
/// default world, and `x.capsule.NAME.2.recording` that of the world NAME after its reset.
fn name(file: &Path, capsule: &Path) -> String {
    let [name, own] =
        [file, capsule].map(|it| it.file_name().unwrap_or_default().to_string_lossy());
    let name = name.strip_suffix(".recording").unwrap_or(&name);
    let behind = name.strip_prefix(&*own).unwrap_or(name);
    match behind.trim_start_matches(['.', '-']) {
        "" => "default".to_owned(),
        number if number.bytes().all(|it| it.is_ascii_digit()) => format!("default {number}"),
        other => other.replace('.', " "),
    }
}

/// Whole or not at all: where the disk is full, what was there stays.
fn write(path: &Path, capsule: &Capsule) -> Result<(), Failure> {
    let text = capsule.to_text().map_err(|error| no_resource(error.to_string()))? + "\n";
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        no_resource(format!("cannot write {}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_goes_by_the_name_of_its_world() {
        for (file, expected) in [
            ("a/x.capsule.recording", "default"),
            ("x.capsule-2.recording", "default 2"),
            ("x.capsule.jobs.recording", "jobs"),
            ("x.capsule.jobs.3.recording", "jobs 3"),
        ] {
            assert_eq!(name(Path::new(file), Path::new("b/x.capsule")), expected);
        }
        let other = Path::new("x.capsule.y.capsule.recording");
        assert_eq!(name(other, Path::new("x.capsule.y.capsule")), "default");
    }
}
