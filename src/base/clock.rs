//! A world's clock, and the only reader of the system's.
//!
//! A clock is `frozen` (moves only when it is advanced), `real` (the system's time plus an offset)
//! or `scaled` (a rate from an anchor). It never runs backwards within an epoch, whatever the
//! system's clock does, and never leaves the calendar: at its end it stands.
//!
//! Methods whose names end in `_ms`, and those that take milliseconds, serve callers that still count
//! time in an `i64`.
//!
//! Not here: timers, and who may move a clock (`sim::world`).

use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::rate::Rate;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::base::time::{Instant, Span, Wall};
use crate::base::unfit::Unfit;

/// How a world's time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    Frozen,
    Real,
    /// So many world seconds to each second of the system's clock.
    Scaled {
        rate: Rate,
    },
}

impl Mode {
    /// The word for it in scenarios and on the admin listener.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Frozen => "frozen",
            Mode::Real => "real",
            Mode::Scaled { .. } => "scaled",
        }
    }

    /// World seconds to a real one, where it is scaled.
    pub fn rate(self) -> Option<Rate> {
        if let Mode::Scaled { rate } = self { Some(rate) } else { None }
    }
}

impl FromStr for Mode {
    type Err = Unfit;

    /// Reads `frozen`, `real` or `scaled:60`.
    fn from_str(text: &str) -> Result<Mode, Unfit> {
        let found = || excerpt(text, EXCERPT_CHARS_MAX);
        match text.split_once(':') {
            None if text == "frozen" => Ok(Mode::Frozen),
            None if text == "real" => Ok(Mode::Real),
            Some(("scaled", rate)) => match rate.parse() {
                Ok(rate) => Ok(Mode::Scaled { rate }),
                Err(unfit) => Err(Unfit::new(format!("scaled: and {}", unfit.expected()), found())),
            },
            _ => {
                let unfit =
                    Unfit::new("frozen, real, or scaled: and a rate, as scaled:60", found());
                Err(if text == "scaled" { unfit.with_hint("the rate is missing") } else { unfit })
            }
        }
    }
}

/// Where a clock stands, beside the system's: what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub world: Instant,
    /// [`Wall::MIN`] for a frozen clock, which does not look at it.
    pub wall: Wall,
}

/// One world's clock.
#[derive(Clone, Debug)]
pub struct Clock {
    mode: Mode,
    /// Where it was set, and when.
    anchor: Anchor,
    /// The latest reading given out, so that no later one lies before it.
    last: Instant,
}

impl Clock {
    /// A clock that stands at a moment until it is advanced.
    pub fn frozen_at(at: Instant) -> Self {
        Clock::anchored(Mode::Frozen, Anchor { world: at, wall: Wall::MIN })
    }

    /// The system's time from now on.
    pub fn real() -> Self {
        let wall = system_now();
        Clock::anchored(Mode::Real, Anchor { world: wall.as_world_time(), wall })
    }

    /// A clock that stands at a moment now and runs in `mode` from there.
    pub fn running_from(mode: Mode, at: Instant) -> Self {
        Clock::anchored(mode, Anchor { world: at, wall: system_now() })
    }

    /// A clock as it was kept by [`Clock::anchor`]. Time that passed meanwhile counts, but for a
    /// frozen one.
    pub fn anchored(mode: Mode, anchor: Anchor) -> Self {
        Clock { mode, anchor, last: anchor.world }
    }

