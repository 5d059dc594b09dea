//! What the rules of a world and its fixed replies are asked about.

use crate::base::time::Instant;
use crate::contract::operation::Call;

/// A request, when it comes and whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'r> {
    pub(crate) now: Instant,
    pub(crate) vendor: &'static str,
    pub(crate) call: &'r Call<'r>,
}
