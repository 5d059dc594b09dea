//! Which hosts are whose: the vendors' own, and those that a user has given to a vendor.
//!
//! Not here: what becomes of a request for a host that is nobody's (`net::guide`).

use std::fmt;

use crate::contract::surface::Host as Declared;
use crate::contract::vendor::{Vendor, Vendors};
use crate::web::host_pattern::{Host, HostPattern};

/// The hosts of all vendors.
#[derive(Clone, Default)]
pub(crate) struct Hosts(Vec<(HostPattern, &'static Vendor)>);

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(pattern, vendor)| (vendor.surface.vendor, pattern));
        f.debug_list().entries(names).finish()
    }
}

impl Hosts {
    /// The vendors' own.
    pub(crate) fn of(vendors: Vendors) -> Self {
        let of_vendor = |vendor: &'static Vendor| {
            vendor.surface.hosts.iter().map(move |host| (pattern(*host), vendor))
        };
        Hosts(vendors.0.iter().copied().flat_map(of_vendor).collect())
    }

    /// Gives a host to a vendor. What is given goes before what is a vendor's own.
    ///
    /// # Errors
    /// Where it was given to another; answers the other's name.
    pub(crate) fn give(
        &mut self,
        pattern: HostPattern,
        vendor: &'static Vendor,
    ) -> Result<(), &'static str> {
        let name = vendor.surface.vendor;
        let owner = self.0.iter().find(|(known, _)| *known == pattern);
        match owner.map(|(_, owner)| owner.surface.vendor) {
            Some(owner) if owner == name => Ok(()),
            Some(owner) => Err(owner),
            None => {
                self.0.push((pattern, vendor));
                Ok(())
            }
        }
    }

    /// The vendor of a host, which is written in any case and has no port. A name goes before what is below one, and the longer end before the
    /// shorter.
    pub(crate) fn vendor(&self, host: &str) -> Option<&'static Vendor> {
        let rank = |pattern: &HostPattern| match pattern {
            HostPattern::One(_) => usize::MAX,
            HostPattern::Below(end) => end.len(),
        };
        let matching = self.0.iter().filter(|(pattern, _)| pattern.matches(host));
        matching.max_by_key(|(pattern, _)| rank(pattern)).map(|(_, vendor)| *vendor)
    }

    /// The hosts of one vendor, in the order in which they were declared and given.
    pub(crate) fn of_vendor(&self, vendor: &str) -> impl Iterator<Item = &HostPattern> {
        self.0.iter().filter(move |(_, it)| it.surface.vendor == vendor).map(|(pattern, _)| pattern)
    }

    /// All of them.
    pub(crate) fn patterns(&self) -> Vec<HostPattern> {
        self.0.iter().map(|(pattern, _)| pattern.clone()).collect()
    }
}

fn pattern(declared: Declared) -> HostPattern {
    match declared {
        Declared::Exact(name) => HostPattern::One(Host::Name(name.to_owned())),
        Declared::Suffix(end) => HostPattern::Below(end.trim_start_matches('.').to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors;

    #[test]
    fn the_nearest_pattern_counts_and_none_is_given_twice() {
        let vendors = Vendors(vendors::ALL);
        let mut hosts = Hosts::of(vendors);
        let [mor, jtel] = ["mor", "jtel"].map(|name| vendors.find(name).unwrap());
        let host = |text: &str| text.parse::<HostPattern>().unwrap();
        hosts.give(host("*.example.test"), mor).unwrap();
        hosts.give(host("*.portal.example.test"), jtel).unwrap();
        hosts.give(host("x.portal.example.test"), mor).unwrap();
        assert_eq!(hosts.give(host("*.example.test"), mor), Ok(()));
        assert_eq!(hosts.give(host("*.example.test"), jtel), Err("mor"));
        for (asked, expected) in [
            ("a.example.test", Some("mor")),
            ("a.portal.example.test", Some("jtel")),
            ("x.portal.example.test", Some("mor")),
            ("acme.maxcontact.com", Some("maxcontact")),
            ("maxcontact.com", None),
            ("example.test", None),
        ] {
            let found = hosts.vendor(asked);
            assert_eq!(found.map(|it| it.surface.vendor), expected, "{asked}");
        }
    }
}
