//! Shapes that several files of routes send.
//!
//! Not here: a shape with one user; it stands beside its route.

use crate::admin::shape::{Shape, always, maybe};

/// A list of texts.
pub(super) const TEXT_LIST: Shape = Shape::List(&Shape::Text);

/// How something is known to be the vendor's.
pub(super) const EVIDENCE: Shape = Shape::OneOf(&["documented", "observed", "inferred", "assumed"]);

/// How a clock moves.
pub(super) const CLOCK_MODE: Shape = Shape::OneOf(&["frozen", "real", "scaled"]);

/// A clock, as a scenario states it.
pub(super) const CLOCK_STATED: Shape = Shape::Object(&[
    always("mode", CLOCK_MODE, "how it moves"),
    maybe("at", Shape::Time, "where it begins; needed unless it is real"),
    maybe("rate", Shape::Number, "world seconds to a real one, where scaled"),
]);

/// A world as listings show it.
pub(super) static WORLD: Shape = Shape::Object(&[
    always("name", Shape::Text, "as in paths"),
    always("title", Shape::Text, "of its scenario"),
    always("seed", Shape::Integer, "of its random values"),
    always(
        "clock",
        Shape::Object(&[
            always("mode", CLOCK_MODE, "how it moves"),
            always("now", Shape::Time, "the world's time"),
        ]),
        "the world's clock",
    ),
    always("inputs", Shape::Integer, "how many inputs it has taken"),
    always("persistent", Shape::Bool, "whether it is kept in a file"),
    always("own_bytes", Shape::Integer, "memory that it shares with no other world"),
    always("checkpoints", TEXT_LIST, "names of its checkpoints"),
    always("listen", Shape::OrNull(&Shape::Text), "the address that is its own"),
    always("ttl", Shape::OrNull(&Shape::Text), "how long it lives unused"),
    always("claims", TEXT_LIST, "the credentials that lead to it"),
    always("busy", Shape::Bool, "whether a long input has it just now"),
    always("state", Shape::OneOf(&["open"]), "it is served"),
]);
