//! Ways to make a digest, and whether one of them gives the digest that came.
//!
//! Not here: what goes into it (`hash_mistakes`).

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::vendors::mor::hash::hex;
use crate::vendors::mor::hash_mistakes::Recipe;

/// Ways to make a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digestion {
    Sha1,
    HmacSha1,
    Sha1Twice,
    Md5,
    HmacMd5,
    Sha224,
    Sha256,
    HmacSha256,
    Sha384,
    Sha512,
    HmacSha512,
}

impl Digestion {
    /// Those that give so many bytes, the vendor's own first.
    pub(crate) fn of_length(n_bytes: usize) -> &'static [Digestion] {
        match n_bytes {
            16 => &[Digestion::Md5, Digestion::HmacMd5],
            20 => &[Digestion::Sha1, Digestion::HmacSha1, Digestion::Sha1Twice],
            28 => &[Digestion::Sha224],
            32 => &[Digestion::Sha256, Digestion::HmacSha256],
            48 => &[Digestion::Sha384],
            64 => &[Digestion::Sha512, Digestion::HmacSha512],
            _ => &[],
        }
    }

    /// What is wrong with it; empty for the vendor's own.
    pub(crate) fn slip(self) -> &'static str {
        match self {
            Digestion::Sha1 => "",
            Digestion::HmacSha1 => "is HMAC-SHA1, not plain SHA-1 with the key at the end",
            Digestion::Sha1Twice => "is the SHA-1 of a SHA-1",
            Digestion::Md5 => "is MD5, not SHA-1",
            Digestion::HmacMd5 => "is HMAC-MD5, not SHA-1",
            Digestion::Sha224 => "is SHA-224, not SHA-1",
            Digestion::Sha256 => "is SHA-256, not SHA-1",
            Digestion::HmacSha256 => "is HMAC-SHA256, not SHA-1",
            Digestion::Sha384 => "is SHA-384, not SHA-1",
            Digestion::Sha512 => "is SHA-512, not SHA-1",
            Digestion::HmacSha512 => "is HMAC-SHA512, not SHA-1",
        }
    }
}

/// Whether a recipe with a key comes to a digest.
pub(crate) fn gives(digestion: Digestion, recipe: &Recipe, key: &str, wanted: &[u8]) -> bool {
    fn plain<D: Digest>(message: &[u8]) -> Vec<u8> {
        D::digest(message).to_vec()
    }
    fn keyed<M: Mac + KeyInit>(message: &[u8], key: &str) -> Vec<u8> {
        let mac = <M as KeyInit>::new_from_slice(key.as_bytes());
        mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    }
    let key_bytes = if recipe.has_key { key.as_bytes() } else { b"" };
    let message = [recipe.before.as_slice(), key_bytes, &recipe.after].concat();
    let mac = |of: fn(&[u8], &str) -> Vec<u8>| {
        // The key of an HMAC belongs beside its message, but is found in it as well.
        let values = [recipe.before.as_slice(), &recipe.after].concat();
        let beside = recipe.has_key && recipe.after.is_empty();
        (beside && of(&values, key) == wanted) || of(&message, key) == wanted
    };
    match digestion {
        Digestion::Sha1 => plain::<Sha1>(&message) == wanted,
        Digestion::Sha1Twice => plain::<Sha1>(hex(&plain::<Sha1>(&message)).as_bytes()) == wanted,
        Digestion::Md5 => plain::<Md5>(&message) == wanted,
        Digestion::Sha224 => plain::<Sha224>(&message) == wanted,
        Digestion::Sha256 => plain::<Sha256>(&message) == wanted,
        Digestion::Sha384 => plain::<Sha384>(&message) == wanted,
        Digestion::Sha512 => plain::<Sha512>(&message) == wanted,
        Digestion::HmacSha1 => mac(keyed::<Hmac<Sha1>>),
        Digestion::HmacMd5 => mac(keyed::<Hmac<Md5>>),
        Digestion::HmacSha256 => mac(keyed::<Hmac<Sha256>>),
        Digestion::HmacSha512 => mac(keyed::<Hmac<Sha512>>),
    }
}
