//! The state machine of agents, calls and recordings, as three tables. Every cell is a transition or
//! a refusal; nothing else in this folder decides what is legal.
//!
//! These tables stand in print in `contract.md` 4.6; a test compares the two, and another sends
//! every command in every state and compares the answer with its cell.
//!
//! Not here: whose call it is, result codes and leads (`ops`), and what the variants change.
//!
//! Source: maxcontact 4.2 to 4.5.

use crate::base::planted::{self, Fault as Planted};

use AgentCell::{NotLoggedIn, Refused as No, Stays, To};
use AgentState::{Calling, Holding, LoggedOut, NotReady, OnBreak, Ready, Talking, Wrapping};
use CallState::{Connected, Dialling, Ended, Held, Ringing};

/// What an agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgentState {
    LoggedOut,
    NotReady,
    Ready,
    /// A call is dialling or ringing, none is connected.
    Calling,
    /// A call is connected.
    Talking,
    /// All calls that live are on hold.
    Holding,
    /// All calls have ended, and not all are dispositioned.
    Wrapping,
    OnBreak,
}

impl AgentState {
    /// In the order of the table's columns.
    pub(crate) const ALL: [AgentState; 8] =
        [LoggedOut, NotReady, Ready, Calling, Talking, Holding, Wrapping, OnBreak];

    /// The word for it, in refusals and in the world's tables.
    pub(crate) fn word(self) -> &'static str {
        match self {
            LoggedOut => "logged out",
            NotReady => "not ready",
            Ready => "ready",
            Calling => "calling",
            Talking => "talking",
            Holding => "holding",
            Wrapping => "wrapping",
            OnBreak => "on break",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the state says that the agent has a call in hand.
    pub(crate) fn has_calls(self) -> bool {
        matches!(self, Calling | Talking | Holding | Wrapping)
    }

    /// The state of an agent with these calls; `None` where there is no call, and then the calls
    /// say nothing.
    pub(crate) fn of_calls(calls: &[CallState]) -> Option<Self> {
        let any = |wanted: &[CallState]| calls.iter().any(|state| wanted.contains(state));
        if any(&[Connected]) {
            Some(Talking)
        } else if any(&[Dialling, Ringing]) {
            Some(Calling)
        } else if any(&[Held]) {
            Some(Holding)
        } else if any(&[Ended]) {
            Some(Wrapping)
        } else {
            None
        }
    }
}

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallState {
    Dialling,
    Ringing,
    Connected,
    Held,
    /// Over, and waiting for its disposition.
    Ended,
}

impl CallState {
    /// In the order of the table's columns.
    pub(crate) const ALL: [CallState; 5] = [Dialling, Ringing, Connected, Held, Ended];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Dialling => "dialling",
            Ringing => "ringing",
            Connected => "connected",
            Held => "on hold",
            Ended => "ended",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Whether a call is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recording {
    Off,
    On,
    /// Stopped by request, as for a card number.
    Stopped,
}

impl Recording {
    pub(crate) const ALL: [Recording; 3] = [Recording::Off, Recording::On, Recording::Stopped];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Recording::Off => "not recording",
            Recording::On => "recording",
            Recording::Stopped => "stopped",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What is asked of an agent: by the API, then by the world's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgentCommand {
    GetCalls,
    GoReady,
    Dial,
    LogIn,
    LogOut,
    GoNotReady,
    RequestBreak,
    CancelBreak,
    EndBreak,
    OfferCall,
}

impl AgentCommand {
    /// Words for people, as in "cannot go ready".
    pub(crate) fn words(self) -> &'static str {
        match self {
            AgentCommand::GetCalls => "get calls",
            AgentCommand::GoReady => "go ready",
            AgentCommand::Dial => "dial",
            AgentCommand::LogIn => "log in",
            AgentCommand::LogOut => "log out",
            AgentCommand::GoNotReady => "go not ready",
            AgentCommand::RequestBreak => "request a break",
            AgentCommand::CancelBreak => "cancel a break",
            AgentCommand::EndBreak => "end a break",
            AgentCommand::OfferCall => "be offered a call",
        }
    }

    /// The operation, or the event.
    pub(crate) fn name(self) -> &'static str {
        match self {
            AgentCommand::GetCalls => "getcalls",
            AgentCommand::GoReady => "goready",
            AgentCommand::Dial => "dial",
            AgentCommand::LogIn => "event agent_login",
            AgentCommand::LogOut => "event agent_logout",
            AgentCommand::GoNotReady => "event go_not_ready",
            AgentCommand::RequestBreak => "event request_break",
            AgentCommand::CancelBreak => "event cancel_break",
            AgentCommand::EndBreak => "event end_break",
            AgentCommand::OfferCall => "event offer_call",
        }
    }

