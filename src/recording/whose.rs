//! Whose an exchange is: by the host, by the path that no other vendor has, and by the shape of the
//! request.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, Uri};

use crate::contract::surface::{Host, Surface};
use crate::contract::vendor::{Vendor, Vendors};
use crate::recording::exchange::Recorded;
use crate::web::host_pattern::HostPattern;
use crate::web::message::Request;

/// The vendors, and the hosts that are known to be theirs.
#[derive(Debug)]
pub(crate) struct Whose {
    vendors: Vendors,
    given: Vec<(HostPattern, &'static Vendor)>,
    /// Hosts at which requests of vendors were seen, and whose, in that order: several vendors may stand
    /// behind one.
    learnt: BTreeMap<String, Vec<&'static Vendor>>,
}

impl Whose {
    pub(crate) fn new(vendors: Vendors, given: Vec<(HostPattern, &'static Vendor)>) -> Self {
        Whose { vendors, given, learnt: BTreeMap::new() }
    }

    /// Learns whose a host is from a request that an operation takes.
    pub(crate) fn learn(&mut self, it: &Recorded) {
        if self.of_host(&it.host).is_some() {
            return;
        }
        if let Some(vendor) = self.vendors.0.iter().copied().find(|vendor| takes(vendor, it)) {
            let here = self.learnt.entry(it.host.clone()).or_default();
            if !here.iter().any(|known| std::ptr::eq(*known, vendor)) {
                here.push(vendor);
            }
        }
    }

    /// The vendor of an exchange: by its host, and of several that stand there by its path.
    pub(crate) fn vendor(&self, it: &Recorded) -> Option<&'static Vendor> {
        if let Some(vendor) = self.of_host(&it.host) {
            return Some(vendor);
        }
        let here = self.learnt.get(&it.host)?;
        let of_path = |vendor: &&&'static Vendor| has_prefix(vendor.surface, it.path());
        here.iter().find(of_path).or(here.first()).copied()
    }

    /// Whose a host is that belongs to one vendor.
    fn of_host(&self, host: &str) -> Option<&'static Vendor> {
        let given = self.given.iter().find(|(pattern, _)| pattern.matches(host));
        if let Some((_, vendor)) = given {
            return Some(vendor);
        }
        let is_of = |vendor: &&&'static Vendor| {
            vendor.surface.hosts.iter().any(|known| match known {
                Host::Exact(name) => name.eq_ignore_ascii_case(host),
                Host::Suffix(end) => host.len() > end.len() && host.ends_with(end),
            })
        };
        self.vendors.0.iter().find(is_of).copied()
    }
}

/// Whether a request is one of a vendor's operations, under a path that is that vendor's alone.
fn takes(vendor: &'static Vendor, it: &Recorded) -> bool {
    has_prefix(vendor.surface, it.path())
        && request(it).is_some_and(|request| (vendor.route)(&request).operation.is_some())
}

/// Whether a path is the vendor's on a shared listener.
pub(crate) fn has_prefix(surface: &Surface, path: &str) -> bool {
    let starts = |prefix: &&str| {
        path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    surface.prefixes.iter().any(starts)
}

/// The request of an exchange; `None` where it cannot be sent.
pub(crate) fn request(it: &Recorded) -> Option<Request> {
    let method = it.method.parse::<Method>().ok()?;
    let mut request = Request::new(method, it.target.parse::<Uri>().ok()?);
    for (name, value) in &it.headers {
        let name = name.parse::<HeaderName>().ok();
        if let Some((name, value)) = name.zip(HeaderValue::from_str(value).ok()) {
            request.headers.append(name, value);
        }
    }
    request.body = it.body.clone().into();
    Some(request)
}
