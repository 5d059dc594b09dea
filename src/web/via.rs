//! What a request asked of the listener as its proxy: another host than the listener's own.
//!
//! Not here: who is led where (`net::front`), and how it is done (`net::proxy`).

use http::StatusCode;

use crate::web::host_pattern::Host;

/// The host that a request is for, where it came by way of the listener as its client's proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    pub host: Host,
    pub port: u16,
    pub way: Way,
    /// The world that the client named as its user at the proxy.
    pub world: Option<String>,
    /// Whether it is the listener itself that is asked for.
    pub is_own: bool,
}

/// How another host is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// `CONNECT host:port`: whatever is said then.
    Tunnel,
    /// `GET http://host/path`.
    Plain,
    /// `GET https://host/path`: the proxy is to speak TLS.
    Secure,
}

/// Which hosts of nobody's clients are let through to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    #[default]
    Nobody,
    /// This machine, for clients that know no exception from their proxy: PHP's streams. They could ask it by
    /// themselves.
    ThisMachine,
    Everybody,
}

impl Reach {
    /// Whether that is among them.
    pub(crate) fn has(self, host: &Host) -> bool {
        match self {
            Reach::Nobody => false,
            Reach::ThisMachine => host.is_this_machine(),
            Reach::Everybody => true,
        }
    }
}

/// Where a client is led that asks for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The listener answers for the host.
    Here,
    /// To the host itself, untouched.
    Elsewhere,
    /// Nowhere, and why.
    Refused { status: StatusCode, reason: String },
}

impl Via {
    /// The host with its port.
    pub fn address(&self) -> String {
        match &self.host {
            Host::Address(std::net::IpAddr::V6(address)) => format!("[{address}]:{}", self.port),
            host => format!("{host}:{}", self.port),
        }
    }
}
