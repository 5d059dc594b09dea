//! One request to an admin listener: a connection each, no redirects, no TLS.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// Largest answer that is read. A page of a journal with full bodies stays far below it.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Time for a connection to come about on this or a near machine.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Time for an answer, over the longest that a journal read may wait.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// A server to talk to.
#[derive(Clone, Debug)]
pub struct Target {
    /// `http://127.0.0.1:8081`.
    pub base: String,
    pub token: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub status: StatusCode,
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{0:?} is no address; expected one such as http://127.0.0.1:8081")]
    Address(String),
    #[error("nothing answers at {address}: {reason}")]
    NoAnswer { address: String, reason: String },
}

impl Target {
    /// Sends a GET.
    ///
    /// # Errors
    /// Where the address is none, or nothing answers there in time.
    pub async fn get(&self, path: &str) -> Result<Fetched, FetchError> {
        self.send(Method::GET, path, Bytes::new(), ANSWER_TIMEOUT).await
    }

    /// Posts JSON. `patience` is how long the answer may take.
    ///
    /// # Errors
    /// Where the address is none, or nothing answers there in time.
    pub async fn post(
        &self,
        path: &str,
        body: &Value,
        patience: Duration,
    ) -> Result<Fetched, FetchError> {
        self.send(Method::POST, path, body.to_string().into(), patience).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        patience: Duration,
    ) -> Result<Fetched, FetchError> {
        let address = || FetchError::Address(self.base.clone());
        let base = self.base.trim_end_matches('/');
        let uri: Uri = format!("{base}{path}").parse().map_err(|_| address())?;
        let host = uri.authority().ok_or_else(address)?.clone();
        if uri.scheme_str() != Some("http") {
            return Err(address());
        }
        let port = host.port_u16().unwrap_or(80);
        let name = host.host().trim_start_matches('[').trim_end_matches(']').to_owned();

        let no_answer = |reason: String| FetchError::NoAnswer { address: base.to_owned(), reason };
        let connect = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect((name, port)));
        let stream = connect
            .await
            .map_err(|_| no_answer("no connection in time".into()))?
            .map_err(|error| no_answer(error.to_string()))?;
        let failed = |error: hyper::Error| no_answer(error.to_string());
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
        let path_and_query = uri.path_and_query().map_or("/", |it| it.as_str());
        let mut request = Request::builder()
            .method(method)
            .uri(path_and_query)
            .header(header::HOST, host.as_str());
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request =
            request.body(Full::new(body)).map_err(|error| no_answer(error.to_string()))?;
        let answer = async {
            let response = sender.send_request(request).await.map_err(failed)?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
            let body = body.map_err(|error| no_answer(error.to_string()))?.to_bytes();
            Ok(Fetched { status: head.status, body })
        };
        let answered = tokio::time::timeout(patience, answer).await;
        answered.map_err(|_| no_answer("no answer in time".into()))?
    }
}
