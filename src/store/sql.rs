//! SQL statements as named constants that can all be prepared in a test.

/// Declares SQL constants and `STATEMENTS`, the list of them, which a test prepares against a fresh
/// schema: the compile-time check that SQL does not have.
#[macro_export]
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+

        /// Every statement of this module, by name.
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
