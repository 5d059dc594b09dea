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
    /// Hosts at which a request of a vendor's was seen.
    learnt: BTreeMap<String, &'static Vendor>,
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
        let Some(request) = request(it) else { return };
        let mut vendors = self.vendors.0.iter().copied();
        let found = vendors.find(|vendor| {
            has_prefix(vendor.surface, it.path()) && (vendor.route)(&request).operation.is_some()
        });
        if let Some(vendor) = found {
            self.learnt.insert(it.host.clone(), vendor);
        }
    }

    /// The vendor of an exchange.
    pub(crate) fn vendor(&self, it: &Recorded) -> Option<&'static Vendor> {
        self.of_host(&it.host)
    }

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
        let own = self.vendors.0.iter().find(is_of);
        own.copied().or_else(|| self.learnt.get(host).copied())
    }
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
