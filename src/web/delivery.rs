//! What happens to a response on its way out. Decided in the world, carried out at the socket.

/// How a response is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// All of it, at once.
    #[default]
    Whole,
}
