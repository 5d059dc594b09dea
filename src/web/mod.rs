//! HTTP as values: what came in, what goes out. No sockets, no worlds, no vendors.

pub(crate) mod answer;
pub(crate) mod certificate;
pub(crate) mod curl;
pub(crate) mod delivery;
pub(crate) mod diagnosis;
pub(crate) mod exchange;
pub(crate) mod handshake;
pub(crate) mod har;
pub(crate) mod host_pattern;
pub(crate) mod json_once;
pub(crate) mod mask;
pub(crate) mod message;
pub(crate) mod multipart;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod pem;
pub(crate) mod route;
pub(crate) mod stream;
pub(crate) mod trust;
pub(crate) mod via;
pub(crate) mod xml;
