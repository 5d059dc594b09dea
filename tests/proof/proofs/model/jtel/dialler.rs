//! What the dialler does by itself (4.12): calls, their ends, and the tries after them. The line's
//! rules of the scenario leave nothing to chance.

use super::contact::N_PHONES;
use super::{Campaign, Jtel};

/// How long it rings, and how long somebody or something stays on the line.
pub(super) const RING_MS: i64 = 5_000;
pub(super) const TALK_MS: i64 = 60_000;
pub(super) const WRAP_UP_MS: i64 = 11_000;

/// How a number ends, what the far end does, and the cause of the line's end.
pub(super) const FAR_ENDS: [(&str, &str, i64); 7] = [
    ("0001", "busy", 17),
    ("0002", "no_answer", 19),
    ("0003", "invalid", 1),
    ("0004", "machine", 16),
    ("0005", "rejects", 21),
    ("0006", "hangs_up", 16),
    ("0007", "answers", 16),
];
/// What every other number does.
pub(super) const ELSE: (&str, i64) = ("no_answer", 19);

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) id: i64,
    pub(super) campaign: i64,
    pub(super) contact: i64,
    pub(super) history: i64,
    /// None where a call by hand found nobody free.
    pub(super) agent: Option<i64>,
    pub(super) phone: usize,
    pub(super) number: String,
    pub(super) is_by_hand: bool,
    pub(super) started: i64,
    /// When the far end ends it, or the agent's wrap-up is over.
    pub(super) until: i64,
    pub(super) ended: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) id: i64,
    pub(super) contact: i64,
    pub(super) at: i64,
    pub(super) end: Option<i64>,
    pub(super) result_code: Option<i64>,
    pub(super) call: Option<i64>,
    pub(super) is_outbound: bool,
    pub(super) agent: Option<i64>,
    pub(super) number: Option<String>,
}

pub(super) fn far_end(number: &str) -> (&'static str, i64) {
    let found = FAR_ENDS.iter().find(|(ending, ..)| number.ends_with(ending));
    found.map_or(ELSE, |(_, then, cause)| (*then, *cause))
}

/// Which number is next.
enum Choice {
    Phone(usize),
    UsedUp,
    NoNumber,
}

impl Jtel {
    /// Does what is due until then.
    pub(super) fn settle(&mut self, until: i64) {
        loop {
            let call = self.calls.iter().map(|it| (it.until, it.id)).min();
            let dial = self.due();
            match (call, dial) {
                (Some((at, id)), dial)
                    if at <= until && dial.is_none_or(|(due, _)| at <= due.max(self.now)) =>
                {
                    self.now = self.now.max(at);
                    let call = self.calls.iter().find(|it| it.id == id && !it.is_by_hand);
                    let agent = call.and_then(|it| it.agent);
                    self.call_ends(id);
                    self.next_of(agent);
                }
                (_, Some((due, id))) if due <= until => {
                    self.now = self.now.max(due);
                    self.dial(id, None);
                }
                _ => break,
            }
        }
        self.now = self.now.max(until);
    }

    /// The contact that a running campaign takes next, and when: of those whose time has come the fresh
    /// ones last.
    fn due(&self) -> Option<(i64, i64)> {
        let waiting = self.contacts.values().filter(|it| {
            !it.is_closed
                && !it.is_locked
                && Self::campaign(it.campaign).is_some_and(|it| it.is_running)
                && self.call_of(it.id).is_none()
        });
        let first = waiting
            .min_by_key(|it| (it.due > self.now, it.due == 0, it.due, it.sort_order(), it.id));
        first.map(|it| (it.due, it.id))
    }

    /// The call that a contact is on.
    pub(super) fn call_of(&self, contact: i64) -> Option<&Call> {
        self.calls.iter().find(|it| it.contact == contact && it.ended.is_none())
    }

    /// An agent who has become free takes what is due now.
    fn next_of(&mut self, agent: Option<i64>) {
        let Some(agent) = agent.filter(|it| self.is_free(*it)) else { return };
        if let Some((at, id)) = self.due()
            && at <= self.now
            && Self::campaign(self.contacts[&id].campaign)
                .is_some_and(|it| it.agents.contains(&agent))
        {
            self.dial(id, Some(agent));
        }
    }

    fn dial(&mut self, id: i64, agent: Option<i64>) {
        match self.choice(id) {
            Choice::Phone(phone) => {
                let campaign = self.contacts[&id].campaign;
                let agents = Self::campaign(campaign).map_or(&[][..], |it| it.agents);
                let free = || agents.iter().copied().find(|it| self.is_free(*it));
                if let Some(agent) = agent.or_else(free) {
                    self.call(id, phone, Some(agent), false);
                }
            }
            Choice::UsedUp => self.give_up(id, None, |it| it.used_up_code),
            Choice::NoNumber => self.give_up(id, None, |it| it.no_number_code),
        }
    }

    pub(super) fn is_free(&self, agent: i64) -> bool {
        self.calls.iter().all(|it| it.agent != Some(agent))
    }

