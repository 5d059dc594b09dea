//! State machines of a vendor's, declared as data: which moves there are, so that it can be told which
//! ones a run has shown.
//!
//! Not here: what is allowed when, which the vendor's own code decides, and which state a thing is in
//! (`board`).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One machine: what goes from state to state.
#[derive(Debug)]
pub struct Machine {
    /// What has the states: `call`.
    pub name: &'static str,
    /// Each move that there is: from a state, to another one.
    pub moves: &'static [(&'static str, &'static str)],
}

/// A thing of a vendor's that went from one state to another, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub vendor: Cow<'static, str>,
    /// The machine's name.
    pub machine: Cow<'static, str>,
    pub from: Cow<'static, str>,
    pub to: Cow<'static, str>,
}
