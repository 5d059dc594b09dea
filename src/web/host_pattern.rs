//! Names of hosts as people write them: one name, all names below one, or an address.
//!
//! Not here: which vendor has which (`contract::surface`, `sim::worlds::hosts`).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};

/// In how many letters a name may differ from a known one that is most likely meant.
const SLIP_LETTERS_MAX: usize = 2;

/// Longest name of a host (RFC 1035), and longest part between two dots.
const NAME_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

/// One host: a name in lower case, or an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// Whether it is this machine, by a name or an address that is nobody else's.
    pub(crate) fn is_this_machine(&self) -> bool {
        match self {
            Host::Name(name) => {
                let below = name.strip_suffix("localhost");
                below.is_some_and(|it| it.is_empty() || it.ends_with('.'))
            }
            Host::Address(address) => address.to_canonical().is_loopback(),
        }
    }
}

/// A host, or all names below one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HostPattern {
    /// This one and no other.
    One(Host),
    /// Every name that ends in a dot and this, in lower case.
    Below(String),
}

impl HostPattern {
    /// How one is written.
    pub(crate) const EXPECTED: &str = "such as portal.example.test, *.example.test or 192.0.2.7, without a \
                                       scheme, a port or a path";

    /// Whether a host is one of these; it may be written in any case, and has no port.
    pub(crate) fn matches(&self, host: &str) -> bool {
        match self {
            HostPattern::One(Host::Name(name)) => name.eq_ignore_ascii_case(host),
            HostPattern::One(Host::Address(address)) => {
                host.trim_start_matches('[').trim_end_matches(']').parse() == Ok(*address)
            }
            HostPattern::Below(end) => {
                let start = host.len().checked_sub(end.len() + 1).filter(|start| *start > 0);
                let tail = start.and_then(|start| host.get(start..));
                let tail = tail.and_then(|tail| tail.strip_prefix('.'));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            }
        }
    }
}

impl HostPattern {
    /// The name that is most likely meant by one that is none of these, with the number of letters in which
    /// the two differ: another name below the same end counts as one, such as `www.infocu5.com`.
    pub(crate) fn meant_by(&self, host: &str) -> Option<(usize, String)> {
        let host = host.to_ascii_lowercase();
        match self {
            HostPattern::One(Host::Address(_)) => None,
            HostPattern::One(Host::Name(name)) => {
                let n_letters = if is_beside(&host, name) { 1 } else { slip(&host, name)? };
                Some((n_letters, name.clone()))
            }
            HostPattern::Below(end) => {
                let n_parts = end.split('.').count();
                let at = host.rmatch_indices('.').nth(n_parts - 1)?.0;
                let (own, tail) = (host.get(..at)?, host.get(at + 1..)?);
                let n_letters = slip(tail, end)?;
                (!own.is_empty()).then(|| (n_letters, format!("{own}.{end}")))
            }
        }
    }
}

/// Whether two names are each below the same one, of two parts at the least.
fn is_beside(one: &str, other: &str) -> bool {
    let above = |name: &str| name.split_once('.').map(|(_, above)| above.to_owned());
    above(one).is_some_and(|above_one| {
        above_one.contains('.') && one != other && above(other).as_ref() == Some(&above_one)
    })
}

/// In how many letters two names differ, where those are few and they do.
fn slip(sent: &str, known: &str) -> Option<usize> {
    if sent.len().abs_diff(known.len()) > SLIP_LETTERS_MAX {
        return None;
    }
    let n_letters = strsim::osa_distance(sent, known);
    (1..=SLIP_LETTERS_MAX).contains(&n_letters).then_some(n_letters)
}

impl FromStr for Host {
    type Err = String;

    /// Reads `portal.example.test`, `192.0.2.7` or `[::1]`.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.trim_start_matches('[').trim_end_matches(']').parse() {
            return Ok(Host::Address(address));
        }
        // A name may end in the root's dot.
        let name = text.strip_suffix('.').unwrap_or(text);
        if is_host_name(name) {
            return Ok(Host::Name(name.to_ascii_lowercase()));
        }
        let found = excerpt(text, EXCERPT_CHARS_MAX);
        Err(format!("{found} is no name of a host and no address"))
    }
}

