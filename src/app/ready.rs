//! The ready line: one line of JSON with every address.

use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

use crate::app::error::AppError;
use crate::contract::vendor::{Vendor, Vendors};
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

/// Where vendors are served.
#[derive(Clone, Debug)]
pub(super) struct Served {
    /// The addresses that all vendors share.
    pub(super) listen: Vec<String>,
    /// The base URL of each vendor that is served anywhere.
    pub(super) vendors: Map<String, Value>,
}

fn address(listener: &TcpListener) -> Result<String, AppError> {
    let address = listener.local_addr();
    let cannot = |source| AppError::System { what: "tell the address of a listener", source };
    address.map(|address| format!("http://{address}")).map_err(cannot)
}

/// Where the vendors are served by these listeners.
pub(super) fn served(vendors: Vendors, listeners: &[BoundTo]) -> Result<Served, AppError> {
    let mut listen = Vec::new();
    let mut urls = Map::new();
    let listeners: Vec<&BoundTo> = listeners.iter().filter(|bound| !bound.is_second).collect();
    for bound in listeners.iter().filter(|bound| bound.vendor.is_none()) {
        listen.push(address(&bound.listener)?);
    }
    for vendor in vendors.0 {
        let surface = vendor.surface;
        let is_own = |bound: &&&BoundTo| {
            bound.vendor.is_some_and(|own| own.surface.vendor == surface.vendor)
        };
        let own =
            listeners.iter().find(is_own).map(|bound| address(&bound.listener)).transpose()?;
        // A vendor without any listener is served nowhere.
        let Some(base) = own.or_else(|| listen.first().cloned()) else { continue };
        let path = surface.prefixes.first().copied().unwrap_or("/");
        urls.insert(surface.vendor.into(), format!("{base}{path}").into());
    }
    Ok(Served { listen, vendors: urls })
}

/// One JSON line with every address.
pub(super) fn ready_line(
    worlds: &Worlds,
    scenario: &str,
    admin: &TcpListener,
    served: &Served,
    trusted: Option<&Certificate>,
) -> Result<Value, AppError> {
    let Served { listen, vendors } = served;
    let names: Vec<String> = worlds.all().iter().map(|world| world.name().to_owned()).collect();
    let seed = worlds.get(DEFAULT).map(|world| world.facts().seed);
    let listen: Value = match listen.as_slice() {
        [one] => one.as_str().into(),
        all => all.into(),
    };
    let admin = address(admin)?;
    let hosts = worlds.vendors().0.iter().map(|vendor| {
        let name = vendor.surface.vendor;
        let of_vendor = worlds.hosts().of_vendor(name).into_iter();
        let of_vendor = of_vendor.map(|host| Value::from(host.to_string()));
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
