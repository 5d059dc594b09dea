//! The questions that can be asked of a vendor, made of its operations and of the rows that are known.
//!
//! Each vendor has a file: what a good client asks, and what only somebody asks who wants to know how
//! the vendor takes it. `mutate` makes more of them, from any request.
//!
//! `source` is what they are made from, `all` the list of vendors.
//!
//! Not here: which of them tell anything (`know`, `game`).

pub(crate) mod all;
pub(crate) mod given;
mod infocu5;
mod jtel;
mod maestro;
mod maxcontact;
mod mor;
mod mutate;
pub(crate) mod source;
