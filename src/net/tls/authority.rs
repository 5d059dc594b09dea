//! The authority of a program: made for the names that it stands in for, critically constrained to
//! them, so that its key opens nothing else wherever it may get to.
//!
//! Certificates are dated by the real clock; no world's has a say.
//!
//! Not here: where one is kept (`folder`), and the certificates that are handed out (`certificates`).

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PKCS_ECDSA_P256_SHA256, SanType, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use sha2::{Digest, Sha256};

use crate::base::clock::system_now;
use crate::base::hex::hex;
use crate::base::time::{Span, Wall};
use crate::net::tls::error::TlsError;
use crate::net::tls::provider::Provider;
use crate::web::certificate::Certificate;
use crate::web::host_pattern::{Host, HostPattern};

/// How long before it is made a certificate begins to hold: clocks of clients may be behind.
const BACKDATED: Span = Span::days(1);

/// How long a leaf holds. Longer than any run, and nobody has to trust one for long.
const LEAF_LIFETIME: Span = Span::days(30);

/// How long a leaf is shown before another is made: well before it ends.
pub(super) const LEAF_AGE_MAX: Span = Span::days(15);

/// How long an authority holds: as long as systems take a certificate at the most (Apple's 825 days).
const AUTHORITY_LIFETIME: Span = Span::days(825);

/// What begins the number of the key in the authority's name, which tells two of them apart.
const NUMBER_BYTES: usize = 4;

/// What an authority may sign for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// These names and addresses, beside this machine's own.
    Only(Vec<HostPattern>),
    /// Anything, for verifiers that cannot read constraints.
    Any,
}

/// An authority with its key.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(super) certificate: Certificate,
    pub(super) ends: Wall,
    /// The key of all leaves.
    leaf_key: KeyPair,
    signer: Arc<dyn SigningKey>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Its keys are nobody's to see.
        f.debug_struct("Authority").field("ends", &self.ends).finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes one.
    pub(super) fn make(scope: &Scope, provider: &Provider) -> Result<Self, TlsError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let now = system_now();
        let ends = now.saturating_add(AUTHORITY_LIFETIME);
        let mut params = params(&key);
        dated(&mut params, day_before(now), ends);
        params.serial_number = Some(serial(provider)?);
        params.name_constraints = constraints(scope);
        let signed = params.self_signed(&key)?;
        let certificate = Certificate::new(signed.der().to_vec());
        Self::with(params, key, certificate, ends, provider)
    }

    /// Takes up one that was kept: its key, and the certificate that was made for it.
    pub(super) fn kept(
        key: &[u8],
        certificate: Certificate,
        ends: Wall,
        provider: &Provider,
    ) -> Result<Self, TlsError> {
        let key = KeyPair::from_pkcs8_der_and_sign_algo(
            &PrivatePkcs8KeyDer::from(key),
            &PKCS_ECDSA_P256_SHA256,
        )?;
        Self::with(params(&key), key, certificate, ends, provider)
    }

    fn with(
        params: CertificateParams,
        key: KeyPair,
        certificate: Certificate,
        ends: Wall,
        provider: &Provider,
    ) -> Result<Self, TlsError> {
        let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let bytes = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let signer = provider.crypto.key_provider.load_private_key(bytes)?;
        Ok(Authority { issuer: Issuer::new(params, key), certificate, ends, leaf_key, signer })
    }

    /// The key, for keeping.
    pub(super) fn key(&self) -> Vec<u8> {
        self.issuer.key().serialize_der()
    }

    /// A certificate for one host.
    pub(super) fn leaf(&self, host: &Host, provider: &Provider) -> Result<CertifiedKey, TlsError> {
        let mut params = CertificateParams::default();
        // The name stands in the alternative names alone, as browsers want it.
        params.distinguished_name = DistinguishedName::new();
        params.subject_alt_names = vec![match host {
            Host::Name(name) => SanType::DnsName(name.as_str().try_into()?),
            Host::Address(address) => SanType::IpAddress(*address),
        }];
        // Said outright, it brings the identifier of the key along, which strict verifiers want.
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.serial_number = Some(serial(provider)?);
        let now = system_now();
        dated(&mut params, day_before(now), now.saturating_add(LEAF_LIFETIME));
        let signed = params.signed_by(&self.leaf_key, &self.issuer)?;
        let chain = vec![CertificateDer::from(signed.der().to_vec())];
        Ok(CertifiedKey::new(chain, Arc::clone(&self.signer)))
    }
}

/// What an authority of a key is, but for its dates, its number and what it may sign for.
fn params(key: &KeyPair) -> CertificateParams {
    let digest = Sha256::digest(key.public_key_raw());
    let number = hex(&digest[..NUMBER_BYTES]);
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Ringback");
    // Each has a name of its own: a store that trusts two would take one for the other.
    name.push(DnType::CommonName, format!("Ringback test authority {number}"));
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn dated(params: &mut CertificateParams, from: Wall, to: Wall) {
    let since_epoch = |at: Wall| u64::try_from(at.as_millis()).unwrap_or_default();
    params.not_before = (UNIX_EPOCH + Duration::from_millis(since_epoch(from))).into();
    params.not_after = (UNIX_EPOCH + Duration::from_millis(since_epoch(to))).into();
}

/// When a certificate begins to hold that is made now.
fn day_before(now: Wall) -> Wall {
    Wall::clamped_from_millis(now.as_millis() - BACKDATED.as_millis())
}

/// A number that no other certificate has: some stores refuse two with one name and number.
fn serial(provider: &Provider) -> Result<SerialNumber, TlsError> {
    let mut bytes = [0; 16];
    provider.fill(&mut bytes)?;
    // Positive, and of full length.
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// The subtrees that an authority may sign for; `None` for all. Both kinds always stand in it: a list
/// without addresses would leave all of them open (RFC 5280, 4.2.1.10).
fn constraints(scope: &Scope) -> Option<NameConstraints> {
    let Scope::Only(hosts) = scope else { return None };
    let local = [
        GeneralSubtree::DnsName("localhost".to_owned()),
        GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(
            IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
            128,
        )),
    ];
    let hosts = hosts.iter().map(|host| match host {
        // A name stands for all below it as well; there is no other way to write it.
        HostPattern::One(Host::Name(name)) | HostPattern::Below(name) => {
            GeneralSubtree::DnsName(name.clone())
        }
        HostPattern::One(Host::Address(address)) => {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, bits))
        }
    });
    let permitted_subtrees = local.into_iter().chain(hosts).collect();
    Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() })
}
