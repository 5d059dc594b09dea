//! Which sockets there are to be inside, and what each is for. Written to a file for the guard, a line
//! each.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::str::FromStr;

use crate::web::host_pattern::Host;

/// Where the vendors' hosts are inside. Not 127.0.0.1: with that alone, resolvers that ask only for
/// families which the machine has find no name at all.
pub(crate) const VENDORS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Addresses that may be allowed. With our own sockets they have to go into one message, which takes
/// 253 descriptors.
pub(crate) const ALLOWED_MAX: usize = 128;

const HTTP: u16 = 80;
const HTTPS: u16 = 443;
const NAMES: u16 = 53;

/// What a socket inside is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The vendors, under their own ports and whatever address.
    Vendors,
    /// The listener for the vendors' clients that is outside as well.
    Listener,
    /// The control plane.
    Admin,
    /// Whoever looks up a name.
    Names,
    /// The host's port that is let through, by its place among those.
    Allowed(usize),
}

/// A socket inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Door {
    pub(crate) purpose: Purpose,
    pub(crate) address: SocketAddr,
}

/// A host's port that is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) host: Host,
    pub(crate) port: u16,
}

/// A socket that the guard has made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) purpose: Purpose,
    pub(crate) socket: OwnedFd,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan(pub(crate) Vec<Door>);

impl FromStr for Allowed {
    type Err = String;

    /// Reads `127.0.0.1:5432`, `[::1]:5432` or `db:5432`.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected a host and a port from 1 to 65535, such as 127.0.0.1:5432";
        let read = text.rsplit_once(':').and_then(|(host, port)| {
            let port = port.parse().ok().filter(|port| *port != 0)?;
            Some((host.parse::<Host>().ok()?, port))
        });
        let (host, port) = read.ok_or_else(|| format!("{text:?} is no address; {expected}"))?;
        if [HTTP, HTTPS].contains(&port) {
            return Err(format!(
                "{text:?}: ports {HTTP} and {HTTPS} are the vendors' there, whatever the address"
            ));
        }
        match host {
            Host::Address(address) if address.is_unspecified() => {
                Err(format!("{text:?} is every address; {expected}"))
            }
            host => Ok(Allowed { host, port }),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Address(address) => SocketAddr::new(*address, self.port).fmt(out),
            Host::Name(name) => write!(out, "{name}:{}", self.port),
        }
    }
}

impl Allowed {
    /// Where it is inside: at its own address, and a host that has a name at one of its own, which is
    /// written beside the name.
    pub(crate) fn inside(&self, place: usize) -> SocketAddr {
        let ip = match &self.host {
            Host::Address(address) => *address,
            Host::Name(name) if name == "localhost" => Ipv4Addr::LOCALHOST.into(),
            Host::Name(_) => {
                let place = u8::try_from(place).unwrap_or(u8::MAX);
                Ipv4Addr::new(127, 0, 1, place).into()
            }
        };
        SocketAddr::new(ip, self.port)
    }
}

impl Plan {
    /// Ours, and what is let through.
    ///
    /// # Errors
    /// Where two are to be at one address.
    pub(crate) fn new(
        listener: SocketAddr,
        admin: SocketAddr,
        allowed: &[Allowed],
    ) -> Result<Self, String> {
        let any = |ip: IpAddr, port| SocketAddr::new(ip, port);
        let (v4, v6) = (Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into());
        let mut doors = vec![
            Door { purpose: Purpose::Vendors, address: any(v4, HTTP) },
            Door { purpose: Purpose::Vendors, address: any(v4, HTTPS) },
            Door { purpose: Purpose::Vendors, address: any(v6, HTTP) },
            Door { purpose: Purpose::Vendors, address: any(v6, HTTPS) },
            Door { purpose: Purpose::Names, address: any(v4, NAMES) },
            Door { purpose: Purpose::Listener, address: listener },
            Door { purpose: Purpose::Admin, address: admin },
        ];
        if allowed.len() > ALLOWED_MAX {
            return Err(format!("{} addresses; expected up to {ALLOWED_MAX}", allowed.len()));
        }
        for (place, it) in allowed.iter().enumerate() {
            let address = it.inside(place);
            match doors.iter().find(|door| door.address == address) {
                Some(Door { purpose: Purpose::Allowed(_), .. }) => {}
                Some(_) => return Err(format!("{it}: this program has that address itself")),
                None => doors.push(Door { purpose: Purpose::Allowed(place), address }),
            }
        }
        Ok(Plan(doors))
    }

    /// Reads what `fmt` writes, as far as sockets are made of it: addresses, names among them.
    pub(super) fn read(text: &str) -> Option<Vec<(bool, SocketAddr)>> {
        let line = |line: &str| {
            let (kind, address) = line.split_once(' ')?;
            Some((kind == "udp", address.parse().ok()?))
        };
        text.lines().map(line).collect()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for door in &self.0 {
            let kind = if door.purpose == Purpose::Names { "udp" } else { "tcp" };
            writeln!(out, "{kind} {}", door.address)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_let_through_is_a_host_and_a_port() {
        for (text, expected) in [
            ("127.0.0.1:5432", "127.0.0.1:5432"),
            ("[::1]:5432", "[::1]:5432"),
            ("DB.example.test:5432", "127.0.1.7:5432"),
            ("localhost:5432", "127.0.0.1:5432"),
        ] {
            let allowed: Allowed = text.parse().unwrap();
            assert_eq!(allowed.inside(7).to_string(), expected, "{text}");
        }
        for text in ["", "5432", "db", "db:", "db:0", "db:65536", ":1", "a b:1"] {
            let told = text.parse::<Allowed>().unwrap_err();
            assert!(told.contains("expected a host and a port"), "{text}: {told}");
        }
        assert!("127.0.0.1:443".parse::<Allowed>().unwrap_err().contains("vendors'"));
        assert!("0.0.0.0:5".parse::<Allowed>().unwrap_err().contains("every address"));
    }

    #[test]
    fn no_two_are_at_one_address() {
        let (listener, admin) = ("127.0.0.1:8080", "127.0.0.1:8081");
        let plan = |allowed: &[&str]| {
            let allowed: Vec<Allowed> = allowed.iter().map(|it| it.parse().unwrap()).collect();
            Plan::new(listener.parse().unwrap(), admin.parse().unwrap(), &allowed)
        };
        let made = plan(&["127.0.0.1:5432", "127.0.0.1:5432", "db:5432", "other:5432"]).unwrap();
        assert_eq!(made.0.len(), 10);
        let read = Plan::read(&made.to_string()).unwrap();
        assert_eq!(read.len(), made.0.len());
        assert_eq!(read.iter().filter(|(is_udp, _)| *is_udp).count(), 1);
        assert!(plan(&[listener]).unwrap_err().contains("has that address"));
    }
}
