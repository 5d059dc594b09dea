//! JSON or XML, as a request asks for it.
//!
//! Source: maxcontact 1.4.

use std::cmp::Ordering;

use http::header;

use crate::base::text::excerpt;
use crate::vendors::maxcontact::variants::Negotiation;
use crate::web::message::Request;

/// The format of an answer. XML is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

/// Elements of `Accept` that are looked at. Clients send a handful; sorting far more than that costs
/// time and changes nothing.
const ELEMENTS_MAX: usize = 64;

/// Characters of a header that a reason shows.
const SHOWN_CHARS_MAX: usize = 60;

impl Format {
    /// What a request asks for.
    pub(crate) fn of(request: &Request, negotiation: Negotiation) -> Self {
        let mut sorted = Vec::new();
        let elements = accepted(request).filter(|element| match negotiation {
            Negotiation::ByDocument => element.format.is_some(),
            Negotiation::StrictWcf => true,
        });
        for element in elements.take(ELEMENTS_MAX) {
            put(&mut sorted, element);
        }
        if let Some(best) = sorted.first() {
            // A wildcard that comes first ends the search at the default.
            return best.format.unwrap_or(Format::Xml);
        }
        let media_type = request.media_type();
        media_type.as_deref().and_then(Self::named).unwrap_or(Format::Xml)
    }

    /// Why XML comes where JSON seems to be hoped for: what was found, and what to send; `None` where
    /// nothing speaks of JSON, or XML is asked for too.
    pub(crate) fn not_asked_for(request: &Request) -> Option<(String, &'static str)> {
        let is_asked_for = accepted(request).any(|element| element.format.is_some());
        let speaks_of_json = |text: &str| text.to_ascii_lowercase().contains("json");
        let value = |name: &str| request.headers.get(name)?.to_str().ok();
        let words =
            |name: &str, value: &str| format!("{name}: {}", excerpt(value, SHOWN_CHARS_MAX));
        if is_asked_for {
            return None;
        }
        let media_type = request.media_type();
        if media_type.as_deref().and_then(Self::named) == Some(Format::Json) {
            let accept = value("accept").unwrap_or_default();
            let hint = "a wildcard in Accept ends the search before Content-Type is looked at; send \
                        Accept: application/json";
            return Some((words("Accept", accept), hint));
        }
        for name in ["accept", "content-type"] {
            if let Some(sent) = value(name).filter(|sent| speaks_of_json(sent)) {
                let hint = "only application/json and text/json stand for JSON; write the whole media type";
                return Some((words(name, sent), hint));
            }
        }
        let others =
            ["accepts", "x-accept", "contenttype", "content_type", "x-content-type", "format"];
        let other = others.into_iter().find(|name| value(name).is_some_and(speaks_of_json))?;
        let hint = "the header is called Accept: send Accept: application/json";
        Some((words(other, value(other)?), hint))
    }

    /// What was found, and what to send, where nothing names a format, as most HTTP libraries leave it.
    pub(crate) fn not_named(request: &Request) -> Option<(String, &'static str)> {
        let media_type = request.media_type();
        let is_named = accepted(request).any(|element| element.format.is_some())
            || media_type.as_deref().and_then(Self::named).is_some();
        if is_named {
            return None;
        }
        let accept = request.headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
        let found = accept.map_or_else(
            || "no Accept".to_owned(),
            |accept| format!("Accept: {}", excerpt(accept, SHOWN_CHARS_MAX)),
        );
        let hint = "XML is what comes where nothing is named; for JSON send Accept: application/json with \
                    every request";
        Some((found, hint))
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

/// An element of `Accept` that decides.
#[derive(Debug)]
struct Element {
    /// `application` of `application/json`.
    kind: String,
    /// `None` for a wildcard.
    format: Option<Format>,
    quality: f64,
}

/// The elements of `Accept` that name a format or are a wildcard, in the client's order.
fn accepted(request: &Request) -> impl Iterator<Item = Element> {
    let values = request.headers.get_all(header::ACCEPT).iter();
    let elements = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    elements.filter_map(|element| {
        let mut parts = element.split(';');
        let media_type = parts.next()?.trim().to_ascii_lowercase();
        let format = Format::named(&media_type);
        let is_wildcard = matches!(media_type.as_str(), "*/*" | "application/*" | "text/*");
        let kind = media_type.split('/').next()?.to_owned();
        let quality = parts.find_map(quality).unwrap_or(1.0);
        (format.is_some() || is_wildcard).then_some(Element { kind, format, quality })
    })
}

/// The q of a parameter. One that is no plain number up to 1 counts as none.
fn quality(parameter: &str) -> Option<f64> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim();
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let quality = value.parse().ok().filter(|quality| is_plain && *quality <= 1.0);
    quality.filter(|_| name.trim().eq_ignore_ascii_case("q"))
}

/// Puts an element where the platform's comparison has it: behind all that it does not come before.
/// That comparison is no order of all elements (`text/*` is compared with `text/xml` by name and with
/// `application/json` by q), so a library's sort does not do.
fn put(sorted: &mut Vec<Element>, element: Element) {
    let before = |known: &Element| compare(&element, known) == Ordering::Less;
    let at = sorted.iter().rposition(|known| !before(known)).map_or(0, |idx| idx + 1);
    sorted.insert(at, element);
}

/// The concrete before the wildcard that covers it, then the higher q.
fn compare(one: &Element, other: &Element) -> Ordering {
    let is_all = |element: &Element| element.kind == "*";
    let by_name = if one.kind == other.kind {
        one.format.is_none().cmp(&other.format.is_none())
    } else {
        is_all(one).cmp(&is_all(other))
    };
    by_name.then_with(|| other.quality.total_cmp(&one.quality))
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
        assert_eq!(format(Some("*/*, application/json"), None, true), Format::Json);
        assert_eq!(format(Some("application/json, text/plain, */*"), None, true), Format::Json);
    }

