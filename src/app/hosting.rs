//! Under which names the program stands in for the vendors, and what it shows to clients that speak
//! TLS, as they are asked for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use crate::app::error::AppError;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::vendor::{Vendor, Vendors};
use crate::net::hosts::Hosts;
use crate::net::tls::authority::Scope;
use crate::net::tls::certificates::{Certificates, Source};
use crate::web::host_pattern::HostPattern;

/// Where the certificates come from that clients are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CertificateSource {
    /// An authority of the program's own; in memory where no folder is named.
    Authority { folder: Option<PathBuf>, is_constrained: bool },
    /// Files of the user's.
    User { certificate: PathBuf, key: PathBuf },
}

/// A host that is given to a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostOf {
    pub vendor: String,
    pub host: HostPattern,
}

impl FromStr for HostOf {
    type Err = String;

    /// `vendor=portal.example.test`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (vendor, host) = text.split_once('=').ok_or_else(|| {
            let found = excerpt(text, EXCERPT_CHARS_MAX);
            format!("{found}: expected a vendor and its host, such as jtel=portal.example.test")
        })?;
        Ok(HostOf { vendor: vendor.to_owned(), host: host.parse()? })
    }
}

/// The vendor that a flag names.
pub(super) fn known_vendor(
    vendors: Vendors,
    flag: &'static str,
    name: &str,
) -> Result<&'static Vendor, AppError> {
    vendors.find(name).ok_or_else(|| {
        let known = vendors.0.iter().map(|vendor| vendor.surface.vendor).collect();
        AppError::UnknownVendor { flag, name: name.to_owned(), known }
    })
}

/// The vendors' hosts, and those that are given to them.
pub(super) fn hosts(vendors: Vendors, given: &[HostOf]) -> Result<Hosts, AppError> {
    let mut hosts = Hosts::of(vendors);
    for HostOf { vendor, host } in given {
        let turned_round = vendors.find(&host.to_string()).map(|it| it.surface.vendor);
        if let (None, Some(meant)) = (vendors.find(vendor), turned_round) {
            return Err(AppError::HostFirst { host: vendor.clone(), vendor: meant });
        }
        let vendor = known_vendor(vendors, "--host", vendor)?;
        hosts.give(host.clone(), vendor).map_err(|owner| AppError::HostTwice {
            host: host.to_string(),
            vendors: [owner, vendor.surface.vendor],
        })?;
    }
    Ok(hosts)
}

/// The hosts of each vendor, as they are listed.
pub(super) fn by_vendor(vendors: Vendors, hosts: &Hosts) -> BTreeMap<&'static str, Vec<String>> {
    let of_vendor = |name: &str| hosts.of_vendor(name).map(ToString::to_string).collect();
    vendors.0.iter().map(|it| (it.surface.vendor, of_vendor(it.surface.vendor))).collect()
}

/// What clients that speak TLS are shown. `addresses` are those that are listened on: whoever is told
/// one asks for that.
pub(super) fn certificates(
    source: &CertificateSource,
    hosts: &Hosts,
    addresses: impl Iterator<Item = HostPattern>,
) -> Result<Certificates, AppError> {
    let source = match source.clone() {
        CertificateSource::User { certificate, key } => Source::User { certificate, key },
        CertificateSource::Authority { folder, is_constrained: false } => {
            Source::Authority { scope: Scope::Any, folder }
        }
        CertificateSource::Authority { folder, is_constrained: true } => {
            let hosts = hosts.patterns().into_iter().chain(addresses).collect();
            Source::Authority { scope: Scope::Only(hosts), folder }
        }
    };
    Ok(Certificates::new(source)?)
}
