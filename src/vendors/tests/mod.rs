//! What holds for several vendors: people whom they share, traffic of all of them, parameters that none
//! of them reads.

mod bodies;
mod fixtures;
mod ids;
mod mistakes;
mod mutations;
mod people;
mod refusals;
mod traffic;
mod unread;
