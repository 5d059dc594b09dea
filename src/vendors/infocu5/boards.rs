//! How the tables of the vendor are shown to people.

use crate::contract::board::Board;

pub(super) const BOARDS: &[Board] = &[
    Board {
        table: "agents",
        title: "Agents",
        lane: Some("active"),
        head: Some("name_last"),
        lanes: &["1", "0"],
        lines: &["{name_first} {name_last}", "affiliate {affiliate_id>affiliates.name}"],
        ..Board::BARE
    },
    Board {
        table: "calls",
        title: "Calls",
        columns: &["id", "date", "campaign_id>campaigns.name", "agent_id>agents.name_last"],
        ..Board::BARE
    },
    Board {
        table: "campaigns",
        title: "Campaigns",
        columns: &["id", "name", "affiliate_id>affiliates.name", "active"],
        ..Board::BARE
    },
];
