//! The vendor's own system: where it is, and one request to it. A connection each, no redirects.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::base::chain::Chain;
use crate::base::limits::{PASS_CONNECT_MAX, RELAYED_BODY_BYTES_MAX};
use crate::web::host_pattern::Host;
use crate::web::trust::{those_in, those_of_the_system};

/// Where the vendor's own system is.
pub(crate) struct Upstream {
    /// As it was given.
    pub(crate) url: String,
    /// Host and port as a `Host` header has them.
    pub(crate) authority: String,
    host: String,
    /// The same, as those of requests are held against it; `None` for one that no client can ask for.
    name: Option<Host>,
    port: u16,
    /// What stands before each path there, without a slash at its end.
    pub(crate) base: String,
    /// How TLS is spoken, and with whom; `None` for plain HTTP.
    tls: Option<(TlsConnector, ServerName<'static>)>,
    /// How long one reply may take.
    patience: Duration,
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Upstream").field("authority", &self.authority).finish_non_exhaustive()
    }
}

/// A reply that has come in whole.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Of the reply to the client.
    pub(crate) status: StatusCode,
    pub(crate) reason: String,
}

fn dead(reason: String) -> Trouble {
    Trouble { status: StatusCode::BAD_GATEWAY, reason }
}

fn slow(reason: String) -> Trouble {
    Trouble { status: StatusCode::GATEWAY_TIMEOUT, reason }
}

impl Upstream {
    /// Reads an address such as `https://portal.example.test`. Certificates are trusted as the system
    /// does, or those of a file.
    ///
    /// # Errors
    /// Says what is wrong with the address or the file.
    pub(crate) fn new(url: &str, ca: Option<&Path>, patience: Duration) -> Result<Self, String> {
        let expected = "expected one such as https://portal.example.test";
        let no = |what: &str| format!("--to: {what}; {expected}");
        let uri: Uri = url.trim().parse().map_err(|_| no("it is no address"))?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(no("it begins with neither https:// nor http://")),
        };
        let authority = uri.authority().ok_or_else(|| no("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(no("it holds a user, which belongs to the client's requests"));
        }
        if uri.query().is_some() {
            return Err(no("it holds a query"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let tls = if is_tls {
            let name = ServerName::try_from(host.clone());
            let name = name.map_err(|_| no("its host is no name that a certificate has"))?;
            let trusting = match ca {
                Some(path) => those_in(path)
                    .map_err(|told| format!("--upstream-ca {}: {told}", path.display()))?,
                None => those_of_the_system()
                    .map_err(|told| format!("{told}; --upstream-ca FILE names one to trust"))?,
            };
            Some((TlsConnector::from(trusting), name))
        } else if ca.is_some() {
            return Err(
                "--upstream-ca: the address begins with http://, so no certificate is asked for"
                    .into(),
            );
        } else {
            None
        };
        let base = uri.path().trim_end_matches('/').to_owned();
        let name = host.parse().ok();
        let authority = authority.as_str().to_owned();
        let url = url.trim().to_owned();
        Ok(Upstream { url, authority, host, name, port, base, tls, patience })
    }

    /// The host that it is on.
    pub(crate) fn host(&self) -> Option<&Host> {
        self.name.as_ref()
    }

    /// Whether it is there; of a host without a port, whether it is on it.
    pub(super) fn is_at(&self, host: &Host, port: Option<u16>) -> bool {
        self.name.as_ref() == Some(host) && port.is_none_or(|port| port == self.port)
    }

    /// Sends a request and takes the whole reply.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn send(&self, request: http::Request<Full<Bytes>>) -> Result<Reply, Trouble> {
        let stream = self.connect().await?;
        let asked = async {
            match &self.tls {
                None => self.exchange(stream, request).await,
                Some((connector, name)) => {
                    let secured = connector.connect(name.clone(), stream).await;
                    let secured = secured.map_err(|error| {
                        dead(format!("{} does not speak TLS as it should: {error}", self.authority))
                    })?;
                    self.exchange(secured, request).await
                }
            }
        };
        let late = || {
            let seconds = self.patience.as_secs_f64();
            slow(format!("{} gave no whole reply within {seconds} s", self.authority))
        };
        timeout(self.patience, asked).await.map_err(|_| late())?
    }

    async fn connect(&self) -> Result<TcpStream, Trouble> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        match timeout(PASS_CONNECT_MAX, connecting).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(dead(format!("{} cannot be reached: {error}", self.authority))),
            Err(_) => {
                let seconds = PASS_CONNECT_MAX.as_secs();
                Err(slow(format!("{} took no connection within {seconds} s", self.authority)))
            }
        }
    }

    async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        request: http::Request<Full<Bytes>>,
    ) -> Result<Reply, Trouble> {
        let broken = |error: &(dyn std::error::Error + 'static)| {
            dead(format!("{} broke off: {}", self.authority, Chain(error)))
        };
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the vendor ended");
            }
        });
        let reply = sender.send_request(request).await.map_err(|error| broken(&error))?;
        let (parts, body) = reply.into_parts();
        let body = Limited::new(body, RELAYED_BODY_BYTES_MAX).collect().await;
        let body = body.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                let most = RELAYED_BODY_BYTES_MAX / (1024 * 1024);
                return dead(format!("{} sent more than {most} MiB", self.authority));
            }
            dead(format!("{} broke off inside its reply: {}", self.authority, Chain(&*error)))
        })?;
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }
}
