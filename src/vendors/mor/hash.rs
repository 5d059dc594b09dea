//! The hash of a request: the values of the method's listed parameters in the listed order, without
//! names or separators, then the secret key; SHA-1 as 40 lower-case hex digits (mor 1.3).
//!
//! Not here: whose key counts (`auth`), and what a wrong hash was made of (`hash_diagnosis`).

use std::fmt::Write;

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::vendors::mor::variants::{HashCase, HashOrder};

/// Length of a hash. One of another length counts as none at all.
pub(crate) const HASH_CHARS: usize = 40;

/// The hash of values in this order. An empty value adds nothing.
pub(crate) fn hash<'v>(values: impl IntoIterator<Item = &'v str>, key: &str) -> String {
    let mut digest = Sha1::new();
    for value in values {
        digest.update(value.as_bytes());
    }
    digest.update(key.as_bytes());
    hex(&digest.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether `sent` is the hash of these values.
pub(crate) fn is_right(
    sent: &str,
    values: &[&str],
    key: &str,
    order: HashOrder,
    case: HashCase,
) -> bool {
    if sent.len() != HASH_CHARS {
        return false;
    }
    let is = |right: String| match case {
        HashCase::Exact => bool::from(right.as_bytes().ct_eq(sent.as_bytes())),
        HashCase::Ignored => right.eq_ignore_ascii_case(sent),
    };
    match order {
        HashOrder::Listed => is(hash(values.iter().copied(), key)),
        HashOrder::Any => permutations(values).into_iter().any(|values| is(hash(values, key))),
    }
}

/// Every order of the items; the given one first.
pub(crate) fn permutations<T: Copy>(items: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = items.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for place in 0..items.len() {
        for mut order in permutations(rest) {
            order.insert(place, *first);
            all.push(order);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], key: &str, expected: &str) {
        let made = hash(values.iter().copied(), key);
        assert_eq!(&made[..expected.len()], expected, "{values:?}");
        assert!(is_right(&made, values, key, HashOrder::Listed, HashCase::Exact));
    }

    #[track_caller]
    fn check_not(values: &[&str], key: &str, literal: &str) {
        for order in permutations(values) {
            assert!(!hash(order, key).starts_with(literal), "{values:?}");
        }
        assert!(!hash(values[1..].iter().copied(), key).starts_with(literal), "{values:?}");
    }

    /// mor 6.1.
    #[test]
    fn makes_the_contracts_vectors() {
        let key = "sim-secret-1";
        check(&["dialer_bob", "17"], key, "5bec2fa315b0de5fe4bb28bd5adb2ca54f89da24");
        check(
            &["dialer_bob", "17", "1767225600", "1769903999"],
            key,
            "a862c92bb7ee561f74d2cec341fdc30aa6e34e32",
        );
        check(&["17"], key, "adf2226897709d5c661d1c580dcf384651b09421");
        check(&["shop_carl", "21"], "resell-key-9", "aeafe5de4dd5c78e780217a783ffc722586cdd47");
        check(&["jo+ann", "17"], key, "68eed765558db457068a1b559250827df43467c8");
        check(&["ünal", "17"], key, "f3904224ef02dbc44d60fc51d81290a1a89eccc3");
        check(&["some_user", "2"], "456789", "16cbac19059ea9f139edd9b10953daa5a2f14400");
        check(&["2"], "456789", "d674ef6e3ceb3145e825709ac2233c710db15af8");
        check(&["some_user", "3"], "456789", "1ca85002d00a8fc66588ed32e7e03061b9504b59");
        check(
            &["admin", "2", "1590969600", "1593475200"],
            "456789",
            "fe38d636a66be9f2919355c226d422e889281b24",
        );
        check(&["1"], "secret", "bc2f114099d16656d37e45fd9e8744cb9386d462");
        check(&["123"], "456789", "f7c3bc1d808e04732adf679965ccc34ca7ae3441");
        check(&["admin", "admin1"], "secret", "c420ef706a02e6449994b7575b25ef5f74cc722b");
    }

    /// mor 1.4, rows 1 to 10: the published samples that verify.
    #[test]
    fn makes_the_published_samples_that_verify() {
        check(&["123", "1252454580", "answered"], "Very Sercet Key", "b93c35d5");
        check(&["123"], "456789", "f7c3bc1d");
        check(&["123", "100"], "456789", "b1bef446");
        check(&["6", "2"], "456789", "37086d86");
        check(&["6"], "456789", "67df827d");
        check(&["1"], "secret", "bc2f1140");
        check(&["admin", "admin1"], "secret", "c420ef70");
        check(&["AMD", "45.5"], "secret", "cd4e5e92");
        check(&["text", "111111100", "15", "EUR"], "secret", "d6ce58f8");
        check(&["3"], "kolmisoft", "350c0745");
    }

    /// mor 1.4, rows 11 to 14: those that do not, in any order and without `u`.
    #[test]
    fn does_not_make_the_published_samples_that_do_not_verify() {
        check_not(&["some_user", "2"], "456789", "38282ca5");
        check_not(&["some_user", "3"], "456789", "7f544a3f");
        check_not(&["admin", "2", "1590969600", "1593475200"], "456789", "7f544a3f");
        check_not(&["USERNAME"], "secret", "79e75e75");
        // This hash is pasted under samples with other parameters too (row 2), and rows 9 and 10
        // state a key with which they do not verify.
        check_not(&["text", "111111100", "15", "EUR"], "456789", "d6ce58f8");
        check_not(&["3"], "secret", "350c0745");
    }

    #[test]
    fn compares_letter_by_letter_unless_told_otherwise() {
        let (values, key) = (["17"], "sim-secret-1");
        let upper = hash(values, key).to_uppercase();
        assert!(!is_right(&upper, &values, key, HashOrder::Listed, HashCase::Exact));
        assert!(is_right(&upper, &values, key, HashOrder::Listed, HashCase::Ignored));
        assert!(!is_right("", &values, key, HashOrder::Listed, HashCase::Ignored));
    }

    #[test]
    fn takes_any_order_only_where_told() {
        let turned = hash(["17", "dialer_bob"], "k");
        let values = ["dialer_bob", "17"];
        assert!(!is_right(&turned, &values, "k", HashOrder::Listed, HashCase::Exact));
        assert!(is_right(&turned, &values, "k", HashOrder::Any, HashCase::Exact));
        assert_eq!(permutations(&[1, 2, 3]).len(), 6);
        assert_eq!(permutations(&[1, 2, 3])[0], [1, 2, 3]);
        assert_eq!(permutations::<u8>(&[]), [Vec::<u8>::new()]);
    }
}
