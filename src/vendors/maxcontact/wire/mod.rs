//! Bytes in and out: which format a request wants, the envelope, the token object, the platform's
//! pages. Each entity is described once (`entities`) and written by two writers (`json`, `xml`).
//!
//! Not here: what is in an answer (`ops`).

pub(crate) mod body;
pub(crate) mod entities;
mod json;
pub(crate) mod pages;
pub(crate) mod record;
mod xml;

use http::{StatusCode, header};

use crate::contract::cx::Cx;
use crate::vendors::maxcontact::model::Zone;
use crate::vendors::maxcontact::variants::{JsonDate, JsonTypeHints, Negotiation};
use crate::web::message::{Request, Response};
use entities::{Envelope, Token};
use record::Written;

/// The format of an answer. XML is the default. Documented: maxcontact 1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

impl Format {
    /// What a request asks for.
    ///
    /// Source: maxcontact 1.4.
    pub(crate) fn of(request: &Request, negotiation: Negotiation) -> Self {
        for value in request.headers.get_all(header::ACCEPT) {
            for element in value.to_str().unwrap_or_default().split(',') {
                let media_type = essence(element);
                if let Some(format) = Self::named(&media_type) {
                    return format;
                }
                let is_wildcard = matches!(media_type.as_str(), "*/*" | "application/*" | "text/*");
                if is_wildcard && negotiation == Negotiation::StrictWcf {
                    return Format::Xml;
                }
            }
        }
        match request.media_type().as_deref().and_then(Self::named) {
            Some(Format::Json) => Format::Json,
            _ => Format::Xml,
        }
    }

    fn named(media_type: &str) -> Option<Self> {
        match media_type {
            "application/json" | "text/json" => Some(Format::Json),
            "application/xml" | "text/xml" => Some(Format::Xml),
            _ => None,
        }
    }

    /// Inferred: maxcontact 1.4.
    fn media_type(self) -> &'static str {
        match self {
            Format::Xml => "application/xml; charset=utf-8",
            Format::Json => "application/json; charset=utf-8",
        }
    }
}

fn essence(element: &str) -> String {
    element.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Which service answers: it decides the envelope's name and namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Telephony,
    LeadManagement,
}

/// All that the writers need to know beside the values.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    pub(crate) namespace: String,
    pub(crate) zone: Zone,
    pub(crate) iso_dates: bool,
    pub(crate) type_hints: bool,
}

/// CLR namespaces where the scenario names no others. Assumed: maxcontact 1.6, 6.21.
pub(crate) const NAMESPACE: &str = "MaxContact.Services.Telephony";
pub(crate) const NAMESPACE_LEADS: &str = "MaxContact.Services.LeadManagement";

impl Style {
    pub(crate) fn of(cx: &Cx<'_>, request: &Request, namespace: String, zone: Zone) -> Self {
        Style {
            format: Format::of(request, cx.variant()),
            namespace,
            zone,
            iso_dates: cx.variant::<JsonDate>() == JsonDate::Iso,
            type_hints: cx.variant::<JsonTypeHints>() == JsonTypeHints::On,
        }
    }
}

/// An envelope on the wire.
pub(crate) fn envelope(style: &Style, status: StatusCode, envelope: &Envelope) -> Response {
    written(style, status, envelope)
}

/// The token object, which has no envelope.
pub(crate) fn token(style: &Style, token: &Token) -> Response {
    written(style, StatusCode::OK, token)
}

fn written(style: &Style, status: StatusCode, root: &dyn Written) -> Response {
    let body = match style.format {
        Format::Xml => xml::document(style, root),
        Format::Json => json::document(style, root),
    };
    Response::with_body(status, style.format.media_type(), body)
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    fn format(accept: Option<&str>, content_type: Option<&str>, strict: bool) -> Format {
        let mut request = Request::new(Method::GET, "/".parse().unwrap());
        for (name, value) in [(header::ACCEPT, accept), (header::CONTENT_TYPE, content_type)] {
            if let Some(value) = value {
                request.headers.insert(name, HeaderValue::from_str(value).unwrap());
            }
        }
        Format::of(&request, if strict { Negotiation::StrictWcf } else { Negotiation::ByDocument })
    }

    #[test]
    fn negotiates_in_both_modes() {
        let json = Some("application/json");
        for strict in [false, true] {
            assert_eq!(format(None, None, strict), Format::Xml);
            assert_eq!(format(None, json, strict), Format::Json);
            assert_eq!(format(Some("text/xml"), json, strict), Format::Xml);
            assert_eq!(format(Some("Text/JSON;q=0.1, */*"), None, strict), Format::Json);
            assert_eq!(format(Some("text/html"), json, strict), Format::Json);
            assert_eq!(format(None, Some("application/json; charset=utf-8"), strict), Format::Json);
        }
        // What curl sends: the vendor's sentence says JSON, the platform's rules say XML.
        assert_eq!(format(Some("*/*"), json, false), Format::Json);
        assert_eq!(format(Some("*/*"), json, true), Format::Xml);
        assert_eq!(format(Some("*/*, application/json"), None, false), Format::Json);
        assert_eq!(format(Some("*/*, application/json"), None, true), Format::Xml);
        assert_eq!(format(Some("application/json, text/plain, */*"), None, true), Format::Json);
    }
}
