//! Every cell of the state machine, by way of the wire and the events.

use serde_json::{Value, json};

use crate::testing::Stage;
use crate::vendors::maxcontact::model::machine::{
    AGENT, AgentCell, AgentCommand, AgentState, CALL, CallCell, CallCommand, CallState, Recording,
    RecordingCommand, recording,
};
use crate::vendors::maxcontact::tests::{VENDOR, done, get, happens, manual, of_call, state_of};

/// Brings agent 101 into a state.
fn bring_agent(stage: &Stage, wanted: AgentState) {
    let call = json!({ "call": 1000 });
    let dial = || done(stage, "dial/user/101/phone/07700900142");
    match wanted {
        AgentState::LoggedOut => {
            happens(stage, "agent_logout", &json!({ "user": 101 }));
        }
        AgentState::NotReady => {}
        AgentState::Ready => {
            done(stage, "goready/user/101");
        }
        AgentState::Calling => {
            dial();
        }
        AgentState::Talking => {
            dial();
            happens(stage, "far_end_answers", &call);
        }
        AgentState::Holding => {
            dial();
            happens(stage, "far_end_answers", &call);
            done(stage, "hold/user/101/call/1000");
        }
        AgentState::Wrapping => {
            dial();
            done(stage, "hangup/user/101/call/1000");
        }
        AgentState::OnBreak => {
            happens(stage, "request_break", &json!({ "user": 101 }));
        }
    }
    assert_eq!(state_of(stage, 101), wanted.word());
}

/// Gives an agent's command; 0 for success, else the code, or 13 for an event that was refused.
fn command_agent(stage: &Stage, command: AgentCommand) -> i64 {
    let user = json!({ "user": 101 });
    let api = |below: &str| get(stage, below)["ResponseCode"].as_i64().unwrap();
    let event = |name: &str, body: &Value| i64::from(stage.event(VENDOR, name, body).is_err()) * 13;
    match command {
        AgentCommand::GetCalls => api("getcalls/user/101"),
        AgentCommand::GoReady => api("goready/user/101"),
        AgentCommand::Dial => api("dial/user/101/phone/07700900155"),
        AgentCommand::LogIn => event("agent_login", &json!({ "user": 101, "campaign": 7 })),
        AgentCommand::LogOut => event("agent_logout", &user),
        AgentCommand::GoNotReady => event("go_not_ready", &user),
        AgentCommand::RequestBreak => event("request_break", &user),
        AgentCommand::CancelBreak => event("cancel_break", &user),
        AgentCommand::EndBreak => event("end_break", &user),
        AgentCommand::OfferCall => {
            event("offer_call", &json!({ "user": 101, "phone": "07700900155" }))
        }
    }
}

#[test]
fn agents_do_what_their_table_says() {
    let stage = manual(2);
    for (command, cells) in &AGENT {
        for (state, cell) in AgentState::ALL.iter().zip(cells) {
            stage.reset();
            bring_agent(&stage, *state);
            if *command == AgentCommand::CancelBreak && *cell == AgentCell::Stays {
                happens(&stage, "request_break", &json!({ "user": 101 }));
            }
            let code = command_agent(&stage, *command);
            let (wanted_code, wanted_state) = match cell {
                AgentCell::Stays | AgentCell::BreakLater => (0, *state),
                AgentCell::To(next) => (0, *next),
                AgentCell::NotLoggedIn => (12, *state),
                AgentCell::Refused => (13, *state),
            };
            let found = (code, state_of(&stage, 101));
            let place = format!("{} while {}", command.name(), state.word());
            assert_eq!(found, (wanted_code, wanted_state.word().to_owned()), "{place}");
            if code == 13 && !command.is_event() {
                let why = stage.why();
                assert!(why.contains(command.name()) && why.contains(state.word()), "{why}");
                assert!(why.contains("legal now: getcalls"), "{why}");
            }
        }
    }
}

/// Brings a call of agent 101 into a state.
fn bring_call(stage: &Stage, id: i64, number: &str, wanted: CallState) {
    let call = json!({ "call": id });
    done(stage, &format!("dial/user/101/phone/{number}"));
    match wanted {
        CallState::Dialling => {}
        CallState::Ringing => {
            happens(stage, "far_end_rings", &call);
        }
        CallState::Connected => {
            happens(stage, "far_end_answers", &call);
        }
        CallState::Held => {
            happens(stage, "far_end_answers", &call);
            done(stage, &format!("hold/user/101/call/{id}"));
        }
        CallState::Ended => {
            done(stage, &format!("hangup/user/101/call/{id}"));
        }
    }
    assert_eq!(of_call(stage, id, "state"), Some(json!(wanted.word())));
}

