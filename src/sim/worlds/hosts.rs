//! Which hosts are whose: the vendors' own, those that a user has given to a vendor, and those that the
//! scenarios of worlds give to one.
//!
//! They are the process's: a host leads to one vendor in whatever world, for a client asks for it before
//! anybody knows which world it means. A world's are there for as long as the world is.
//!
//! Not here: what becomes of a request for a host that is nobody's (`net::front`).

use std::fmt;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::lock;
use crate::contract::vendor::{Vendor, Vendors};
use crate::sim::loading::settings::HostGiven;
use crate::web::host_pattern::HostPattern;

/// The hosts of all vendors.
#[derive(Default)]
pub(crate) struct Hosts {
    /// The vendors' own, and those that were given when the process was started.
    fixed: Vec<(HostPattern, &'static Vendor)>,
    /// How many worlds' there are, so that a request looks no further where there are none.
    n_of_worlds: AtomicUsize,
    of_worlds: RwLock<Vec<OfWorld>>,
}

/// A host that a world's scenario gives to a vendor.
#[derive(Clone)]
struct OfWorld {
    world: String,
    host: HostPattern,
    vendor: &'static Vendor,
}

/// Why hosts were not taken.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Somebody else has it: a world, or the program itself.
    #[error(
        "host {host} is {owner}'s{}, and the scenario of world {world:?} gives it to {vendor}; expected \
         one vendor for a host",
        holder.as_ref().map(|it| format!(" by the scenario of world {it:?}")).unwrap_or_default()
    )]
    Taken {
        host: String,
        owner: &'static str,
        /// The world that gives it to the owner; `None` where the program does.
        holder: Option<String>,
        world: String,
        vendor: &'static str,
    },
}

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |vendor: &Vendor| vendor.surface.vendor;
        let fixed = self.fixed.iter().map(|(host, vendor)| (name(vendor), host.clone()));
        let of_worlds = lock::read(&self.of_worlds);
        let of_worlds = of_worlds.iter().map(|it| (name(it.vendor), it.host.clone()));
        f.debug_list().entries(fixed.chain(of_worlds)).finish()
    }
}

