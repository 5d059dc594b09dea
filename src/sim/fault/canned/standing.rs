//! The fixed replies of a world as they stand, with what they have counted.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sim::fault::asked::Asked;
use crate::sim::fault::canned::reply::Canned;
use crate::sim::fault::rule_id::RuleId;

/// A fixed reply in a world, with what has come of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StandingReply {
    pub(crate) reply: Canned,
    /// Requests that fitted.
    pub(crate) matched: u64,
    /// Requests that it answered.
    pub(crate) fired: u64,
}

/// The reply that answers a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answering {
    pub(crate) rule: RuleId,
    /// Which of the requests that fit it this is.
    pub(crate) nth: u64,
    pub(crate) reply: Canned,
}

/// The fixed replies of a world, in the order in which they are asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replies(pub(crate) Vec<(RuleId, StandingReply)>);

impl StandingReply {
    pub(crate) fn new(reply: Canned) -> Self {
        StandingReply { reply, matched: 0, fired: 0 }
    }

    fn is_spent(&self) -> bool {
        let on = &self.reply.on;
        on.times.is_some_and(|times| self.fired >= times)
            || on.nth.is_some_and(|nth| self.matched >= nth)
    }

    /// Counts a request that fits, and tells whether it is answered.
    fn answers(&mut self) -> bool {
        self.matched += 1;
        let on = &self.reply.on;
        on.nth.is_none_or(|nth| self.matched == nth)
            && on.every.is_none_or(|every| self.matched.is_multiple_of(every.max(1)))
    }

    /// Whether its counts make a difference.
    fn is_counted(&self) -> bool {
        let on = &self.reply.on;
        on.nth.is_some() || on.every.is_some() || on.times.is_some()
    }
}

impl Replies {
    /// The reply that answers a request, if any does, and whether any has counted it: every one that
    /// fits does.
    pub(crate) fn decide(&mut self, asked: &Asked<'_>) -> (Option<Answering>, bool) {
        let (mut answering, mut is_counted) = (None, false);
        for (id, kept) in &mut self.0 {
            if kept.is_spent() || !kept.reply.on.fits(asked.vendor, asked.call) {
                continue;
            }
            is_counted = true;
            if kept.answers() && answering.is_none() {
                kept.fired += 1;
                let (rule, nth) = (*id, kept.matched);
                answering = Some(Answering { rule, nth, reply: kept.reply.clone() });
            }
        }
        (answering, is_counted)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As rows of a scenario.
    pub(crate) fn stated(&self) -> Vec<Map<String, Value>> {
        self.0.iter().map(|(_, kept)| kept.reply.stated()).collect()
    }

    /// How many have counted a request where that makes a difference.
    pub(crate) fn n_begun(&self) -> i64 {
        let has_begun = |kept: &StandingReply| kept.matched > 0 && kept.is_counted();
        self.0.iter().map(|(_, kept)| i64::from(has_begun(kept))).sum()
    }
}
