//! The kinds of report by their names.

use quick_junit::SerializeError;

use crate::replay::verdict::Outcome;
use crate::replay::{github, html, json, junit, tap, text};

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Json,
    Junit,
    Tap,
    Github,
    Html,
}

impl Kind {
    pub(crate) const ALL: [(&'static str, Kind); 6] = [
        ("text", Kind::Text),
        ("json", Kind::Json),
        ("junit", Kind::Junit),
        ("tap", Kind::Tap),
        ("github", Kind::Github),
        ("html", Kind::Html),
    ];

    /// `None` where there is none of that name.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// Whether it shows what was sent and said in each step even where nobody asked for that.
    pub(crate) fn wants_exchanges(self) -> bool {
        self == Kind::Html
    }

    /// # Errors
    /// Where the report cannot be written as its form wants it.
    pub(crate) fn render(self, outcome: &Outcome) -> Result<String, SerializeError> {
        match self {
            Kind::Text => Ok(text::report(outcome)),
            Kind::Json => Ok(json::report(outcome)),
            Kind::Junit => junit::report(outcome),
            Kind::Tap => Ok(tap::report(outcome)),
            Kind::Github => Ok(github::report(outcome)),
            Kind::Html => Ok(html::report(outcome)),
        }
    }
}
