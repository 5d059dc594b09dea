//! A journal's entry on a terminal or in a pipe: coloured and folded there, one line here; with its
//! bodies, or as JSON, where that is asked for.

use clap::Args;
use clap::builder::styling::{AnsiColor, Style};

use crate::cli::terminal::{Terminal, colour};
use crate::client::bodies;
use crate::client::entry::Seen;
use crate::client::line::{self, Of, Part, Tone};

/// Before what belongs to the line above.
const INDENT: &str = "      ";

/// What is shown below each exchange.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct BelowArgs {
    /// Below each exchange, prints a line for the shell that sends the request again
    #[arg(long, env = "RINGBACK_CURL")]
    pub(crate) curl: bool,
    /// Below each exchange, prints its trace and its bodies
    #[arg(long, short, env = "RINGBACK_VERBOSE")]
    pub(crate) verbose: bool,
}

/// How entries are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryShown {
    pub(crate) terminal: Terminal,
    /// As the server has it, one entry on a line.
    pub(crate) json: bool,
    pub(crate) below: BelowArgs,
}

impl EntryShown {
    /// The lines of an entry; `raw` is its JSON.
    pub(crate) fn lines(self, entry: &Seen<'_>, raw: &str, of: Of) -> Vec<String> {
        if self.json {
            return vec![raw.to_owned()];
        }
        let line = line::of(entry, of);
        let mut lines = match self.terminal.width {
            None if !self.terminal.is_coloured => vec![line.plain()],
            _ => self.folded(&line),
        };
        if self.below.curl {
            lines.extend(bodies::again(entry).map(|line| format!("{INDENT}{line}")));
        }
        if self.below.verbose {
            lines.extend(bodies::lines(entry).iter().map(|line| format!("{INDENT}{line}")));
        }
        lines
    }

    /// What was asked and answered on the first line, and each reason folded below it.
    fn folded(self, line: &line::Line) -> Vec<String> {
        let end = self.painted(&line.end);
        let first =
            if end.is_empty() { line.head.clone() } else { format!("{} -> {end}", line.head) };
        if self.terminal.width.is_none() {
            let rest = line.rest.iter().map(|part| self.painted(part));
            return vec![std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" | ")];
        }
        let rest = line.rest.iter().flat_map(|part| {
            let lines = self.terminal.folded(&part.text, INDENT).into_iter();
            lines.map(|text| self.painted(&Part { tone: part.tone, text }))
        });
        std::iter::once(first).chain(rest).collect()
    }

    fn painted(self, part: &Part) -> String {
        let style = match part.tone {
            Tone::Plain => Style::new(),
            Tone::Refused => colour(AnsiColor::Yellow),
            Tone::Error => colour(AnsiColor::Red),
            Tone::Fault => colour(AnsiColor::Magenta),
        };
        self.terminal.painted(style, &part.text)
    }
}
