//! What a world is made of, as far as its scenario goes: which one, and what was wanted in place of
//! what it says. Two worlds of one recipe begin alike.
//!
//! Not here: what is in the scenario. Of one that is given as it is, the recipe has a digest.

use std::collections::BTreeMap;

/// The parts of a recipe by name. Those that were left to the scenario are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipe(BTreeMap<String, String>);

/// A part in which two recipes differ; `None` where it is left to the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartDiffers {
    pub(crate) part: String,
    pub(crate) there: Option<String>,
    pub(crate) wanted: Option<String>,
}

impl Recipe {
    /// A part that is stated.
    #[must_use]
    pub(crate) fn with(mut self, part: &str, text: impl Into<String>) -> Self {
        self.0.insert(part.to_owned(), text.into());
        self
    }

    /// A part that may be stated.
    #[must_use]
    pub(crate) fn with_some(self, part: &str, text: Option<impl ToString>) -> Self {
        match text {
            Some(text) => self.with(part, text.to_string()),
            None => self,
        }
    }

    /// Whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(part, text)| (part.as_str(), text.as_str()))
    }

    /// Where this recipe, of a world that is there, differs from the one that is wanted.
    pub(crate) fn differs(&self, wanted: &Recipe) -> Vec<PartDiffers> {
        let parts = self.0.keys().chain(wanted.0.keys().filter(|part| !self.0.contains_key(*part)));
        let differing = parts.filter(|part| self.0.get(*part) != wanted.0.get(*part));
        let told = differing.map(|part| PartDiffers {
            part: part.clone(),
            there: self.0.get(part).cloned(),
            wanted: wanted.0.get(part).cloned(),
        });
        told.collect()
    }
}

impl FromIterator<(String, String)> for Recipe {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(parts: I) -> Self {
        Recipe(parts.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_differ_in_what_one_of_them_states_otherwise() {
        let there = Recipe::default().with("scenario", "demo").with("seed", "7");
        assert_eq!(there.differs(&there.clone()), []);
        let wanted = Recipe::default().with("scenario", "demo").with("clock", "real");
        let found = there.differs(&wanted);
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.part.as_str(), it.there.as_deref(), it.wanted.as_deref()))
            .collect();
        assert_eq!(told, [("seed", Some("7"), None), ("clock", None, Some("real"))]);
    }
}
