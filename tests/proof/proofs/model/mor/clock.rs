//! What happens by the clock: campaigns dial.

use std::collections::BTreeSet;

use super::super::{Body, Expected};
use super::Mor;
use super::campaign::{Call, FarEnd, OnCall, Outcome, Status};

/// What happens by the clock.
impl Mor {
    pub(super) fn advance(&mut self, by_ms: i64) -> Expected {
        let till_ms = self.now_ms + by_ms;
        let mut states = BTreeSet::new();
        while let Some((at_ms, nth)) = self.next_due().filter(|(at_ms, _)| *at_ms <= till_ms) {
            self.now_ms = at_ms;
            if self.campaigns[nth].on_call.is_some() {
                self.hang_up(nth, &mut states);
            } else {
                self.dial(nth, &mut states);
            }
        }
        self.now_ms = till_ms;
        if self.campaigns.iter().any(|it| it.on_call.is_some()) {
            states.insert("call in progress");
        }
        let expected = Expected::ok("advance", Body::Any);
        Expected { states: states.into_iter().collect(), ..expected }
    }

    /// A campaign is on one call at a time, and dials again behind it.
    pub(super) fn next_due(&self) -> Option<(i64, usize)> {
        let timers = self.campaigns.iter().enumerate().filter_map(|(nth, it)| {
            let timer = it.on_call.as_ref().map(|it| it.ends).or(it.next_dial)?;
            Some((timer, nth))
        });
        timers.min().map(|((at_ms, _), nth)| (at_ms, nth))
    }

    pub(super) fn hang_up(&mut self, nth: usize, states: &mut BTreeSet<&'static str>) {
        let now_ms = self.now_ms;
        let Some(on_call) = self.campaigns[nth].on_call.take() else { return };
        let far_end = on_call.far_end;
        let campaign = &mut self.campaigns[nth];
        if far_end.outcome == Outcome::Answered {
            campaign.numbers[on_call.number].complete(now_ms);
            states.insert("number is completed");
        }
        self.calls.push(Call {
            campaign: campaign.id,
            at_ms: on_call.began_ms,
            outcome: far_end.outcome,
            billed_s: far_end.talk_s,
        });
        if campaign.running {
            let at_ms = now_ms + campaign.wait_ms;
            self.campaigns[nth].next_dial = Some(self.timer(at_ms));
        }
    }

    pub(super) fn dial(&mut self, nth: usize, states: &mut BTreeSet<&'static str>) {
        let now_ms = self.now_ms;
        let campaign = &mut self.campaigns[nth];
        campaign.next_dial = None;
        if !self.settings.auto_dial {
            states.insert("campaign does not dial");
            return;
        }
        if !self.users[campaign.user].can_pay() {
            states.insert("campaign waits for its user");
            return;
        }
        if let Some(at_ms) = campaign.closed_until(now_ms) {
            states.insert("campaign waits for its hours");
            self.campaigns[nth].next_dial = Some(self.timer(at_ms));
            return;
        }
        if let Some(number) = campaign.next_number(now_ms) {
            let again = campaign.numbers[number].status == Status::Executed;
            states.insert(if again { "number is dialled again" } else { "number is dialled" });
            campaign.numbers[number].dial(now_ms);
            let far_end = FarEnd::of(&campaign.numbers[number].text);
            let ends = self.timer(now_ms + (far_end.ring_s + far_end.talk_s) * 1000);
            self.campaigns[nth].on_call = Some(OnCall { number, began_ms: now_ms, ends, far_end });
            return;
        }
        states.insert("campaign waits for numbers");
        if let Some(at_ms) = campaign.next_retry_ms() {
            self.campaigns[nth].next_dial = Some(self.timer(at_ms));
        }
    }
}
