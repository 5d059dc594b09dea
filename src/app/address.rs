//! Addresses to listen on, as people write them.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use tokio::net::TcpListener;

use crate::app::error::AppError;
use crate::web::host_pattern::{Host, HostPattern};

/// An address to listen on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    At(SocketAddr),
    /// `localhost`: this port of both loopback addresses, as clients may try either.
    Localhost {
        port: u16,
    },
}

impl FromStr for Address {
    type Err = String;

    /// `127.0.0.1:8080`, `localhost:8080`, with `http://` before it or not.
    fn from_str(text: &str) -> Result<Self, String> {
        let bare = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
        let localhost = bare.strip_prefix("localhost:").map(str::parse::<u16>);
        match (localhost, bare.parse::<SocketAddr>()) {
            (Some(Ok(port)), _) => Ok(Address::Localhost { port }),
            (_, Ok(address)) => Ok(Address::At(address)),
            _ => Err(format!(
                "{text:?} is no address and port; expected such as 127.0.0.1:8080 or localhost:8080"
            )),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::At(address) => address.fmt(out),
            Address::Localhost { port } => write!(out, "localhost:{port}"),
        }
    }
}

impl Address {
    /// Whether nobody on another machine reaches it.
    pub(super) fn is_loopback(self) -> bool {
        match self {
            Address::At(address) => address.ip().is_loopback(),
            Address::Localhost { .. } => true,
        }
    }

    /// The one host that it is at, where it is one that others may ask for.
    pub(super) fn host(self) -> Option<HostPattern> {
        match self {
            Address::At(address) if !address.ip().is_unspecified() && !self.is_loopback() => {
                Some(HostPattern::One(Host::Address(address.ip())))
            }
            Address::At(_) | Address::Localhost { .. } => None,
        }
    }

    /// Whether listening here takes a socket address.
    fn takes(self, other: SocketAddr) -> bool {
        match self {
            Address::At(own) => {
                let is_all = own.ip().is_unspecified() || other.ip().is_unspecified();
                own.port() == other.port() && (is_all || own.ip() == other.ip())
            }
            Address::Localhost { port } => port == other.port() && other.ip().is_loopback(),
        }
    }

    /// Listens there. Of `localhost` the first is the one to name, and the other has its port.
    pub(super) async fn bind(self, flag: &'static str) -> Result<Vec<TcpListener>, AppError> {
        let port = match self {
            Address::At(address) => return Ok(vec![bind(address, flag).await?]),
            Address::Localhost { port } => port,
        };
        let first = bind((IpAddr::from(Ipv4Addr::LOCALHOST), port).into(), flag).await?;
        let local = first.local_addr();
        let cannot = |source| AppError::System { what: "tell the address of a listener", source };
        let port = local.map_err(cannot)?.port();
        match bind((IpAddr::from(Ipv6Addr::LOCALHOST), port).into(), flag).await {
            Ok(second) => Ok(vec![first, second]),
            // A machine without the newer protocol has one loopback address.
            Err(AppError::Bind { source, .. }) if source.kind() != io::ErrorKind::AddrInUse => {
                tracing::debug!(%source, "only one loopback address is there");
                Ok(vec![first])
            }
            Err(error) => Err(error),
        }
    }
}

async fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).await.map_err(|source| {
        let hint = match source.kind() {
            io::ErrorKind::AddrInUse => "; another program has the port: stop it, or choose another (0 takes any that is free)",
            io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege",
            io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
            _ => "",
        };
        AppError::Bind { address, flag, source, hint }
    })
}

/// Why an address could not be listened on, where that is because it was given twice: nobody else has
/// it then, and whoever looks for another program finds none.
pub(super) fn if_given_twice(error: AppError, listen: &[Address], admin: Address) -> AppError {
    let AppError::Bind { address, flag, source, hint } = error else { return error };
    let n_listen = listen.iter().filter(|it| it.takes(address)).count();
    let hint = match (source.kind(), n_listen, admin.takes(address)) {
        (io::ErrorKind::AddrInUse, 1.., true) => {
            "; Ringback itself has the port: --listen and --admin (RINGBACK_LISTEN and RINGBACK_ADMIN) \
             are the same address; give each one of its own"
        }
        (io::ErrorKind::AddrInUse, 2.., _) => {
            "; Ringback itself has the port: --listen (RINGBACK_LISTEN) names the address twice; name \
             it once"
        }
        _ => hint,
    };
    AppError::Bind { address, flag, source, hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_given_twice_is_told_as_such() {
        let at = |text: &str| text.parse::<Address>().unwrap();
        let told = |kind: io::ErrorKind, listen: &[&str], admin: &str| {
            let listen: Vec<Address> = listen.iter().map(|it| at(it)).collect();
            let address = "127.0.0.1:8081".parse().unwrap();
            let (flag, hint) = ("--listen", "; other");
            let error = AppError::Bind { address, flag, source: kind.into(), hint };
            let told = if_given_twice(error, &listen, at(admin)).to_string();
            told.rsplit("; ").next().unwrap().to_owned()
        };
        let taken = io::ErrorKind::AddrInUse;
        for both in ["127.0.0.1:8081", "localhost:8081", "0.0.0.0:8081"] {
            assert_eq!(told(taken, &[both], "localhost:8081"), "give each one of its own");
            assert_eq!(told(taken, &[both, "localhost:8081"], "localhost:1"), "name it once");
        }
        assert_eq!(told(taken, &["127.0.0.1:8081"], "localhost:8082"), "other");
        assert_eq!(told(taken, &["127.0.0.1:0"], "127.0.0.1:8081"), "other");
        let denied = io::ErrorKind::PermissionDenied;
        assert_eq!(told(denied, &["localhost:8081"], "localhost:8081"), "other");
    }

    #[test]
    fn both_forms_and_localhost_are_taken() {
        for (text, expected) in [
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("http://[::1]:80/", "[::1]:80"),
            ("localhost:8080", "localhost:8080"),
            ("http://localhost:0", "localhost:0"),
        ] {
            assert_eq!(text.parse::<Address>().map(|it| it.to_string()).as_deref(), Ok(expected));
        }
        for text in
            ["", "localhost", "localhost:x", "127.0.0.1", "https://127.0.0.1:1", "nowhere:1"]
        {
            assert!(
                text.parse::<Address>().is_err_and(|told| told.contains("no address")),
                "{text}"
            );
        }
    }
}
