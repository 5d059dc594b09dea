//! Whose certificates are trusted where Ringback is the client.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// Trusts those whose certificates a file has.
///
/// # Errors
/// Where it cannot be read, or has none.
pub(crate) fn those_in(path: &Path) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let text = std::fs::read(path).map_err(|error| error.to_string())?;
    for found in CertificateDer::pem_slice_iter(&text) {
        let found = found.map_err(|error| format!("it is no PEM that can be read: {error}"))?;
        roots.add(found).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("there is no certificate in it; expected PEM with BEGIN CERTIFICATE".to_owned());
    }
    trusting(roots)
}

/// Trusts those whom the system trusts, or whom `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
///
/// # Errors
/// Where there are none.
pub(crate) fn those_of_the_system() -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    // Of a store of hundreds some are commonly too old to be read.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        return Err(format!("this system has no store of certificates{why}"));
    }
    trusting(roots)
}

fn trusting(roots: RootCertStore) -> Result<Arc<ClientConfig>, String> {
    let versions = [&rustls::version::TLS13, &rustls::version::TLS12];
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_protocol_versions(&versions).map_err(|error| error.to_string())?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
