//! A request on its way to its turn at a world.

use crate::contract::operation::Routed;
use crate::contract::vendor::Vendor;
use crate::web::message::Request;

/// A request and who answers it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) vendor: &'static Vendor,
    pub(super) request: Request,
    pub(super) routed: Routed,
}
