//! A client that speaks TLS, and tells how the other side ended.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::support::http::{body_of, http};
use crate::support::program::Running;

/// A connection after its handshake.
pub(crate) type Secure = StreamOwned<ClientConnection, TcpStream>;

/// How the other side ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It said that nothing more comes.
    Said,
    /// It closed without a word.
    Cut,
    Reset,
}

impl Running {
    /// The certificate of its authority, in PEM.
    pub(crate) fn ca(&self) -> String {
        body_of(&self.raw("admin", http("GET", "/ca.pem", &[], "").as_bytes()))
    }

    /// What trusts its authority and nobody else.
    pub(crate) fn trusting(&self) -> Arc<ClientConfig> {
        let certificate = CertificateDer::from_pem_slice(self.ca().as_bytes()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(certificate).unwrap();
        config(roots)
    }

    /// Connects and shakes hands.
    pub(crate) fn secure(&self, listener: &str, name: &str) -> Secure {
        self.secure_with(self.trusting(), listener, name).unwrap()
    }

    /// Connects and shakes hands, with what the client trusts.
    pub(crate) fn secure_with(
        &self,
        config: Arc<ClientConfig>,
        listener: &str,
        name: &str,
    ) -> std::io::Result<Secure> {
        let client = ClientConnection::new(config, name.to_owned().try_into().unwrap()).unwrap();
        let mut secure = StreamOwned::new(client, self.connect(listener));
        while secure.conn.is_handshaking() {
            secure.conn.complete_io(&mut secure.sock)?;
        }
        Ok(secure)
    }
}

/// A client's configuration.
pub(crate) fn config(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Sends bytes, and reads until the other side ends.
pub(crate) fn ask(secure: &mut Secure, bytes: &[u8]) -> (String, End) {
    secure.write_all(bytes).unwrap();
    secure.flush().unwrap();
    let (bytes, end) = rest(secure);
    (String::from_utf8(bytes).unwrap(), end)
}

/// Reads until the other side ends.
pub(crate) fn rest(secure: &mut Secure) -> (Vec<u8>, End) {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    loop {
        match secure.read(&mut chunk) {
            Ok(0) => return (bytes, End::Said),
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
            Err(error) => match error.kind() {
                ErrorKind::UnexpectedEof => return (bytes, End::Cut),
                ErrorKind::ConnectionReset => return (bytes, End::Reset),
                _ => panic!("{error}"),
            },
        }
    }
}
