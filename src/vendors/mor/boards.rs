//! How the tables of the vendor are shown to people.

use crate::contract::board::Board;

pub(super) const BOARDS: &[Board] = &[
    Board {
        table: "campaigns",
        title: "Campaigns",
        lane: Some("running"),
        head: Some("name"),
        lanes: &["1", "0"],
        lines: &["{user_id>users.username}", "{numbers} numbers"],
        ..Board::BARE
    },
    Board {
        table: "numbers",
        title: "Numbers",
        lane: Some("status"),
        since: Some("executed_ms"),
        head: Some("number"),
        lanes: &["new", "executed", "completed"],
        lines: &["{campaign_id>campaigns.name}"],
        ..Board::BARE
    },
    Board {
        table: "calls",
        title: "Calls",
        lane: Some("disposition"),
        head: Some("number"),
        lanes: &["answered", "no_answer", "busy", "failed"],
        lines: &["{campaign_id>campaigns.name}"],
        columns: &[
            "id",
            "campaign_id>campaigns.name",
            "number",
            "at_ms",
            "disposition",
            "billed_s",
        ],
        ..Board::BARE
    },
];
