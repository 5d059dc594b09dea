//! Calls as they go out: the vendor's numbers for their states, which nobody outside it knows.

use crate::contract::cx::Cx;
use crate::vendors::maxcontact::model::Call;
use crate::vendors::maxcontact::model::machine::{CallState, Recording};
use crate::vendors::maxcontact::store;
use crate::vendors::maxcontact::variants::CallStart;
use crate::vendors::maxcontact::wire::entities::CallView;

/// Numbers on the wire by the names that a scenario can replace them under. Assumed: maxcontact 4.3.
pub(crate) const NUMBERS: [(&str, i64); 10] = [
    ("dialling", 1),
    ("ringing", 2),
    ("connected", 3),
    ("on_hold", 4),
    ("ended", 5),
    ("not_recording", 0),
    ("recording", 1),
    ("recording_stopped", 2),
    ("in_progress", 0),
    ("awaiting_disposition", 1),
];

/// The numbers of this world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers([i64; NUMBERS.len()]);

impl Numbers {
    pub(crate) fn of(cx: &Cx<'_>) -> rusqlite::Result<Self> {
        let mut numbers = NUMBERS.map(|(_, value)| value);
        for (name, value) in store::numbers(cx.db())? {
            if let Some(idx) = NUMBERS.iter().position(|(known, _)| *known == name) {
                numbers[idx] = value;
            }
        }
        Ok(Numbers(numbers))
    }

    fn state(self, state: CallState) -> i64 {
        self.0[match state {
            CallState::Dialling => 0,
            CallState::Ringing => 1,
            CallState::Connected => 2,
            CallState::Held => 3,
            CallState::Ended => 4,
        }]
    }

    fn recording(self, recording: Recording) -> i64 {
        self.0[match recording {
            Recording::Off => 5,
            Recording::On => 6,
            Recording::Stopped => 7,
        }]
    }

    fn status(self, state: CallState) -> i64 {
        self.0[if state == CallState::Ended { 9 } else { 8 }]
    }

    /// A call as it goes out.
    pub(crate) fn view(self, cx: &Cx<'_>, call: Call) -> CallView {
        let start = match cx.variant() {
            CallStart::Creation => call.start,
            CallStart::Connection => call.connected.unwrap_or(call.start),
        };
        CallView {
            id: call.id,
            start,
            state: self.state(call.state),
            status: self.status(call.state),
            name: call.name,
            name2: call.name2,
            number: call.number,
            recording: self.recording(call.recording),
        }
    }
}
