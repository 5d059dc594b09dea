//! One function of a vendor, and a request on its way to it.

use crate::contract::cx::Cx;
use crate::contract::evidence::Evidence;
use crate::contract::reply::{InternalError, Reply};
use crate::web::message::Request;
use crate::web::params::Params;

/// One function of a vendor.
pub struct Operation {
    /// `verb_noun`; journal, faults, fixtures, logs and docs all use it.
    pub name: &'static str,
    /// What it does, in a line.
    pub text: &'static str,
    pub method: &'static str,
    /// The path, with what else picks the operation where the path alone does not.
    pub path: &'static str,
    pub access: Access,
    pub evidence: Evidence,
    pub answer: fn(&mut Cx<'_>, &Call<'_>) -> Result<Reply, InternalError>,
}

/// Whether an operation may change the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Reads,
    Writes,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Access {
    pub fn word(self) -> &'static str {
        match self {
            Access::Reads => "reads",
            Access::Writes => "writes",
        }
    }
}

/// What a request was found to be, before any world is asked.
#[derive(Debug, Default)]
pub struct Routed {
    /// `None` where the vendor has no such operation.
    pub operation: Option<&'static Operation>,
    pub params: Params,
}

/// A request on its way through a world.
#[derive(Debug)]
pub struct Call<'r> {
    pub request: &'r Request,
    pub operation: Option<&'static Operation>,
    pub params: &'r Params,
}
