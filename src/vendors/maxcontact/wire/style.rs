//! How a client wants its answer written: JSON or XML, and in which spelling.

use http::header;

use crate::contract::cx::Cx;
use crate::vendors::maxcontact::model::Zone;
use crate::vendors::maxcontact::variants::{JsonDate, JsonTypeHints, Negotiation};
use crate::web::message::Request;

/// The format of an answer. XML is the default. Documented: maxcontact 1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

fn essence(element: &str) -> String {
    element.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
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
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Format::Xml => "application/xml; charset=utf-8",
            Format::Json => "application/json; charset=utf-8",
        }
    }
}

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
