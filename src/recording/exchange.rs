//! One exchange as it was recorded, whatever recorded it.

use crate::base::time::Instant;

/// A request and its reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Where it stands, for people: `day.har, entry 17`.
    pub(crate) place: String,
    pub(crate) started: Option<Instant>,
    pub(crate) method: String,
    /// In lower case and without a port.
    pub(crate) host: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) reply_headers: Vec<(String, String)>,
    pub(crate) reply: Vec<u8>,
}

impl Recorded {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// The value of a header, by its name in any case.
pub(crate) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let mut headers = headers.iter();
    headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
