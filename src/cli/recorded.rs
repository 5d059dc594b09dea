//! The end of a recording: its scenarios are written, and what it came to is told.

use std::fs;

use crate::cli::failure::{Failure, bad_input};
use crate::cli::import::{lines, write_scenario};
use crate::exit;
use crate::recording::live::recorder::{RecordError, Recorder, Recording};

/// Ends a recording, writes its scenarios and says so.
///
/// # Errors
/// Where not all of it could be written; what was recorded stands in the file that grew then.
pub(crate) fn write_recording(recorder: Recorder, say: &dyn Fn(&str)) -> Result<(), Failure> {
    let Recording { scenarios, failed, replaced, growing, is_whole } =
        recorder.end().map_err(|error| record_failure(&error))?;
    let kept = if is_whole {
        format!(
            "what was recorded is in {0}; ringback import recording {0} --out DIR",
            growing.display()
        )
    } else {
        format!("{} holds a part of what was recorded", growing.display())
    };
    let fail = |text: String| Failure { text: format!("{text}; {kept}"), code: exit::NO_RESOURCE };
    if scenarios.is_empty() && failed.is_empty() {
        say("nothing was recorded: no client sent a request");
    }
    for (path, imported) in &scenarios {
        if imported.scenario.is_null() {
            return Err(fail(format!("{}: nothing in it makes a scenario", path.display())));
        }
        for line in lines(imported) {
            say(&line);
        }
        write_scenario(path, imported).map_err(|failure| fail(failure.text))?;
        say(&format!("recorded: {}; try ringback replay {0}", path.display()));
    }
    // What was guessed from replies has told it by itself.
    let is_told = scenarios.iter().any(|(_, imported)| !imported.replaced.is_empty());
    if !replaced.is_empty() && !is_told {
        say(&format!("replaced by pseudonyms: {}", replaced.join(", ")));
    }
    if !failed.is_empty() {
        return Err(fail(failed.join("\n")));
    }
    // All that it holds is in the scenarios.
    let _ = fs::remove_file(&growing);
    Ok(())
}

/// What keeps a recording from beginning or ending.
pub(crate) fn record_failure(error: &RecordError) -> Failure {
    match error {
        RecordError::Taken(_) | RecordError::CutOff(_) => bad_input(error.to_string()),
        _ => Failure { text: error.to_string(), code: exit::NO_RESOURCE },
    }
}
