//! Names of worlds.

/// The world that always exists.
pub const DEFAULT: &str = "default";

/// Longest name of a world: it is part of paths, host names and file names.
pub const NAME_CHARS_MAX: usize = 63;

/// Whether a text can be a world's name.
pub fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    (1..=NAME_CHARS_MAX).contains(&text.len())
        && text.bytes().all(is_inner)
        && text.as_bytes()[0].is_ascii_alphanumeric()
}
