//! The chapters of the manual, as they are built in: one line here for each file of `docs/`.
//!
//! Not here: how they are shown (`manual`).

use crate::base::packed::packed;

/// One chapter.
#[derive(Debug)]
pub struct Chapter {
    /// Its file below `docs/`, without the ending.
    pub name: &'static str,
    /// Its text, in Markdown.
    pub text: fn() -> &'static str,
}

macro_rules! chapters {
    ($($name:literal),+ $(,)?) => {
        &[$(Chapter { name: $name, text: packed!(concat!("docs/", $name, ".md")) }),+]
    };
}

/// All of them, in the order of `docs/README.md`, which a test holds.
pub static CHAPTERS: &[Chapter] = chapters![
    "first-test",
    "python",
    "node",
    "php",
    "java",
    "rust",
    "dotnet",
    "go",
    "ruby",
    "scenarios",
    "worlds",
    "time",
    "faults",
    "page",
    "verify",
    "replay",
    "traffic",
    "unchanged-client",
    "https",
    "recordings",
    "calibrate",
    "readings",
    "ci",
    "assistants",
    "container",
    "command-line",
    "control-plane",
    "variants",
    "rules",
    "limits",
    "security",
    "performance",
    "testing",
    "glossary",
    "vendors/infocu5",
    "vendors/jtel",
    "vendors/maestro",
    "vendors/maxcontact",
    "vendors/mor",
    "architecture",
    "a-sixth-vendor",
];

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

/// A command, and those within it, with the chapter below their help.
pub(super) fn named_in(command: clap::Command) -> clap::Command {
    let name = command.get_name();
    let found = OF_COMMANDS.iter().find(|(of, _)| *of == name);
    let chapter = found.map_or("command-line", |(_, chapter)| *chapter);
    below(command, &format!("In the manual: ringback manual {chapter}"))
}

fn below(command: clap::Command, line: &str) -> clap::Command {
    command.after_help(line.to_owned()).mut_subcommands(|inner| below(inner, line))
}

impl Chapter {
    /// What it is asked for by: the last part of its file's name.
    pub fn word(&self) -> &'static str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }

    /// Its first heading.
    pub fn title(&self) -> &'static str {
        let heading = (self.text)().lines().find_map(|line| line.strip_prefix("# "));
        heading.unwrap_or(self.name).trim()
    }
}
