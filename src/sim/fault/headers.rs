//! Headers that a rule puts on a reply.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::web::message::Response;

/// Headers that say how a body is sent. A wrong one breaks the next reply on the connection, and other
/// rules break replies on purpose.
const OF_THE_BODY: [HeaderName; 4] = [
    http::header::CONTENT_LENGTH,
    http::header::TRANSFER_ENCODING,
    http::header::TRAILER,
    http::header::UPGRADE,
];

/// Headers by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(BTreeMap<String, String>);

impl Headers {
    /// Reads a table of names whose values are texts.
    ///
    /// # Errors
    /// Where a header cannot be sent, or belongs to the listener.
    pub(crate) fn read(stated: &Value) -> Result<Self, String> {
        let mut headers = BTreeMap::new();
        for (name, value) in stated.as_object().into_iter().flatten() {
            let shown = excerpt(name, EXCERPT_CHARS_MAX);
            let known = name.parse::<HeaderName>();
            let known = known.map_err(|_| {
                format!("{shown} is no name of a header; expected one such as Retry-After")
            })?;
            if known == http::header::CONNECTION {
                return Err("Connection belongs to the listener; write close = true to have the \
                            connection closed after the reply"
                    .to_owned());
            }
            if OF_THE_BODY.contains(&known) {
                return Err(format!(
                    "{shown} belongs to the listener; truncate and malform send broken bodies"
                ));
            }
            let value = value.as_str().unwrap_or_default();
            if HeaderValue::from_str(value).is_err() {
                let value = excerpt(value, EXCERPT_CHARS_MAX);
                return Err(format!("{shown} is {value}; expected a text without line ends"));
            }
            if headers.insert(known.as_str().to_owned(), value.to_owned()).is_some() {
                return Err(format!("{shown} is there twice; expected each header once"));
            }
        }
        Ok(Headers(headers))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts them on a reply, in place of those of their names.
    pub(crate) fn put_on(&self, response: &mut Response) {
        for (name, value) in &self.0 {
            // They were read before they were kept.
            if let (Ok(name), Ok(value)) = (name.parse(), HeaderValue::from_str(value)) {
                put(response, name, value);
            }
        }
    }
}

/// Puts one header on a reply, in place of those of its name.
pub(crate) fn put(response: &mut Response, name: HeaderName, value: HeaderValue) {
    response.headers.retain(|(known, _)| *known != name);
    response.headers.push((name, value));
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_sent_is_told() {
        for (stated, told) in [
            (json!({ "Retry After": "1" }), "is no name of a header"),
            (json!({ "X-A": "a\nb" }), "without line ends"),
            (json!({ "Content-Length": "1" }), "belongs to the listener"),
            (json!({ "connection": "close" }), "close = true"),
            (json!({ "X-A": "1", "x-a": "2" }), "is there twice"),
        ] {
            let found = Headers::read(&stated).unwrap_err();
            assert!(found.contains(told), "{stated}: {found}");
        }
    }

    #[test]
    fn they_stand_in_place_of_what_was_there() {
        let headers = Headers::read(&json!({ "Content-Type": "text/html", "X-A": "1" })).unwrap();
        let mut response = Response::with_body(StatusCode::OK, "text/plain", "x");
        headers.put_on(&mut response);
        let found: Vec<_> =
            response.headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
        let value = HeaderValue::from_static;
        assert_eq!(found, [("content-type", &value("text/html")), ("x-a", &value("1"))]);
    }
}
