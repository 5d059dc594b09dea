//! Agents and the calls in their hands (4): states, what follows by itself, and what happens outside
//! the API.

use serde_json::{Value, json};

use super::{CAMPAIGNS, MaxContact};

const RING_AFTER_MS: i64 = 1_000;
const RING_MS: i64 = 5_000;
const TALK_MS: i64 = 60_000;
const BREAK_DELAY_MS: i64 = 30_000;

/// How a number ends, and what the far end does; every other answers.
pub(super) const FAR_ENDS: [(&str, &str); 6] = [
    ("0001", "busy"),
    ("0002", "no_answer"),
    ("0003", "invalid"),
    ("0004", "machine"),
    ("0005", "rejects"),
    ("0006", "hangs_up"),
];

pub(super) const STATES: &[&str] = &[
    "agent logged out",
    "agent not ready",
    "agent ready",
    "agent calling",
    "agent talking",
    "agent holding",
    "agent wrapping",
    "agent on break",
    "call dialling",
    "call ringing",
    "call connected",
    "call on hold",
    "call ended",
    "call bridged",
    "call disposed",
    "call dropped",
];

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    LoggedOut,
    NotReady,
    Ready,
    Calling,
    Talking,
    Holding,
    Wrapping,
    OnBreak,
}

impl State {
    pub(super) fn words(self) -> &'static str {
        self.shown().trim_start_matches("agent ")
    }

    pub(super) fn shown(self) -> &'static str {
        match self {
            State::LoggedOut => "agent logged out",
            State::NotReady => "agent not ready",
            State::Ready => "agent ready",
            State::Calling => "agent calling",
            State::Talking => "agent talking",
            State::Holding => "agent holding",
            State::Wrapping => "agent wrapping",
            State::OnBreak => "agent on break",
        }
    }
}

#[derive(Debug)]
pub(super) struct Agent {
    pub(super) id: i64,
    pub(super) campaign: Option<i64>,
    pub(super) state: State,
    pub(super) waits_for_break: bool,
    /// When the break of a ready agent begins.
    pub(super) break_at: Option<i64>,
}

impl Agent {
    pub(super) fn name(&self) -> &'static str {
        match self.id {
            101 => "Priya Shah",
            102 => "Tom Ellery",
            _ => "Una O'Neil",
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CallState {
    Dialling,
    Ringing,
    Connected,
    OnHold,
    Ended,
}

impl CallState {
    pub(super) fn number(self) -> i64 {
        match self {
            CallState::Dialling => 1,
            CallState::Ringing => 2,
            CallState::Connected => 3,
            CallState::OnHold => 4,
            CallState::Ended => 5,
        }
    }

    pub(super) fn words(self) -> &'static str {
        self.shown().trim_start_matches("call ")
    }

    pub(super) fn shown(self) -> &'static str {
        match self {
            CallState::Dialling => "call dialling",
            CallState::Ringing => "call ringing",
            CallState::Connected => "call connected",
            CallState::OnHold => "call on hold",
            CallState::Ended => "call ended",
        }
    }

    /// Nobody has answered yet.
    pub(super) fn is_early(self) -> bool {
        matches!(self, CallState::Dialling | CallState::Ringing)
    }

    pub(super) fn is_up(self) -> bool {
        matches!(self, CallState::Connected | CallState::OnHold)
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Recording {
    Off,
    On,
    Stopped,
}

impl Recording {
    pub(super) fn number(self) -> i64 {
        match self {
            Recording::Off => 0,
            Recording::On => 1,
            Recording::Stopped => 2,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Recording::Off => "not recording",
            Recording::On => "recording",
            Recording::Stopped => "stopped",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) id: i64,
    pub(super) agent: i64,
    pub(super) campaign: i64,
    pub(super) number: String,
    pub(super) lead: i64,
    pub(super) state: CallState,
    pub(super) recording: Recording,
    /// What the web agent shows.
    pub(super) button: bool,
    pub(super) start: i64,
    pub(super) connected: Option<i64>,
    /// When the far end does something next.
    pub(super) due: Option<i64>,
}

/// A call that has left its agent.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) call: i64,
    pub(super) agent: i64,
    pub(super) number: String,
    pub(super) lead: i64,
    pub(super) how: &'static str,
    pub(super) code: String,
    pub(super) notes: String,
    pub(super) sales: i64,
    pub(super) left: i64,
}

impl Past {
    pub(super) fn shown(&self) -> &'static str {
        match self.how {
            "bridged" => "call bridged",
            "disposed" => "call disposed",
            _ => "call dropped",
        }
    }
}

fn far_end(number: &str) -> &'static str {
    FAR_ENDS.iter().find(|(ending, _)| number.ends_with(ending)).map_or("answers", |it| it.1)
}

