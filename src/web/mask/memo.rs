//! What headers came to, for those that come again: a client sends most of its headers with each
//! request, word for word.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::base::lock::lock;

/// Headers that are remembered; more would be those that differ each time.
const HEADERS_MAX: usize = 512;

/// Longest name with its value that is remembered.
const BYTES_MAX: usize = 512;

/// By name and value, what is shown in place of the value; `None` where it is shown as it is.
type Shown = BTreeMap<Box<str>, BTreeMap<Box<str>, Option<Box<str>>>>;

/// What headers came to. Cheap to clone; clones remember together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memo(Arc<Mutex<(usize, Shown)>>);

impl Memo {
    /// What is shown of a value, as it was worked out before or is now.
    pub(crate) fn shown<'v>(
        &self,
        name: &str,
        value: &'v str,
        work_out: impl FnOnce() -> Cow<'v, str>,
    ) -> Cow<'v, str> {
        if name.len() + value.len() > BYTES_MAX {
            return work_out();
        }
        if let Some(shown) = lock(&self.0).1.get(name).and_then(|values| values.get(value)) {
            return shown.as_deref().map_or(Cow::Borrowed(value), |it| Cow::Owned(it.to_owned()));
        }
        let shown = work_out();
        let (count, known) = &mut *lock(&self.0);
        if *count < HEADERS_MAX {
            *count += 1;
            let kept = match &shown {
                Cow::Borrowed(_) => None,
                Cow::Owned(shown) => Some(shown.as_str().into()),
            };
            known.entry(name.into()).or_default().insert(value.into(), kept);
        }
        shown
    }
}
