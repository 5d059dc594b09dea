//! The kinds of fault by themselves, without what each is told beside.

use serde::{Deserialize, Serialize};

/// What a fault does. `sim::fault::rule` says what the client sees of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Delay,
    Drip,
    Malform,
    Truncate,
    ResetAfterHead,
    LoseReply,
    Close,
    Status,
    Refuse,
    Fail,
    RateLimit,
    Reset,
    Hang,
}

/// Whether anything was done, in a word.
pub(crate) fn work_word(is_done: bool) -> &'static str {
    if is_done { "done" } else { "not done" }
}

impl Kind {
    /// All of them, in their order.
    pub const ALL: [Kind; 13] = [
        Kind::Delay,
        Kind::Drip,
        Kind::Malform,
        Kind::Truncate,
        Kind::ResetAfterHead,
        Kind::LoseReply,
        Kind::Close,
        Kind::Status,
        Kind::Refuse,
        Kind::Fail,
        Kind::RateLimit,
        Kind::Reset,
        Kind::Hang,
    ];

    /// The word for it, in scenarios and in the journal.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Delay => "delay",
            Kind::Drip => "drip",
            Kind::Malform => "malform",
            Kind::Truncate => "truncate",
            Kind::ResetAfterHead => "reset_after_head",
            Kind::LoseReply => "lose_reply",
            Kind::Close => "close",
            Kind::Status => "status",
            Kind::Refuse => "refuse",
            Kind::Fail => "fail",
            Kind::RateLimit => "rate_limit",
            Kind::Reset => "reset",
            Kind::Hang => "hang",
        }
    }

    /// Whether the request is answered as ever, and only its reply suffers.
    pub fn does_work(self) -> bool {
        match self {
            Kind::Delay
            | Kind::Drip
            | Kind::Malform
            | Kind::Truncate
            | Kind::ResetAfterHead
            | Kind::LoseReply
            | Kind::Close => true,
            Kind::Status
            | Kind::Refuse
            | Kind::Fail
            | Kind::RateLimit
            | Kind::Reset
            | Kind::Hang => false,
        }
    }

    /// Whether a reply was made, be it that it arrives or not.
    pub fn has_reply(self) -> bool {
        !matches!(self, Kind::Reset | Kind::Hang)
    }

    /// Whether a reply that was made does not reach the client whole.
    pub fn loses_reply(self) -> bool {
        matches!(self, Kind::LoseReply | Kind::ResetAfterHead | Kind::Truncate | Kind::Malform)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_kept_by_its_word() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::json!(kind), kind.word());
        }
    }
}
