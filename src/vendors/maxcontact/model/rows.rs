//! What lists are made of: read by the store, written by the wire.

use serde_json::{Map, Value};

use crate::base::time::Instant;

/// An agent in the list of users.
pub(crate) struct AgentName {
    pub(crate) id: i64,
    pub(crate) full_name: String,
}

/// A phone of a lead.
pub(crate) struct LeadPhone {
    pub(crate) lead_id: i64,
    /// `None` leaves the member out, as documented.
    pub(crate) phone_id: Option<i64>,
    pub(crate) number: String,
    pub(crate) type_name: String,
    pub(crate) type_id: i64,
}

/// A result code.
#[expect(clippy::struct_excessive_bools, reason = "the vendor's own six flags")]
pub(crate) struct ResultCode {
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) agent_viewable: bool,
    pub(crate) call_again: bool,
    pub(crate) callback: bool,
    pub(crate) success: bool,
    pub(crate) system: bool,
    pub(crate) transfer: bool,
    pub(crate) id: i64,
    pub(crate) sales: i64,
    pub(crate) status_id: i64,
    pub(crate) success_type: i64,
}

/// A skill queue.
pub(crate) struct AcdQueue {
    pub(crate) id: i64,
    pub(crate) record: Map<String, Value>,
    pub(crate) began: Instant,
}

/// A campaign: 61 members, most of them the engine's own.
pub(crate) struct Campaign {
    pub(crate) id: i64,
    pub(crate) auto_record: bool,
    pub(crate) list_id: i64,
    pub(crate) record: Map<String, Value>,
    pub(crate) began: Instant,
}
