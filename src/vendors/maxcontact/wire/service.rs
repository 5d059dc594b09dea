//! The services of the API and their XML namespaces.

/// Which service answers: it decides the envelope's name and namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Telephony,
    LeadManagement,
}

/// CLR namespaces where the scenario names no others. Assumed: maxcontact 1.6, 6.21.
pub(crate) const NAMESPACE: &str = "MaxContact.Services.Telephony";

pub(crate) const NAMESPACE_LEADS: &str = "MaxContact.Services.LeadManagement";
