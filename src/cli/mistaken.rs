//! What is said of a command line that cannot be read: in the words of who wrote it, and with the variable
//! where it was not written there at all.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::base::nearest::nearest;
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
    let words: Vec<&str> = words.iter().skip(1).filter_map(|word| word.to_str()).collect();
    let told = match error.kind() {
        ErrorKind::UnknownArgument => unknown(error, command, &words),
        ErrorKind::MissingRequiredArgument => missing(error, command, &words),
        ErrorKind::InvalidSubcommand => no_such_command(error, command, &words),
        _ => variable(error, command, &words)
            .map(|it| format!("The value comes from the environment: {it}")),
    };
    if let Some(told) = told {
        text = format!("{text}\n{told}\n");
    }
    // Where stderr cannot be written, the exit code has to do.
    let _ = write!(io::stderr(), "{text}");
}

/// What is said of a word that has no place: one below 0, or a command that stands before its `--`.
fn unknown(error: &clap::Error, command: &clap::Command, words: &[&str]) -> Option<String> {
    let Some(ContextValue::String(told)) = error.get(ContextKind::InvalidArg) else { return None };
    let digits = told.strip_prefix('-').unwrap_or_default();
    if digits.starts_with(|it: char| it.is_ascii_digit()) {
        return Some("No number and no length of time is below 0 here.".to_owned());
    }
    let within = within(command, words).0;
    let takes_command = within.get_arguments().any(clap::Arg::is_last_set);
    let at = words.iter().position(|word| word == told)?;
    if told.starts_with('-') {
        return None;
    }
    if takes_command {
        return (!words.contains(&"--")).then(|| {
            let (flags, client) = words.split_at(at);
            let (flags, client) = (flags.join(" "), client.join(" "));
            format!("The client stands behind --: ringback {flags} -- {client}")
        });
    }
    // What people put behind a command without its flag.
    let named = ["world", "scenario"].into_iter().find(|name| {
        within.get_arguments().any(|arg| arg.get_long() == Some(name) && !arg.is_hide_set())
    })?;
    Some(format!("A {named} is named by its flag: --{named} NAME"))
}

/// What stands for what is missing, in the words of the help.
fn missing(error: &clap::Error, command: &clap::Command, words: &[&str]) -> Option<String> {
    let Some(ContextValue::Strings(told)) = error.get(ContextKind::InvalidArg) else { return None };
    let within = within(command, words).0;
    let help = |told: &String| {
        let arg = within.get_arguments().find(|arg| bare(&arg.to_string()) == bare(told))?;
        Some(format!("{told}: {}", arg.get_help()?))
    };
    let lines: Vec<String> = told.iter().filter_map(help).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A placeholder without what says whether it has to be there, and how often.
fn bare(placeholder: &str) -> &str {
    placeholder.trim_end_matches("...").trim_matches(['<', '>', '[', ']'])
}

/// The command nearest to a word that is none, where nothing was said of it.
fn no_such_command(error: &clap::Error, command: &clap::Command, words: &[&str]) -> Option<String> {
    let Some(ContextValue::String(told)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    if error.get(ContextKind::SuggestedSubcommand).is_some() {
        return None;
    }
    let within = within(command, words).0;
    let names =
        within.get_subcommands().chain(command.get_subcommands()).map(clap::Command::get_name);
    nearest(told, names).map(|near| format!("Did you mean {near:?}?"))
}

/// The command that is meant, and the words that are none of its name.
fn within<'c, 'w>(
    command: &'c clap::Command,
    words: &[&'w str],
) -> (&'c clap::Command, Vec<&'w str>) {
    let mut found = command;
    let mut written = Vec::new();
    for word in words {
        match found.find_subcommand(word) {
            Some(inner) => found = inner,
            None => written.push(*word),
        }
    }
    (found, written)
}

/// The variable that a value came from which cannot be used; `None` where it was written.
fn variable(error: &clap::Error, command: &clap::Command, words: &[&str]) -> Option<String> {
    let (Some(ContextValue::String(told)), Some(_)) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    else {
        return None;
    };
    let (within, written) = within(command, words);
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
