//! What a vendor declares secret: the names under which such values stand.
//!
//! Not here: how they are masked (`web::mask`), and secrets that are known by their value, which
//! stand in the columns that [`Table::secrets`] names.
//!
//! [`Table::secrets`]: crate::contract::surface::Table::secrets

use rusqlite::Connection;

use crate::web::mask::names::{Form, Rule};

/// For vendors whose credentials all stand in columns.
///
/// # Errors
/// None.
pub fn none_derived(_: &Connection) -> rusqlite::Result<Vec<String>> {
    Ok(Vec::new())
}

/// A value that must not leave the program.
#[derive(Clone, Copy, Debug)]
pub struct Secret {
    /// The name of the JSON member, parameter, form field, XML element, header or cookie; for a
    /// segment of a path the path's end, whose last segment is the value.
    pub name: &'static str,
    pub form: SecretForm,
    /// Masked even where secrets are asked for: a card number has no use in a journal.
    pub always: bool,
    /// How many hex digits it has, where each request has its own: as many are masked wherever they
    /// stand in what the vendor was sent or answered.
    pub digits: Option<usize>,
}

/// How a secret is told from the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretForm {
    /// By its name, wherever that stands.
    Named,
    /// By its name, but as a parameter or a JSON member only: as an element the name means
    /// something else.
    Parameter,
    /// By its place in a path; `{…}` is any segment.
    Segment,
}

impl Secret {
    pub const fn named(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Named, always: false, digits: None }
    }

    pub const fn parameter(name: &'static str) -> Self {
        Secret { name, form: SecretForm::Parameter, always: false, digits: None }
    }

    pub const fn segment(path: &'static str) -> Self {
        Secret { name: path, form: SecretForm::Segment, always: false, digits: None }
    }

    /// As masks know it.
    pub(crate) fn rule(&self) -> Rule<'static> {
        let form = match self.form {
            SecretForm::Named => Form::Named,
            SecretForm::Parameter => Form::Parameter,
            SecretForm::Segment => Form::Segment,
        };
        Rule { name: self.name, form, always: self.always }
    }

    #[must_use]
    pub const fn with_digits(mut self, count: usize) -> Self {
        self.digits = Some(count);
        self
    }

    #[must_use]
    pub const fn always(mut self) -> Self {
        self.always = true;
        self
    }
}
