//! What a run under another reading needs of the program that serves it: switches turned before the
//! client comes, and its exchanges as they came.

use serde_json::Value;

use super::{AppError, Config, Program, named_library};
use crate::base::limits::JOURNAL_ROWS_MAX;
use crate::base::time::Instant;
use crate::contract::reply::InternalError;
use crate::contract::variant::SwitchPosition;
use crate::sim::world::journal::{Journaled, Page};
use crate::sim::worlds::name::DEFAULT;

/// The scenario of the default world, as JSON.
///
/// # Errors
/// Where it has mistakes.
pub(crate) fn scenario(config: &Config) -> Result<Value, AppError> {
    let mut opened = named_library(config)?.open_first()?;
    opened.replace_seed(config.seed);
    Ok(opened.to_json()?)
}

impl Program {
    /// Turns switches of the default world.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) async fn turn(&self, turns: Vec<SwitchPosition>) -> Result<(), InternalError> {
        if let Some(world) = self.worlds.get(DEFAULT)
            && !turns.is_empty()
        {
            world.set_variants(turns, Value::Null).await?;
        }
        Ok(())
    }

    /// The time of the default world.
    pub(crate) fn now(&self) -> Option<Instant> {
        Some(self.worlds.get(DEFAULT)?.facts().now)
    }

    /// The exchanges of the default world, with their secrets: for this process alone.
    ///
    /// # Errors
    /// Only Ringback's own fault.
    pub(crate) fn exchanges(&self) -> Result<Option<Journaled>, InternalError> {
        let Some(world) = self.worlds.get(DEFAULT) else { return Ok(None) };
        let after = world.judged_from();
        let page = Page { after, limit: JOURNAL_ROWS_MAX, show_secrets: true, ..Page::default() };
        world.journal_page(&page).map(Some)
    }
}
