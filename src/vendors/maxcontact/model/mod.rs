//! Agents, calls, leads, phone numbers and instants. Pure: no SQL, no XML, and of JSON only the members
//! that a scenario gives to a row of a list (`rows`).

pub(crate) mod machine;
pub(crate) mod rows;

use std::num::NonZeroU32;

use chrono::Offset;
use machine::{AgentState, CallState, Recording};

use crate::base::time::{Instant, Span};
use crate::base::zone::Tz;

/// An agent.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) state: AgentState,
    pub(crate) campaign_id: Option<i64>,
    pub(crate) break_pending: bool,
}

/// A call that an agent has in hand, with the names of its lead.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) campaign_id: i64,
    pub(crate) source: String,
    pub(crate) number: String,
    pub(crate) lead_id: i64,
    pub(crate) attempt: i64,
    pub(crate) state: CallState,
    pub(crate) recording: Recording,
    pub(crate) start: Instant,
    pub(crate) connected: Option<Instant>,
    pub(crate) name: String,
    pub(crate) name2: String,
}

/// A call that is about to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewCall<'a> {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) campaign_id: i64,
    pub(crate) source: &'a str,
    pub(crate) number: &'a str,
    pub(crate) lead_id: i64,
    pub(crate) attempt: i64,
    pub(crate) state: CallState,
    pub(crate) recording: Recording,
}

/// How a call left its agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Disposed,
    Bridged,
    /// A system restart took it.
    Dropped,
}

impl Exit {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Exit::Disposed => "disposed",
            Exit::Bridged => "bridged",
            Exit::Dropped => "dropped",
        }
    }
}

/// What is written down when a call leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Disposition<'a> {
    pub(crate) exit: Exit,
    pub(crate) result_code: &'a str,
    pub(crate) notes: &'a str,
    pub(crate) n_sales: i64,
}

/// A lead to be made.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewLead {
    /// The next free id where there is none.
    pub(crate) id: Option<i64>,
    pub(crate) list_id: i64,
    pub(crate) name: String,
    pub(crate) name2: String,
    pub(crate) reference_id: String,
    /// Other members, as a JSON object.
    pub(crate) other: String,
    pub(crate) is_priority: bool,
    /// Now where there is none.
    pub(crate) created: Option<Instant>,
    pub(crate) phones: Vec<NewPhone>,
}

/// A phone of a lead to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NewPhone {
    /// The next free id where there is none.
    pub(crate) id: Option<i64>,
    pub(crate) number: String,
    pub(crate) type_id: i64,
}

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeadStatus {
    Active,
    Inactive,
    /// On the do-not-call list.
    Dnc,
}

impl LeadStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            LeadStatus::Active => "active",
            LeadStatus::Inactive => "inactive",
            LeadStatus::Dnc => "dnc",
        }
    }
}

/// Calls that an agent can have in hand, ended ones included. Documented: two can be in progress at
/// once (maxcontact 4.1); that an ended one counts is assumed.
pub(crate) const CALLS_PER_AGENT_MAX: usize = 2;

/// `CallId` of the first call after a system start. Documented: maxcontact 3.2.
pub(crate) const FIRST_CALL_ID: i64 = 1000;

/// Fewest and most digits of a phone number. Assumed: short codes have three digits, and the longest
/// international number with its prefix fits twenty.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;

/// Checks a phone number: digits, with a plus sign before them or not. Assumed: maxcontact 5.2 has
/// the refusal and not the form.
pub(crate) fn check_phone(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if PHONE_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let (least, most) = (PHONE_DIGITS.start(), PHONE_DIGITS.end());
    Err(format!("{least} to {most} digits, such as 07700900142 or +447700900142"))
}

/// Reads a number as .NET's `Int32.Parse` does: blanks around it and a sign are taken.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    text.trim_ascii().parse::<i32>().ok().map(i64::from)
}

/// Reads a number as .NET's `Int64.Parse` does.
pub(crate) fn parse_long(text: &str) -> Option<i64> {
    text.trim_ascii().parse().ok()
}

/// Reads a truth value as .NET's `Boolean.Parse` does: the two words in any case.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text.trim_ascii().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Checks the name of a time zone.
pub(crate) fn check_zone(text: &str) -> Result<(), String> {
    let zone: Result<Tz, _> = text.parse();
    zone.map(|_| ()).map_err(|_| "a time zone such as Europe/London".into())
}

