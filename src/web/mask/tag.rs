//! What stands in place of a secret: `***(16.3f)`, or `***(5)` for a short one.
//!
//! The first number is the length in characters of the value once its escapes are undone, so that
//! a cut or doubled token shows. Behind the dot stand the first two hex digits of its SHA-256, so
//! that two different wrong tokens can be told apart and one token is known again however it is
//! written. One byte of a digest says nothing about a long value, and too much about a short one:
//! under [`DIGEST_CHARS_MIN`] characters, and for what is always masked, there is none.
//!
//! The form has no quote, `<`, `&`, `;`, comma, blank or backslash, so it stands in JSON strings,
//! addresses, headers, cookies, XML and CSV without breaking them, and ends in a bracket, so that it
//! is told from what follows it.

use sha2::{Digest as _, Sha256};

/// Fewest characters for which a digest is told. Eight bits of one narrow 10,000 PINs to 39.
pub(crate) const DIGEST_CHARS_MIN: usize = 8;

/// The mark for a value whose escapes are undone.
pub(crate) fn of(value: &[u8], with_digest: bool) -> String {
    let chars = String::from_utf8_lossy(value).chars().count();
    if !with_digest || chars < DIGEST_CHARS_MIN {
        return format!("***({chars})");
    }
    let digest = Sha256::digest(value);
    format!("***({chars}.{:02x})", digest[0])
}

/// Whether a value is such a mark already, so that what is masked twice reads as if masked once.
pub(crate) fn is_tag(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"***") else { return false };
    let Some(inner) = rest.strip_prefix(b"(") else { return rest.is_empty() };
    // In a running text a value may end before a bracket that closes.
    let inner = inner.strip_suffix(b")").unwrap_or(inner);
    let n_digits = inner.iter().take_while(|it| it.is_ascii_digit()).count();
    let is_digest = |it: &[u8]| it.len() == 3 && it[1..].iter().all(u8::is_ascii_hexdigit);
    n_digits > 0
        && (n_digits == inner.len() || inner[n_digits] == b'.' && is_digest(&inner[n_digits..]))
}
