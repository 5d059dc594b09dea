//! What a user gives: credentials by name, and a number that may be called.

use std::collections::BTreeMap;

/// What is given.
#[derive(Clone, Default)]
pub(crate) struct Given {
    pub(crate) credentials: BTreeMap<String, String>,
    /// The number of somebody who knows that it rings.
    pub(crate) number: Option<String>,
}

/// Without the values, which are secret.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.credentials.keys().collect();
        f.debug_struct("Given").field("credentials", &names).finish_non_exhaustive()
    }
}

impl Given {
    /// A credential; empty where it was not given.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.credentials.get(name).map_or("", String::as_str)
    }
}