/// The server's clock face: how far it is from UTC, and dates as the vendor writes them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone(Tz);

impl Zone {
    /// The server's zone where the scenario names none. Assumed: maxcontact 1.5.
    pub(crate) const DEFAULT: Zone = Zone(Tz::LONDON);

    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Zone)
    }

    /// `/Date(1772442904123+0000)/`: milliseconds in UTC, then an offset that says nothing about
    /// them. The backslashes are the writer's.
    pub(crate) fn json_date(self, at: Instant) -> String {
        let offset_min = self.offset_min(at);
        let (sign, minutes) = (if offset_min < 0 { '-' } else { '+' }, offset_min.abs());
        format!("/Date({}{sign}{:02}{:02})/", at.as_millis(), minutes / 60, minutes % 60)
    }

    /// `2026-03-02T09:15:04.123+00:00`: fractions of a second without trailing zeros.
    pub(crate) fn xml_date(self, at: Instant) -> String {
        let mut text = at.local(&self.0).format("%Y-%m-%dT%H:%M:%S").to_string();
        let millis = at.subsec_millis();
        if millis > 0 {
            text.push('.');
            text.push_str(format!("{millis:03}").trim_end_matches('0'));
        }
        let offset_min = self.offset_min(at);
        let (sign, minutes) = (if offset_min < 0 { '-' } else { '+' }, offset_min.abs());
        format!("{text}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn offset_min(self, at: Instant) -> i32 {
        at.in_zone(&self.0).offset().fix().local_minus_utc() / 60
    }
}

/// When the n-th of an hour's arrivals comes: one in each of as many equal slots, at a drawn place of
/// its slot, so that finding the next one needs no list of the others.
pub(crate) fn arrival(hour: Instant, n: u32, per_hour: NonZeroU32, drawn: f64) -> Instant {
    let slot = Span::HOUR.part(per_hour);
    let within = slot.scaled(drawn).min(slot.saturating_sub(Span::MILLISECOND));
    hour.saturating_add(slot * n + within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dates_in_both_forms() {
        let at = |text: &str| -> Instant { text.parse().unwrap() };
        let zone = Zone::DEFAULT;
        let winter = at("2026-03-02T09:15:04.123Z");
        assert_eq!(zone.json_date(winter), "/Date(1772442904123+0000)/");
        assert_eq!(zone.xml_date(winter), "2026-03-02T09:15:04.123+00:00");
        let of_two_digits = at("2026-03-02T09:14:55.25Z");
        assert_eq!(zone.xml_date(of_two_digits), "2026-03-02T09:14:55.25+00:00");
        // In summer the offset moves, the milliseconds do not.
        let summer = at("2026-07-01T10:00:00Z");
        assert_eq!(zone.json_date(summer), "/Date(1782900000000+0100)/");
        assert_eq!(zone.xml_date(summer), "2026-07-01T11:00:00+01:00");
        let zone = Zone::parse("America/New_York").unwrap();
        assert_eq!(zone.json_date(Instant::MIN), "/Date(0-0500)/");
        assert_eq!(zone.xml_date(Instant::MIN), "1969-12-31T19:00:00-05:00");
    }

    #[test]
    fn checks_phone_numbers() {
        for good in ["07700900142", "+447700900142", "999"] {
            assert!(check_phone(good).is_ok(), "{good}");
        }
        for bad in ["", "+", "12", "07700 900142", "0770-0900142", "123456789012345678901", "abc"] {
            assert!(check_phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn arrivals_rise() {
        let per_hour = NonZeroU32::new(7).unwrap();
        let last_hour = Instant::MAX.period_start(Span::HOUR);
        let mut last = None;
        for hour in [Instant::MIN, Instant::MIN.saturating_add(Span::HOUR), last_hour] {
            for n in 0..7 {
                let at = arrival(hour, n, per_hour, 0.999_999);
                assert!(Some(at) > last && at.period_start(Span::HOUR) == hour, "{at}");
                last = Some(at);
            }
        }
    }

    #[test]
    fn reads_numbers_as_dot_net_does() {
        assert_eq!(parse_int(" 101 "), Some(101));
        assert_eq!(parse_int("+7"), Some(7));
        assert_eq!(parse_int("2147483648"), None);
        assert_eq!(parse_long("2147483648"), Some(2_147_483_648));
        assert_eq!(parse_int("1e3"), None);
        assert_eq!(parse_bool("True"), Some(true));
        assert_eq!(parse_bool("1"), None);
    }
}