    /// World time and the system's at this moment, for [`Clock::anchored`].
    pub fn anchor(&mut self) -> Anchor {
        let wall = if self.mode == Mode::Frozen { Wall::MIN } else { system_now() };
        Anchor { world: self.now(), wall }
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Reads the clock. Readings never go back, and stop at [`Instant::MAX`].
    pub fn now(&mut self) -> Instant {
        let passed = match self.mode {
            Mode::Frozen => Span::ZERO,
            Mode::Real => self.since_anchor(),
            Mode::Scaled { rate } => rate.world_span(self.since_anchor()),
        };
        self.last = self.last.max(self.anchor.world.saturating_add(passed));
        self.last
    }

    /// How long it takes by itself to a moment, in the system's time; `None` where it stands, and nothing
    /// only where the moment has come.
    pub(crate) fn until(&mut self, at: Instant) -> Option<Span> {
        let left = at.saturating_since(self.now());
        let system = match self.mode {
            Mode::Frozen => return None,
            Mode::Real => left,
            Mode::Scaled { rate } => rate.system_span(left),
        };
        Some(system.max(left.min(Span::MILLISECOND)))
    }

    /// Moves the clock on, in any mode, and reads it.
    ///
    /// # Errors
    /// Where that is behind the end of the calendar; the clock is left as it was.
    pub fn advance_by(&mut self, by: Span) -> Result<Instant, Unfit> {
        let now = self.now();
        if now.checked_add(by).is_none() {
            let most = Instant::MAX.saturating_since(now);
            let expected = format!("a step of at most {most}, to the end of the year 9999");
            return Err(Unfit::new(expected, by.to_string()));
        }
        self.push(by);
        Ok(self.now())
    }

    fn since_anchor(&self) -> Span {
        system_now().saturating_since(self.anchor.wall)
    }

    fn push(&mut self, by: Span) {
        self.anchor.world = self.anchor.world.saturating_add(by);
    }
}

/// The system's clock. Nothing else in the crate reads it.
#[expect(clippy::disallowed_methods, reason = "the one rightful reader of the system's clock")]
pub fn system_now() -> Wall {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall::clamped_from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Measures how long something took, by a clock that only goes forward.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one rightful reader of the system's clock")]
    pub fn start() -> Self {
        Stopwatch(std::time::Instant::now())
    }

    pub fn elapsed_ns(self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::limits::CLOCK_RATE_MAX;

    const START: Instant = Instant::clamped_from_millis(1000);

    #[test]
    fn frozen_moves_only_when_advanced_and_never_back() {
        let mut clock = Clock::frozen_at(START);
        assert_eq!(clock.now(), START);
        let later = clock.advance_by(Span::SECOND).unwrap();
        assert_eq!((later, clock.now()), (Instant::clamped_from_millis(2000), later));
    }

    #[test]
    fn real_follows_the_system_and_keeps_what_was_advanced() {
        let mut clock = Clock::real();
        let before = clock.now();
        assert!(clock.advance_by(Span::MINUTE).unwrap() >= before.saturating_add(Span::MINUTE));
        let (before, anchor) = (clock.now(), clock.anchor());
        assert!(anchor.world >= before && anchor.wall > Wall::MIN);
        assert!(Clock::anchored(Mode::Real, anchor).now() >= anchor.world);
    }

    #[test]
    fn scaled_runs_at_its_rate_from_its_anchor() {
        let mode: Mode = "scaled:60".parse().unwrap();
        assert!(Clock::running_from(mode, START).now() >= START);
        let minute_ago = Wall::clamped_from_millis(system_now().as_millis() - 60_000);
        let mut clock = Clock::anchored(mode, Anchor { world: START, wall: minute_ago });
        assert!(clock.now() >= START.saturating_add(Span::HOUR));
        // The system's clock was put back.
        let later = system_now().saturating_add(Span::HOUR);
        assert_eq!(Clock::anchored(mode, Anchor { world: START, wall: later }).now(), START);
    }

    #[test]
    fn a_running_clock_tells_how_long_it_takes_to_a_moment() {
        let minute_on = |clock: &mut Clock| {
            let at = clock.now().saturating_add(Span::MINUTE);
            clock.until(at)
        };
        assert_eq!(minute_on(&mut Clock::frozen_at(START)), None);
        assert!(minute_on(&mut Clock::real()).unwrap() > Span::secs(50));
        let fast = |rate: &str| Clock::running_from(rate.parse().unwrap(), START);
        assert!(minute_on(&mut fast("scaled:60")).unwrap() <= Span::SECOND);
        assert_eq!(minute_on(&mut fast("scaled:100000")), Some(Span::MILLISECOND), "not yet");
        assert_eq!(fast("scaled:60").until(START), Some(Span::ZERO));
    }

    #[test]
    fn no_clock_leaves_the_calendar() {
        let near = Instant::MAX.saturating_sub(Span::MINUTE);
        let mut clock = Clock::frozen_at(near);
        assert_eq!(
            clock.advance_by(Span::mins(2)).unwrap_err().to_string(),
            "expected a step of at most 1m, to the end of the year 9999; found 2m"
        );
        assert_eq!(clock.now(), near);
        assert_eq!(clock.advance_by(Span::MINUTE), Ok(Instant::MAX));
        assert!(clock.advance_by(Span::MILLISECOND).is_err());
        let long_ago = Anchor { world: near, wall: Wall::MIN };
        let rate = Rate::new(CLOCK_RATE_MAX).unwrap();
        assert_eq!(Clock::anchored(Mode::Scaled { rate }, long_ago).now(), Instant::MAX);
    }

    #[test]
    fn reads_the_modes() {
        assert_eq!("frozen".parse(), Ok(Mode::Frozen));
        assert_eq!("real".parse(), Ok(Mode::Real));
        assert_eq!("scaled:0.5".parse(), Ok(Mode::Scaled { rate: Rate::new(0.5).unwrap() }));
        let mode = "frozen, real, or scaled: and a rate, as scaled:60";
        let rate = "scaled: and a rate above 0 and up to 100000";
        for (text, expected, hint) in [
            ("", mode, None),
            ("Frozen", mode, None),
            ("frozen:1", mode, None),
            ("scaled", mode, Some("the rate is missing")),
            ("scaled:", rate, None),
            ("scaled:0", rate, None),
            ("scaled:1e9", rate, None),
        ] {
            let unfit = text.parse::<Mode>().unwrap_err();
            assert_eq!((unfit.expected(), unfit.hint()), (expected, hint), "{text}");
        }
    }
}
