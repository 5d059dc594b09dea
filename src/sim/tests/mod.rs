//! The core by itself, with a made-up vendor: order, fence, timers, clocks, journal.

mod clocks;
mod copies;
mod faults;
mod files;
mod inputs;
mod many;
mod pieces;
mod stage;
mod toy;
