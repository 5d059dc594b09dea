//! Time zones by the names of IANA's data, which the program brings along.
//!
//! Not here: world time itself (`time`), offsets that stand in a text.

use std::fmt;
use std::str::FromStr;

use chrono::{
    FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc,
};
use tz::{LocalTimeType, TimeZoneRef};
use tzdb_data::{TZ_NAMES, find_tz, time_zone};

/// A named time zone.
#[derive(Clone, Copy)]
pub(crate) struct Tz {
    name: &'static str,
    rules: &'static TimeZoneRef<'static>,
}

/// No name of a time zone, in upper and lower case as IANA writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoZone;

/// What a clock in a zone is ahead of UTC from one change to the next, and how that is called there.
#[derive(Clone, Copy)]
pub(crate) struct Shift {
    zone: Tz,
    kind: &'static LocalTimeType,
}

/// No two changes of one zone are nearer to one another than the days on both sides of a moment reach.
const DAY_S: i64 = 24 * 60 * 60;

/// What a zone without any rule would have; there is none.
static NO_SHIFT: LocalTimeType = LocalTimeType::utc();

impl Tz {
    pub(crate) const UTC: Tz = Tz { name: "UTC", rules: &time_zone::UTC };
    pub(crate) const LONDON: Tz = Tz { name: "Europe/London", rules: &time_zone::europe::LONDON };
    pub(crate) const LOS_ANGELES: Tz =
        Tz { name: "America/Los_Angeles", rules: &time_zone::america::LOS_ANGELES };

    /// What holds at a moment, in seconds since 1970 in UTC.
    fn at(self, unix_s: i64) -> Shift {
        Shift { zone: self, kind: self.rules.find_local_time_type(unix_s).unwrap_or(&NO_SHIFT) }
    }

    /// What holds when a clock shows a time, if it is so far ahead of UTC as at another moment.
    fn shown(self, local_s: i64, near: i64) -> Option<Shift> {
        let ahead_s = self.at(near).ahead_s();
        let there = self.at(local_s - ahead_s);
        (there.ahead_s() == ahead_s).then_some(there)
    }
}

impl Shift {
    fn ahead_s(self) -> i64 {
        self.kind.ut_offset().into()
    }
}

impl FromStr for Tz {
    type Err = NoZone;

    fn from_str(text: &str) -> Result<Self, NoZone> {
        let lower = |name: &'static str| name.bytes().map(|it| it.to_ascii_lowercase());
        let asked = || text.bytes().map(|it| it.to_ascii_lowercase());
        // The names are in order where upper and lower case are the same.
        let found = TZ_NAMES.binary_search_by(|known| lower(known).cmp(asked()));
        let name = found.ok().and_then(|idx| TZ_NAMES.get(idx)).filter(|it| **it == text);
        let name = name.ok_or(NoZone)?;
        Ok(Tz { name, rules: find_tz(name.as_bytes()).ok_or(NoZone)? })
    }
}

impl PartialEq for Tz {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Tz {}

/// Its name.
impl fmt::Display for Tz {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}

impl fmt::Debug for Tz {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl TimeZone for Tz {
    type Offset = Shift;

    fn from_offset(shift: &Shift) -> Self {
        shift.zone
    }

    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<Shift> {
        self.offset_from_local_datetime(&local.and_time(NaiveTime::MIN))
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<Shift> {
        let local_s = local.and_utc().timestamp();
        let [before, behind] = [local_s - DAY_S, local_s + DAY_S].map(|it| self.shown(local_s, it));
        match (before, behind) {
            (Some(one), Some(same)) if one.ahead_s() == same.ahead_s() => {
                MappedLocalTime::Single(one)
            }
            (Some(earlier), Some(later)) => MappedLocalTime::Ambiguous(earlier, later),
            (Some(one), None) | (None, Some(one)) => MappedLocalTime::Single(one),
            (None, None) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> Shift {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> Shift {
        self.at(utc.and_utc().timestamp())
    }
}

impl Offset for Shift {
    fn fix(&self) -> FixedOffset {
        // No clock is a day ahead of another.
        FixedOffset::east_opt(self.kind.ut_offset()).unwrap_or(Utc.fix())
    }
}

/// Its name on the spot, such as `PDT`, or how far it is ahead, such as `+03`.
impl fmt::Display for Shift {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.kind.time_zone_designation())
    }
}

impl fmt::Debug for Shift {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests;
