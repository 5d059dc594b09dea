//! Names of worlds and checkpoints, which are names of folders and files too.
//!
//! All are lower-case ASCII without a dot, so that no two of them are one on a file system that does
//! not tell cases apart, and none is a name of ours.

/// Longest name: it is part of paths, host names and file names.
pub(crate) const NAME_CHARS_MAX: usize = 63;

/// Whether a text can be a world's or checkpoint's name.
pub(crate) fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    (1..=NAME_CHARS_MAX).contains(&text.len())
        && text.bytes().all(is_inner)
        && text.as_bytes()[0].is_ascii_alphanumeric()
}

/// What is being prepared; never read.
pub(super) const NEW: &str = ".new-";

/// What is being removed; never read.
pub(super) const GONE: &str = ".gone-";

/// A world of the flat layout that is being taken over.
pub(super) const TAKE: &str = ".take-";

/// Whether this is what an interruption left.
pub(super) fn is_left_over(name: &str) -> bool {
    name.starts_with(NEW) || name.starts_with(GONE)
}
