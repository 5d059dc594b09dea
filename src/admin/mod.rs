//! The control plane, on a listener of its own. It knows worlds and scenarios, and vendors only by
//! the tables that they declare.

mod about;
pub(crate) mod answer;
mod asked;
mod capsule;
mod certificate;
mod clock;
pub(crate) mod condition;
mod coverage;
mod difference;
mod door;
mod endpoint;
mod endpoints;
mod faults;
mod findings;
mod image;
mod joined;
mod journal;
mod making;
mod manual;
mod metrics;
mod openapi;
mod order;
mod page;
mod parameters;
mod people;
pub(crate) mod plane;
pub(crate) mod problem;
mod reply;
mod shape;
mod shapes;
mod state;
mod stated_clock;
mod stripped;
mod variants;
mod verify;
mod worlds;
