//! Which hosts are whose: the vendors' own, and those that a user has added.

use crate::contract::surface::Host as Declared;
use crate::contract::vendor::{Vendor, Vendors};
use crate::web::host_pattern::{Host, HostPattern};

/// The hosts of all vendors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Vec<(HostPattern, &'static Vendor)>);

impl Hosts {
    /// The vendors' own.
    pub(crate) fn of(vendors: Vendors) -> Self {
        let of_vendor = |vendor: &'static Vendor| {
            vendor.surface.hosts.iter().map(move |host| (pattern(*host), vendor))
        };
        Hosts(vendors.0.iter().copied().flat_map(of_vendor).collect())
    }

    /// All of them, with their vendors.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&HostPattern, &'static Vendor)> {
        self.0.iter().map(|(pattern, vendor)| (pattern, *vendor))
    }

    /// All of them.
    pub(crate) fn patterns(&self) -> Vec<HostPattern> {
        self.all().map(|(pattern, _)| pattern.clone()).collect()
    }
}

fn pattern(declared: Declared) -> HostPattern {
    match declared {
        Declared::Exact(name) => HostPattern::One(Host::Name(name.to_owned())),
        Declared::Suffix(end) => HostPattern::Below(end.trim_start_matches('.').to_owned()),
    }
}
