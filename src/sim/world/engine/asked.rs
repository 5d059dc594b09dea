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
