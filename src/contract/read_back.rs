//! How what a scenario may say of a vendor is read back from a world.
//!
//! Not here: doing so (`sim::loading`).

/// How a collection of a section, or a table of it, is read back from a world.
#[derive(Clone, Copy, Debug)]
pub struct ReadBack {
    /// The collection or table.
    pub name: &'static str,
    /// A complete `SELECT` in the order in which the rows are to be loaded again. Its columns are
    /// fields; what is NULL is left out. Instants and lengths of time are milliseconds; lists, tables
    /// and inner collections are JSON. It may name `:now_ms`.
    pub rows: &'static str,
    /// Words of a scenario and the texts that are stored for them.
    pub words: &'static [(&'static str, &'static str)],
}

/// Something in a world that no scenario can say.
#[derive(Clone, Copy, Debug)]
pub struct Omitted {
    pub what: &'static str,
    /// A `SELECT` that counts it.
    pub count: &'static str,
}

impl ReadBack {
    pub const fn new(name: &'static str, rows: &'static str) -> Self {
        ReadBack { name, rows, words: &[] }
    }

    pub const fn with_words(
        name: &'static str,
        rows: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        ReadBack { name, rows, words }
    }
}
