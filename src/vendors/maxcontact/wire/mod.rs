//! Bytes in and out: which format a request wants, the envelope, the token object, the platform's
//! pages. Each entity is described once (`entities`) and written by two writers (`json`, `xml`).
//!
//! Not here: what is in an answer (`ops`).

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod entities;
pub(crate) mod format;
mod json;
pub(crate) mod pages;
pub(crate) mod record;
pub(crate) mod service;
pub(crate) mod slips;
pub(crate) mod style;
mod xml;
