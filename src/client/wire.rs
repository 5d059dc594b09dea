//! A connection to a server: plain, or with TLS where its address begins with `https://`.

use std::io;
use std::sync::{Arc, LazyLock};

use http::Uri;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::web::trust::those_of_the_system;

/// Bytes both ways.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Read once: a store has hundreds of certificates.
static TRUSTING: LazyLock<Result<Arc<ClientConfig>, String>> = LazyLock::new(those_of_the_system);

/// Connects to where an address leads.
///
/// # Errors
/// Where nothing listens there, or TLS does not come about.
pub(super) async fn connect(uri: &Uri) -> io::Result<Box<dyn Wire>> {
    let host = uri.host().unwrap_or_default();
    let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let is_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let stream = TcpStream::connect((name.as_str(), port)).await?;
    if !is_tls {
        return Ok(Box::new(stream));
    }
    let trusting = TRUSTING.as_ref().map_err(|told| {
        io::Error::other(format!("{told}; SSL_CERT_FILE=FILE names one to trust"))
    })?;
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    let connecting = TlsConnector::from(Arc::clone(trusting)).connect(name, stream);
    let secured = connecting.await.map_err(|error| {
        io::Error::other(format!(
            "TLS does not come about: {error}; SSL_CERT_FILE=FILE names a certificate to trust"
        ))
    })?;
    Ok(Box::new(secured))
}
