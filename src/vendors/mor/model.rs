//! Users, campaigns, numbers, calls, zones and addresses. Pure: no SQL, no XML.

use std::fmt::Write;
use std::net::Ipv4Addr;

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::base::time;

/// The administrator's user id (mor 3.1).
pub(crate) const ADMIN_ID: i64 = 0;

/// The account types that call the API, as a scenario names them (mor 3.1).
pub(crate) const USER_KINDS: &[&str] = &["admin", "accountant", "reseller", "user"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserKind {
    Admin,
    Accountant,
    Reseller,
    User,
}

impl UserKind {
    /// `None` where it is no account type.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "admin" => Some(UserKind::Admin),
            "accountant" => Some(UserKind::Accountant),
            "reseller" => Some(UserKind::Reseller),
            "user" => Some(UserKind::User),
            _ => None,
        }
    }

    /// As a noun, for people.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            UserKind::Admin => "the administrator",
            UserKind::Accountant => "an accountant",
            UserKind::Reseller => "a reseller",
            UserKind::User => "a simple user",
        }
    }
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) kind: UserKind,
    /// The reseller whose settings count: the caller, or the caller's owner.
    pub(crate) reseller: Option<Reseller>,
    pub(crate) time_zone: String,
    /// Empty where there is none of the caller's own.
    pub(crate) csv_separator: String,
    pub(crate) api_restricted: bool,
    pub(crate) permission_group: String,
}

/// A reseller's own API settings and rights.
#[derive(Clone, Debug)]
pub(crate) struct Reseller {
    pub(crate) username: String,
    pub(crate) allow_api: bool,
    /// Empty where none was entered.
    pub(crate) secret_key: String,
    pub(crate) disable_hash: bool,
    pub(crate) autodialer: bool,
    pub(crate) csv_separator: String,
    pub(crate) uniquehash: String,
}

/// The administrator's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a check box of the vendor's")]
pub(crate) struct Settings {
    pub(crate) allow_api: bool,
    pub(crate) allow_get: bool,
    /// Empty where none was entered.
    pub(crate) secret_key: String,
    pub(crate) disable_hash: bool,
    pub(crate) xml_extension: bool,
    pub(crate) restrict_ip: bool,
    pub(crate) csv_separator: String,
    pub(crate) paid_addon: bool,
    pub(crate) auto_dial: bool,
}

impl Default for Settings {
    /// A fresh system: no key, so the API is off (mor 1.5).
    fn default() -> Self {
        Settings {
            allow_api: false,
            allow_get: false,
            secret_key: String::new(),
            disable_hash: false,
            xml_extension: false,
            restrict_ip: false,
            csv_separator: CSV_SEPARATOR.into(),
            paid_addon: true,
            auto_dial: true,
        }
    }
}

/// The separator where nobody chose one (mor 3.1).
pub(crate) const CSV_SEPARATOR: &str = ",";

/// How far a permission group lets its users go. A higher level includes the lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Disabled,
    Read,
    Write,
}

impl Level {
    /// The levels as a scenario names them, by their number.
    pub(crate) const NAMES: &[&str] = &["disabled", "read", "write"];

    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            ..=0 => Level::Disabled,
            1 => Level::Read,
            2.. => Level::Write,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// A campaign, as far as requests need it.
#[derive(Clone, Debug)]
pub(crate) struct Campaign {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) running: bool,
    pub(crate) user_id: i64,
    pub(crate) username: String,
    /// The user's owner: 0, or a reseller.
    pub(crate) owner_id: i64,
    pub(crate) allow_duplicates: bool,
}

impl Campaign {
    /// Whether a caller sees the campaign at all (mor 4.6).
    pub(crate) fn is_visible_to(&self, caller: &Caller) -> bool {
        match caller.kind {
            UserKind::User => self.user_id == caller.id,
            UserKind::Reseller => self.owner_id == caller.id,
            UserKind::Admin | UserKind::Accountant => self.owner_id == ADMIN_ID,
        }
    }
}

/// The money and the standing of a campaign's user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) blocked: bool,
    pub(crate) balance: f64,
    /// -1 is unlimited.
    pub(crate) credit: f64,
    pub(crate) postpaid: bool,
}

