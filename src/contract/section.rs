//! What a vendor sees of a scenario: its own section, checked, row by row.
//!
//! Not here: files and their syntax (`scenario`). A vendor neither knows nor cares whether a row
//! came from TOML, CSV or JSON.

use std::error::Error;

use crate::base::time::Span;
use crate::contract::cx::Cx;
use crate::contract::fields::{Cell, Field, OwnedRow, Row};
use crate::contract::reply::InternalError;
use crate::contract::secret_fields::SecretFields;
use crate::contract::surface::Host;
use crate::contract::variant::Variant;

/// What a vendor declares about its section of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct SectionDecl {
    /// The section's name: the vendor's.
    pub vendor: &'static str,
    /// Collections stand in the order in which they are loaded.
    pub fields: &'static [Field],
    pub variants: &'static [Variant],
    /// Which of the fields hold secrets.
    pub secrets: SecretFields,
    /// The vendor's real hosts.
    pub hosts: &'static [Host],
}

/// One vendor's section of a scenario. Each name is read once, collections in the order of the
/// section's table and without passing one over; a name that the table does not have, or another
/// order, is a mistake of the vendor's and panics.
///
/// What is wrong with the scenario is recorded where it stands, and reading goes on, so that
/// everything is reported at once. Whoever drives the loading throws the world's state away if
/// anything was recorded.
pub trait Section {
    /// Whether the rows join those of a world that lives already. What the vendor sets up for a new
    /// world is there then, and stays as it is.
    fn is_merge(&self) -> bool {
        false
    }

    /// Whether the rows lie over those of a scenario that this one extends: they join what is there, and
    /// nothing has happened in the world yet.
    fn is_laid(&self) -> bool {
        false
    }

    /// Hands over the rows of a collection that have no mistake, in the order of the file. A row
    /// that `each` refuses is recorded as one more mistake.
    ///
    /// # Errors
    /// Only [`SeedError::Internal`], as `each` returned it. Reading stops there.
    fn rows(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), SeedError>,
    ) -> Result<(), SeedError>;

    /// A single table of the section, such as its settings; `None` where it was left out or has a
    /// mistake.
    ///
    /// # Errors
    /// Only [`SeedError::Internal`].
    fn table(&mut self, name: &str) -> Result<Option<OwnedRow>, SeedError>;

    /// A single value or list of the section; `None` where it was left out or has a mistake.
    ///
    /// # Errors
    /// Only [`SeedError::Internal`].
    fn value(&mut self, name: &str) -> Result<Option<Cell<'static>>, SeedError>;

    /// Records that the vendor refuses what it has read from `name`, or from one of its fields
    /// where that is a table: for rules about more than one row.
    fn refuse(&mut self, name: &str, field: Option<&str>, message: String);
}

/// Why a row was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The row breaks a rule of the vendor's. Recorded at the row or at its field; loading goes on.
    #[error("{message}")]
    Refused { field: Option<&'static str>, message: String },
    /// Not the scenario's fault. Loading stops.
    #[error("cannot load the scenario")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl SeedError {
    pub fn row(message: impl Into<String>) -> Self {
        SeedError::Refused { field: None, message: message.into() }
    }

    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        SeedError::Refused { field: Some(field), message: message.into() }
    }

    pub fn internal(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        SeedError::Internal(error.into())
    }
}

impl From<rusqlite::Error> for SeedError {
    fn from(error: rusqlite::Error) -> Self {
        SeedError::internal(error)
    }
}

/// What a vendor moves on whose seed reckons nothing from the time at which it was loaded: its rows
/// have the scenario's times alone.
///
/// # Errors
/// None.
pub fn nothing_to_move(_: &mut Cx<'_>, _: Span) -> Result<(), InternalError> {
    Ok(())
}
