//! Text of others on a terminal: one line, and nothing that a terminal acts on.

/// One line, whatever a client put into its data.
pub(crate) fn plain(line: &str) -> String {
    line.replace(|it: char| it.is_control(), " ")
}