/// Why a campaign cannot start, in the order in which the vendor looks (mor 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoStart {
    Blocked,
    EmptyBalance,
    NoCredit,
    NoNumbers,
    NoActions,
}

/// Whether a campaign can start. Which sum of money is enough is Ringback's choice: a prepaid user
/// needs a balance above zero, a postpaid one something left of the credit.
pub(crate) fn check_start(
    standing: Standing,
    has_free_numbers: bool,
    has_actions: bool,
) -> Result<(), NoStart> {
    let is_unlimited = standing.credit < 0.0;
    if standing.blocked {
        Err(NoStart::Blocked)
    } else if !standing.postpaid && standing.balance <= 0.0 {
        Err(NoStart::EmptyBalance)
    } else if standing.postpaid && !is_unlimited && standing.balance + standing.credit <= 0.0 {
        Err(NoStart::NoCredit)
    } else if !has_free_numbers {
        Err(NoStart::NoNumbers)
    } else if !has_actions {
        Err(NoStart::NoActions)
    } else {
        Ok(())
    }
}

/// The states of a number, as the vendor names them (mor 3.3).
pub(crate) const NUMBER_STATUSES: &[&str] = &["new", "executed", "completed"];

/// How a call ended, as events and scenarios name it.
pub(crate) const DISPOSITIONS: &[&str] = &["answered", "no_answer", "busy", "failed"];

/// Whether a line of an upload, or a seeded number, is one (mor 4.7).
pub(crate) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

pub(crate) fn check_number(text: &str) -> Result<(), String> {
    if is_number(text.as_bytes()) { Ok(()) } else { Err("a number of digits only".into()) }
}

pub(crate) fn check_separator(text: &str) -> Result<(), String> {
    let mut chars = text.chars();
    let fits = matches!((chars.next(), chars.next()), (Some(it), None)
        if !it.is_control() && !it.is_ascii_digit());
    if fits { Ok(()) } else { Err("one character that is neither a digit nor a line end".into()) }
}

/// Checks a `uniquehash` (mor 1.5).
pub(crate) fn check_uniquehash(text: &str) -> Result<(), String> {
    let fits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(()) } else { Err("10 hexadecimal digits".into()) }
}

/// Reads `HH:MM` or `HH:MM:SS` as seconds after midnight.
pub(crate) fn time_of_day_s(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split(':').collect();
    let mut numbers = parts.iter().map(|part| {
        let is_pair = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| is_pair)
    });
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = if parts.len() == 3 { numbers.next()?? } else { 0 };
    let fits = parts.len() <= 3 && hour < 24 && minute < 60 && second < 60;
    fits.then_some(hour * 3600 + minute * 60 + second)
}

pub(crate) fn check_time_of_day(text: &str) -> Result<(), String> {
    time_of_day_s(text).map(drop).ok_or_else(|| "a time of day as HH:MM or HH:MM:SS".into())
}

/// A user's time zone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Zone {
    Fixed(FixedOffset),
    Named(Tz),
}

/// The earliest and the latest instant that are printed, years 1 and 9999: beyond, the calendar has
/// no four-digit year.
const PRINTED_MS: (i64, i64) = (-62_135_596_800_000, 253_402_214_400_000);

impl Zone {
    /// `UTC`, `+03:00`, or a name such as `Europe/Vilnius`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.starts_with(['+', '-']) {
            return text.parse().ok().map(Zone::Fixed);
        }
        text.parse().ok().map(Zone::Named)
    }

    /// A zone as it is kept: one that was checked, or empty.
    pub(crate) fn kept(text: &str) -> Self {
        Zone::parse(text).unwrap_or(Zone::Named(Tz::UTC))
    }

    /// What a clock in the zone shows.
    pub(crate) fn local(self, at_ms: i64) -> NaiveDateTime {
        let utc = time::utc(at_ms.clamp(PRINTED_MS.0, PRINTED_MS.1)).naive_utc();
        match self {
            Zone::Fixed(offset) => utc + offset,
            Zone::Named(zone) => utc + zone.offset_from_utc_datetime(&utc).fix(),
        }
    }

    /// When a clock in the zone shows this; the earlier of two, and where the clock skips it the
    /// reading of UTC.
    fn instant_ms(self, local: NaiveDateTime) -> i64 {
        let found = match self {
            Zone::Fixed(offset) => {
                offset.from_local_datetime(&local).earliest().map(|at| at.timestamp_millis())
            }
            Zone::Named(zone) => {
                zone.from_local_datetime(&local).earliest().map(|at| at.timestamp_millis())
            }
        };
        found.unwrap_or_else(|| local.and_utc().timestamp_millis())
    }

    /// An instant of the day on which `at_ms` lies, as Unix seconds.
    pub(crate) fn of_day_s(self, at_ms: i64, hour: u32, minute: u32, second: u32) -> i64 {
        let day: NaiveDate = self.local(at_ms).date();
        let local = day.and_hms_opt(hour, minute, second).unwrap_or_default();
        self.instant_ms(local).div_euclid(1000)
    }

    /// Seconds after midnight that a clock in the zone shows.
    pub(crate) fn time_of_day_s(self, at_ms: i64) -> i64 {
        i64::from(self.local(at_ms).num_seconds_from_midnight())
    }
}

