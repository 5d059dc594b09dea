//! A long text on a terminal: through the pager of the environment's choice, else `less`, else as it
//! is. Pipes and files get it as it is.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use crate::cli::failure::{Failure, print};

/// What pages where the environment names nothing: ends by itself where the text fits on the screen,
/// and leaves it there.
const DEFAULT: &str = "less -FRX";

/// Shows a text. A pager that cannot be started, or none of its commands found, costs nothing but the
/// paging.
pub(crate) fn paged(text: &str) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return print(text);
    }
    let chosen = env::var("PAGER").unwrap_or_else(|_| DEFAULT.to_owned());
    if chosen.trim().is_empty() || chosen.trim() == "cat" || !through(&chosen, text) {
        return print(text);
    }
    Ok(())
}

/// Whether a pager took the text. It is a line for the shell, as other programs take it.
fn through(pager: &str, text: &str) -> bool {
    let started = Command::new("sh").arg("-c").arg(pager).stdin(Stdio::piped()).spawn();
    let Ok(mut child) = started else { return false };
    if let Some(mut input) = child.stdin.take() {
        // A reader who has seen enough closes the pager before the end.
        let _ = writeln!(input, "{text}");
    }
    // A shell that finds no such command says so with 127, before anything was shown.
    child.wait().is_ok_and(|status| status.code() != Some(127))
}
