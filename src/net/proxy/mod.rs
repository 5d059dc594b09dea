//! The listener as its clients' forward proxy: what is asked of it, and the way to hosts that are
//! nobody's here, where its user lets them through.
//!
//! Not here: who is led where (`net::front`), and what is said inside a tunnel to a vendor, which is
//! a conversation as any other (`net::conversation`).

pub(crate) mod asked;
pub(crate) mod lead;
pub(crate) mod pass;
pub(crate) mod upstream;