    pub(super) fn call(
        &mut self,
        id: i64,
        phone: usize,
        agent: Option<i64>,
        is_by_hand: bool,
    ) -> i64 {
        let (call, history) = (self.next_call(), self.next_history());
        let Some(contact) = self.contacts.get_mut(&id) else { return call };
        contact.tries[phone] += 1;
        let number = contact.phone(phone).to_owned();
        let (then, _) = far_end(&number);
        let talk = if ["machine", "answers"].contains(&then) { TALK_MS } else { 0 };
        self.history.push(History {
            id: history,
            contact: id,
            at: self.now,
            end: None,
            result_code: None,
            call: Some(call),
            is_outbound: true,
            agent,
            number: Some(number.clone()),
        });
        self.calls.push(Call {
            id: call,
            campaign: contact.campaign,
            contact: id,
            history,
            agent,
            phone,
            number,
            is_by_hand,
            started: self.now,
            until: self.now + RING_MS + talk,
            ended: None,
        });
        call
    }

    fn call_ends(&mut self, id: i64) {
        let Some(at) = self.calls.iter().position(|it| it.id == id) else { return };
        if self.calls[at].ended.is_some() {
            self.calls.remove(at);
            return;
        }
        let (then, _) = far_end(&self.calls[at].number);
        let call = self.hang_up(at);
        let Some(contact) = self.contacts.get(&call.contact) else { return };
        let campaign = Self::campaign(contact.campaign).cloned();
        let Some(campaign) = campaign else { return };
        match then {
            "answers" => self.outcome(call.contact, Some(call.history), campaign.answer_code, None),
            "invalid" => self.try_again(call.contact, call.history, 0),
            "machine" => self.try_again(call.contact, call.history, campaign.pause_mailbox),
            "busy" | "rejects" => self.try_again(call.contact, call.history, campaign.pause_busy),
            _ => self.try_again(call.contact, call.history, campaign.pause_no_answer),
        }
    }

    /// The line is down; somebody was spoken to, then there is a wrap-up.
    pub(super) fn hang_up(&mut self, at: usize) -> Call {
        let call = &mut self.calls[at];
        let (then, cause) = far_end(&call.number);
        call.ended = Some(self.now);
        call.until = self.now + WRAP_UP_MS;
        let call = call.clone();
        if then != "answers" || call.agent.is_none() {
            self.calls.remove(at);
        }
        if let Some(row) = self.history.iter_mut().find(|it| it.id == call.history) {
            row.end = Some(self.now);
        }
        if let Some(contact) = self.contacts.get_mut(&call.contact) {
            contact.causes[call.phone] = Some(cause);
            contact.invalid[call.phone] |= then == "invalid";
            if then == "machine" || contact.mailbox.is_some() {
                contact.mailbox = Some(then == "machine");
            }
        }
        call
    }

    /// A result code is recorded, with the call that it is of; closes, or asks for another try.
    pub(super) fn outcome(
        &mut self,
        contact: i64,
        history: Option<i64>,
        code: i64,
        at: Option<i64>,
    ) {
        let now = self.now;
        if let Some(row) = self.history.iter_mut().find(|it| Some(it.id) == history) {
            row.result_code = Some(code);
        }
        let delay = Self::code(code).map_or(0, |it| it.delay);
        if let Some(contact) = self.contacts.get_mut(&contact) {
            contact.result_code = Some(code);
            contact.is_closed = delay == 0;
            let again = (delay > 0).then(|| at.unwrap_or(now + delay));
            contact.next_try = again;
            contact.due = again.unwrap_or(0);
        }
    }

    fn try_again(&mut self, id: i64, history: i64, pause: i64) {
        let now = self.now;
        match self.choice(id) {
            Choice::Phone(_) => {
                if let Some(contact) = self.contacts.get_mut(&id) {
                    contact.due = now + pause;
                    contact.next_try = (pause > 0).then_some(now + pause);
                }
            }
            Choice::UsedUp => self.give_up(id, Some(history), |it| it.used_up_code),
            Choice::NoNumber => self.give_up(id, Some(history), |it| it.no_number_code),
        }
    }

    fn give_up(&mut self, id: i64, history: Option<i64>, code: impl Fn(&Campaign) -> i64) {
        let campaign = self.contacts.get(&id).map_or(0, |it| it.campaign);
        if let Some(code) = Self::campaign(campaign).map(code) {
            if history.is_none() {
                self.note(id, code);
            }
            self.outcome(id, history, code, None);
        }
    }

    /// A result code without a call.
    pub(super) fn note(&mut self, contact: i64, code: i64) {
        let id = self.next_history();
        self.history.push(History {
            id,
            contact,
            at: self.now,
            end: None,
            result_code: Some(code),
            call: None,
            is_outbound: true,
            agent: None,
            number: None,
        });
    }

    /// The number with the fewest tries, of those that are not known to be bad.
    fn choice(&self, id: i64) -> Choice {
        let contact = &self.contacts[&id];
        let Some(campaign) = Self::campaign(contact.campaign) else { return Choice::NoNumber };
        let good =
            (0..N_PHONES).filter(|idx| !contact.phone(*idx).is_empty() && !contact.invalid[*idx]);
        let good: Vec<usize> = good.collect();
        if good.is_empty() {
            return Choice::NoNumber;
        }
        let open = good.into_iter().filter(|idx| contact.tries[*idx] < campaign.tries_per_number);
        match open.min_by_key(|idx| contact.tries[*idx]) {
            Some(phone) if contact.n_tries() < campaign.tries => Choice::Phone(phone),
            _ => Choice::UsedUp,
        }
    }
}
