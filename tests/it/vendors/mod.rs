//! What is particular to one vendor, over sockets.

mod jtel;
mod maxcontact;
