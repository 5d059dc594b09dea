//! Names of the settings that a scenario may set and that rows keep.

use crate::base::time::Span;

/// The zone in which times without an offset are written.
pub(crate) const ZONE: &str = "zone";

/// The XML namespace of the telephony service.
pub(crate) const XML_NAMESPACE: &str = "xml_namespace";

/// The XML namespace of lead management.
pub(crate) const XML_NAMESPACE_LEADS: &str = "xml_namespace_leads";

/// When the world began: dates that the scenario does not name.
pub(crate) const BEGAN: &str = "began_ms";

/// How long tokens live.
pub(crate) const TOKEN_LIFETIME: &str = "token_lifetime_ms";

/// How long a token lives where the scenario says nothing. Assumed: maxcontact 1.2.
pub(crate) const TOKEN_LIFETIME_DEFAULT: Span = Span::HOUR;

/// How calls go on: by themselves, or as events say.
pub(crate) const LINE: &str = "line";

/// The line on which only events move a call.
pub(crate) const LINE_MANUAL: &str = "manual";

/// From dialling to ringing.
pub(crate) const RING_AFTER: &str = "ring_after_ms";

/// From ringing to the answer.
pub(crate) const ANSWER_AFTER: &str = "answer_after_ms";