    pub(crate) fn is_event(self) -> bool {
        self.name().starts_with("event")
    }
}

/// What becomes of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AgentCell {
    Stays,
    To(AgentState),
    /// Stays for now; the break begins later.
    BreakLater,
    /// `E_NOT_LOGGED_IN`.
    NotLoggedIn,
    /// `E_AGENT_STATE`, or a refused event.
    Refused,
}

/// One column for each of [`AgentState::ALL`].
pub(crate) type AgentRow = (AgentCommand, [AgentCell; 8]);

#[rustfmt::skip]
pub(crate) const AGENT: [AgentRow; 10] = [
    //                           LoggedOut     NotReady     Ready                  Calling                Talking                Holding                Wrapping               OnBreak
    (AgentCommand::GetCalls,     [NotLoggedIn, Stays,       Stays,                 Stays,                 Stays,                 Stays,                 Stays,                 Stays]),
    (AgentCommand::GoReady,      [NotLoggedIn, To(Ready),   Stays,                 No,                    No,                    No,                    No,                    To(Ready)]),
    (AgentCommand::Dial,         [NotLoggedIn, To(Calling), To(Calling),           No,                    No,                    To(Calling),           No,                    No]),
    (AgentCommand::LogIn,        [To(NotReady), No,         No,                    No,                    No,                    No,                    No,                    No]),
    (AgentCommand::LogOut,       [No,          To(LoggedOut), To(LoggedOut),       No,                    No,                    No,                    No,                    To(LoggedOut)]),
    (AgentCommand::GoNotReady,   [No,          Stays,       To(NotReady),          No,                    No,                    No,                    No,                    To(NotReady)]),
    (AgentCommand::RequestBreak, [No,          To(OnBreak), AgentCell::BreakLater, AgentCell::BreakLater, AgentCell::BreakLater, AgentCell::BreakLater, AgentCell::BreakLater, No]),
    (AgentCommand::CancelBreak,  [No,          No,          Stays,                 Stays,                 Stays,                 Stays,                 Stays,                 No]),
    (AgentCommand::EndBreak,     [No,          No,          No,                    No,                    No,                    No,                    No,                    To(NotReady)]),
    (AgentCommand::OfferCall,    [No,          No,          To(Talking),           No,                    No,                    No,                    No,                    No]),
];

/// What is asked of a call: by the API, then by the far end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallCommand {
    Hangup,
    Dispose,
    Hold,
    Retrieve,
    StopRecording,
    StartRecording,
    ChangeLead,
    CreateLead,
    Connect,
    FarRings,
    FarAnswers,
    FarBusy,
    FarNoAnswer,
    FarRejects,
    FarHangsUp,
}

impl CallCommand {
    /// The method's name in the path, or the event's.
    pub(crate) fn name(self) -> &'static str {
        match self {
            CallCommand::Hangup => "hangup",
            CallCommand::Dispose => "dispose",
            CallCommand::Hold => "hold",
            CallCommand::Retrieve => "retrieve",
            CallCommand::StopRecording => "stoprecord",
            CallCommand::StartRecording => "startrecord",
            CallCommand::ChangeLead => "changelead",
            CallCommand::CreateLead => "createnewlead",
            CallCommand::Connect => "connectcalls",
            CallCommand::FarRings => "event far_end_rings",
            CallCommand::FarAnswers => "event far_end_answers",
            CallCommand::FarBusy => "event far_end_is_busy",
            CallCommand::FarNoAnswer => "event far_end_does_not_answer",
            CallCommand::FarRejects => "event far_end_rejects",
            CallCommand::FarHangsUp => "event far_end_hangs_up",
        }
    }

    pub(crate) fn is_event(self) -> bool {
        self.name().starts_with("event")
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallCell {
    Stays,
    To(CallState),
    /// Hung up if it still lives, then it leaves its agent with a result code.
    Leaves,
    /// It leaves its agent and goes on between the two far ends.
    Bridged,
    /// `E_CALL_STATE`, or a refused event.
    Refused,
}

/// One column for each of [`CallState::ALL`].
pub(crate) type CallRow = (CallCommand, [CallCell; 5]);

#[rustfmt::skip]
pub(crate) const CALL: [CallRow; 15] = {
    use CallCell::{Bridged, Leaves, Refused as No, Stays, To};
    [
        //                             Dialling       Ringing        Connected      Held           Ended
        (CallCommand::Hangup,         [To(Ended),     To(Ended),     To(Ended),     To(Ended),     No]),
        (CallCommand::Dispose,        [Leaves,        Leaves,        Leaves,        Leaves,        Leaves]),
        (CallCommand::Hold,           [No,            No,            To(Held),      Stays,         No]),
        (CallCommand::Retrieve,       [No,            No,            Stays,         To(Connected), No]),
        (CallCommand::StopRecording,  [No,            No,            Stays,         Stays,         No]),
        (CallCommand::StartRecording, [No,            No,            Stays,         Stays,         No]),
        (CallCommand::ChangeLead,     [Stays,         Stays,         Stays,         Stays,         No]),
        (CallCommand::CreateLead,     [Stays,         Stays,         Stays,         Stays,         No]),
        (CallCommand::Connect,        [No,            No,            Bridged,       Bridged,       No]),
        (CallCommand::FarRings,       [To(Ringing),   Stays,         No,            No,            No]),
        (CallCommand::FarAnswers,     [To(Connected), To(Connected), No,            No,            No]),
        (CallCommand::FarBusy,        [To(Ended),     To(Ended),     No,            No,            No]),
        (CallCommand::FarNoAnswer,    [To(Ended),     To(Ended),     No,            No,            No]),
        (CallCommand::FarRejects,     [To(Ended),     To(Ended),     No,            No,            No]),
        (CallCommand::FarHangsUp,     [No,            No,            To(Ended),     To(Ended),     No]),
    ]
};

/// What changes whether a call is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordingCommand {
    /// The call is connected, on a campaign with `AutoRecord`.
    Connects,
    Stop,
    Start,
    Ends,
}