    #[test]
    fn json_that_is_hoped_for_is_told_where_xml_comes() {
        let told = |headers: &[(&'static str, &str)]| {
            let mut request = Request::new(Method::GET, "/".parse().unwrap());
            for (name, value) in headers {
                request.headers.insert(*name, HeaderValue::from_str(value).unwrap());
            }
            Format::not_asked_for(&request).map(|(found, hint)| format!("{found}; {hint}"))
        };
        for (name, value, words) in [
            ("accept", "json", "write the whole media type"),
            ("accept", "application/jason, application/vnd.api+json", "write the whole media type"),
            ("content-type", "json", "write the whole media type"),
            ("accepts", "application/json", "the header is called Accept"),
            ("content_type", "application/json", "the header is called Accept"),
        ] {
            let told = told(&[(name, value)]).unwrap_or_default();
            assert!(told.contains(words), "{name}: {value}: {told}");
        }
        let both = told(&[("accept", "*/*"), ("content-type", "application/json")]).unwrap();
        assert!(both.contains("a wildcard in Accept ends the search"), "{both}");
        for (name, value) in [("accept", "*/*"), ("accept", "text/html"), ("user-agent", "json/1")]
        {
            assert_eq!(told(&[(name, value)]), None, "{name}: {value}");
        }
        assert_eq!(told(&[("accept", "text/xml"), ("content-type", "application/json")]), None);
    }

    #[test]
    fn a_format_that_nothing_names_is_told() {
        let found = |headers: &[(&'static str, &str)]| {
            let mut request = Request::new(Method::GET, "/".parse().unwrap());
            for (name, value) in headers {
                request.headers.insert(*name, HeaderValue::from_str(value).unwrap());
            }
            Format::not_named(&request).map(|(found, _)| found)
        };
        assert_eq!(found(&[]).as_deref(), Some("no Accept"));
        assert_eq!(found(&[("accept", "*/*")]).as_deref(), Some("Accept: \"*/*\""));
        assert!(found(&[("content-type", "text/plain")]).is_some());
        for named in ["application/json", "text/xml;q=0.5", "*/*, application/xml"] {
            assert_eq!(found(&[("accept", named)]), None, "{named}");
        }
        assert_eq!(found(&[("content-type", "application/json")]), None);
    }

    #[test]
    fn the_higher_q_wins_and_the_concrete_comes_before_its_wildcard() {
        for strict in [false, true] {
            let of = |accept: &str| format(Some(accept), None, strict);
            assert_eq!(of("application/xml;q=0.1, application/json;q=0.9"), Format::Json);
            assert_eq!(of("application/json; Q = 0.2, text/xml"), Format::Xml);
            assert_eq!(of("application/json;q=0, application/xml;q=0.1"), Format::Xml);
            assert_eq!(of("text/json, text/xml"), Format::Json);
            assert_eq!(of("text/xml, text/json"), Format::Xml);
            // No number up to 1 counts as 1.
            assert_eq!(of("application/xml;q=0.9, application/json;q=7"), Format::Json);
            assert_eq!(of("application/*, application/json;q=0.1"), Format::Json);
        }
        // A wildcard of another type is compared by q alone.
        assert_eq!(format(Some("text/*, application/json;q=0.5"), None, true), Format::Xml);
        assert_eq!(format(Some("text/*, application/json;q=0.5"), None, false), Format::Json);
        assert_eq!(format(Some("text/*;q=0.1, application/json"), None, true), Format::Json);
        assert_eq!(format(Some(&"*/*, ".repeat(5000)), None, true), Format::Xml);
    }
}
