//! Why a body or a query cannot be read as what was wanted there, seen from its bytes: the place, what
//! stands there, and what the client's author is to do.
//!
//! It is asked only after the real parser has failed or what it read was refused. Every kind is
//! recognised by something that is in the bytes; where nothing is plain, a diagnosis says where a
//! parser stops and what it expects there, and no more. Work and memory grow with the body at most.
//!
//! `body` is the door, `form` has one more for a single value; `report` is what they answer. `disguise`
//! and `thousands` are for keys and ids that were refused, `twice` for text that nothing refuses.
//!
//! Not here: what a vendor makes of it, and what must be masked before it is shown.

pub(crate) mod body;
pub(crate) mod digits;
pub(crate) mod disguise;
pub(crate) mod file;
pub(crate) mod form;
pub(crate) mod place;
pub(crate) mod report;
pub(crate) mod swallowed;
pub(crate) mod thousands;
pub(crate) mod twice;
pub(crate) mod whole;

mod around;
mod chars;
mod csv;
mod encoding;
mod foreign;
mod json;
mod json_frame;
mod json_number;
mod json_reader;
mod json_shape;
mod json_text;
mod json_words;
mod multipart;
mod slips;
mod xml;
mod xml_reader;

#[cfg(test)]
mod tests;
