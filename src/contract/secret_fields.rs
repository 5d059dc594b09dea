//! Which fields of a vendor's scenarios and events hold secrets, so that a mistake about one tells the
//! value masked.
//!
//! Not here: the names and columns themselves, which the vendor declares (`secret`, `surface`).

use std::slice::from_ref;

use crate::contract::fields::{Cell, Row};
use crate::contract::secret::Secret;
use crate::contract::surface::{Surface, Table};
use crate::web::mask::masker::tagged;
use crate::web::mask::names::{Names, Spot};

/// Fewest characters of a secret that is looked for within words. A shorter one is part of too many.
const VEILED_CHARS_MIN: usize = 4;

/// The fields of a vendor that hold secrets: those that are called as its secrets are, or as a secret
/// column of its tables is, and lists of them (`tokens` of what is a `token`).
#[derive(Clone, Copy, Debug)]
pub struct SecretFields {
    secrets: &'static [Secret],
    tables: &'static [Table],
}

impl SecretFields {
    /// For what is no vendor's: what is a credential everywhere by its name still is one.
    pub const NONE: SecretFields = SecretFields { secrets: &[], tables: &[] };

    pub const fn of(surface: &'static Surface) -> Self {
        SecretFields { secrets: surface.secrets, tables: surface.tables }
    }

    /// Whether a field of this name holds secrets. Asked where a mistake is told, and not before.
    pub(crate) fn has(self, name: &str) -> bool {
        let names = Names::new(self.secrets.iter().map(Secret::rule));
        let is_secret = |name: &str| {
            self.tables.iter().any(|table| table.secrets.contains(&name))
                || names.find(name.as_bytes(), Spot::Field).is_some()
        };
        is_secret(name) || name.strip_suffix('s').is_some_and(is_secret)
    }

    /// What is said of a row, without the secrets that stand in it.
    pub(crate) fn veiled(self, row: &Row<'_>, mut said: String) -> String {
        let fields = row.fields().iter().enumerate();
        for (idx, _) in fields.filter(|(_, field)| self.has(field.name)) {
            let cell = row.cell(idx);
            let cells = if let Cell::List(cells) = cell { cells } else { from_ref(cell) };
            for secret in cells.iter().filter_map(Cell::as_text) {
                said = veiled(&said, secret);
            }
        }
        said
    }
}

/// A text without a secret: its mark stands in its place. A value of a few characters is taken out only
/// where it stands in quotes, as it may be met in any word.
pub(crate) fn veiled(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    let mark = tagged(secret);
    let text = text.replace(&format!("{secret:?}"), &mark);
    let is_long = secret.chars().count() >= VEILED_CHARS_MIN;
    if is_long { text.replace(secret, &mark) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_secret_by_column_by_name_and_as_lists() {
        const TABLES: &[Table] = &[Table { name: "", text: "", rows: "", secrets: &["key"] }];
        const FIELDS: SecretFields =
            SecretFields { secrets: &[Secret::named("token")], tables: TABLES };
        for name in ["key", "token", "tokens", "password"] {
            assert!(FIELDS.has(name), "{name}");
        }
        for name in ["id", "name", "keyring", "s", ""] {
            assert!(!FIELDS.has(name), "{name}");
        }
        assert!(!SecretFields::NONE.has("key"));
    }
}
