//! The end of a command that recorded: its scenarios are written, and what it came to is told.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::app::stopping::end_at_signal;
use crate::base::lock::lock;
use crate::base::shell;
use crate::cli::failure::{Failure, bad_input};
use crate::cli::import::{lines, write_scenario};
use crate::cli::log::Queue;
use crate::exit;
use crate::recording::live::ended::Recording;
use crate::recording::live::recorder::{Drained, RecordError, Recorder, advice};

/// Ends a recording beside what was done meanwhile, which has ended so: writes its scenarios, then says so.
///
/// # Errors
/// Those of what was done, else of the recording; what else went wrong is told as well.
pub(crate) fn end_recording(
    recorder: Recorder,
    ended: Result<(), Failure>,
    queue: &Queue,
) -> Result<(), Failure> {
    let say = |text: &str| queue.say(&prefixed(text));
    let growing = recorder.growing().display().to_string();
    let recorded = drain(recorder, queue).and_then(|(drained, writing)| {
        let lacks =
            if drained.is_whole() { "" } else { ", which lacks what the disk did not take" };
        say(&format!("writes the recording; stopping now leaves {growing}{lacks}"));
        write_recording(drained, &say, &writing)
    });
    if let (Err(_), Err(failure)) = (&ended, &recorded) {
        // The exit code is that of what was done, and this is told all the same.
        say(&failure.text);
    }
    ended.and(recorded)
}

/// Has a recording take note of what waits. From then on a signal ends the program: what was recorded
/// stands in the file that grew. Whoever writes another file holds the lock meanwhile, so that none is left
/// half written.
///
/// # Errors
/// Where what was told is lost.
pub(crate) fn drain(
    recorder: Recorder,
    queue: &Queue,
) -> Result<(Drained, Arc<Mutex<()>>), Failure> {
    let growing = recorder.growing().to_owned();
    let (writing, is_whole) = (Arc::new(Mutex::new(())), Arc::new(AtomicBool::new(false)));
    // A signal waits until all stands in the file that will.
    let taking_note = lock(&writing);
    let (told, held, is_all) = (queue.clone(), Arc::clone(&writing), Arc::clone(&is_whole));
    let last_words = move || {
        std::mem::forget(lock(&held));
        let kept = kept(&growing, is_all.load(Ordering::Relaxed));
        told.say(&prefixed(&format!("stopped: {kept}")));
        told.flush();
    };
    if let Err(failure) = end_at_signal(exit::NO_RESOURCE, last_words).map_err(Failure::from) {
        tracing::warn!("a signal does nothing now: {}", failure.text);
    }
    let drained = recorder.drained().map_err(|error| record_failure(&error))?;
    is_whole.store(drained.is_whole(), Ordering::Relaxed);
    drop(taking_note);
    Ok((drained, writing))
}

/// What stands in the file that grew, and what can be done with it.
pub(crate) fn kept(growing: &Path, is_whole: bool) -> String {
    let (file, advice) = (growing.display(), advice(growing));
    if is_whole {
        return format!("what was recorded is in {file}; {advice}");
    }
    format!("{file} holds a part of what was recorded: the disk took no more; {advice}")
}

fn prefixed(text: &str) -> String {
    text.lines().map(|line| format!("ringback: {line}")).collect::<Vec<_>>().join("\n")
}

fn write_recording(
    drained: Drained,
    say: &dyn Fn(&str),
    writing: &Mutex<()>,
) -> Result<(), Failure> {
    let (mut written, mut unwritten) = (Vec::new(), Vec::new());
    // What was guessed from replies tells by itself what it replaced.
    let mut is_replaced_told = false;
    let ended = drained.end(&mut |path, imported| {
        let mut told = lines(&imported);
        is_replaced_told |= !imported.replaced.is_empty();
        if imported.scenario.is_null() {
            written.push(told);
            unwritten.push(format!("{}: nothing in it makes a scenario", path.display()));
            return;
        }
        let _whole = lock(writing);
        match write_scenario(&path, &imported) {
            Ok(()) => {
                let word = shell::word(&path.to_string_lossy());
                told.push(format!("recorded: {}; try ringback replay {word}", path.display()));
                written.push(told);
            }
            Err(failure) => unwritten.push(failure.text),
        }
    });
    let Recording { n_asked, left_out, failed, replaced, journal } = ended;
    for told in &written {
        say(&told.join("\n"));
    }
    if written.is_empty() && unwritten.is_empty() && failed.is_empty() {
        say(&nothing(n_asked));
    }
    if !left_out.is_empty() {
        say(&format!("left out:\n  {}", left_out.join("\n  ")));
    }
    if !replaced.is_empty() && !is_replaced_told {
        say(&format!("replaced by pseudonyms: {}", replaced.join(", ")));
    }
    unwritten.extend(failed);
    if unwritten.is_empty() {
        // All that it holds is in the scenarios.
        journal.remove();
        return Ok(());
    }
    let kept = kept(journal.path(), journal.is_whole());
    let text = format!("{}\n{kept}", unwritten.join("\n"));
    Err(Failure { text, code: exit::NO_RESOURCE })
}

/// What is said where no scenario came of it.
fn nothing(n_asked: usize) -> String {
    match n_asked {
        0 => "nothing was recorded: no client sent a request".to_owned(),
        1 => "nothing was recorded: the one request is left out".to_owned(),
        n => format!("nothing was recorded: all {n} requests are left out"),
    }
}

/// What keeps a recording from beginning or ending.
pub(crate) fn record_failure(error: &RecordError) -> Failure {
    match error {
        RecordError::Taken(_) | RecordError::CutOff(_) | RecordError::Busy(_) => {
            bad_input(error.to_string())
        }
        _ => Failure { text: error.to_string(), code: exit::NO_RESOURCE },
    }
}
