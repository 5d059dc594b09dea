//! The state machine in print, and the contract's copy of it.

use std::fmt::Write;

use crate::vendors::maxcontact::model::machine::{
    AGENT, AgentCell, AgentState, CALL, CallCell, CallState, RECORDING, Recording, RecordingCommand,
};

#[test]
fn the_contract_prints_the_tables_that_run() {
    let contract = include_str!("../contract.md");
    let wanted = markdown();
    assert!(contract.contains(&wanted), "contract.md 4.6 should hold:\n\n{wanted}");
}

/// The three tables as Markdown, as they stand in `contract.md`.
fn markdown() -> String {
    let mut text = String::new();
    head(&mut text, "Agent", AgentState::ALL.map(AgentState::word).as_slice());
    for (command, cells) in &AGENT {
        row(&mut text, command.name(), cells.iter().map(|cell| agent_words(*cell)));
    }
    text.push('\n');
    head(&mut text, "Call", CallState::ALL.map(CallState::word).as_slice());
    for (command, cells) in &CALL {
        row(&mut text, command.name(), cells.iter().map(|cell| call_words(*cell)));
    }
    text.push('\n');
    head(&mut text, "Recording", Recording::ALL.map(Recording::word).as_slice());
    for (command, cells) in &RECORDING {
        row(
            &mut text,
            recording_words(*command),
            cells.iter().map(|state| format!("→ {}", state.word())),
        );
    }
    text
}

fn head(text: &mut String, what: &str, columns: &[&str]) {
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "| {what} | {} |", columns.join(" | "));
    let _ = writeln!(text, "| --- |{}", " --- |".repeat(columns.len()));
}

fn row(text: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let _ = write!(text, "| {name} |");
    for cell in cells {
        let _ = write!(text, " {cell} |");
    }
    text.push('\n');
}

fn agent_words(cell: AgentCell) -> String {
    match cell {
        AgentCell::Stays => "stays".into(),
        AgentCell::To(state) => format!("→ {}", state.word()),
        AgentCell::BreakLater => "break later".into(),
        AgentCell::NotLoggedIn => "E_NOT_LOGGED_IN".into(),
        AgentCell::Refused => "refused".into(),
    }
}

fn call_words(cell: CallCell) -> String {
    match cell {
        CallCell::Stays => "stays".into(),
        CallCell::To(state) => format!("→ {}", state.word()),
        CallCell::Leaves => "hung up, leaves".into(),
        CallCell::Bridged => "bridged, leaves".into(),
        CallCell::Refused => "refused".into(),
    }
}

fn recording_words(command: RecordingCommand) -> &'static str {
    match command {
        RecordingCommand::Connects => "connected with AutoRecord",
        RecordingCommand::Stop => "stoprecord",
        RecordingCommand::Start => "startrecord",
        RecordingCommand::Ends => "ended",
    }
}
