//! What is done with a world, one after the other: requests, and events outside the vendors' APIs.

use serde_json::Value;

use crate::base::time::Instant;
use crate::contract::vendor::Vendor;
use crate::recording::prepared::Prepared;

/// Something that happened outside a vendor's API.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at: Instant,
    pub(crate) vendor: &'static Vendor,
    pub(crate) name: String,
    pub(crate) fields: Value,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Move<'p> {
    Exchange(&'p Prepared),
    Event(&'p Event),
}

impl<'p> Move<'p> {
    /// When it was, where that is known.
    pub(crate) fn at(&self) -> Option<Instant> {
        match self {
            Move::Exchange(exchange) => exchange.it.started,
            Move::Event(event) => Some(event.at),
        }
    }

    pub(crate) fn exchange(&self) -> Option<&'p Prepared> {
        match self {
            Move::Exchange(exchange) => Some(exchange),
            Move::Event(_) => None,
        }
    }
}
