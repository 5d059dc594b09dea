//! What is said of a command line that cannot be read: in the words of who wrote it, and with the variable
//! where it was not written there at all.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue};

use crate::cli::terminal::Terminal;

/// What the standard library says of numbers, and what people do.
const NUMBERS: [(&str, &str); 5] = [
    ("invalid digit found in string", "expected a whole number"),
    ("cannot parse integer from empty string", "expected a whole number"),
    ("number too large to fit in target type", "expected a smaller number"),
    ("number too small to fit in target type", "expected a larger number"),
    ("number would be zero for non-zero type", "expected a number above 0"),
];

/// Says what is wrong. `command` is the whole command line, `words` what was written.
pub(super) fn say(error: &clap::Error, command: &clap::Command, words: &[OsString]) {
    let styled = error.render();
    let mut text = if Terminal::of(&io::stderr()).is_coloured {
        styled.ansi().to_string()
    } else {
        styled.to_string()
    };
    for (theirs, ours) in NUMBERS {
        text = text.replace(theirs, ours);
    }
    let from = variable(error, command, words);
    let from = from.map(|it| format!("\nThe value comes from the environment: {it}\n"));
    // Where stderr cannot be written, the exit code has to do.
    let _ = write!(io::stderr(), "{text}{}", from.unwrap_or_default());
}

/// The variable that a value came from which cannot be used; `None` where it was written.
fn variable(error: &clap::Error, command: &clap::Command, words: &[OsString]) -> Option<String> {
    let (Some(ContextValue::String(told)), Some(_)) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    else {
        return None;
    };
    let mut within = command;
    let mut words = words.iter().skip(1).filter_map(|word| word.to_str());
    let mut written = Vec::new();
    for word in &mut words {
        match within.find_subcommand(word) {
            Some(inner) => within = inner,
            None => written.push(word),
        }
    }
    let arg = within.get_arguments().find(|arg| arg.to_string() == *told)?;
    let is_written = match arg.get_long() {
        Some(long) => written
            .iter()
            .any(|word| word.strip_prefix("--").and_then(|it| it.split('=').next()) == Some(long)),
        None => written.iter().any(|word| !word.starts_with('-')),
    };
    let name = arg.get_env()?.to_str()?;
    let is_set = std::env::var_os(name).is_some_and(|value| !value.is_empty());
    (is_set && !is_written).then(|| name.to_owned())
}
