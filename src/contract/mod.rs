//! All that a vendor is written against: the table that it is, the context that its functions get,
//! and the words in which it declares operations, switches, events, fields and evidence.
//!
//! Not here: worlds, clocks that run, journals, faults. What is here knows of none of them; a vendor
//! sees one request, one timer or one row at a time, through a [`cx::Cx`].
//!
//! Floors below: `base`, `web`, `store`.

pub mod api;
pub(crate) mod audit;
pub(crate) mod bare;
pub mod board;
pub(crate) mod cache;
pub mod counter;
pub mod cx;
pub mod event;
pub mod evidence;
pub mod fields;
pub mod lesson;
pub mod machine;
pub mod near;
pub mod operation;
pub mod oracle;
pub mod paper;
pub mod prelude;
pub mod read_back;
pub mod recorded;
pub mod reply;
pub(crate) mod scope;
pub mod secret;
pub mod secret_fields;
pub mod section;
pub mod surface;
pub mod timer;
pub mod traffic;
pub(crate) mod validity;
pub mod variant;
pub mod vendor;
