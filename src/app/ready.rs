//! The ready line: one line of JSON with every address.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::app::error::AppError;
use crate::contract::vendor::{Vendor, Vendors};
use crate::net::hosts::Hosts;
use crate::sim::worlds::Worlds;
use crate::sim::worlds::name::DEFAULT;
use crate::web::certificate::Certificate;

/// A listener that is bound.
#[derive(Debug)]
pub(super) struct BoundTo {
    pub(super) listener: TcpListener,
    /// The one vendor that it is for; all where `None`.
    pub(super) vendor: Option<&'static Vendor>,
    /// Whether it is the second of a pair that is named by its first.
    pub(super) is_second: bool,
}

fn address(listener: &TcpListener) -> Result<String, AppError> {
    let address = listener.local_addr();
    let cannot = |source| AppError::System { what: "tell the address of a listener", source };
    address.map(|address| format!("http://{address}")).map_err(cannot)
}

/// The listeners that are for all vendors.
fn shared(listeners: &[BoundTo]) -> impl Iterator<Item = &BoundTo> {
    listeners.iter().filter(|bound| !bound.is_second && bound.vendor.is_none())
}

/// Where each vendor is served; one without any listener is served nowhere.
pub(super) fn addresses(
    vendors: Vendors,
    listeners: &[BoundTo],
) -> Result<BTreeMap<&'static str, String>, AppError> {
    let mut all = BTreeMap::new();
    for vendor in vendors.0 {
        let surface = vendor.surface;
        let is_own = |bound: &&BoundTo| {
            let is_its = |own: &'static Vendor| own.surface.vendor == surface.vendor;
            !bound.is_second && bound.vendor.is_some_and(is_its)
        };
        let own = listeners.iter().find(is_own).or_else(|| shared(listeners).next());
        let Some(bound) = own else { continue };
        let path = surface.prefixes.first().copied().unwrap_or("/");
        all.insert(surface.vendor, format!("{}{path}", address(&bound.listener)?));
    }
    Ok(all)
}

/// One JSON line with every address.
pub(super) fn ready_line(
    worlds: &Worlds,
    scenario: &str,
    admin: &TcpListener,
    listeners: &[BoundTo],
    vendors: &BTreeMap<&'static str, String>,
    trusted: Option<&Certificate>,
    hosts: &Hosts,
) -> Result<Value, AppError> {
    let listen = shared(listeners).map(|bound| address(&bound.listener));
    let mut listen = listen.collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = worlds.all().iter().map(|world| world.name().to_owned()).collect();
    let seed = worlds.get(DEFAULT).map(|world| world.facts().seed);
    let listen: Value = if listen.len() == 1 { listen.remove(0).into() } else { listen.into() };
    let admin = address(admin)?;
    let hosts = worlds.vendors().0.iter().map(|vendor| {
        let name = vendor.surface.vendor;
        let of_vendor = hosts.of_vendor(name).map(|host| Value::from(host.to_string()));
        (name.to_owned(), of_vendor.collect::<Value>())
    });
    let hosts: Map<String, Value> = hosts.collect();
    let ca =
        trusted.map(|it| json!({ "url": format!("{admin}/ca.pem"), "sha256": it.fingerprint() }));
    Ok(json!({
        "ready": true,
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "admin": admin,
        "page": format!("{admin}/"),
        "listen": listen,
        "vendors": vendors,
        "worlds": names,
        "scenario": scenario,
        "seed": seed,
        "ca": ca,
        "hosts": hosts,
    }))
}