impl FromStr for HostPattern {
    type Err = String;

    /// Reads `portal.example.test`, `*.example.test` or `192.0.2.7`.
    fn from_str(text: &str) -> Result<Self, String> {
        let read = match text.strip_prefix("*.") {
            Some(rest) => match rest.parse() {
                Ok(Host::Name(name)) => Some(HostPattern::Below(name)),
                _ => None,
            },
            None => text.parse().ok().map(HostPattern::One),
        };
        read.ok_or_else(|| {
            let found = excerpt(text, EXCERPT_CHARS_MAX);
            format!("{found} is no name of a host; expected {}", HostPattern::EXPECTED)
        })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => out.write_str(name),
            Host::Address(address) => address.fmt(out),
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostPattern::One(host) => host.fmt(out),
            HostPattern::Below(end) => write!(out, "*.{end}"),
        }
    }
}

/// Whether a text is a name that a resolver and a certificate can hold.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // A last part of digits alone is read as an address by some.
    let is_number =
        text.rsplit('.').next().is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= NAME_BYTES_MAX && !is_number && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, host: &str) -> bool {
        pattern.parse::<HostPattern>().unwrap().matches(host)
    }

    #[test]
    fn names_below_and_addresses_are_told_apart() {
        let below: HostPattern = "*.MaxContact.com".parse().unwrap();
        assert_eq!(below.to_string(), "*.maxcontact.com");
        for (pattern, host, expected) in [
            ("*.maxcontact.com", "Acme.MaxContact.com", true),
            ("*.maxcontact.com", "a.b.maxcontact.com", true),
            ("*.maxcontact.com", ".maxcontact.com", false),
            ("*.maxcontact.com", "\u{e4}.maxcontact.com", true),
            ("*.maxcontact.com", "maxcontact.com", false),
            ("*.maxcontact.com", "acmemaxcontact.com", false),
            ("portal.example", "portal.example", true),
            ("portal.example", "a.portal.example", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("[::1]", "0:0::1", true),
            ("*.a.test", "192.0.2.7", false),
        ] {
            assert_eq!(matches(pattern, host), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_what_was_expected() {
        let long = "a".repeat(64);
        for text in [
            "",
            "*",
            "*.",
            "*.1.2.3.4",
            "a..b",
            "https://a.test",
            "a.test:443",
            "a b",
            "-a.test",
            "1.2.3",
            "\u{e4}.test",
            &long,
        ] {
            let told = text.parse::<HostPattern>().unwrap_err();
            assert!(told.contains("expected such as portal.example.test"), "{told}");
        }
    }
    #[test]
    fn a_name_that_is_a_slip_away_is_told_for_the_one_that_is_meant() {
        for (pattern, sent, expected) in [
            ("api.infocu5.com", "api.infocus5.com", Some((1, "api.infocu5.com"))),
            ("api.infocu5.com", "API.INFOUC5.COM", Some((1, "api.infocu5.com"))),
            ("api.infocu5.com", "www.infocu5.com", Some((1, "api.infocu5.com"))),
            ("api.infocu5.com", "api.infocu5.com", None),
            ("api.infocu5.com", "infocu5.com", None),
            ("api.infocu5.com", "example.com", None),
            ("portal.example.test", "phones.example.test", Some((1, "portal.example.test"))),
            ("*.maxcontact.com", "acme.maxcontct.com", Some((1, "acme.maxcontact.com"))),
            ("*.maxcontact.com", "acme.example.com", None),
            ("*.maxcontact.com", "maxcontct.com", None),
            ("192.0.2.7", "192.0.2.8", None),
        ] {
            let found = pattern.parse::<HostPattern>().unwrap().meant_by(sent);
            let found = found.as_ref().map(|(n_letters, name)| (*n_letters, name.as_str()));
            assert_eq!(found, expected, "{sent} beside {pattern}");
        }
    }
}
