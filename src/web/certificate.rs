//! An authority's certificate in the forms in which clients take it: PEM, a Java key store, a
//! fingerprint.
//!
//! Not here: how one is made, and its key, which never leaves `net::tls`.

use bytes::Bytes;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::web::host_pattern::HostPattern;
use crate::web::pem;

/// What PEM calls a certificate.
const LABEL: &str = "CERTIFICATE";

/// What one begins with there.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// The password of the store. It only seals the store against damage: a certificate is no secret, and
/// Java opens a store without being told it.
const STORE_PASSWORD: &str = "changeit";

/// What Java hashes beside the password.
const STORE_SALT: &[u8] = b"Mighty Aphrodite";

/// What a Java key store begins with: its mark, and version 2.
const STORE_HEAD: [u32; 2] = [0xFEED_FEED, 2];

/// What an entry is that holds a trusted certificate.
const STORE_TRUSTED: u32 = 2;

/// A certificate, as its signed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Certificate {
    der: Bytes,
}

/// What hands out the certificate of the authority that the program signs with.
pub(crate) trait Authority: std::fmt::Debug + Send + Sync {
    /// The certificate, made now where nobody has asked before; `None` where the program serves with
    /// a certificate of its user's.
    ///
    /// # Errors
    /// Says why none can be made.
    fn certificate(&self) -> Result<Option<Certificate>, String>;

    /// Whether clients that trust the certificate take one that is shown to them for this host, or for
    /// all names below it.
    fn signs_for(&self, host: &HostPattern) -> bool;
}

impl Certificate {
    /// A certificate of its signed bytes.
    pub(crate) fn new(der: impl Into<Bytes>) -> Self {
        Certificate { der: der.into() }
    }

    /// Reads the first certificate of a PEM text.
    pub(crate) fn from_pem(text: &str) -> Option<Self> {
        pem::read(LABEL, text).map(Certificate::new)
    }

    /// As PEM.
    pub(crate) fn to_pem(&self) -> String {
        pem::write(LABEL, &self.der)
    }

    /// As a Java key store that trusts it, and nothing else.
    pub(crate) fn to_jks(&self) -> Vec<u8> {
        jks(std::slice::from_ref(self))
    }

    /// Reads all certificates of a PEM text; what cannot be read is passed over.
    pub(crate) fn all_from_pem(text: &str) -> Vec<Self> {
        let starts = text.match_indices(BEGIN).map(|(at, _)| at);
        starts.filter_map(|at| Certificate::from_pem(&text[at..])).collect()
    }

    /// Its SHA-256, as browsers and `openssl x509 -fingerprint` show it.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.der);
        let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }
}

/// A Java key store that trusts these certificates.
pub(crate) fn jks(trusted: &[Certificate]) -> Vec<u8> {
    let count = u32::try_from(trusted.len()).unwrap_or(u32::MAX);
    let head = [STORE_HEAD[0], STORE_HEAD[1], count];
    let mut store: Vec<u8> = head.iter().flat_map(|word| word.to_be_bytes()).collect();
    for (idx, certificate) in trusted.iter().enumerate() {
        store.extend(STORE_TRUSTED.to_be_bytes());
        push_utf(&mut store, &format!("ringback-{idx}"));
        // When it was put in, in milliseconds: nobody reads it, and equal stores have equal bytes.
        store.extend([0; 8]);
        push_utf(&mut store, "X.509");
        let length = u32::try_from(certificate.der.len()).unwrap_or(u32::MAX);
        store.extend(length.to_be_bytes());
        store.extend(&certificate.der);
    }
    let mut seal = Sha1::new();
    for unit in STORE_PASSWORD.encode_utf16() {
        seal.update(unit.to_be_bytes());
    }
    seal.update(STORE_SALT);
    seal.update(&store);
    store.extend(seal.finalize());
    store
}

/// A text as Java writes it: its length in two bytes, then its bytes.
fn push_utf(store: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    store.extend(length.to_be_bytes());
    store.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_has_its_mark_its_certificate_and_its_seal() {
        let store = Certificate::new(vec![7; 300]).to_jks();
        assert_eq!(store[..4], [0xFE, 0xED, 0xFE, 0xED]);
        assert_eq!(store.len(), 16 + 2 + 10 + 8 + 2 + 5 + 4 + 300 + 20);
    }

    #[test]
    fn all_of_a_bundle_are_read() {
        let all = [Certificate::new(vec![1]), Certificate::new(vec![2; 100])];
        let text = format!("words\n{}words\n{}", all[0].to_pem(), all[1].to_pem());
        assert_eq!(Certificate::all_from_pem(&text), all);
        assert_eq!(jks(&all)[8..12], [0, 0, 0, 2]);
    }

    #[test]
    fn a_fingerprint_is_in_pairs() {
        let shown = Certificate::new(Vec::new()).fingerprint();
        assert!(shown.starts_with("E3:B0:C4:42:98:FC:1C:14") && shown.len() == 95, "{shown}");
    }
}
