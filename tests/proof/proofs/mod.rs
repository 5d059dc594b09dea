//! The proofs by their names.

#![expect(
    clippy::disallowed_methods,
    reason = "proofs watch a program of its own, by the clock on the wall"
)]

mod bench;
mod calls;
pub(crate) mod client;
mod crash;
mod crowd;
pub(crate) mod dice;
mod disk;
mod doors;
mod fuzz;
mod hostile;
mod inputs;
mod linear;
mod model;
mod power;
mod secrets;
mod server;
mod simulate;
mod soak;
pub(crate) mod task;

use task::{Counts, Fault, Task};

/// A proof: its name, what it holds, and the machine.
pub(crate) type Proof = (&'static str, &'static str, fn(&Task) -> Result<Counts, Fault>);

pub(crate) const PROOFS: &[Proof] = &[
    (
        "simulate",
        "memory, a file, a file of a killed program, exports, forks and a reset agree byte for byte",
        simulate::run,
    ),
    ("crash", "kill -9 loses no acknowledged write and brings back no deleted one", crash::run),
    ("calls", "at each call that writes, dying or failing leaves nothing half done", calls::run),
    (
        "power",
        "a power cut loses nothing that was answered, and leaves nothing half done",
        power::run,
    ),
    ("linear", "clients side by side see one order of what happened", linear::run),
    ("model", "each vendor does what a second, plain model of its contract does", model::run),
    ("hostile", "bad clients cost an honest one nothing much", hostile::run),
    ("crowd", "an honest client waits for no crowd, and every newcomer is let in", crowd::run),
    ("soak", "memory, descriptors and threads stay flat", soak::run),
    ("secrets", "no credential shows on any way out", secrets::run),
    ("fuzz", "no damaged text panics, hangs or is Ringback's own fault", fuzz::run),
    ("doors", "the control plane opens to nobody who should not come in", doors::run),
];
