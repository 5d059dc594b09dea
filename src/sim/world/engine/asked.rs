//! A request on its way to its turn at a world.

use crate::contract::operation::Routed;
use crate::contract::vendor::Vendor;
use crate::web::message::Request;

/// A request and who answers it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) vendor: &'static Vendor,
    pub(crate) request: Request,
    pub(crate) routed: Routed,
}

#[cfg(test)]
impl Asked {
    /// A request without a body to the demo's jtel, by a client that is let in.
    pub(crate) fn of_jtel(method: &str, path: &str) -> Self {
        let text = format!("{method} {path} HTTP/1.1\nAuthorization: Bearer SIMTOKEN-7A\n\n");
        let request = crate::testing::parse_request(&text);
        let mut vendors = crate::vendors::ALL.iter();
        let vendor = vendors.find(|it| it.surface.vendor == "jtel").expect("it is one of them");
        let routed = (vendor.route)(&request);
        Asked { vendor, request, routed }
    }
}
