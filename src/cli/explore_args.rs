//! The flags by which a run or a replay is done again under every other reading.
//!
//! Not here: doing it (`explore`).

use clap::Args;

use crate::cli::failure::{Failure, bad_input};

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ExploreArgs {
    /// Does the same again under every other position of every switch that can change a reply, one at a
    /// time and then in pairs, and tells which break the client
    #[arg(long, env = "RINGBACK_EXPLORE_VARIANTS")]
    pub(super) explore_variants: bool,
    /// Most runs under other positions, with --explore-variants
    #[arg(long, env = "RINGBACK_EXPLORE_BUDGET", value_name = "N", default_value = "200")]
    pub(super) explore_budget: usize,
    /// Exit code 1 where the client depends on a position, with --explore-variants
    #[arg(long, env = "RINGBACK_FAIL_ON_DEPENDENCE")]
    pub(super) fail_on_dependence: bool,
}

impl ExploreArgs {
    /// Whether to do it.
    ///
    /// # Errors
    /// Where it is to fail on what nobody looks for.
    pub(super) fn is_wanted(self) -> Result<bool, Failure> {
        if self.fail_on_dependence && !self.explore_variants {
            return Err(bad_input(
                "--fail-on-dependence fails on what --explore-variants finds; expected both, or neither",
            ));
        }
        Ok(self.explore_variants)
    }
}