impl MaxContact {
    pub(super) fn agent(&self, id: i64) -> Option<&Agent> {
        self.agents.iter().find(|it| it.id == id)
    }

    fn agent_mut(&mut self, id: i64) -> Option<&mut Agent> {
        self.agents.iter_mut().find(|it| it.id == id)
    }

    /// A call, and that it is the agent's.
    pub(super) fn own(&self, agent: i64, call: i64) -> Option<usize> {
        self.calls.iter().position(|it| it.id == call && it.agent == agent)
    }

    /// Does what is due until then.
    pub(super) fn settle(&mut self, until: i64) {
        loop {
            let call = self.calls.iter().filter_map(|it| Some((it.due?, it.id))).min();
            let pause = self.agents.iter().filter_map(|it| Some((it.break_at?, it.id))).min();
            match (call, pause) {
                (Some((at, id)), pause)
                    if at <= until && pause.is_none_or(|(other, _)| at <= other) =>
                {
                    self.now = self.now.max(at);
                    self.goes_on(id);
                }
                (_, Some((at, id))) if at <= until => {
                    self.now = self.now.max(at);
                    if let Some(agent) = self.agent_mut(id) {
                        agent.break_at = None;
                        if agent.state == State::Ready && agent.waits_for_break {
                            agent.state = State::OnBreak;
                            agent.waits_for_break = false;
                        }
                    }
                }
                _ => break,
            }
        }
        self.now = self.now.max(until);
    }

    /// What the far end does next.
    fn goes_on(&mut self, id: i64) {
        let now = self.now;
        let Some(at) = self.calls.iter().position(|it| it.id == id) else { return };
        let then = far_end(&self.calls[at].number);
        match self.calls[at].state {
            CallState::Dialling if ["busy", "invalid"].contains(&then) => self.end(at),
            CallState::Dialling => {
                self.calls[at].state = CallState::Ringing;
                self.calls[at].due = Some(now + RING_MS);
            }
            CallState::Ringing if ["no_answer", "rejects"].contains(&then) => self.end(at),
            CallState::Ringing => {
                let talk = if then == "hangs_up" { 0 } else { TALK_MS };
                self.connect(at);
                self.calls[at].due = Some(now + talk);
            }
            _ => self.end(at),
        }
    }

    /// A new call; its campaign is the agent's.
    pub(super) fn make_call(&mut self, agent: i64, number: &str, lead: i64) -> usize {
        let campaign = self.agent(agent).and_then(|it| it.campaign).unwrap_or(0);
        self.calls.push(Call {
            id: self.next_call,
            agent,
            campaign,
            number: number.to_owned(),
            lead,
            state: CallState::Dialling,
            recording: Recording::Off,
            button: false,
            start: self.now,
            connected: None,
            due: (!self.is_manual).then_some(self.now + RING_AFTER_MS),
        });
        self.next_call += 1;
        self.n_made += 1;
        self.derive(agent);
        self.calls.len() - 1
    }

    /// Another call of the agent's that is connected goes on hold.
    pub(super) fn connect(&mut self, at: usize) {
        let agent = self.calls[at].agent;
        for call in self.calls.iter_mut().filter(|it| it.agent == agent) {
            if call.state == CallState::Connected {
                call.state = CallState::OnHold;
            }
        }
        let campaign = self.calls[at].campaign;
        let is_recorded = CAMPAIGNS.iter().any(|it| it.0 == campaign && it.3);
        let call = &mut self.calls[at];
        call.state = CallState::Connected;
        call.connected = Some(self.now);
        call.recording = if is_recorded { Recording::On } else { Recording::Off };
        call.button = is_recorded;
        self.derive(agent);
    }

    pub(super) fn end(&mut self, at: usize) {
        let call = &mut self.calls[at];
        call.state = CallState::Ended;
        call.recording = Recording::Off;
        call.button = false;
        call.due = None;
        let agent = call.agent;
        self.derive(agent);
    }

    /// A call leaves its agent.
    pub(super) fn leave(
        &mut self,
        at: usize,
        how: &'static str,
        code: &str,
        notes: &str,
        sales: i64,
    ) {
        let call = self.calls.remove(at);
        // One that asks for another call is not final, and takes back what was.
        if let Some(code) = super::code(code)
            && let Some(lead) = self.leads.iter_mut().find(|it| it.id == call.lead)
        {
            let last = if code.is_callback { "" } else { code.code };
            last.clone_into(&mut lead.final_code);
        }
        self.past.push(Past {
            call: call.id,
            agent: call.agent,
            number: call.number,
            lead: call.lead,
            how,
            code: code.to_owned(),
            notes: notes.to_owned(),
            sales,
            left: self.now,
        });
        self.derive(call.agent);
    }

