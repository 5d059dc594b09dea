//! What an entry has at a place that a rule looks at.

use serde_json::Value;

/// What stands at a rule's place in an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) values: Vec<Value>,
    /// Where there is none: why, and what is near.
    pub(crate) nothing: String,
    /// Whether it stands in another place of the same request.
    pub(crate) is_elsewhere: bool,
    /// Why there may be more than the values, where the journal does not hold all.
    pub(crate) unsure: Option<String>,
}

/// A value as the text that a client would have written.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Found {
    pub(crate) fn one(value: impl Into<Value>) -> Self {
        Found { values: vec![value.into()], ..Found::default() }
    }

    pub(crate) fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        Found { values: texts.map(Value::from).collect(), ..Found::default() }
    }

    pub(crate) fn nothing(why: impl Into<String>) -> Self {
        Found { nothing: why.into(), ..Found::default() }
    }

    pub(crate) fn unsure(why: impl Into<String>) -> Self {
        Found { unsure: Some(why.into()), ..Found::default() }
    }

    /// What was found, with a reason where that is nothing.
    pub(crate) fn or(mut self, why: impl FnOnce() -> String) -> Self {
        if self.values.is_empty() {
            self.nothing = why();
        }
        self
    }
}
