//! Texts that are made to be slow take time in proportion to their length.

use super::masker;
use crate::base::clock::Stopwatch;

/// Each is repeated: a trap for one of the readers.
const TRAPS: &[&str] = &[
    "<token>",
    "x<token>",
    "<token><",
    "<token a=\"",
    "<token><![CDATA[",
    "\"token\":\"",
    "\"token\":[",
    "\"token\":{\"",
    "token=",
    "token=\"",
    "token='",
    "\\",
    "\\\"token\\\":",
    "&#",
    "&#0",
    "%25",
    "%",
    "name=\"token\"\r\n",
    "name=token value=",
    "name=\"token\";",
    "\"name\":\"token\",",
    ";a=",
    "4 ",
    "4111-",
    "411111111111111111",
    "/apitoken/login/",
    "/apitoken/login/a",
    "/",
    "aGVs",
    "61",
    "SIMTOKEN-7",
    "0f1e2d3c",
    "cookie: a=\"",
    "--b\r\nname=\"token\"\r\n\r\n",
    "\n",
    ":",
    "=",
    " =",
    "' ",
    "authorization: ",
    "authorization:",
    "a: ",
    "é",
    "\0",
    "+",
    "a=\n",
    "{'",
    "a",
    "1",
];

/// Bytes of the smaller text.
const SMALL: usize = 1 << 12;

/// How much longer the larger one is.
const TIMES: usize = 16;

/// How much slower the larger text may be than as many smaller ones of the same length together. What
/// takes square time is `TIMES` times as slow.
const SLOWER_MAX: u64 = 5;

/// Another process on the machine may come between once.
const ATTEMPTS: usize = 8;

#[test]
fn hostile_texts_take_linear_time() {
    let masker = masker(false);
    for trap in TRAPS {
        let small = trap.repeat(SMALL / trap.len());
        let large = small.repeat(TIMES);
        let nanoseconds = |text: &str, times: usize| {
            let watch = Stopwatch::start();
            for _ in 0..times {
                assert!(masker.text(text).len() <= text.len() * 4 + 64, "{trap:?}");
            }
            watch.elapsed_ns()
        };
        let is_linear = |_| nanoseconds(&large, 1) < nanoseconds(&small, TIMES) * SLOWER_MAX;
        assert!((0..ATTEMPTS).any(is_linear), "{trap:?}");
    }
}
