//! The objects and lists that a reader of JSON is in, and the pointer to where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::web::diagnosis::json_words;

/// Deepest place that gets a pointer; a longer one helps nobody.
const POINTER_STEPS_MAX: usize = 32;

/// Longest name in a pointer.
const POINTER_NAME_BYTES_MAX: usize = 120;

/// An object or a list that is not closed yet.
#[derive(Debug)]
pub(super) struct Frame<'b> {
    pub(super) is_object: bool,
    pub(super) opened_at: usize,
    pub(super) index: usize,
    pub(super) key: Range<usize>,
    pub(super) names: Option<BTreeMap<&'b [u8], usize>>,
}

/// The JSON pointer to the place that the frames lead to; `None` where it is too long to be shown, or a
/// name in it cannot be read.
pub(super) fn pointer(bytes: &[u8], frames: &[Frame<'_>]) -> Option<String> {
    if frames.len() > POINTER_STEPS_MAX {
        return None;
    }
    let mut pointer = String::new();
    for frame in frames {
        pointer.push('/');
        if !frame.is_object {
            pointer.push_str(&frame.index.to_string());
            continue;
        }
        let name = bytes.get(frame.key.clone())?;
        if name.len() > POINTER_NAME_BYTES_MAX {
            return None;
        }
        let name = json_words::unescaped(name)?;
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    }
    Some(pointer)
}
