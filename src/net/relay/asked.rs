//! A request as it goes on to the vendor, and the two of them as they are told.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use http_body_util::Full;

use crate::base::limits::RELAYED_BODY_BYTES_MAX;
use crate::net::relay::upstream::{Reply, Upstream};
use crate::web::message::Request;

/// What is of one hop, and goes no further.
pub(super) static OF_ONE_HOP: [HeaderName; 9] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_LENGTH,
];

/// What goes no further because bodies are read on the way.
static OF_PACKING: [HeaderName; 1] = [header::ACCEPT_ENCODING];

/// The request as it goes on.
///
/// # Errors
/// Where its target cannot stand behind the vendor's.
pub(super) fn sent(
    request: &Request,
    upstream: &Upstream,
    pseudonym: &str,
) -> Result<http::Request<Full<Bytes>>, String> {
    let path = request.target.path_and_query().map_or("/", |it| it.as_str());
    let target: Uri = format!("{}{path}", upstream.base)
        .parse()
        .map_err(|error| format!("the target cannot go on: {error}"))?;
    let mut sent = http::Request::new(Full::new(request.body.clone()));
    *sent.method_mut() = request.method.clone();
    *sent.uri_mut() = target;
    let mut headers = request.headers.clone();
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(|name| name.trim().to_ascii_lowercase()))
        .collect();
    for name in named {
        headers.remove(name.as_str());
    }
    for name in OF_ONE_HOP.iter().chain(&OF_PACKING) {
        headers.remove(name);
    }
    let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
    headers.insert(header::HOST, value(&upstream.authority)?);
    headers.append(header::VIA, value(&format!("1.1 {pseudonym}"))?);
    *sent.headers_mut() = headers;
    Ok(sent)
}

/// Whether a request has come through here before: it goes in a circle.
pub(super) fn is_circle(headers: &HeaderMap, pseudonym: &str) -> bool {
    let mut values = headers.get_all(header::VIA).iter();
    values.any(|value| value.to_str().is_ok_and(|text| text.contains(pseudonym)))
}

/// The body of a reply as it is read; `None` where it is packed in a way that is not known here.
pub(super) fn unpacked(reply: &Reply) -> Option<Vec<u8>> {
    let coding = reply.headers.get(header::CONTENT_ENCODING).and_then(|it| it.to_str().ok());
    let coding = coding.unwrap_or("identity").trim().to_ascii_lowercase();
    let body = reply.body.as_ref();
    let whole = |packed: &mut dyn Read| {
        let mut bytes = Vec::new();
        let most = RELAYED_BODY_BYTES_MAX as u64;
        packed.take(most).read_to_end(&mut bytes).ok().map(|_| bytes)
    };
    match coding.as_str() {
        "identity" | "" => Some(body.to_vec()),
        "gzip" | "x-gzip" => whole(&mut MultiGzDecoder::new(body)),
        // Some senders leave its frame out.
        "deflate" => {
            whole(&mut ZlibDecoder::new(body)).or_else(|| whole(&mut DeflateDecoder::new(body)))
        }
        _ => None,
    }
}

/// A cookie as a client of the relay can keep it: for the host that it asks, also where that is asked
/// without TLS.
pub(super) fn cookie(value: &str) -> String {
    let parts = value.split(';').enumerate().filter(|(idx, part)| {
        let name = part.split('=').next().unwrap_or_default().trim();
        *idx == 0 || !["domain", "secure"].iter().any(|it| name.eq_ignore_ascii_case(it))
    });
    parts.map(|(_, part)| part).collect::<Vec<_>>().join(";")
}
