//! Reads how far a step moves the clock, and steps of one line.

use crate::base::time::{Instant, Span};

pub(crate) fn one_line(text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.contains(char::is_control) {
        return Err("a line of text".into());
    }
    Ok(())
}

pub(crate) fn advance(text: &str) -> Result<(), String> {
    let is_fine = text == "next"
        || text.contains("{{")
        || text.parse::<Span>().is_ok()
        || text.parse::<Instant>().is_ok();
    if is_fine {
        return Ok(());
    }
    Err(r#"a length of time such as "90m", an instant such as "2026-03-02T17:00:00Z", or "next""#
        .into())
}
