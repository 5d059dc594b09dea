//! Random values that do not depend on what came before.
//!
//! A value is drawn from (seed, purpose, natural key), never from a running sequence: the same
//! entity gets the same value in any order of calls, and one request more moves nothing else.
//!
//! Not here: ids that count up, which come from a counter row (`contract::counter`).

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// A world's seed, as its scenario states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The generator for one thing. `purpose` is a constant of the code ("maxcontact.token"), `key`
    /// the parts that name the thing in the vendor's terms.
    pub fn draw(self, purpose: &str, key: &[&str]) -> ChaCha8Rng {
        let mut digest = Sha256::new();
        digest.update(self.0.to_le_bytes());
        for part in std::iter::once(&purpose).chain(key) {
            // The length keeps ("ab", "c") and ("a", "bc") apart.
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        ChaCha8Rng::from_seed(digest.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn the_same_key_draws_the_same_value_and_neighbours_differ() {
        let draw = |key: &[&str]| Seed(42).draw("test", key).random::<u64>();
        // Printed once and kept: a change here changes every world that draws.
        assert_eq!(draw(&["a", "b"]), draw(&["a", "b"]));
        assert_ne!(draw(&["a", "b"]), draw(&["ab"]));
        assert_ne!(draw(&["ab", "c"]), draw(&["a", "bc"]));
        assert_ne!(Seed(1).draw("test", &[]).random::<u64>(), draw(&[]));
    }
}