pub(crate) fn check_zone(text: &str) -> Result<(), String> {
    let expected = || "UTC, an offset such as +03:00, or a zone such as Europe/Vilnius".into();
    Zone::parse(text).map(drop).ok_or_else(expected)
}

/// Appends `2026-01-05 10:00:07`.
pub(crate) fn push_stamp(text: &mut String, at: NaiveDateTime) {
    let (date, time) = (at.date(), at.time());
    // By hand: a poll prints thousands, and chrono's formatting is the most of their cost.
    let pair = |text: &mut String, number: u32, before: &str| {
        text.push_str(before);
        text.push(char::from_digit(number / 10 % 10, 10).unwrap_or('0'));
        text.push(char::from_digit(number % 10, 10).unwrap_or('0'));
    };
    let _ = write!(text, "{:04}", date.year());
    pair(text, date.month(), "-");
    pair(text, date.day(), "-");
    pair(text, time.hour(), " ");
    pair(text, time.minute(), ":");
    pair(text, time.second(), ":");
}

pub(crate) fn stamp(at: NaiveDateTime) -> String {
    let mut text = String::new();
    push_stamp(&mut text, at);
    text
}

/// Unix seconds as a parameter states them; `None` where it is anything else, which counts as not
/// sent (mor 4.11).
pub(crate) fn unix_s(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_number(digits.as_bytes()).then(|| text.parse().ok()).flatten()
}

/// Some addresses of the Whitelisted IPs list. Both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// As the list shows it.
    pub(crate) entry: String,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// Reads an entry of the list: an address, a network (normalised to its network address), or a
/// range of last octets (which becomes single addresses). `None` where it is none of them.
pub(crate) fn addresses(text: &str) -> Option<Vec<Addresses>> {
    let one = |ip: Ipv4Addr| Addresses { entry: ip.to_string(), first: ip.into(), last: ip.into() };
    if let Some((ip, bits)) = text.split_once('/') {
        let (ip, bits): (Ipv4Addr, u32) = (ip.parse().ok()?, bits.parse().ok()?);
        let host = u32::MAX.checked_shr(bits).unwrap_or(0);
        let first = u32::from(ip) & !host;
        let entry = format!("{}/{bits}", Ipv4Addr::from(first));
        return (bits <= 32).then(|| vec![Addresses { entry, first, last: first | host }]);
    }
    let Some((first, last)) = text.split_once('-') else {
        return text.parse().ok().map(|ip| vec![one(ip)]);
    };
    let (first, last): (Ipv4Addr, u8) = (first.parse().ok()?, last.parse().ok()?);
    let [a, b, c, from] = first.octets();
    (from <= last).then(|| (from..=last).map(|d| one(Ipv4Addr::new(a, b, c, d))).collect())
}

pub(crate) fn check_addresses(text: &str) -> Result<(), String> {
    let expected =
        || "an IPv4 address, a network such as 10.1.0.0/16, or a range such as 10.1.2.3-9";
    addresses(text).map(drop).ok_or_else(|| expected().into())
}

