//! How the tables of the vendor are shown to people.

use crate::contract::board::Board;

pub(super) const BOARDS: &[Board] = &[
    Board {
        table: "opt_ins",
        title: "Opt-ins",
        columns: &["id", "offer>offers.name", "caller>callers.name", "call>calls.name", "at"],
        ..Board::BARE
    },
    Board {
        table: "calls",
        title: "Calls",
        columns: &["uid", "name", "start", "end", "n_callers"],
        ..Board::BARE
    },
    Board {
        table: "callers",
        title: "Callers",
        columns: &["uid", "call>calls.name", "name", "ani", "email", "joined"],
        ..Board::BARE
    },
];
