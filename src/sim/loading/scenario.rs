//! What a world needs of a scenario: settings, a part per vendor, and a verdict.
//!
//! Not here: files and their syntax (`scenario`).

use std::error::Error;

use serde_json::Value;

use crate::contract::reply::InternalError;
use crate::contract::section::Section;
use crate::contract::vendor::Vendor;
use crate::sim::loading::live::Live;
use crate::sim::loading::recipe::Recipe;
use crate::sim::loading::settings::Settings;

/// A scenario that is being loaded. Reading never fails; what is wrong is told at the end.
pub trait Scenario {
    /// Title, seed, clock and switches.
    fn settings(&mut self, vendors: &[&'static Vendor]) -> Settings;

    /// What tells this scenario from others, seed included; `None` where its content may change.
    /// Worlds of one recipe share one sealed image.
    fn recipe(&self, _vendors: &[&'static Vendor]) -> Option<Recipe> {
        None
    }

    /// What is no vendor's: the fields of `TOP`. `live` where it is merged into a world.
    fn top<'s>(&'s mut self, live: Option<&'s Live<'_>>) -> Box<dyn Section + 's>;

    /// One vendor's section. `live` where it is merged into a world.
    fn part<'s>(
        &'s mut self,
        vendor: &'static str,
        live: Option<&'s Live<'_>>,
    ) -> Box<dyn Section + 's>;

    /// One vendor's rows in the scenario of a higher layer, from 1 on, to come on top of what is in the
    /// world by now; `None` where there is no such layer.
    fn over<'s>(
        &'s mut self,
        layer: usize,
        vendor: &'static str,
        live: &'s Live<'_>,
    ) -> Option<Box<dyn Section + 's>>;

    /// The verdict, after all parts were read: the collections that have rows.
    ///
    /// # Errors
    /// All mistakes of the scenario.
    fn finish(&mut self) -> Result<Vec<Collection>, Box<dyn Mistaken>>;
}

/// One collection of a sound scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The vendor; empty for a collection at the top.
    pub section: &'static str,
    pub name: &'static str,
    pub n_rows: u64,
}

/// Mistakes of a scenario, one line each when printed.
pub trait Mistaken: Error + Send + Sync {
    fn to_json(&self) -> Value;
}

/// Why a world could not be seeded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    Mistakes(Box<dyn Mistaken>),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<rusqlite::Error> for LoadError {
    fn from(error: rusqlite::Error) -> Self {
        LoadError::Internal(error.into())
    }
}
