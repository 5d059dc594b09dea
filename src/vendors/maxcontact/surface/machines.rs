//! The moves of agents, calls and recordings, as coverage counts them.
//!
//! Those of agents are the ones that a command or an event makes by itself; what becomes of an agent
//! because its calls move is told of the calls. Not here: the tables that decide (`model::machine`), which a
//! test holds beside these.

use crate::contract::machine::Machine;

pub(crate) static MACHINES: &[Machine] = &[
    Machine {
        name: "agent",
        moves: &[
            ("logged out", "not ready"),
            ("not ready", "ready"),
            ("not ready", "calling"),
            ("not ready", "logged out"),
            ("not ready", "on break"),
            ("ready", "calling"),
            ("ready", "talking"),
            ("ready", "not ready"),
            ("ready", "logged out"),
            ("holding", "calling"),
            ("on break", "ready"),
            ("on break", "not ready"),
            ("on break", "logged out"),
        ],
    },
    Machine {
        name: "call",
        moves: &[
            ("dialling", "ringing"),
            ("dialling", "connected"),
            ("dialling", "ended"),
            ("dialling", "disposed"),
            ("ringing", "connected"),
            ("ringing", "ended"),
            ("ringing", "disposed"),
            ("connected", "on hold"),
            ("connected", "ended"),
            ("connected", "disposed"),
            ("connected", "bridged"),
            ("on hold", "connected"),
            ("on hold", "ended"),
            ("on hold", "disposed"),
            ("on hold", "bridged"),
            ("ended", "disposed"),
        ],
    },
    Machine {
        name: "recording",
        moves: &[
            ("not recording", "recording"),
            ("not recording", "stopped"),
            ("recording", "not recording"),
            ("recording", "stopped"),
            ("stopped", "not recording"),
            ("stopped", "recording"),
        ],
    },
];