/// One column for each of [`Recording::ALL`].
#[rustfmt::skip]
pub(crate) const RECORDING: [(RecordingCommand, [Recording; 3]); 4] = {
    use Recording::{Off, On, Stopped};
    [
        //                             Off      On       Stopped
        (RecordingCommand::Connects,  [On,      On,      On]),
        (RecordingCommand::Stop,      [Stopped, Stopped, Stopped]),
        (RecordingCommand::Start,     [On,      On,      On]),
        (RecordingCommand::Ends,      [Off,     Off,     Off]),
    ]
};

/// The cell of an agent's command.
pub(crate) fn agent(command: AgentCommand, state: AgentState) -> AgentCell {
    let dials_wrapping = planted::is(Planted::DialsWhileWrapping)
        && (command, state) == (AgentCommand::Dial, Wrapping);
    let state = if dials_wrapping { Ready } else { state };
    let row = AGENT.iter().find(|(known, _)| *known == command);
    let column = AgentState::ALL.iter().position(|known| *known == state);
    row.zip(column).map_or(No, |((_, cells), idx)| cells[idx])
}

/// The cell of a call's command.
pub(crate) fn call(command: CallCommand, state: CallState) -> CallCell {
    let row = CALL.iter().find(|(known, _)| *known == command);
    let column = CallState::ALL.iter().position(|known| *known == state);
    row.zip(column).map_or(CallCell::Refused, |((_, cells), idx)| cells[idx])
}

/// Whether a call is recorded after this.
pub(crate) fn recording(command: RecordingCommand, state: Recording) -> Recording {
    let row = RECORDING.iter().find(|(known, _)| *known == command);
    let column = Recording::ALL.iter().position(|known| *known == state);
    row.zip(column).map_or(state, |((_, cells), idx)| cells[idx])
}

/// What the API allows an agent in this state: `getcalls, dial`.
pub(crate) fn legal_for_agent(state: AgentState) -> String {
    let legal = AGENT.iter().filter(|(command, _)| {
        !command.is_event() && !matches!(agent(*command, state), No | NotLoggedIn)
    });
    join(legal.map(|(command, _)| command.name()))
}

/// What the API allows with a call in this state.
pub(crate) fn legal_for_call(state: CallState) -> String {
    let legal = CALL
        .iter()
        .filter(|(command, _)| !command.is_event() && call(*command, state) != CallCell::Refused);
    join(legal.map(|(command, _)| command.name()))
}

/// The states in which the API allows a command: `"connected" or "on hold"`.
pub(crate) fn states_for_call(command: CallCommand) -> String {
    let legal = CallState::ALL.iter().filter(|state| call(command, **state) != CallCell::Refused);
    quoted(legal.map(|state| state.word()))
}

/// Words that are states, so that a list of them reads as one: `"not ready" or "on break"`.
pub(crate) fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("{word:?}")).collect::<Vec<_>>().join(" or ")
}

/// The states in which a command of the API or an event is allowed: `"not ready" or "on break"`.
pub(crate) fn states_for_agent(command: AgentCommand) -> String {
    let legal =
        AgentState::ALL.iter().filter(|state| !matches!(agent(command, **state), No | NotLoggedIn));
    quoted(legal.map(|state| state.word()))
}

fn join(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
