//! What coverage counts, beside the tables that decide.

use std::collections::BTreeSet;

use crate::vendors::maxcontact::model::machine::{
    AGENT, AgentCell, AgentState, CALL, CallCell, CallState, RECORDING, Recording,
};
use crate::vendors::maxcontact::surface::machines::MACHINES;

type Moves = BTreeSet<(&'static str, &'static str)>;

fn declared(name: &str) -> Moves {
    let machine = MACHINES.iter().find(|machine| machine.name == name).unwrap();
    let moves: Moves = machine.moves.iter().copied().collect();
    assert_eq!(moves.len(), machine.moves.len(), "{name} has one twice");
    moves
}

#[test]
fn the_moves_that_are_counted_are_those_of_the_tables() {
    let agents = AGENT.iter().flat_map(|(_, cells)| AgentState::ALL.into_iter().zip(cells));
    let agents: Moves = agents
        .filter_map(|(from, cell)| match cell {
            AgentCell::To(to) => Some((from.word(), to.word())),
            _ => None,
        })
        .collect();
    assert_eq!(declared("agent"), agents);
    let calls = CALL.iter().flat_map(|(_, cells)| CallState::ALL.into_iter().zip(cells));
    let calls: Moves = calls
        .filter_map(|(from, cell)| match cell {
            CallCell::To(to) => Some((from.word(), to.word())),
            CallCell::Leaves => Some((from.word(), "disposed")),
            CallCell::Bridged => Some((from.word(), "bridged")),
            CallCell::Stays | CallCell::Refused => None,
        })
        .collect();
    assert_eq!(declared("call"), calls);
    let recordings = RECORDING.iter().flat_map(|(_, cells)| Recording::ALL.into_iter().zip(cells));
    let recordings: Moves = recordings
        .map(|(from, to)| (from.word(), to.word()))
        .filter(|(from, to)| from != to)
        .collect();
    assert_eq!(declared("recording"), recordings);
}
