//! Questions for mor.

use crate::calibrate::pool::{Pool, Source};
use crate::calibrate::question::Question;

pub(super) static POOL: Pool = Pool { vendor: "mor", credentials: &[], questions, drawn: &[] };

fn questions(_source: Source<'_>) -> Vec<Question> {
    Vec::new()
}
