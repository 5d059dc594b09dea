//! What stands at the top of a scenario, beside the vendors' sections.

use crate::contract::fields::Field;
use crate::sim::fault::{canned, declare};
use crate::sim::judge::expectation::{EXPECT, STRICT};
use crate::sim::outside::line::LINE;
use crate::sim::outside::people::roster::{CROWD, PEOPLE};
use crate::sim::outside::traffic::stated::TRAFFIC;

/// Fields at the top of a scenario, beside title, seed and clock. Collections stand in the order in
/// which they are loaded.
pub const TOP: &[Field] =
    &[LINE, declare::SCENARIO, canned::declare::SCENARIO, PEOPLE, CROWD, STRICT, EXPECT, TRAFFIC];
