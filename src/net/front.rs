//! The vendor listener: finds the world and the vendor that a request is for.
//!
//! The world: the listener's own, else path prefix `/w/{world}/…`, else the user whom the client named
//! to the listener as its proxy, else `Host: {world}.localhost`, else header `X-Ringback-World`, else
//! the one that has claimed a credential of the request, else `default`. The vendor: the listener's own, else a `Host` that is one of the vendor's real hosts,
//! else path prefix `/{vendor}/…`, else the vendor's native paths. Prefixes are not seen by the
//! vendor. What is named and not there never falls through to something else: it is answered in
//! plain words of our own and noted.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::base::nearest::nearest;
use crate::contract::near::nearest_of_vendors;
use crate::contract::operation::Routed;
use crate::contract::reply::Why;
use crate::contract::vendor::Vendor;
use crate::contract::vendor::Vendors;
use crate::sim::world::World;
use crate::sim::worlds::hosts::Hosts;
use crate::sim::worlds::name::DEFAULT;
use crate::sim::worlds::{MakeError, Worlds};
use crate::web::answer::{Answer, Answered};
use crate::web::handshake::FailedHandshake;
use crate::web::message::{Request, Response};
use crate::web::via::{Lead, Reach, Via, Way};

/// The header that names a world.
pub(crate) const WORLD_HEADER: HeaderName = HeaderName::from_static("x-ringback-world");

/// The header with the reason of a refusal, sent only where it was asked for.
const WHY_HEADER: HeaderName = HeaderName::from_static("x-ringback-why");

/// What a host that names a world ends in.
const LOCALHOST: &str = ".localhost";

/// The vendor listener.
#[derive(Debug)]
pub struct Front {
    pub worlds: Arc<Worlds>,
    /// Whether refusals carry their reason in a header.
    pub explain_header: bool,
    /// The world whose own this listener is.
    pub world: Option<Arc<World>>,
    /// The vendor whose own this listener is.
    pub vendor: Option<&'static Vendor>,
    /// Which hosts that are no vendor's clients are let through to.
    pub(crate) reach: Reach,
}

