//! How the tables of the vendor are shown to people.

use crate::contract::board::Board;

pub(super) const BOARDS: &[Board] = &[
    Board {
        table: "contacts",
        title: "Contacts",
        lane: Some("locked"),
        head: Some("name"),
        lanes: &["0", "1"],
        lines: &["{first_name}", "{user_data}", "campaign {campaign_id>campaigns.name}"],
        ..Board::BARE
    },
    Board {
        table: "calls",
        title: "Calls",
        columns: &[
            "id",
            "campaign_id>campaigns.name",
            "contact_id",
            "users_id",
            "number",
            "attempt",
            "far_end",
            "started_ms",
            "ended_ms",
        ],
        ..Board::BARE
    },
    Board {
        table: "campaigns",
        title: "Campaigns",
        lane: Some("running"),
        head: Some("name"),
        lanes: &["1", "0"],
        ..Board::BARE
    },
];
