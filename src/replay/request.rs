//! Makes a request of a step, with the values of its variables.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::Value as Json;

use crate::client::Outgoing;
use crate::scenario::step::{Body, Send};
use crate::scenario::template::{Variables, fill, fill_json, plain};

/// A request that is ready to go.
///
/// # Errors
/// What a variable's value made impossible, or the name of one that has no value.
pub(crate) fn request(
    send: &Send,
    variables: &dyn Variables,
    timeout: Duration,
) -> Result<Outgoing, String> {
    let filled = |text: &str| fill(text, variables).map_err(|name| no_value(&name));
    let method = filled(&send.method)?;
    let method: Method = method.parse().map_err(|_| format!("{method:?} is no method"))?;
    let path = filled(&send.path)?;
    let mut headers = Vec::new();
    for (name, value) in &send.headers {
        let value = filled(value)?;
        let name: HeaderName = name.parse().map_err(|_| format!("{name:?} is no header"))?;
        let value = HeaderValue::from_str(&value)
            .map_err(|_| format!("{value:?} cannot be the value of the header {name}"))?;
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
fn body(body: &Body, variables: &dyn Variables) -> Result<(Bytes, Option<&'static str>), String> {
    match body {
        Body::Text(text) => {
            let text = fill(text, variables).map_err(|name| no_value(&name))?;
            Ok((text.into(), None))
        }
        Body::Json(value) => {
            let value = fill_json(value, variables).map_err(|name| no_value(&name))?;
            Ok((value.to_string().into(), Some("application/json")))
        }
        Body::Form(pairs) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in pairs {
                let value = fill_json(value, variables).map_err(|name| no_value(&name))?;
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

pub(crate) fn no_value(name: &str) -> String {
    format!("{{{{{name}}}}} has no value")
}
