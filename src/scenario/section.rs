//! One section of a scenario, and how much of it has been read.
//!
//! Not here: reading it (`part`).

use crate::contract::fields::Field;
use crate::contract::secret_fields::SecretFields;
use crate::scenario::keys::Keys;
use crate::scenario::place::Main;
use crate::scenario::tree::Table;

/// One vendor's section, or the top.
#[derive(Debug)]
pub(crate) struct Section {
    /// Empty for the top.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// Which of them hold secrets.
    pub(crate) secrets: SecretFields,
    pub(crate) keys: Keys,
    /// For each field whether it has been read.
    pub(crate) is_read: Vec<bool>,
    /// For each field the rows that were taken from it.
    pub(crate) n_rows: Vec<u64>,
}

impl Section {
    pub(crate) fn new(name: &'static str, fields: &'static [Field], secrets: SecretFields) -> Self {
        let (is_read, n_rows) = (vec![false; fields.len()], vec![0; fields.len()]);
        Section { name, fields, secrets, keys: Keys::new(fields), is_read, n_rows }
    }

    /// The section in the tree, with its offset; `None` where the scenario does not have it.
    pub(crate) fn find<'d>(&self, main: &'d Main) -> Option<(u32, &'d Table)> {
        let root = main.root.as_table()?;
        if self.name.is_empty() {
            return Some((main.root.at, root));
        }
        let node = &root.get(self.name)?.node;
        Some((node.at, node.as_table()?))
    }
}
