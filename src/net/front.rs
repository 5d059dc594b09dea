//! The vendor listener: finds the world and the vendor that a request is for.
//!
//! The world: path prefix `/w/{world}/…`, else header `X-Ringback-World`, else `default`. The
//! vendor: a `Host` that is one of the vendor's real hosts, else path prefix `/{vendor}/…`, else the
//! vendor's native paths. Prefixes are not seen by the vendor. What is named and not there never
//! falls through to something else: it is answered in plain words of our own and noted.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::sim::vendor::Vendor;
use crate::sim::world::{Vendors, World};
use crate::sim::worlds::{DEFAULT, Worlds};
use crate::web::answer::{Answer, Answered};
use crate::web::message::{Request, Response};

/// The header that names a world.
pub const WORLD_HEADER: HeaderName = HeaderName::from_static("x-ringback-world");

/// The header with the reason of a refusal, sent only where it was asked for.
const WHY_HEADER: HeaderName = HeaderName::from_static("x-ringback-why");

/// The vendor listener.
#[derive(Debug)]
pub struct Front {
    pub worlds: Arc<Worlds>,
    /// Whether refusals carry their reason in a header.
    pub explain_header: bool,
}

impl Answer for Front {
    async fn answer(&self, mut request: Request) -> Answered {
        let (world, vendor) = match self.choose(&mut request) {
            Ok(chosen) => chosen,
            Err(reason) => return self.refuse(request, StatusCode::NOT_FOUND, reason).into(),
        };
        let routed = vendor.route(&request);
        let (sent, stream) = world.exchange(vendor, request, routed).await;
        let mut response = sent.response;
        if let (true, Some(why)) = (self.explain_header, sent.why) {
            let line = why.to_line();
            let plain: String = line
                .chars()
                .map(|it| if it == ' ' || it.is_ascii_graphic() { it } else { '?' })
                .collect();
            if let Ok(value) = HeaderValue::from_str(&plain) {
                response.headers.push((WHY_HEADER, value));
            }
        }
        Answered { response, stream, delivery: sent.delivery }
    }

    fn refuse(&self, request: Request, status: StatusCode, reason: String) -> Response {
        let body = format!("ringback: {reason}\n");
        let response = Response::with_body(status, "text/plain; charset=utf-8", body);
        tracing::info!(method = %request.method, path = request.target.path(), reason, "not taken");
        self.worlds.stray(&request, &response, &reason);
        response
    }
}

impl Front {
    /// The world and the vendor of a request; moves the start of its path behind the prefixes.
    fn choose(&self, request: &mut Request) -> Result<(Arc<World>, &'static dyn Vendor), String> {
        let world = self.world(request)?;
        let vendors = self.worlds.vendors();
        let vendor = vendor(vendors, request).ok_or_else(|| {
            let (method, path) = (&request.method, request.path());
            format!("no vendor takes {method} {path}; {}", known_paths(vendors))
        })?;
        Ok((world, vendor))
    }

    fn world(&self, request: &mut Request) -> Result<Arc<World>, String> {
        let path = request.target.path();
        let in_path = path.strip_prefix("/w/").map(|rest| rest.split('/').next().unwrap_or(rest));
        let start = in_path.map_or(0, |name| "/w/".len() + name.len());
        let name = match (in_path, request.headers.get(WORLD_HEADER)) {
            (Some(name), _) => name,
            (None, Some(value)) => value.to_str().unwrap_or_default(),
            (None, None) => DEFAULT,
        };
        let world = self.worlds.get(name).ok_or_else(|| {
            format!(
                "there is no world called {name:?}; POST /v1/worlds on the admin listener makes one"
            )
        })?;
        request.path_start = start;
        Ok(world)
    }
}

/// The vendor of a request whose path starts where its world's prefix ended.
fn vendor(vendors: Vendors, request: &mut Request) -> Option<&'static dyn Vendor> {
    let surface = |vendor: &&'static dyn Vendor| vendor.surface();
    let host = host(request);
    let by_host = vendors
        .0
        .iter()
        .find(|vendor| surface(vendor).hosts.iter().any(|known| known.matches(&host)));
    if let Some(vendor) = by_host {
        return Some(*vendor);
    }
    let path = request.path();
    let first = path.strip_prefix('/')?.split('/').next()?;
    if let Some(vendor) = vendors.find(first) {
        request.path_start += 1 + first.len();
        return Some(vendor);
    }
    let starts = |prefix: &&str| {
        let found = path.get(..prefix.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(prefix))
    };
    vendors.0.iter().find(|vendor| surface(vendor).prefixes.iter().any(starts)).copied()
}

/// The host that the client asked for, in lower case and without a port.
fn host(request: &Request) -> String {
    let named = request.target.host().or_else(|| request.header(&header::HOST)).unwrap_or_default();
    // An IPv6 address keeps its colons; no vendor's host is one.
    named.split(':').next().unwrap_or_default().to_ascii_lowercase()
}

fn known_paths(vendors: Vendors) -> String {
    let known = vendors.0.iter().map(|vendor| {
        let surface = vendor.surface();
        let path = surface.prefixes.first().copied().unwrap_or("/");
        format!("{} at {path} or /{}/", surface.vendor, surface.vendor)
    });
    format!("expected {}", known.collect::<Vec<_>>().join(", "))
}
