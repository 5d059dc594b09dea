//! Why a value cannot be used: what was expected, what was found, and what helps.
//!
//! Not here: where it was found. The name of the field, the line or the flag is the caller's to say.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// A value that cannot be used. Shown as `expected …; found … (…)`; scenarios and the admin listener
/// take its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    expected: Cow<'static, str>,
    found: String,
    hint: Option<Cow<'static, str>>,
}

impl Unfit {
    /// `found` is bounded already: an excerpt (`base::text`) or a number.
    pub fn new(expected: impl Into<Cow<'static, str>>, found: impl Into<String>) -> Self {
        Unfit { expected: expected.into(), found: found.into(), hint: None }
    }

    /// Adds what helps.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        Unfit { hint: Some(hint.into()), ..self }
    }

    /// With its range: `a length of time such as 30s, 90m or 1h30m, up to 365000d`.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// A text in quotes and bounded, or a number.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// `append Z for UTC`.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected {}; found {}", self.expected, self.found)?;
        match &self.hint {
            Some(hint) => write!(out, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl Error for Unfit {}