/// The figures of a campaign in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statistics {
    pub(crate) n_numbers: i64,
    /// Dialled and not completed.
    pub(crate) n_executed: i64,
    pub(crate) n_completed: i64,
    pub(crate) billed_s: i64,
    /// Billed seconds of calls that were billed for more than ten seconds.
    pub(crate) billed_long_s: i64,
    pub(crate) n_answered: i64,
    pub(crate) n_no_answer: i64,
    pub(crate) n_busy: i64,
    pub(crate) n_failed: i64,
}

impl Statistics {
    /// Calls of every disposition.
    pub(crate) fn n_calls(&self) -> i64 {
        self.n_answered + self.n_no_answer + self.n_busy + self.n_failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_zones_and_prints_their_time() {
        let june = 1_590_969_600_000;
        let shown = |zone: &str, at_ms| stamp(Zone::parse(zone).unwrap().local(at_ms));
        assert_eq!(shown("UTC", june), "2020-06-01 00:00:00");
        assert_eq!(shown("+03:00", june), "2020-06-01 03:00:00");
        assert_eq!(shown("Europe/Vilnius", june), "2020-06-01 03:00:00");
        assert_eq!(shown("Europe/Vilnius", 1_577_836_800_000), "2020-01-01 02:00:00");
        assert_eq!(shown("-11:30", i64::MIN).len(), shown("+14:00", i64::MAX).len());
        assert!(check_zone("Vilnius").is_err());
        assert!(check_zone("+3").is_err());
    }

    #[test]
    fn finds_the_ends_of_a_day() {
        let zone = Zone::parse("Europe/Vilnius").unwrap();
        // 23:30 UTC on May 31 is June 1 there.
        let at_ms = 1_590_967_800_000;
        assert_eq!(zone.of_day_s(at_ms, 0, 0, 0), 1_590_958_800);
        assert_eq!(zone.of_day_s(at_ms, 23, 59, 0), 1_590_958_800 + 86_340);
        assert_eq!(zone.time_of_day_s(at_ms), 2 * 3600 + 30 * 60);
    }

    #[test]
    fn reads_addresses() {
        let read = |text| {
            let found = addresses(text)?;
            Some((found.len(), found[0].entry.clone(), found[0].last - found[0].first))
        };
        assert_eq!(read("10.0.0.7"), Some((1, "10.0.0.7".into(), 0)));
        assert_eq!(read("10.0.0.7/24"), Some((1, "10.0.0.0/24".into(), 255)));
        assert_eq!(read("0.0.0.0/0"), Some((1, "0.0.0.0/0".into(), u32::MAX)));
        assert_eq!(read("10.0.0.7/32"), Some((1, "10.0.0.7/32".into(), 0)));
        assert_eq!(read("10.0.0.7-9"), Some((3, "10.0.0.7".into(), 0)));
        for wrong in ["", "10.0.0", "10.0.0.7/33", "10.0.0.9-7", "10.0.0.7-256", "::1", "a/b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reads_seconds_and_times_of_day() {
        assert_eq!(unix_s("1767225600"), Some(1_767_225_600));
        assert_eq!(unix_s("-1"), Some(-1));
        for wrong in ["", "-", "+1", "1.0", " 1", "2026-01-01", "99999999999999999999"] {
            assert_eq!(unix_s(wrong), None, "{wrong}");
        }
        assert_eq!(time_of_day_s("09:30"), Some(34_200));
        assert_eq!(time_of_day_s("23:59:59"), Some(86_399));
        for wrong in ["", "9:30", "24:00", "09:60", "09:30:00:00", "09"] {
            assert_eq!(time_of_day_s(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn looks_at_the_user_before_the_campaign() {
        let fine = Standing { blocked: false, balance: 0.0, credit: -1.0, postpaid: true };
        let start = |standing| check_start(standing, false, false);
        assert_eq!(start(Standing { blocked: true, ..fine }), Err(NoStart::Blocked));
        assert_eq!(start(Standing { postpaid: false, ..fine }), Err(NoStart::EmptyBalance));
        assert_eq!(start(Standing { credit: 0.0, ..fine }), Err(NoStart::NoCredit));
        assert_eq!(start(fine), Err(NoStart::NoNumbers));
        assert_eq!(check_start(fine, true, false), Err(NoStart::NoActions));
        assert_eq!(check_start(fine, true, true), Ok(()));
    }
}
