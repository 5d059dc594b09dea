//! Under which names the program stands in for the vendors, and what it shows to clients that speak
//! TLS, as they are asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use memchr::memmem;

use crate::app::error::AppError;
use crate::base::text::{EXCERPT_CHARS_MAX, excerpt};
use crate::contract::vendor::{Vendor, Vendors};
use crate::net::tls::authority::Scope;
use crate::net::tls::certificates::{Certificates, Source};
use crate::scenario::TOML_BYTES_MAX;
use crate::scenario::library::Library;
use crate::sim::worlds::hosts::Hosts;
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

/// The hosts that the scenarios give to vendors of which a world may be made later, so that clients
/// take a certificate for them then. What is wrong with one is told when it is asked for.
pub(super) fn of_other_scenarios(library: &Library) -> Vec<HostPattern> {
    let files = library.other_files().filter(|file| names_hosts(file));
    let hosts = files.flat_map(|file| library.open_file(file).hosts());
    hosts.filter_map(|(_, host)| host.parse().ok()).collect()
}

/// Whether a file may give hosts: most do not, and reading them as scenarios would take its time.
fn names_hosts(file: &Path) -> bool {
    let is_small = fs::metadata(file).is_ok_and(|it| it.len() <= TOML_BYTES_MAX);
    is_small
        && fs::read(file).is_ok_and(|text| {
            [&b"hosts"[..], b"extends"].iter().any(|word| memmem::find(&text, word).is_some())
        })
}

/// What clients that speak TLS are shown, who may ask for these hosts.
pub(super) fn certificates(
    source: &CertificateSource,
    hosts: impl Iterator<Item = HostPattern>,
) -> Result<Certificates, AppError> {
    let source = match source.clone() {
        CertificateSource::User { certificate, key } => Source::User { certificate, key },
        CertificateSource::Authority { folder, is_constrained: false } => {
            Source::Authority { scope: Scope::Any, folder }
        }
        CertificateSource::Authority { folder, is_constrained: true } => {
            Source::Authority { scope: Scope::Only(hosts.collect()), folder }
        }
    };
    Ok(Certificates::new(source)?)
}
