//! The folder of worlds when it is stopped, refused, and given odd things.

mod crash;
mod failing;
mod found;
mod harness;
mod rest;
mod saved;
mod trouble;
