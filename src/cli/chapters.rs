//! Which chapter of the manual tells of which command.
//!
//! Not here: the chapters (`sim::documents::chapters`), how they are shown (`manual`).

/// The chapter that tells what a command is for, by its name; a command that the chapter of the command
/// line tells all of has none.
const OF_COMMANDS: &[(&str, &str)] = &[
    ("run", "unchanged-client"),
    ("env", "unchanged-client"),
    ("ca", "https"),
    ("check", "scenarios"),
    ("new", "scenarios"),
    ("generate", "scenarios"),
    ("schema", "scenarios"),
    ("fidelity", "variants"),
    ("contract", "variants"),
    ("variants", "variants"),
    ("explain", "rules"),
    ("world", "worlds"),
    ("advance", "time"),
    ("clock", "time"),
    ("fault", "faults"),
    ("verify", "verify"),
    ("findings", "verify"),
    ("journal", "control-plane"),
    ("open", "page"),
    ("mcp", "assistants"),
    ("lineage", "traffic"),
    ("healthcheck", "container"),
    ("calibrate", "calibrate"),
    ("import", "recordings"),
    ("record", "recordings"),
    ("drift", "recordings"),
    ("replay", "replay"),
];

/// The chapter of all commands.
const OF_ALL: &str = "command-line";

/// A command, and those within it, with the chapter below their help.
pub(super) fn named_in(command: clap::Command) -> clap::Command {
    let line = line(command.get_name());
    below(command, &line.unwrap_or_else(|| named(OF_ALL)))
}

/// What names the chapter of a command that has one of its own.
pub(super) fn line(command: &str) -> Option<String> {
    let found = OF_COMMANDS.iter().find(|(of, _)| *of == command);
    found.map(|(_, chapter)| named(chapter))
}

fn named(chapter: &str) -> String {
    format!("In the manual: ringback manual {chapter}")
}

fn below(command: clap::Command, line: &str) -> clap::Command {
    command.after_help(line.to_owned()).mut_subcommands(|inner| below(inner, line))
}
