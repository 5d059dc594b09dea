//! The system's time, which is not a world's.
//!
//! Not here: reading it (`base::clock`).

use std::fmt;

use crate::base::time::instant::Instant;
use crate::base::time::span::Span;
use crate::base::unfit::Unfit;

/// A moment by the system's clock, in whole milliseconds of the same calendar. It cannot be compared
/// with an [`Instant`] nor stand for one: a world's time may be years away from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wall(Instant);

impl Wall {
    /// 1970-01-01T00:00:00Z; stands for no reading at all.
    pub const MIN: Wall = Wall(Instant::MIN);

    /// A count of milliseconds since 1970 from outside, such as a column.
    ///
    /// # Errors
    /// Where it lies outside the years 1970 to 9999.
    pub fn try_from_millis(ms: i64) -> Result<Wall, Unfit> {
        Instant::try_from_millis(ms).map(Wall)
    }

    /// The nearest moment to a count of milliseconds since 1970.
    pub const fn clamped_from_millis(ms: i64) -> Wall {
        Wall(Instant::clamped_from_millis(ms))
    }

    /// In milliseconds since 1970, as columns hold it.
    pub const fn as_millis(self) -> i64 {
        self.0.as_millis()
    }

    /// The time from `earlier` to this; none where `earlier` is later, as when the system's clock was
    /// put back.
    #[must_use]
    pub const fn saturating_since(self, earlier: Wall) -> Span {
        self.0.saturating_since(earlier.0)
    }

    /// Later by a length of time, but no later than the end of the calendar.
    #[must_use]
    pub const fn saturating_add(self, by: Span) -> Wall {
        Wall(self.0.saturating_add(by))
    }

    /// World time of a world that follows the system's clock from this moment on. Nothing else turns
    /// the one into the other.
    pub const fn as_world_time(self) -> Instant {
        self.0
    }
}

impl fmt::Display for Wall {
    /// As RFC 3339 has it, in UTC.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Wall({})", self.0)
    }
}
