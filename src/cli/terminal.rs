//! What a terminal is given that files and pipes are not: colours, and lines that fit.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;

use clap::builder::styling::{AnsiColor, Style};

/// Width of a terminal that does not tell.
const COLUMNS_DEFAULT: usize = 100;

/// Narrowest that lines are folded to; below it, the terminal may break them itself.
const COLUMNS_MIN: usize = 40;

/// What the environment says of colours.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    pub(crate) no_color: Option<OsString>,
    pub(crate) force: Option<OsString>,
    pub(crate) term: Option<OsString>,
}

/// How to write to a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    pub(crate) is_coloured: bool,
    /// Characters of a line, where it is a terminal.
    pub(crate) width: Option<usize>,
}

impl Wishes {
    pub(crate) fn of_environment() -> Self {
        Wishes {
            no_color: env::var_os("NO_COLOR"),
            force: env::var_os("CLICOLOR_FORCE"),
            term: env::var_os("TERM"),
        }
    }

    /// Whether a stream is coloured: where a terminal shows colours, unless the environment says
    /// otherwise.
    pub(crate) fn is_coloured(&self, is_terminal: bool) -> bool {
        let says = |value: &Option<OsString>| value.as_ref().is_some_and(|it| !it.is_empty());
        if says(&self.no_color) {
            return false;
        }
        let is_forced = says(&self.force) && self.force.as_deref() != Some(OsStr::new("0"));
        // A terminal that does not say what it is is taken for one that can.
        let is_dumb = self.term.as_deref() == Some(OsStr::new("dumb"));
        is_forced || (is_terminal && !is_dumb)
    }
}

impl Terminal {
    /// Of stdout.
    pub(crate) fn stdout() -> Self {
        Terminal::of(&io::stdout())
    }

    /// Of any stream.
    pub(crate) fn of(stream: &(impl IsTerminal + AsFd)) -> Self {
        let is_terminal = stream.is_terminal();
        let width = is_terminal.then(|| columns(stream));
        Terminal { is_coloured: Wishes::of_environment().is_coloured(is_terminal), width }
    }

    /// A text in a colour.
    pub(crate) fn painted(self, style: Style, text: &str) -> String {
        if self.is_coloured && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// A text in lines that fit, the first behind `indent` as well. Where there is no terminal it is
    /// one line.
    pub(crate) fn folded(self, text: &str, indent: &str) -> Vec<String> {
        let Some(width) = self.width else { return vec![format!("{indent}{text}")] };
        let room = width.max(COLUMNS_MIN).saturating_sub(indent.len());
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let line = lines.last_mut().expect("there is always a last line");
            let n_chars = line.chars().count();
            if n_chars > 0 && n_chars + 1 + word.chars().count() > room {
                lines.push(word.to_owned());
            } else {
                if n_chars > 0 {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        lines.iter().map(|line| format!("{indent}{line}")).collect()
    }
}

fn columns(stream: &impl AsFd) -> usize {
    let told = rustix::termios::tcgetwinsize(stream).map_or(0, |size| usize::from(size.ws_col));
    if told == 0 { COLUMNS_DEFAULT } else { told }
}

/// A colour of the sixteen that every terminal has.
pub(crate) fn colour(colour: AnsiColor) -> Style {
    colour.on_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_coloured_unless_the_environment_says_otherwise() {
        for (is_terminal, no_color, force, term, expected) in [
            (true, None, None, None, true),
            (true, None, None, Some("xterm"), true),
            (true, None, None, Some("dumb"), false),
            (false, None, None, None, false),
            (true, Some("1"), None, None, false),
            (true, Some(""), None, None, true),
            (false, None, Some("1"), None, true),
            (false, None, Some("1"), Some("dumb"), true),
            (false, None, Some("0"), None, false),
            (false, None, Some(""), None, false),
            (true, Some("1"), Some("1"), None, false),
        ] {
            let own = |text: Option<&str>| text.map(OsString::from);
            let wishes = Wishes { no_color: own(no_color), force: own(force), term: own(term) };
            assert_eq!(wishes.is_coloured(is_terminal), expected, "{is_terminal} {wishes:?}");
        }
    }

    #[test]
    fn lines_fit_where_there_is_a_terminal() {
        let pipe = Terminal { is_coloured: false, width: None };
        let long = "expected ".repeat(8);
        assert_eq!(pipe.folded(&long, "  "), [format!("  {long}")]);
        let narrow = Terminal { is_coloured: false, width: Some(COLUMNS_MIN) };
        let lines = narrow.folded(long.trim_end(), "  ");
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.len() <= COLUMNS_MIN && line.starts_with("  ex")));
        let word = "x".repeat(COLUMNS_MIN * 2);
        assert_eq!(narrow.folded(&word, ""), [word.as_str()]);
    }

    #[test]
    fn a_colour_ends_where_its_text_does() {
        let red = colour(AnsiColor::Red);
        let painted = Terminal { is_coloured: true, width: None }.painted(red, "no");
        assert_eq!(painted, "\u{1b}[31mno\u{1b}[0m");
        assert_eq!(Terminal { is_coloured: false, width: None }.painted(red, "no"), "no");
    }
}
