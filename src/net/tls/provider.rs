//! The cryptography that all of TLS here is done with, and what each connection is offered.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ServerSessionMemoryCache, StoresServerSessions};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use crate::net::tls::error::TlsError;

/// Sessions that are kept, so that a client which comes again needs half of a handshake.
const SESSIONS_MAX: usize = 1024;

/// The only protocol that is spoken inside: all vendors' is HTTP/1.1.
const PROTOCOL: &[u8] = b"http/1.1";

/// What all configurations share.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) crypto: Arc<CryptoProvider>,
    sessions: Arc<dyn StoresServerSessions>,
}

impl Provider {
    /// No session yet.
    pub(super) fn new() -> Self {
        let crypto = Arc::new(ring::default_provider());
        Provider { crypto, sessions: ServerSessionMemoryCache::new(SESSIONS_MAX) }
    }

    /// How connections are served under a certificate: TLS 1.2 and 1.3.
    pub(super) fn config(&self, certified: CertifiedKey) -> Result<Arc<ServerConfig>, TlsError> {
        let versions = [&rustls::version::TLS13, &rustls::version::TLS12];
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.crypto))
            .with_protocol_versions(&versions)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        config.session_storage = Arc::clone(&self.sessions);
        Ok(Arc::new(config))
    }

    /// Bytes that nobody can guess.
    pub(super) fn fill(&self, bytes: &mut [u8]) -> Result<(), TlsError> {
        let filled = self.crypto.secure_random.fill(bytes);
        filled.map_err(|_| TlsError::Make("the system gives no randomness".to_owned()))
    }
}
