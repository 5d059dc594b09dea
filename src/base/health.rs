//! What the process cannot do at the moment, for `livez` and `readyz`.
//!
//! Whoever serves says here what keeps it from serving, under a name of its own, and says when that
//! is over. Not here: what was counted (`base::tally`), and what is asked of a world.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::base::lock::lock;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ailment {
    /// It serves less than it should, and is trying.
    Short,
    /// It does not run.
    Down,
}

/// All that is wrong, by who says so.
#[derive(Debug, Default)]
pub(crate) struct Health(Mutex<BTreeMap<String, (Ailment, String)>>);

impl Health {
    /// Something is wrong from now on.
    pub(crate) fn ails(&self, who: &str, ailment: Ailment, reason: impl Into<String>) {
        lock(&self.0).insert(who.to_owned(), (ailment, reason.into()));
    }

    /// All is well again, or it is gone and none of ours any more.
    pub(crate) fn is_well(&self, who: &str) {
        lock(&self.0).remove(who);
    }

    /// What is wrong, in words; `None` where nothing is.
    pub(crate) fn complaints(&self) -> Option<String> {
        self.those(|_| true)
    }

    /// What does not run, in words; `None` where all does.
    pub(crate) fn what_is_down(&self) -> Option<String> {
        self.those(|ailment| ailment == Ailment::Down)
    }

    fn those(&self, wanted: impl Fn(Ailment) -> bool) -> Option<String> {
        let all = lock(&self.0);
        let wanted = all.iter().filter(|(_, (ailment, _))| wanted(*ailment));
        let words: Vec<String> =
            wanted.map(|(who, (_, reason))| format!("{who}: {reason}")).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_until_it_is_over() {
        let health = Health::default();
        assert_eq!(health.complaints(), None);
        health.ails("b", Ailment::Short, "no descriptors");
        assert_eq!(
            (health.complaints(), health.what_is_down()),
            (Some("b: no descriptors".into()), None)
        );
        health.ails("a", Ailment::Down, "it panicked");
        assert_eq!(health.complaints().as_deref(), Some("a: it panicked; b: no descriptors"));
        assert_eq!(health.what_is_down().as_deref(), Some("a: it panicked"));
        health.is_well("a");
        health.is_well("b");
        assert_eq!(health.complaints(), None);
    }
}