/// Gives a command for call 1001; 1000 is on hold. 0 for success, else the code, or 22 for an event
/// that was refused.
fn command_call(stage: &Stage, command: CallCommand) -> i64 {
    let api = |below: &str| get(stage, below)["ResponseCode"].as_i64().unwrap();
    let event =
        |name: &str| i64::from(stage.event(VENDOR, name, &json!({ "call": 1001 })).is_err()) * 22;
    match command {
        CallCommand::Hangup => api("hangup/user/101/call/1001"),
        CallCommand::Dispose => api("dispose/user/101/call/1001?resultcode=SALE"),
        CallCommand::Hold => api("hold/user/101/call/1001"),
        CallCommand::Retrieve => api("retrieve/user/101/call/1001"),
        CallCommand::StopRecording => api("stoprecord/user/101/call/1001"),
        CallCommand::StartRecording => api("startrecord/user/101/call/1001"),
        CallCommand::ChangeLead => api("changelead/user/101/call/1001/leadphone/2"),
        CallCommand::CreateLead => api("createnewlead/user/101/call/1001/phone/07700900199"),
        CallCommand::Connect => {
            api("connectcalls/user/101?call1=1000&call2=1001&resultcode1=SALE&resultcode2=BRIDGE")
        }
        CallCommand::FarRings => event("far_end_rings"),
        CallCommand::FarAnswers => event("far_end_answers"),
        CallCommand::FarBusy => event("far_end_is_busy"),
        CallCommand::FarNoAnswer => event("far_end_does_not_answer"),
        CallCommand::FarRejects => event("far_end_rejects"),
        CallCommand::FarHangsUp => event("far_end_hangs_up"),
    }
}

#[test]
fn calls_do_what_their_table_says() {
    let stage = manual(2);
    for (command, cells) in &CALL {
        for (state, cell) in CallState::ALL.iter().zip(cells) {
            stage.reset();
            bring_call(&stage, 1000, "07700900155", CallState::Held);
            bring_call(&stage, 1001, "07700900142", *state);
            let code = command_call(&stage, *command);
            let (wanted_code, wanted_state) = match cell {
                CallCell::Stays => (0, Some(*state)),
                CallCell::To(next) => (0, Some(*next)),
                CallCell::Leaves | CallCell::Bridged => (0, None),
                CallCell::Refused => (22, Some(*state)),
            };
            let found = (code, of_call(&stage, 1001, "state"));
            let wanted = (wanted_code, wanted_state.map(|state| json!(state.word())));
            assert_eq!(found, wanted, "{} while {}", command.name(), state.word());
            if code == 22 && !command.is_event() {
                let why = stage.why();
                assert!(why.contains(command.name()) && why.contains(state.word()), "{why}");
                assert!(why.contains("legal now: "), "{why}");
            }
        }
    }
}

#[test]
fn recordings_do_what_their_table_says() {
    let stage = manual(1);
    for state in Recording::ALL {
        for command in [RecordingCommand::Stop, RecordingCommand::Start, RecordingCommand::Ends] {
            stage.reset();
            bring_call(&stage, 1000, "07700900142", CallState::Connected);
            match state {
                // A connected call of a campaign with AutoRecord records.
                Recording::On => {}
                Recording::Stopped => {
                    done(&stage, "stoprecord/user/101/call/1000");
                }
                // No method leads back here while the call lives.
                Recording::Off => continue,
            }
            assert_eq!(of_call(&stage, 1000, "recording"), Some(json!(state.word())));
            match command {
                RecordingCommand::Stop => done(&stage, "stoprecord/user/101/call/1000"),
                RecordingCommand::Start => done(&stage, "startrecord/user/101/call/1000"),
                _ => done(&stage, "hangup/user/101/call/1000"),
            };
            let wanted = recording(command, state).word();
            assert_eq!(of_call(&stage, 1000, "recording"), Some(json!(wanted)));
        }
    }
}