/// What a request is for.
type Chosen = (Arc<World>, &'static Vendor, Routed);

impl Answer for Front {
    async fn answer(&self, mut request: Request) -> Answered {
        let mut chosen = self.choose(&mut request);
        if let Err(Untaken { unreadable: Some(name), .. }) = &chosen
            && self.worlds.reopen(name).await
        {
            // It is read anew, from before its prefixes.
            request.path_start = 0;
            chosen = self.choose(&mut request);
        }
        let (world, vendor, routed) = match chosen {
            Ok(chosen) => chosen,
            Err(Untaken { world: Some(world), reason, .. }) => {
                return untaken(&world, &request, reason).await.into();
            }
            Err(Untaken { unreadable: Some(_), reason, .. }) => {
                return self.refuse(request, StatusCode::SERVICE_UNAVAILABLE, reason).into();
            }
            Err(Untaken { reason, names_none, .. }) => {
                if let (true, Some(world)) = (names_none, self.strict_default().await) {
                    return untaken(&world, &request, reason).await.into();
                }
                return self.refuse(request, StatusCode::NOT_FOUND, reason).into();
            }
        };
        let (sent, stream) = world.exchange(vendor, request, routed).await;
        let mut response = sent.response;
        if let (true, Some(why)) = (self.explain_header, sent.why)
            && let Some(value) = explained(&world, &why).await
        {
            response.headers.push((WHY_HEADER, value));
        }
        Answered { response, stream, delivery: sent.delivery }
    }

    fn refuse(&self, request: Request, status: StatusCode, reason: String) -> Response {
        let response = plain(status, &reason);
        let number = self.worlds.stray(&request, &response, &reason);
        // What it asked for may hold a secret, which is masked where strays are listed.
        tracing::info!(number = number.get(), "not taken; GET /v1/journal tells why");
        response
    }

    fn lead(&self, via: &Via) -> Lead {
        if let Some(name) = &via.world
            && let Err(reason) = self.proxy_user(name)
        {
            return Lead::Refused { status: StatusCode::NOT_FOUND, reason };
        }
        let host = &via.host;
        if via.is_own || self.worlds.hosts().vendor(&host.to_string()).is_some() {
            return Lead::Here;
        }
        let meant = self.worlds.hosts().meant_by(&host.to_string());
        let meant = meant.map(|it| format!("did you mean {it}? ")).unwrap_or_default();
        let ours = format!("--host VENDOR={host} has a vendor answer for it");
        let reason = match (self.reach.has(host), via.way) {
            (true, Way::Tunnel | Way::Plain) => return Lead::Elsewhere,
            (true, Way::Secure) => format!(
                "{host} is no vendor's, and what is asked of it with https:// in the request itself \
                 would have to be opened here; {meant}have the client send CONNECT, or {ours}"
            ),
            (false, _) => format!(
                "{host} is no vendor's and nobody is let through to others; {meant}{ours}, --others \
                 pass lets it through untouched"
            ),
        };
        Lead::Refused { status: StatusCode::FORBIDDEN, reason }
    }

    fn unmet(&self, failed: FailedHandshake) {
        self.worlds.stray_handshake(&failed);
        tracing::info!(cause = failed.cause.name(), "{}", failed.told());
    }
}

/// Why a request is for no vendor.
#[derive(Default)]
struct Untaken {
    /// The world that it named, in whose journal it stands then.
    world: Option<Arc<World>>,
    /// Whether it named no world at all, so that it is for the default one.
    names_none: bool,
    /// The world that it is for, where that cannot be read.
    unreadable: Option<String>,
    reason: String,
}

impl From<String> for Untaken {
    fn from(reason: String) -> Self {
        Untaken { reason, ..Untaken::default() }
    }
}

/// What is said of ourselves: no vendor's words.
fn plain(status: StatusCode, reason: &str) -> Response {
    Response::with_body(status, "text/plain; charset=utf-8", format!("ringback: {reason}\n"))
}

/// Answers a request that no vendor takes and notes it in the world that it named.
async fn untaken(world: &World, request: &Request, reason: String) -> Response {
    let response = plain(StatusCode::NOT_FOUND, &reason);
    if let Err(error) = world.untaken(request, &response, reason).await {
        tracing::error!(world = world.name(), %error, "the world cannot be opened");
    }
    response
}

/// A reason on one line, as it may be shown: clients' logs keep the headers of replies. Not told where
/// the world's secrets cannot be read.
async fn explained(world: &World, why: &Why) -> Option<HeaderValue> {
    let masker = world.masker(false).await.ok()?;
    let line = why.to_line();
    let vendor = why.rule.split_once('.').map(|(vendor, _)| vendor);
    let line = masker.of(vendor).sentence(&line);
    let plain = line.chars().map(|it| if it == ' ' || it.is_ascii_graphic() { it } else { '?' });
    HeaderValue::from_str(&plain.collect::<String>()).ok()
}

impl Front {
    /// A listener for all worlds and vendors.
    pub fn new(worlds: Arc<Worlds>, explain_header: bool) -> Self {
        Front { worlds, explain_header, world: None, vendor: None, reach: Reach::Nobody }
    }

    /// Whether a client may name a world as its user at the proxy.
    fn proxy_user(&self, name: &str) -> Result<(), String> {
        match &self.world {
            Some(own) if own.name() != name => Err(format!(
                "this listener is that of world {:?} alone, and the user at the proxy is {name:?}",
                own.name()
            )),
            Some(_) => Ok(()),
            None => self.known(name).map(drop).map_err(|untaken| untaken.reason),
        }
    }

    /// The vendor whose host a client asked for by way of the listener.
    fn vendor_by_proxy(&self, request: &Request) -> Option<&'static Vendor> {
        let via = request.via.as_ref().filter(|via| !via.is_own)?;
        self.worlds.hosts().vendor(&via.host.to_string())
    }

    /// The world and the vendor of a request, and what the vendor makes of it; moves the start of
    /// its path behind the prefixes.
    fn choose(&self, request: &mut Request) -> Result<Chosen, Untaken> {
        let named = self.named_world(request)?;
        let vendors = self.worlds.vendors();
        let vendor = match (self.vendor_by_proxy(request), self.vendor) {
            (Some(asked), _) => Some(asked),
            (None, Some(own)) => {
                strip_vendor(own, request);
                Some(own)
            }
            (None, None) => vendor(vendors, self.worlds.hosts(), request),
        };
        let Some(vendor) = vendor else {
            let (method, path) = (&request.method, request.path());
            let near = nearest_of_vendors(vendors, request);
            let hint = match near.filter(|_| path != "/") {
                Some(near) => format!("did you mean {near}?"),
                None if is_of_admin(path) => {
                    format!("that is a path of the admin listener; {}", known_paths(vendors))
                }
                None => known_paths(vendors),
            };
            let reason = format!("no vendor takes {method} {path}; {hint}");
            let names_none = named.is_none();
            return Err(Untaken { world: named, names_none, unreadable: None, reason });
        };
        let routed = (vendor.route)(request);
        let world = match named {
            Some(world) => world,
            None => match self.worlds.claimed(vendor, request, &routed) {
                Some(world) => world,
                None => self.known(DEFAULT)?,
            },
        };
        Ok((world, vendor, routed))
    }

    /// The world that a request names, or whose own the listener is.
    fn named_world(&self, request: &mut Request) -> Result<Option<Arc<World>>, Untaken> {
        let path = request.target.path();
        let in_path = path.strip_prefix("/w/").map(|rest| rest.split('/').next().unwrap_or(rest));
        let start = in_path.map_or(0, |name| "/w/".len() + name.len());
        let in_header = || {
            let value = request.headers.get(WORLD_HEADER)?;
            Some(value.to_str().unwrap_or_default())
        };
        if let Some(own) = &self.world {
            if let Some(other) = in_path.filter(|name| *name != own.name()) {
                let own = own.name();
                let reason = format!(
                    "this listener is that of world {own:?} alone, and the path names {other:?}"
                );
                return Err(reason.into());
            }
            request.path_start = start;
            return Ok(Some(Arc::clone(own)));
        }
        let in_host = || world_in_host(named_host(request)).map(Cow::Owned);
        let user = request.via.as_ref().and_then(|via| via.world.as_deref());
        let name = in_path.or(user).map(Cow::Borrowed).or_else(in_host);
        let Some(name) = name.or_else(|| in_header().map(Cow::Borrowed)) else { return Ok(None) };
        let world = self.known(&name)?;
        request.path_start = start;
        Ok(Some(world))
    }

    /// The default world where it is strict: what nobody takes is not as its run was expected.
    async fn strict_default(&self) -> Option<Arc<World>> {
        let world = self.worlds.get(DEFAULT)?;
        world.expectation().await.is_on.then_some(world)
    }

    fn known(&self, name: &str) -> Result<Arc<World>, Untaken> {
        self.worlds.get(name).ok_or_else(|| {
            if let Some(reason) = self.worlds.unreadable(name) {
                let reason = MakeError::Unreadable { name: name.to_owned(), reason }.to_string();
                let unreadable = Some(name.to_owned());
                return Untaken { unreadable, reason, ..Untaken::default() };
            }
            let worlds = self.worlds.all();
            let near = match nearest(name, worlds.iter().map(|world| world.name())) {
                Some(near) => format!("did you mean {near:?}? "),
                None => String::new(),
            };
            format!(
                "there is no world called {name:?}; {near}POST /v1/worlds on the admin listener \
                 makes one"
            )
            .into()
        })
    }
}