    /// The state that follows from an agent's calls.
    pub(super) fn derive(&mut self, id: i64) {
        let rests =
            if self.is("after_dispose", "not_ready") { State::NotReady } else { State::Ready };
        let has = |fits: fn(CallState) -> bool| {
            self.calls.iter().any(|it| it.agent == id && fits(it.state))
        };
        let with_calls = if has(|it| it == CallState::Connected) {
            Some(State::Talking)
        } else if has(CallState::is_early) {
            Some(State::Calling)
        } else if has(|it| it == CallState::OnHold) {
            Some(State::Holding)
        } else if has(|_| true) {
            Some(State::Wrapping)
        } else {
            None
        };
        let Some(agent) = self.agent_mut(id) else { return };
        agent.state = match with_calls {
            Some(state) => state,
            None if agent.waits_for_break => {
                agent.waits_for_break = false;
                State::OnBreak
            }
            None => rests,
        };
        if agent.state != State::Ready {
            agent.break_at = None;
        }
    }

    /// Calls are dropped, and ids begin anew.
    pub(super) fn restart(&mut self) {
        self.next_call = 1000;
        while let Some(call) = self.calls.first() {
            let agent = call.agent;
            self.n_dropped += 1;
            self.leave(0, "dropped", "", "", 0);
            if let Some(agent) = self.agent_mut(agent) {
                agent.state = State::NotReady;
                agent.waits_for_break = false;
                agent.break_at = None;
            }
        }
    }

    pub(super) fn press(&mut self, fields: &Value) -> Option<Value> {
        let id = fields["call"].as_i64();
        let call = self.calls.iter_mut().find(|it| Some(it.id) == id)?;
        if !call.state.is_up() {
            return None;
        }
        call.button = fields["on"].as_bool()?;
        call.recording = if call.button { Recording::On } else { Recording::Stopped };
        Some(Value::Null)
    }

    /// A connected call for a ready agent.
    pub(super) fn offer(&mut self, fields: &Value) -> Option<Value> {
        let agent = fields["user"].as_i64()?;
        let number = fields["phone"].as_str()?.to_owned();
        let found = self.agent(agent)?;
        if found.state != State::Ready {
            return None;
        }
        let campaign = found.campaign?;
        let lead = self.lead_for(&number, campaign);
        let at = self.make_call(agent, &number, lead);
        self.connect(at);
        let call = &mut self.calls[at];
        // Who would not have answered has no time to talk either, and stays.
        let talk = match far_end(&number) {
            "hangs_up" => Some(0),
            "answers" | "machine" => Some(TALK_MS),
            _ => None,
        };
        call.due = call.due.and(talk).map(|talk| call.start + talk);
        Some(Value::Null)
    }

    pub(super) fn far_end(&mut self, name: &str, call: Option<i64>) -> Option<Value> {
        let at = self.calls.iter().position(|it| Some(it.id) == call)?;
        let state = self.calls[at].state;
        let fits = match name {
            "far_end_hangs_up" => state.is_up(),
            _ => state.is_early(),
        };
        if !fits {
            return None;
        }
        match name {
            "far_end_rings" => self.calls[at].state = CallState::Ringing,
            "far_end_answers" => self.connect(at),
            _ => self.end(at),
        }
        Some(Value::Null)
    }

    pub(super) fn agent_event(&mut self, name: &str, fields: &Value) -> Option<Value> {
        let id = fields["user"].as_i64()?;
        let now = self.now;
        let after = if self.is("after_break", "ready") { State::Ready } else { State::NotReady };
        let agent = self.agent_mut(id)?;
        let is_idle = matches!(agent.state, State::NotReady | State::Ready | State::OnBreak);
        match name {
            "agent_login" if agent.state == State::LoggedOut => {
                let campaign = fields["campaign"].as_i64()?;
                CAMPAIGNS.iter().find(|it| it.0 == campaign)?;
                agent.campaign = Some(campaign);
                agent.state = State::NotReady;
            }
            "agent_logout" if is_idle => {
                agent.state = State::LoggedOut;
                agent.campaign = None;
                agent.waits_for_break = false;
            }
            "go_not_ready" if is_idle => {
                agent.state = State::NotReady;
                agent.waits_for_break = false;
            }
            "request_break" => match agent.state {
                State::LoggedOut | State::OnBreak => return None,
                State::NotReady => agent.state = State::OnBreak,
                State::Ready => {
                    agent.waits_for_break = true;
                    agent.break_at = Some(now + BREAK_DELAY_MS);
                }
                _ => agent.waits_for_break = true,
            },
            "cancel_break" => {
                if !agent.waits_for_break {
                    return None;
                }
                agent.waits_for_break = false;
                agent.break_at = None;
            }
            "end_break" if agent.state == State::OnBreak => agent.state = after,
            _ => return None,
        }
        if agent.state != State::Ready {
            agent.break_at = None;
        }
        Some(json!({ "user": id, "state": agent.state.words() }))
    }
}
