//! How the tables of the vendor are shown to people.

use crate::contract::board::Board;

pub(super) const BOARDS: &[Board] = &[
    Board {
        table: "users",
        title: "Agents",
        lane: Some("state"),
        since: Some("since_ms"),
        head: Some("full_name"),
        lanes: &[
            "logged out",
            "not ready",
            "on break",
            "ready",
            "calling",
            "talking",
            "holding",
            "wrapping",
        ],
        lines: &["campaign {campaign_id>campaigns.name}"],
        ..Board::BARE
    },
    Board {
        table: "calls",
        title: "Calls up",
        lane: Some("state"),
        since: Some("start_ms"),
        head: Some("number"),
        lanes: &["dialling", "ringing", "connected", "on hold", "ended"],
        lines: &["{user_id>users.full_name}", "{lead_id>leads.name}", "{source}"],
        columns: &[
            "id",
            "user_id>users.full_name",
            "state",
            "source",
            "number",
            "lead_id>leads.name",
            "start_ms",
            "connected_ms",
        ],
    },
    Board {
        table: "leads",
        title: "Leads",
        lane: Some("status"),
        head: Some("name"),
        lanes: &["active", "inactive", "dnc"],
        lines: &["list {list_id>lists.name}", "{reference_id}"],
        ..Board::BARE
    },
];
