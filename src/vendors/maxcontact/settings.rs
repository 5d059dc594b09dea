//! Names of the settings that a scenario may set and that rows keep.

/// The zone in which times without an offset are written.
pub(crate) const ZONE: &str = "zone";

/// The XML namespace of the telephony service.
pub(crate) const XML_NAMESPACE: &str = "xml_namespace";

/// The XML namespace of lead management.
pub(crate) const XML_NAMESPACE_LEADS: &str = "xml_namespace_leads";
