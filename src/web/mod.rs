//! HTTP as values: what came in, what goes out. No sockets, no worlds, no vendors.

pub mod answer;
pub mod curl;
pub mod delivery;
pub mod diagnosis;
pub mod exchange;
pub mod har;
pub mod mask;
pub mod message;
pub mod multipart;
pub mod params;
pub mod route;
pub mod stream;
pub mod xml;
