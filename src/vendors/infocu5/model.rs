//! Agents, campaigns, calls and windows of time. Pure: no SQL, no JSON.

use chrono::{DateTime, FixedOffset};

use crate::base::time::{Instant, Span};

/// An agent as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name_first: String,
    pub(crate) name_last: String,
}

/// A campaign with its lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Campaign {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) lists: Vec<List>,
}

/// A list of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) mappings: Vec<Mapping>,
}

/// A dialer that a list feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) dialer_id: String,
    pub(crate) dialer_name: String,
    /// The lead fields that the list accepts, as a JSON array of texts.
    pub(crate) fields: String,
}

/// A call to be recorded. Times are as the vendor writes them, `HH:MM:SS`; the vendor's own example
/// has times that do not add up, so none is computed from the others.
#[derive(Clone, Debug)]
pub(crate) struct NewCall<'a> {
    pub(crate) date: Instant,
    pub(crate) campaign_id: &'a str,
    pub(crate) campaign_name: &'a str,
    pub(crate) list_id: &'a str,
    pub(crate) list_name: &'a str,
    pub(crate) agent_id: &'a str,
    pub(crate) agent_name: &'a str,
    pub(crate) contact: &'a str,
    /// `Inbound` or `Outbound`.
    pub(crate) direction: &'a str,
    pub(crate) number_inbound: &'a str,
    pub(crate) number_outbound: &'a str,
    pub(crate) time_total: &'a str,
    pub(crate) time_queue: &'a str,
    pub(crate) time_talk: &'a str,
    pub(crate) time_hold: &'a str,
    pub(crate) time_handle: &'a str,
    pub(crate) time_after_call: &'a str,
}

impl<'a> NewCall<'a> {
    /// When the call is over: callTime after its start; the agent's work after it does not count.
    pub(crate) fn ended(&self) -> Instant {
        self.date.saturating_add(read_hms(self.time_total).unwrap_or_default())
    }

    /// The contact's number: the one that was called, or else the one that called.
    pub(crate) fn phone(&self) -> &'a str {
        let is_outbound = self.direction == DIRECTIONS[1] || self.number_inbound.is_empty();
        if is_outbound { self.number_outbound } else { self.number_inbound }
    }
}

/// The two directions of a call, as the vendor writes them.
pub(crate) const DIRECTIONS: &[&str] = &["Inbound", "Outbound"];

/// Reads a date of a request. Fractions of a second are cut. A date of any year is one; what lies
/// outside the years 1970 to 9999, where no call is, becomes their first second or their last.
pub(crate) fn parse_date(text: &str) -> Option<Instant> {
    // chrono takes a blank or a small letter for the T; the vendor's form has neither.
    let in_form = text.as_bytes().get(10) == Some(&b'T') && text.is_ascii();
    let parsed: Option<DateTime<FixedOffset>> =
        DateTime::parse_from_rfc3339(text).ok().filter(|_| in_form);
    Some(Instant::clamped_from_secs(parsed?.timestamp()).period_start(Span::SECOND))
}

/// Checks an `affiliateID`.
pub(crate) fn check_affiliate_id(text: &str) -> Result<(), String> {
    check_alphanumeric(text, AFFILIATE_ID_CHARS)
}

/// Checks an `affiliateKey`.
pub(crate) fn check_affiliate_key(text: &str) -> Result<(), String> {
    check_alphanumeric(text, AFFILIATE_KEY_CHARS)
}

/// Length of an `affiliateID`. Documented: infocu5 1.
pub(crate) const AFFILIATE_ID_CHARS: usize = 12;

/// Length of an `affiliateKey`. Documented: infocu5 1.
pub(crate) const AFFILIATE_KEY_CHARS: usize = 32;

fn check_alphanumeric(text: &str, length: usize) -> Result<(), String> {
    if text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(format!("{length} letters and digits"))
    }
}

/// Checks a time as the vendor writes it.
pub(crate) fn check_hms(text: &str) -> Result<(), String> {
    let in_form = |parts: &[&str]| {
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3
            && parts.iter().all(|part| digits(part))
            && parts[1] < "60"
            && parts[2] < "60"
    };
    let parts: Vec<&str> = text.split(':').collect();
    if text.is_empty() || in_form(&parts) {
        return Ok(());
    }
    Err("a time as HH:MM:SS, such as 00:06:40, or an empty text for a record that has none".into())
}

/// Reads a time as the vendor writes it.
pub(crate) fn read_hms(text: &str) -> Option<Span> {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let seconds =
        hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    Some(Span::clamped_from_secs(seconds))
}

/// A length of time as the vendor writes it.
pub(crate) fn hms(length: Span) -> String {
    let seconds = length.as_secs();
    // A record has six of these; with `format!` they would be a third of what it costs.
    let mut text = String::with_capacity("00:00:00".len());
    for part in [seconds / 3600, seconds / 60 % 60, seconds % 60] {
        if !text.is_empty() {
            text.push(':');
        }
        if part < 10 {
            text.push('0');
        }
        text.push_str(&part.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_dates_with_an_offset_only() {
        let at = |text: &str| Some(text.parse::<Instant>().unwrap());
        assert_eq!(parse_date("2022-03-04T00:00:00-05:00"), at("2022-03-04T05:00:00Z"));
        assert_eq!(parse_date("2022-03-04T05:00:00.9Z"), at("2022-03-04T05:00:00Z"));
        assert_eq!(parse_date("0000-01-01T00:00:00+23:59"), at("1970-01-01T00:00:00Z"));
        assert_eq!(parse_date("9999-12-31T23:59:59.9-23:59"), at("9999-12-31T23:59:59Z"));
        assert_eq!(parse_date("2022-03-04T05:00:00"), None);
        assert_eq!(parse_date("2022-03-04"), None);
        assert_eq!(parse_date("2022-03-04 05:00:00+00:00"), None);
        assert_eq!(parse_date("2022-03-04 05:00:00"), None);
        assert_eq!(parse_date("2022-03-04T05:00:00+0000"), None);
        assert_eq!(parse_date("04/03/2022"), None);
        assert_eq!(parse_date("ééééééé"), None);
    }

    #[test]
    fn checks_times_and_ids() {
        assert!(check_hms("00:06:40").is_ok());
        assert!(check_hms(&hms(Span::millis(86_399_999))).is_ok());
        assert_eq!(hms(Span::secs(400)), "00:06:40");
        assert_eq!(read_hms("00:06:40"), Some(Span::secs(400)));
        assert_eq!([read_hms("6"), read_hms(""), read_hms("a:b:c")], [None; 3]);
        assert!(check_hms("6:40").is_err());
        assert!(check_hms("00:60:00").is_err());
        assert!(check_affiliate_id("A7k2Qm9ZrT4x").is_ok());
        assert!(check_affiliate_id("A7k2Qm9ZrT4").is_err());
    }
}