/// The world in `{world}.localhost`, with or without a port. Names of worlds are lower case, hosts
/// need not be.
fn world_in_host(host: &str) -> Option<String> {
    let name = host.split(':').next().unwrap_or_default();
    let at = name.len().checked_sub(LOCALHOST.len())?;
    let end = name.get(at..)?;
    (at > 0 && end.eq_ignore_ascii_case(LOCALHOST)).then(|| name[..at].to_ascii_lowercase())
}

/// Passes over `/{vendor}` at the start of a path, where the vendor is known already.
fn strip_vendor(vendor: &'static Vendor, request: &mut Request) {
    let name = vendor.surface.vendor;
    let rest = request.path().strip_prefix('/').and_then(|rest| rest.strip_prefix(name));
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        request.path_start += 1 + name.len();
    }
}

/// The vendor of a request whose path starts where its world's prefix ended.
fn vendor(vendors: Vendors, hosts: &Hosts, request: &mut Request) -> Option<&'static Vendor> {
    let surface = |vendor: &&'static Vendor| vendor.surface;
    if let Some(vendor) = hosts.vendor(without_port(named_host(request))) {
        return Some(vendor);
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

/// The host that the client asked for, as it wrote it.
fn named_host(request: &Request) -> &str {
    request.target.host().or_else(|| request.header(&header::HOST)).unwrap_or_default()
}

/// A host without its port. An IPv6 address is in brackets.
fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a path is one of the control plane's, which is at another address.
fn is_of_admin(path: &str) -> bool {
    let is_word =
        ["/livez", "/readyz", "/metrics", "/version", "/openapi.json", "/ca.pem"].contains(&path);
    let below = path.strip_prefix("/v1/").unwrap_or_default();
    is_word
        || ["worlds", "vendors", "journal", "rules"]
            .contains(&below.split('/').next().unwrap_or_default())
}

fn known_paths(vendors: Vendors) -> String {
    let known = vendors.0.iter().map(|vendor| {
        let surface = vendor.surface;
        let path = surface.prefixes.first().copied().unwrap_or("/");
        format!("{} at {path} or /{}/", surface.vendor, surface.vendor)
    });
    format!("expected {}", known.collect::<Vec<_>>().join(", "))
}
