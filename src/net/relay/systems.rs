//! The vendors' own systems that are recorded, and which of them a request is for.

use http::{StatusCode, Uri, header};

use crate::contract::vendor::Vendor;
use crate::net::relay::upstream::Upstream;
use crate::web::host_pattern::{Host, HostPattern};
use crate::web::message::Request;
use crate::web::via::Via;

/// A vendor and its own system.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) vendor: &'static Vendor,
    pub(crate) upstream: Upstream,
}

/// Those of them that are recorded, at most one of each vendor.
#[derive(Debug)]
pub(crate) struct Systems(Vec<System>);

/// The system that a request is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meant<'a> {
    pub(super) system: &'a System,
    /// Whether its client asks for the vendor's host, so that its path is whole. The path of one that asks
    /// for this program is what stands behind the base.
    pub(super) is_by_host: bool,
}

impl System {
    /// Whether a host has a name of the vendor's, for which the system stands.
    fn has_name(&self, host: &Host) -> bool {
        let mut own = self.vendor.surface.hosts.iter().map(|it| it.pattern());
        own.any(|it| it.matches(&host.to_string()))
    }
}

impl Systems {
    /// # Errors
    /// Where a request could be for two of them.
    pub(crate) fn new(all: Vec<System>) -> Result<Self, String> {
        for (idx, one) in all.iter().enumerate() {
            for other in &all[..idx] {
                let vendor = one.vendor.surface.vendor;
                if vendor == other.vendor.surface.vendor {
                    return Err(format!("--to: {vendor} has two systems; expected one"));
                }
                let (a, b) = (&one.upstream, &other.upstream);
                if a.authority.eq_ignore_ascii_case(&b.authority) {
                    let other = other.vendor.surface.vendor;
                    return Err(format!(
                        "--to: {} is {vendor}'s and {other}'s, and a request there is of one; expected \
                         another host, or a recording of each by itself",
                        a.authority
                    ));
                }
            }
        }
        Ok(Systems(all))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &System> {
        self.0.iter()
    }

    /// The hosts that clients may ask for.
    pub(crate) fn hosts(&self) -> Vec<HostPattern> {
        let of = |it: &System| {
            let own = it.upstream.host().cloned().map(HostPattern::One);
            own.into_iter().chain(it.vendor.surface.hosts.iter().map(|it| it.pattern()))
        };
        self.0.iter().flat_map(of).collect()
    }

    /// Whether one of them is meant by a client that has this for its proxy.
    pub(super) fn has(&self, via: &Via) -> bool {
        self.meant(&via.host, Some(via.port)).is_some()
    }

    /// The system itself comes before one that has a name of that vendor's.
    fn meant(&self, host: &Host, port: Option<u16>) -> Option<&System> {
        let itself = self.0.iter().find(|it| it.upstream.is_at(host, port));
        itself.or_else(|| self.0.iter().find(|it| it.has_name(host)))
    }

    /// The system that a request is for: by the host that its client asks for, else the only one.
    ///
    /// # Errors
    /// What to answer where none is meant.
    pub(super) fn of(&self, request: &Request) -> Result<Meant<'_>, (StatusCode, String)> {
        let found = match request.via.as_deref() {
            Some(via) => self.meant(&via.host, Some(via.port)),
            None => asked_for(request).and_then(|(host, port)| self.meant(&host, port)),
        };
        match (found, self.0.as_slice()) {
            (Some(system), _) => Ok(Meant { system, is_by_host: true }),
            (None, [system]) => Ok(Meant { system, is_by_host: false }),
            _ => Err((StatusCode::MISDIRECTED_REQUEST, self.unmeant())),
        }
    }

    /// What a client is told that asks for none.
    fn unmeant(&self) -> String {
        format!(
            "several systems are recorded, and this request is for none of them; expected a client that \
             has this address for its proxy and asks for {}",
            self.told()
        )
    }

    /// The systems in words.
    pub(super) fn told(&self) -> String {
        let all = self.0.iter().map(|it| {
            let own = it.vendor.surface.hosts.iter().map(|it| it.pattern().to_string());
            let hosts = [it.upstream.authority.clone()].into_iter().chain(own);
            format!("{} ({})", hosts.collect::<Vec<_>>().join(", "), it.vendor.surface.vendor)
        });
        all.collect::<Vec<_>>().join("; ")
    }
}

/// The host that a request names itself.
fn asked_for(request: &Request) -> Option<(Host, Option<u16>)> {
    let text = request.header(&header::HOST)?;
    let uri: Uri = format!("http://{text}/").parse().ok()?;
    Some((uri.host()?.parse().ok()?, uri.port_u16()))
}
