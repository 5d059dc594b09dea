//! How a quantity is spread: a length of time, or a count.
//!
//! | text | meaning |
//! | --- | --- |
//! | `3m` | always this |
//! | `20s..4m` | anything from the one to the other, all alike |
//! | `exp 3m` | exponential, with this mean |
//! | `normal 4m 1m` | bell-shaped, with this mean and deviation; never below zero |
//!
//! Values are drawn in integers alone, by methods that need no logarithm, because a machine's
//! logarithm is not the same on all machines.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::base::time::Span;

/// How a quantity is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Both ends belong to it.
    Even {
        least: i64,
        most: i64,
    },
    Exponential {
        mean: i64,
    },
    Normal {
        mean: i64,
        deviation: i64,
    },
}

impl Spread {
    /// Reads a spread of lengths of time, in milliseconds; `None` where it is none.
    pub fn parse_time(text: &str) -> Option<Self> {
        Self::parse(text, |length| length.parse::<Span>().ok().map(Span::as_millis))
    }

    /// Reads a spread of counts; `None` where it is none.
    pub fn parse_count(text: &str) -> Option<Self> {
        Self::parse(text, |number| number.parse().ok().filter(|it| (0..=COUNT_MOST).contains(it)))
    }

    fn parse(text: &str, read: impl Fn(&str) -> Option<i64>) -> Option<Self> {
        let read = |text: &str| read(text).filter(|it| *it <= MOST);
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words[..] {
            ["exp", mean] => Some(Spread::Exponential { mean: read(mean)? }),
            ["normal", mean, deviation] => {
                Some(Spread::Normal { mean: read(mean)?, deviation: read(deviation)? })
            }
            [one] => {
                let (least, most) = one.split_once("..").unwrap_or((one, one));
                let (least, most) = (read(least)?, read(most)?);
                (least <= most).then_some(Spread::Even { least, most })
            }
            _ => None,
        }
    }

    /// About the most that is drawn, for an estimate of what a source brings.
    pub(crate) fn high(self) -> i64 {
        match self {
            Spread::Even { most, .. } => most,
            Spread::Exponential { mean } => mean,
            Spread::Normal { mean, deviation } => mean + deviation,
        }
    }

    /// Draws a value, zero or more.
    pub fn draw(self, draw: &mut ChaCha8Rng) -> i64 {
        match self {
            Spread::Even { least, most } => draw.random_range(least..=most),
            Spread::Exponential { mean } => scaled(mean, exponential(draw)).min(MOST),
            Spread::Normal { mean, deviation } => (mean + scaled(deviation, normal(draw))).max(0),
        }
    }

    /// Draws a length of time in whole seconds, of a spread of lengths of time.
    pub fn draw_seconds(self, draw: &mut ChaCha8Rng) -> Span {
        self.draw_time(draw).whole_secs()
    }

    /// Draws a length of time, of a spread of lengths of time.
    pub fn draw_time(self, draw: &mut ChaCha8Rng) -> Span {
        Span::clamped_from_millis(self.draw(draw))
    }
}

/// A quantity times a fixed-point number.
fn scaled(quantity: i64, factor: i128) -> i64 {
    i64::try_from((i128::from(quantity) * factor) >> 32).unwrap_or(i64::MAX)
}

/// An exponential value of mean one, after von Neumann: a run of falling uniform numbers of odd
/// length ends the search, an even one begins it again, one further out.
fn exponential(draw: &mut ChaCha8Rng) -> i128 {
    let mut whole = 0;
    loop {
        let first: u32 = draw.random();
        let (mut last, mut length) = (first, 1);
        loop {
            let next: u32 = draw.random();
            if next >= last {
                break;
            }
            (last, length) = (next, length + 1);
        }
        if length % 2 == 1 {
            return whole + i128::from(first);
        }
        whole += ONE;
    }
}

/// A normal value of mean zero and deviation one: the sum of twelve uniform numbers, less six. Its
/// tails end at six, where nobody looks.
fn normal(draw: &mut ChaCha8Rng) -> i128 {
    let sum: i128 = (0..12).map(|_| i128::from(draw.random::<u32>())).sum();
    sum - 6 * ONE
}

/// The largest quantity: ten days in milliseconds. Far above any call, far below an overflow.
const MOST: i64 = 10 * 24 * 3_600_000;

/// The largest count: more people than any conference holds.
pub(crate) const COUNT_MOST: i64 = 10_000;

/// One as a fixed-point number.
const ONE: i128 = 1 << 32;

/// Checks a spread of lengths of time.
pub(crate) fn check_time(text: &str) -> Result<(), String> {
    let expected = r#"a length of time such as "3m", or a spread of them: "20s..4m", "exp 3m", "normal 4m 1m""#;
    Spread::parse_time(text).map(drop).ok_or_else(|| expected.into())
}

/// Checks a spread of counts.
pub(crate) fn check_count(text: &str) -> Result<(), String> {
    Spread::parse_count(text).map(drop).ok_or_else(|| {
        format!(
            "a count up to {COUNT_MOST} such as \"5\", or a spread of them: \"3..12\", \"exp 8\", \"normal 8 2\""
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seed::Seed;

    #[test]
    fn reads_what_it_prints_in_its_table() {
        assert_eq!(Spread::parse_time("3m"), Some(Spread::Even { least: 180_000, most: 180_000 }));
        let even = Spread::Even { least: 20_000, most: 240_000 };
        assert_eq!(Spread::parse_time("20s..4m"), Some(even));
        assert_eq!(Spread::parse_time("exp 3m"), Some(Spread::Exponential { mean: 180_000 }));
        let normal = Spread::Normal { mean: 240_000, deviation: 60_000 };
        assert_eq!(Spread::parse_time("normal 4m 1m"), Some(normal));
        assert_eq!(Spread::parse_count("3..12"), Some(Spread::Even { least: 3, most: 12 }));
        for wrong in ["", "4m..20s", "exp", "normal 4m", "3", "-3m", "exp 3m 4m", "99d"] {
            assert_eq!(Spread::parse_time(wrong), None, "{wrong}");
        }
        for wrong in ["", "-1", "3m", "5..3", "+"] {
            assert_eq!(Spread::parse_count(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn draws_have_their_mean_and_stay_within_bounds() {
        let mut draw = Seed(1).draw("test", &[]);
        let mut mean = |text: &str| {
            let spread = Spread::parse_time(text).unwrap();
            let drawn: Vec<i64> = (0..20_000).map(|_| spread.draw(&mut draw)).collect();
            assert!(drawn.iter().all(|it| *it >= 0), "{text}");
            drawn.iter().sum::<i64>() / 20_000
        };
        for (text, least, most) in [
            ("60s", 60_000, 60_000),
            ("40s..80s", 59_000, 61_000),
            ("exp 60s", 58_000, 62_000),
            ("normal 60s 10s", 59_000, 61_000),
        ] {
            let mean = mean(text);
            assert!((least..=most).contains(&mean), "{text}: {mean}");
        }
    }
}
