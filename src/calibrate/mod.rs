//! Calibrate: finds the positions of a vendor's switches by asking a target, which may be the vendor
//! itself.
//!
//! | module | what it is |
//! | --- | --- |
//! | `question` | what is asked, and what is heard |
//! | `pool` | the questions of each vendor |
//! | `twin` | worlds of this process that answer under any position |
//! | `node`, `features`, `strike` | what a reply shows, and what it refutes |
//! | `know`, `open`, `game` | which switches a question depends on, what is open, what is asked next |
//! | `look`, `wire` | the account that is asked, and the way to it |
//! | `order`, `report` | one calibration, and what it tells |
//!
//! Not here: what the positions do (`vendors`), and flags (`cli`).

pub(crate) mod features;
mod game;
mod know;
mod look;
mod node;
mod open;
pub(crate) mod order;
pub(crate) mod pool;
pub(crate) mod question;
mod report;
mod strike;
pub(crate) mod twin;
mod wire;

#[cfg(test)]
mod tests;
