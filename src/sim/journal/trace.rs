//! What a request says of the run that it belongs to: its `traceparent` (W3C Trace Context), or its
//! `X-Request-ID`.
//!
//! Nothing is kept for it beside the request's headers.

use std::borrow::Cow;

use crate::base::limits::TRACE_CHARS_MAX;
use crate::sim::journal::mask::Mask;

/// The header of W3C Trace Context, `00-TRACE-SPAN-FLAGS`, all but the first of which stand for one
/// call of many.
const TRACEPARENT: &str = "traceparent";

/// The headers that say it, the first of which decides.
const HEADERS: [&str; 2] = [TRACEPARENT, "x-request-id"];

/// Hexadecimal digits of the part of a `traceparent` that all calls of one run have in common.
const TRACE_ID_CHARS: usize = 32;

/// A header that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trace<'e> {
    name: &'static str,
    value: Cow<'e, str>,
}

impl<'e> Trace<'e> {
    /// Looks for it in headers that are kept as `name: value` lines, with names in lower case.
    pub(crate) fn find(headers: &'e [u8]) -> Option<Self> {
        HEADERS.into_iter().find_map(|name| {
            let mut lines = headers.split(|byte| *byte == b'\n');
            let value = lines
                .find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b": "))
                .filter(|value| !value.is_empty())?;
            Some(Trace { name, value: String::from_utf8_lossy(value) })
        })
    }

    /// As it may be shown. What is too long is cut behind the mask, which would not know a half of a
    /// secret.
    pub(crate) fn shown(self, mask: Mask<'_>) -> Cow<'e, str> {
        clipped(mask.header(self.name, self.value))
    }

    /// Whether it is the one: as it is shown, or by the part of a `traceparent` that all calls of a
    /// run have in common.
    pub(crate) fn is(self, wanted: &str) -> bool {
        let id = self.value.split('-').nth(1);
        let is_of_run = self.name == TRACEPARENT
            && id.is_some_and(|id| id.len() == TRACE_ID_CHARS && id.eq_ignore_ascii_case(wanted));
        is_of_run || clipped(self.value) == wanted
    }
}

fn clipped(value: Cow<'_, str>) -> Cow<'_, str> {
    match value.char_indices().nth(TRACE_CHARS_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", &value[..end])),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn shown(headers: &str) -> Option<String> {
        Trace::find(headers.as_bytes()).map(|it| it.shown(Mask::Raw).into_owned())
    }

    #[test]
    fn the_first_header_that_says_it_is_taken() {
        let both = format!("x-request-id: r-1\ntraceparent: {PARENT}\n");
        assert_eq!(shown(&both).as_deref(), Some(PARENT));
        assert_eq!(shown("host: a\nx-request-id: r-1\n").as_deref(), Some("r-1"));
        assert_eq!(shown("x-request-id: \n"), None);
        assert_eq!(shown("x-request-id-too: r-1\n"), None);
        let long = "x".repeat(TRACE_CHARS_MAX + 1);
        let cut = shown(&format!("x-request-id: {long}\n")).unwrap();
        assert_eq!(cut.chars().count(), TRACE_CHARS_MAX + 1);
        assert!(cut.ends_with('…'), "{cut}");
    }

    #[test]
    fn it_is_known_whole_and_by_its_run() {
        let is = |headers: &str, wanted: &str| {
            Trace::find(headers.as_bytes()).is_some_and(|it| it.is(wanted))
        };
        let parent = format!("traceparent: {PARENT}\n");
        assert!(is(&parent, PARENT) && is(&parent, RUN) && is(&parent, &RUN.to_uppercase()));
        assert!(!is(&parent, "00f067aa0ba902b7") && !is(&parent, &RUN[1..]) && !is(&parent, ""));
        assert!(is("x-request-id: r-1\n", "r-1") && !is("x-request-id: r-1\n", "1"));
    }
}
