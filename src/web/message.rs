//! A request that has come in whole, and the response to it.
//!
//! Not here: how either crosses a socket (`net`).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use crate::web::via::Via;

/// A request with its whole body, as the vendor sees it.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    /// The target as received, with any prefix that chose the world or the vendor.
    pub target: Uri,
    /// Where the vendor's own path begins in the target's path.
    pub path_start: usize,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The address that the client connected from.
    pub peer: IpAddr,
    /// The host that it is for, where it came by way of its client's proxy.
    pub via: Option<Arc<Via>>,
}

impl Request {
    /// A request without headers or body, from this machine.
    pub fn new(method: Method, target: Uri) -> Self {
        Request {
            method,
            target,
            path_start: 0,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            via: None,
        }
    }

    /// The path as the vendor's own server would see it, still percent-encoded.
    pub fn path(&self) -> &str {
        let path = self.target.path();
        let rest = path.get(self.path_start..).unwrap_or(path);
        if rest.is_empty() { "/" } else { rest }
    }

    pub fn query(&self) -> Option<&str> {
        self.target.query()
    }

    /// The value of a header, where it is there once or more and readable; else `None`.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type of the body in lower case, without its parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header(&header::CONTENT_TYPE)?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        Some(essence.to_ascii_lowercase())
    }
}

/// A response. Headers go out in this order; the length is added on the socket.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
}

impl Response {
    /// A response with no body and no header.
    pub fn empty(status: StatusCode) -> Self {
        Response { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// A response with a body of the given media type.
    pub fn with_body(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        Response { status, headers: vec![content_type], body: body.into() }
    }

    /// The response with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}
