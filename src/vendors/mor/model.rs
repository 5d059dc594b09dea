//! Users, campaigns, numbers, calls and addresses. Pure: no SQL, no XML.
//!
//! Not here: time zones, and how times are read and shown (`zone`).

use std::net::Ipv4Addr;

use crate::base::time::Span;

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

impl NoStart {
    /// What is in the way, of the campaign: `its user is blocked`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            NoStart::Blocked => "its user is blocked",
            NoStart::EmptyBalance => "its user is prepaid and has an empty balance",
            NoStart::NoCredit => "its user has no credit left",
            NoStart::NoNumbers => "it has no free numbers",
            NoStart::NoActions => "it has no actions",
        }
    }
}

/// Whether a campaign can start. Which sum of money is enough is Ringback's choice: a prepaid user
/// needs a balance above zero, a postpaid one something left of the credit.
pub(crate) fn check_start(
    standing: Standing,
    has_free_numbers: bool,
    has_actions: bool,
) -> Result<(), NoStart> {
    check_standing(standing)?;
    if !has_free_numbers {
        Err(NoStart::NoNumbers)
    } else if !has_actions {
        Err(NoStart::NoActions)
    } else {
        Ok(())
    }
}

/// Whether a user may make calls, and pay for them.
pub(crate) fn check_standing(standing: Standing) -> Result<(), NoStart> {
    let is_unlimited = standing.credit < 0.0;
    if standing.blocked {
        Err(NoStart::Blocked)
    } else if !standing.postpaid && standing.balance <= 0.0 {
        Err(NoStart::EmptyBalance)
    } else if standing.postpaid && !is_unlimited && standing.balance + standing.credit <= 0.0 {
        Err(NoStart::NoCredit)
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
    pub(crate) billed: Span,
    /// What was billed of calls that were billed for more than ten seconds.
    pub(crate) billed_long: Span,
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
