//! One request: a connection each, no redirects.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;

use super::wire::{self, Wire};

/// Largest answer that is read. A page of a journal with full bodies stays far below it.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Time for a connection to come about on this or a near machine.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Time for an answer, over the longest that a journal read may wait.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// A server to talk to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// `http://127.0.0.1:8081`.
    pub base: String,
    pub token: Option<String>,
    /// The one process that is meant, where a balancer leads to several.
    pub process: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub status: StatusCode,
    pub body: Bytes,
}

/// A request to send.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub method: Method,
    /// Path and query, behind the target's own path.
    pub path: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// Time for the whole answer, from when the connection stands.
    pub timeout: Duration,
}

/// What came back, as far as it came.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub arrival: Arrival,
    /// `None` where not even a head came.
    pub head: Option<(StatusCode, HeaderMap)>,
    pub body: Bytes,
}

/// How an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Whole,
    /// The connection ended inside the body.
    Cut,
    /// The connection ended before a head came.
    None,
    /// Not all of it in time.
    Late,
}

impl Arrival {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Arrival::Whole => "whole",
            Arrival::Cut => "cut",
            Arrival::None => "none",
            Arrival::Late => "late",
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("{0:?} is no address; expected one such as http://127.0.0.1:8081")]
    Address(String),
    #[error("nothing answers at {address}: {reason}")]
    NoAnswer { address: String, reason: String },
}

/// What names a process to a balancer.
const PROCESS: HeaderName = HeaderName::from_static("x-ringback-process");

impl Target {
    /// Whatever answers at an address.
    pub(crate) fn at(base: impl Into<String>, token: Option<String>) -> Self {
        Target { base: base.into(), token, process: None }
    }

    /// Sends a GET.
    ///
    /// # Errors
    /// Where the address is none, or nothing answers there in time.
    pub(crate) async fn get(&self, path: &str) -> Result<Fetched, FetchError> {
        self.fetch(Method::GET, path, Bytes::new(), ANSWER_TIMEOUT).await
    }

    /// Posts JSON. `patience` is how long the answer may take.
    ///
    /// # Errors
    /// Where the address is none, or nothing answers there in time.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<Fetched, FetchError> {
        self.fetch(Method::POST, path, body.to_string().into(), patience).await
    }

    /// Sends any request with JSON as its body.
    ///
    /// # Errors
    /// Where the address is none, or nothing answers there in time.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Fetched, FetchError> {
        self.fetch(method, path, body.to_string().into(), ANSWER_TIMEOUT).await
    }

    pub(super) async fn fetch(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        patience: Duration,
    ) -> Result<Fetched, FetchError> {
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push((header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
        }
        let path = path.to_owned();
        let outgoing = Outgoing { method, path, headers, body, timeout: patience };
        let incoming = self.exchange(outgoing).await?;
        match (incoming.arrival, incoming.head) {
            (Arrival::Whole, Some((status, _))) => Ok(Fetched { status, body: incoming.body }),
            (Arrival::Late, _) => Err(self.no_answer(&"no answer in time")),
            _ => Err(self.no_answer(&"the connection ended before the answer did")),
        }
    }

    /// Sends a request and takes what comes back, whole or not.
    ///
    /// # Errors
    /// Where the address is none, or no connection comes about.
    pub(crate) async fn exchange(&self, outgoing: Outgoing) -> Result<Incoming, FetchError> {
        let (mut sender, mut request) = self.open(outgoing.method, &outgoing.path).await?;
        // One that is given takes the place of our own.
        if let Some(headers) = request.headers_mut()
            && outgoing.headers.iter().any(|(name, _)| *name == header::HOST)
        {
            headers.remove(header::HOST);
        }
        for (name, value) in outgoing.headers {
            request = request.header(name, value);
        }
        let request =
            request.body(Full::new(outgoing.body)).map_err(|error| self.no_answer(&error))?;
        let (mut head, mut body) = (None, BytesMut::new());
        let answer = receive(&mut sender, request, &mut head, &mut body);
        let arrival = tokio::time::timeout(outgoing.timeout, answer).await.unwrap_or(Arrival::Late);
        Ok(Incoming { arrival, head, body: body.freeze() })
    }

    /// A connection, and the head of a request that goes over it.
    pub(super) async fn open<B>(
        &self,
        method: Method,
        path: &str,
    ) -> Result<(http1::SendRequest<B>, http::request::Builder), FetchError>
    where
        B: hyper::body::Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>>
            + Send
            + 'static,
    {
        let (host, stream) = self.connect(path).await?;
        let shaken = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.map_err(|error| self.no_answer(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
        let uri: Uri = format!("{}{path}", self.base.trim_end_matches('/'))
            .parse()
            .map_err(|_| FetchError::Address(self.base.clone()))?;
        let path_and_query = uri.path_and_query().map_or("/", |it| it.as_str());
        let mut request = Request::builder().method(method).uri(path_and_query);
        request = request.header(header::HOST, host);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(process) = &self.process {
            request = request.header(PROCESS, process);
        }
        Ok((sender, request))
    }

    /// That nothing, or no whole answer, came from there.
    pub(super) fn no_answer(&self, reason: &dyn fmt::Display) -> FetchError {
        let address = self.base.trim_end_matches('/').to_owned();
        FetchError::NoAnswer { address, reason: reason.to_string() }
    }

    /// The address as a `Host` header has it, and a connection to it.
    async fn connect(&self, path: &str) -> Result<(String, Box<dyn Wire>), FetchError> {
        let address = || FetchError::Address(self.base.clone());
        let base = self.base.trim_end_matches('/');
        let uri: Uri = format!("{base}{path}").parse().map_err(|_| address())?;
        let host = uri.authority().ok_or_else(address)?.clone();
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(address());
        }
        let stream = tokio::time::timeout(CONNECT_TIMEOUT, wire::connect(&uri))
            .await
            .map_err(|_| self.no_answer(&"no connection in time"))?
            .map_err(|error| self.no_answer(&error))?;
        Ok((host.to_string(), stream))
    }

    /// Whether anything listens there.
    ///
    /// # Errors
    /// Where the address is none, or no connection comes about.
    pub(crate) async fn probe(&self) -> Result<(), FetchError> {
        self.connect("/").await.map(|_| ())
    }
}

/// Takes an answer piece by piece, so that what came before it broke off is kept.
async fn receive(
    sender: &mut http1::SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
    head: &mut Option<(StatusCode, HeaderMap)>,
    body: &mut BytesMut,
) -> Arrival {
    let Ok(response) = sender.send_request(request).await else { return Arrival::None };
    let (parts, incoming) = response.into_parts();
    *head = Some((parts.status, parts.headers));
    let mut incoming = Limited::new(incoming, ANSWER_BYTES_MAX);
    while let Some(frame) = incoming.frame().await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => body.extend_from_slice(&data),
            // Trailers say nothing here.
            Ok(Err(_)) => {}
            Err(_) => return Arrival::Cut,
        }
    }
    Arrival::Whole
}
