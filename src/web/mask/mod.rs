//! Masks secrets in whatever leaves the program: by name, by value and by place.
//!
//! - *By name*: the value that follows a secret's name as a parameter, a field, a member, an element,
//!   an attribute, a part of a form, a header or a cookie ([`names`], `pairs`), and in its column of CSV
//!   (`sheet`).
//! - *By value*: a credential that is known, wherever it stands and however it is written
//!   ([`known`]).
//! - *By place*: a segment of a path (`place`), a password in an address (`address`).
//! - *Nearly by value*: what lacks a letter or two of one, or has others (`near`).
//! - *By form*: card numbers (`card`) and JSON web tokens (`address`) anywhere, and digests (`digits`)
//!   with the vendors whose credentials they are.
//!
//! A text is looked at in layers: as it stands, then with its escapes undone once, twice, …, and
//! with its Base64 and hex read (`layer`). Each layer knows where its characters came from, so what
//! is found in it is covered in the text as it stands. All of it is linear in the length of the
//! text.
//!
//! Not here: which names and values are secret. The caller says so.

mod address;
pub(crate) mod card;
mod digits;
mod element;
mod escape;
mod field;
mod header;
pub(crate) mod known;
mod layer;
pub(crate) mod masker;
mod member;
mod memo;
pub(crate) mod names;
mod near;
mod packed;
mod pairs;
mod part;
mod place;
mod quoted;
mod scan;
mod sheet;
mod sought;
mod tag;
mod telling;
#[cfg(test)]
mod tests;
mod text;