impl Hosts {
    /// The vendors' own.
    pub(crate) fn of(vendors: Vendors) -> Self {
        let of_vendor = |vendor: &'static Vendor| {
            vendor.surface.hosts.iter().map(move |host| (host.pattern(), vendor))
        };
        let fixed = vendors.0.iter().copied().flat_map(of_vendor).collect();
        Hosts { fixed, ..Hosts::default() }
    }

    /// Gives a host to a vendor for as long as the process runs.
    ///
    /// # Errors
    /// Where it is another's; answers the other's name.
    pub(crate) fn give(
        &mut self,
        pattern: HostPattern,
        vendor: &'static Vendor,
    ) -> Result<(), &'static str> {
        let name = vendor.surface.vendor;
        let owner = self.fixed.iter().find(|(known, _)| *known == pattern);
        match owner.map(|(_, owner)| owner.surface.vendor) {
            Some(owner) if owner == name => Ok(()),
            Some(owner) => Err(owner),
            None => {
                self.fixed.push((pattern, vendor));
                Ok(())
            }
        }
    }

    /// Gives vendors the hosts that a world's scenario names, in place of those that it named before:
    /// all of them, or none. Answers those of before.
    ///
    /// # Errors
    /// Where one is another vendor's.
    pub(crate) fn take(
        &self,
        vendors: Vendors,
        world: &str,
        given: &[HostGiven],
    ) -> Result<Vec<HostGiven>, HostError> {
        if given.is_empty() && self.n_of_worlds.load(Ordering::Acquire) == 0 {
            return Ok(Vec::new());
        }
        let mut of_worlds = lock::write(&self.of_worlds);
        let wanted = self.wanted(vendors, world, given, &of_worlds)?;
        let before = of_worlds.iter().filter(|it| it.world == world);
        let before = before.map(|it| (it.vendor.surface.vendor, it.host.to_string())).collect();
        of_worlds.retain(|it| it.world != world);
        of_worlds.extend(wanted);
        self.n_of_worlds.store(of_worlds.len(), Ordering::Release);
        Ok(before)
    }

    /// What a world is to have, if nobody else has it for another vendor.
    fn wanted(
        &self,
        vendors: Vendors,
        world: &str,
        given: &[HostGiven],
        of_worlds: &[OfWorld],
    ) -> Result<Vec<OfWorld>, HostError> {
        let mut wanted: Vec<OfWorld> = Vec::new();
        for (vendor, host) in given {
            // What this build does not know was kept by another one.
            let (Some(vendor), Ok(host)) = (vendors.find(vendor), host.parse()) else { continue };
            let fixed = self.fixed.iter().find(|(known, _)| *known == host);
            let fixed = fixed.map(|(_, owner)| (*owner, None));
            let others = of_worlds.iter().filter(|it| it.world != world);
            let other = others.chain(&wanted).find(|it| it.host == host);
            let other = other.map(|it| (it.vendor, Some(it.world.clone())));
            match fixed.or(other) {
                Some((owner, holder)) if owner.surface.vendor != vendor.surface.vendor => {
                    return Err(HostError::Taken {
                        host: host.to_string(),
                        owner: owner.surface.vendor,
                        holder,
                        world: world.to_owned(),
                        vendor: vendor.surface.vendor,
                    });
                }
                _ => wanted.push(OfWorld { world: world.to_owned(), host, vendor }),
            }
        }
        Ok(wanted)
    }

    /// Takes away what a world's scenario gave.
    pub(crate) fn free(&self, world: &str) {
        if self.n_of_worlds.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut of_worlds = lock::write(&self.of_worlds);
        of_worlds.retain(|it| it.world != world);
        self.n_of_worlds.store(of_worlds.len(), Ordering::Release);
    }

    /// The vendor of a host, which is written in any case and has no port. A name goes before what is
    /// below one, and the longer end before the shorter.
    pub(crate) fn vendor(&self, host: &str) -> Option<&'static Vendor> {
        let rank = |pattern: &HostPattern| match pattern {
            HostPattern::One(_) => usize::MAX,
            HostPattern::Below(end) => end.len(),
        };
        let fixed = self.fixed.iter().filter(|(pattern, _)| pattern.matches(host));
        let fixed = fixed.map(|(pattern, vendor)| (rank(pattern), *vendor));
        let nearest = fixed.max_by_key(|(rank, _)| *rank);
        if self.n_of_worlds.load(Ordering::Acquire) == 0 {
            return nearest.map(|(_, vendor)| vendor);
        }
        let of_worlds = lock::read(&self.of_worlds);
        let given = of_worlds.iter().filter(|it| it.host.matches(host));
        let given = given.map(|it| (rank(&it.host), it.vendor));
        nearest.into_iter().chain(given).max_by_key(|(rank, _)| *rank).map(|(_, vendor)| vendor)
    }

    /// The vendor's host that is most likely meant by one that is nobody's and has no port.
    pub(crate) fn meant_by(&self, host: &str) -> Option<String> {
        let all = self.patterns().into_iter();
        let near = all.filter_map(|it| it.meant_by(host));
        near.min_by_key(|(n_letters, _)| *n_letters).map(|(_, name)| name)
    }

    /// The hosts of one vendor, each once, in the order in which they were declared and given.
    pub(crate) fn of_vendor(&self, vendor: &str) -> Vec<HostPattern> {
        let is_its = |it: &(HostPattern, &'static Vendor)| it.1.surface.vendor == vendor;
        self.all().into_iter().filter(is_its).map(|(host, _)| host).collect()
    }

    /// All of them, each once.
    pub(crate) fn patterns(&self) -> Vec<HostPattern> {
        self.all().into_iter().map(|(host, _)| host).collect()
    }

    fn all(&self) -> Vec<(HostPattern, &'static Vendor)> {
        let mut all = self.fixed.clone();
        for OfWorld { host, vendor, .. } in lock::read(&self.of_worlds).iter() {
            if !all.iter().any(|(known, _)| known == host) {
                all.push((host.clone(), *vendor));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors;

    const VENDORS: Vendors = Vendors(vendors::ALL);

    fn vendor(hosts: &Hosts, asked: &str) -> Option<&'static str> {
        hosts.vendor(asked).map(|it| it.surface.vendor)
    }

    fn given(of: &[(&'static str, &str)]) -> Vec<HostGiven> {
        of.iter().map(|(vendor, host)| (*vendor, (*host).to_owned())).collect()
    }

    #[test]
    fn the_nearest_pattern_counts_and_none_is_given_twice() {
        let mut hosts = Hosts::of(VENDORS);
        let [mor, jtel] = ["mor", "jtel"].map(|name| VENDORS.find(name).unwrap());
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
            assert_eq!(vendor(&hosts, asked), expected, "{asked}");
        }
    }

    #[test]
    fn a_worlds_hosts_are_there_for_as_long_as_a_world_names_them() {
        let mut hosts = Hosts::of(VENDORS);
        hosts.give("*.example.test".parse().unwrap(), VENDORS.find("mor").unwrap()).unwrap();
        let portal = given(&[("jtel", "portal.example.test")]);
        hosts.take(VENDORS, "a", &portal).unwrap();
        hosts.take(VENDORS, "b", &portal).unwrap();
        assert_eq!(vendor(&hosts, "Portal.example.test"), Some("jtel"));
        assert_eq!(hosts.of_vendor("jtel").len(), 1);
        hosts.free("a");
        assert_eq!(vendor(&hosts, "portal.example.test"), Some("jtel"));
        // A scenario that was changed names another.
        let other = given(&[("jtel", "other.test")]);
        assert_eq!(hosts.take(VENDORS, "b", &other).unwrap(), portal);
        assert_eq!(vendor(&hosts, "portal.example.test"), Some("mor"));
        assert_eq!(vendor(&hosts, "other.test"), Some("jtel"));
        hosts.free("b");
        assert_eq!(vendor(&hosts, "other.test"), None);
        assert!(hosts.of_vendor("jtel").is_empty());
    }

    #[test]
    fn a_host_of_another_vendor_is_told_and_nothing_is_taken() {
        let hosts = Hosts::of(VENDORS);
        hosts.take(VENDORS, "a", &given(&[("jtel", "portal.test")])).unwrap();
        let wanted = given(&[("mor", "mor.test"), ("mor", "portal.test")]);
        let told = hosts.take(VENDORS, "b", &wanted).unwrap_err().to_string();
        assert!(told.contains("portal.test is jtel's by the scenario of world \"a\""), "{told}");
        assert!(told.contains("world \"b\" gives it to mor"), "{told}");
        assert_eq!(vendor(&hosts, "mor.test"), None);
        let told = hosts.take(VENDORS, "b", &given(&[("mor", "*.maxcontact.com")])).unwrap_err();
        assert!(told.to_string().contains("*.maxcontact.com is maxcontact's, and"), "{told}");
    }
}
