//! When a certificate holds, read from its signed bytes (X.509, RFC 5280 4.1).
//!
//! Only for a certificate of the user's, to say at the start what every client would say later. What
//! cannot be read is left to the clients.

use chrono::NaiveDateTime;

use crate::base::time::Wall;

/// Tags of DER.
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// From when to when a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) begins: Wall,
    pub(super) ends: Wall,
}

/// Reads when a certificate holds.
pub(super) fn of(certificate: &[u8]) -> Option<Validity> {
    let (whole, _) = taken(certificate, SEQUENCE)?;
    let (mut fields, _) = taken(whole, SEQUENCE)?;
    if let Some((_, rest)) = taken(fields, VERSION) {
        fields = rest;
    }
    // Number, algorithm, issuer.
    for _ in 0..3 {
        fields = next(fields)?.2;
    }
    let (dates, _) = taken(fields, SEQUENCE)?;
    let (begins, rest) = time(dates)?;
    let (ends, _) = time(rest)?;
    Some(Validity { begins, ends })
}

/// The next value of a tag: its content and what follows.
fn taken(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = next(bytes)?;
    (tag == wanted).then_some((content, rest))
}

/// The next value: its tag, its content and what follows.
fn next(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        // The length takes several bytes, as many as the first one says.
        let n_bytes = usize::from(first & 0x7f);
        if n_bytes > size_of::<u32>() {
            return None;
        }
        let (digits, after) = rest.split_at_checked(n_bytes)?;
        length = digits.iter().fold(0, |length, digit| (length << 8) | usize::from(*digit));
        rest = after;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn time(bytes: &[u8]) -> Option<(Wall, &[u8])> {
    let (tag, content, rest) = next(bytes)?;
    let text = std::str::from_utf8(content).ok()?;
    let text = match tag {
        GENERALIZED_TIME => text.to_owned(),
        // Two digits of the year: from 1950 to 2049.
        UTC_TIME => {
            let century = if text.get(..2)? < "50" { "20" } else { "19" };
            format!("{century}{text}")
        }
        _ => return None,
    };
    let read = NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%SZ").ok()?;
    Some((Wall::clamped_from_millis(read.and_utc().timestamp_millis()), rest))
}
