//! Makes a request of a step, with the values of its variables.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::Value as Json;

use crate::client::Outgoing;
use crate::scenario::step::{Body, Send};
use crate::scenario::template::{NoValue, Variables, fill, fill_json, plain};

/// Why a request cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    #[error(transparent)]
    NoValue(#[from] NoValue),
    #[error("{0:?} is no method")]
    Method(String),
    #[error("{0:?} is no header")]
    HeaderName(String),
    #[error("{value:?} cannot be the value of the header {name}")]
    HeaderValue { name: HeaderName, value: String },
}

/// A request that is ready to go.
///
/// # Errors
/// What a variable's value made impossible, or a variable without a value.
pub(crate) fn request(
    send: &Send,
    variables: &dyn Variables,
    timeout: Duration,
) -> Result<Outgoing, Unsendable> {
    let method = fill(&send.method, variables)?;
    let method = method.parse::<Method>().map_err(|_| Unsendable::Method(method))?;
    let path = fill(&send.path, variables)?;
    let mut headers = Vec::new();
    for (name, value) in &send.headers {
        let value = fill(value, variables)?;
        let name: HeaderName = name.parse().map_err(|_| Unsendable::HeaderName(name.clone()))?;
        let value = HeaderValue::from_str(&value)
            .map_err(|_| Unsendable::HeaderValue { name: name.clone(), value })?;
        // The client counts the bytes itself.
        if name != header::CONTENT_LENGTH {
            headers.push((name, value));
        }
    }
    let (mut body, media_type) = body(&send.body, variables)?;
    let is_multipart = |value: &HeaderValue| value.as_bytes().starts_with(b"multipart/");
    let is_multipart =
        headers.iter().any(|(name, value)| *name == header::CONTENT_TYPE && is_multipart(value));
    if is_multipart && !body.contains(&b'\r') {
        // The lines of a form end in CR LF, and those of a scenario mostly do not.
        body = String::from_utf8_lossy(&body).replace('\n', "\r\n").into();
    }
    let has_type = headers.iter().any(|(name, _)| *name == header::CONTENT_TYPE);
    if let Some(media_type) = media_type.filter(|_| !has_type) {
        headers.push((header::CONTENT_TYPE, HeaderValue::from_static(media_type)));
    }
    Ok(Outgoing { method, path, headers, body, timeout })
}

/// The body, and the media type that says what it is.
fn body(body: &Body, variables: &dyn Variables) -> Result<(Bytes, Option<&'static str>), NoValue> {
    match body {
        Body::Text(text) => {
            let text = fill(text, variables)?;
            Ok((text.into(), None))
        }
        Body::Json(value) => {
            let value = fill_json(value, variables)?;
            Ok((value.to_string().into(), Some("application/json")))
        }
        Body::Form(pairs) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in pairs {
                let value = fill_json(value, variables)?;
                match &value {
                    // A name may stand there more than once.
                    Json::Array(items) => {
                        for item in items {
                            form.append_pair(name, &plain(item));
                        }
                    }
                    value => drop(form.append_pair(name, &plain(value))),
                }
            }
            Ok((form.finish().into(), Some("application/x-www-form-urlencoded")))
        }
    }
}
