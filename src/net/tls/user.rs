//! A certificate and key of the user's, in place of what the authority would make.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::base::clock::system_now;
use crate::net::tls::error::TlsError;
use crate::net::tls::provider::Provider;
use crate::net::tls::validity;

/// The flags that name the files.
const CERTIFICATE: &str = "--tls-cert";
const KEY: &str = "--tls-key";

/// Reads both files, and looks whether they can serve.
pub(super) fn read(
    certificate: &Path,
    key: &Path,
    provider: &Provider,
) -> Result<CertifiedKey, TlsError> {
    let unfit = |flag, path: &Path, reason: String| {
        let path = PathBuf::from(path);
        TlsError::Unfit { flag, path, reason }
    };
    let text = file(CERTIFICATE, certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.map_err(|error| {
        unfit(CERTIFICATE, certificate, format!("it is no PEM that can be read: {error}"))
    })?;
    let Some(first) = chain.first() else {
        let reason = "there is no certificate in it; expected PEM with BEGIN CERTIFICATE";
        return Err(unfit(CERTIFICATE, certificate, reason.to_owned()));
    };
    if let Some(holds) = validity::of(first) {
        let now = system_now();
        let told = |word: &str, at: crate::base::time::Wall| {
            unfit(CERTIFICATE, certificate, format!("it {word} {}", at.as_world_time()))
        };
        if holds.ends < now {
            return Err(told("expired at", holds.ends));
        }
        if holds.begins > now {
            return Err(told("does not hold before", holds.begins));
        }
    }
    let text = file(KEY, key)?;
    let private = PrivateKeyDer::from_pem_slice(&text).map_err(|error| {
        unfit(KEY, key, format!("there is no key in it that can be read: {error}"))
    })?;
    CertifiedKey::from_der(chain, private, &provider.crypto).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            let reason = format!("it is not the key of {}", certificate.display());
            unfit(KEY, key, reason)
        }
        other => unfit(KEY, key, format!("it cannot be used: {other}")),
    })
}

fn file(flag: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Read { flag, path: path.to_owned(), source })
}
